/**
 * Links the modules of a submission, which are in memory, and says what they may import.
 *
 * @module
 */
import { posix } from 'node:path';
import { SourceTextModule, SyntheticModule, type Module } from 'node:vm';
import type { Modules } from './orders.ts';

/** Modules that are there for a submission, by their names. */
export type Shelf = ReadonlyMap<string, () => object>;

/** The beginning of the urls that modules of a submission have in stacks. */
export const SUBMISSION = 'submission:///';

/** Links the modules of one submission. */
export class Linker {
  readonly #modules: Modules;
  readonly #folder: string;
  readonly #shelf: Shelf;
  readonly #made = new Map<string, Module>();

  /**
   * @param folder - the folder of the step under test
   * @param shelf - what may be imported beside the submission's own files
   */
  constructor(modules: Modules, folder: string, shelf: Shelf) {
    [this.#modules, this.#folder, this.#shelf] = [modules, folder, shelf];
  }

  /** Runs the step under test, and gives what it exports. */
  async load(): Promise<object> {
    const module = this.#file(`${this.#folder}/index.ts`);
    await this.#run(module);
    return module.namespace;
  }

  async #run(module: Module): Promise<void> {
    if (module.status === 'unlinked')
      await module.link((name, { identifier }) => this.#find(name, identifier));
    await module.evaluate();
  }

  /** Finds what a module imports by a name. */
  #find(name: string, from: string): Module {
    if (name === nameOf(this.#folder)) return this.#file(`${this.#folder}/index.ts`);
    if (/^\.{1,2}\//.test(name)) {
      const path = posix.join(posix.dirname(from.slice(SUBMISSION.length)), name);
      const bare = path.replace(/\.[cm]?js$/, '');
      const found = [path, `${path}.ts`, `${bare}.ts`, `${path}/index.ts`].find((one) =>
        Object.hasOwn(this.#modules, one),
      );
      if (found !== undefined) return this.#file(found);
      throw new Error(`There is no ${name} in what was handed in.`);
    }
    const known = name.replace(/^node:/, '');
    const make = this.#shelf.get(name) ?? this.#shelf.get(known);
    if (make === undefined) throw new Error(`No submission may import ${name}.`);
    return this.#synthetic(known, make);
  }

  #file(path: string): Module {
    const made = this.#made.get(path);
    if (made !== undefined) return made;
    const text = this.#modules[path];
    if (text === undefined) throw new Error(`There is no ${path} in what was handed in.`);
    const identifier = SUBMISSION + path;
    const module = new SourceTextModule(text, {
      identifier,
      importModuleDynamically: async (name: string) => {
        const found = this.#find(name, identifier);
        await this.#run(found);
        return found;
      },
    });
    this.#made.set(path, module);
    return module;
  }

  #synthetic(name: string, make: () => object): Module {
    const key = `shelf:${name}`;
    const made = this.#made.get(key);
    if (made !== undefined) return made;
    const exports = make() as Record<string, unknown>;
    const names = Object.keys(exports);
    const module = new SyntheticModule(
      names,
      () => {
        for (const one of names) module.setExport(one, exports[one]);
      },
      { identifier: key },
    );
    this.#made.set(key, module);
    return module;
  }
}

/** What steps are imported by: `#hashing` for `01-hashing`. */
export const nameOf = (folder: string): string => `#${folder.slice('00-'.length)}`;
