/**
 * Links modules whose texts are in memory: each becomes a blob, and the names in its imports the
 * urls of other blobs. Lines stay as they are.
 *
 * @module
 */
import { parse } from 'es-module-lexer/js';
import type { Frame } from '../companion/runner.ts';
import type { Files } from './disk.ts';
import { dirname, join } from './stand-ins/path.ts';

/** Modules that are here already, by the names under which programs import them. */
export type Builtins = Readonly<Record<string, object>>;

/** Where blobs find the modules that are here already. */
const SHELF = '__builtins';

/** What stands between the parts of a path in a message. */
const BLOB = /blob:[^\s'")]+?(?=:\d+:\d+|['")\s]|$)/g;

/** How a module that stands in for another one is given the names of that. */
const FILL = '__fill';

/** A module that is linked. */
interface Linked {
  readonly url: string;
  /** The modules that import each other in a circle with this one, and wait for their names. */
  readonly needs: ReadonlySet<string>;
}

/**
 * Links modules, each once. A blob can only name blobs that are there already, so where modules
 * import each other in a circle, a stand-in closes it: it has the names of the module that it
 * stands for, and gets what they mean as soon as that has run.
 */
export class Linker {
  readonly #modules: Files;
  readonly #places: Readonly<Record<string, string>>;
  readonly #builtins: Builtins;
  readonly #linked = new Map<string, Linked>();
  /** The urls of stand-ins, by the paths of the modules for which they stand. */
  readonly #standIns = new Map<string, string>();
  /** The paths of modules by the urls of their blobs. */
  readonly #paths = new Map<string, string>();
  /** How each was named where it was imported first, by its url. */
  readonly #names = new Map<string, string>();

  /** @param places - the files that serve the steps, by the names of these */
  constructor(
    modules: Files,
    places: Readonly<Record<string, string>>,
    builtins: Builtins,
  ) {
    [this.#modules, this.#places, this.#builtins] = [modules, places, builtins];
    Object.assign(globalThis, { [SHELF]: builtins });
  }

  /** Loads a module with all that it imports. */
  async load(path: string): Promise<unknown> {
    return import(this.#link(path, []).url);
  }

  /** Writes the names of modules as the program has them. */
  named(text: string): string {
    return text.replaceAll(
      BLOB,
      (url) => this.#names.get(url) ?? this.#paths.get(url) ?? url,
    );
  }

  /** Returns where modules stand in the stack of an error, the innermost first. */
  framesOf({ stack = '' }: Error): Frame[] {
    const frames: Frame[] = [];
    for (const line of stack.split('\n')) {
      const [, url = '', row, column] =
        /(blob:[^\s()]+):(\d+):(\d+)\)?$/.exec(line) ?? [];
      const file = this.#paths.get(url);
      if (file?.startsWith('/') === true)
        frames.push({ file, line: Number(row), column: Number(column) });
    }
    return frames;
  }

  /** @param chain - the modules that import each other down to this one */
  #link(path: string, chain: readonly string[]): Linked {
    const known = this.#linked.get(path);
    if (known !== undefined) return known;
    if (chain.includes(path)) return { url: this.#standIn(path), needs: new Set([path]) };
    const builtin = this.#builtins[path];
    if (builtin !== undefined)
      return this.#add(path, {
        url: this.#blob(bridgeTo(path, builtin), path),
        needs: new Set(),
      });
    const text = this.#textOf(path, chain.at(-1) ?? '');
    const needs = new Set<string>();
    const here = [...chain, path];
    let [linked, at] = ['', 0];
    for (const one of parse(text, path)[0]) {
      const { specifier, type, start, end } = one;
      if (specifier === undefined || type === 'import-meta') continue;
      const target = this.#resolve(specifier, path);
      const found = this.#link(target, here);
      // What is still being linked is filled by those who import it from outside of the circle.
      for (const one of found.needs) if (here.includes(one)) needs.add(one);
      const url = this.#filled(target, found, here);
      if (!this.#names.has(url)) this.#names.set(url, specifier);
      linked += text.slice(at, start) + (type === 'dynamic' ? `'${url}'` : url);
      at = end;
    }
    const url = this.#blob(linked + text.slice(at), path);
    if (this.#standIns.has(path)) needs.add(path);
    return this.#add(path, { url, needs });
  }

  #add(path: string, linked: Linked): Linked {
    this.#linked.set(path, linked);
    return linked;
  }

  /** The url by which a module is imported, such that all stand-ins that it needs are filled. */
  #filled(path: string, { url, needs }: Linked, chain: readonly string[]): string {
    const open = [...needs].filter((one) => !chain.includes(one));
    if (open.length === 0) return url;
    const fillers = open.map((one) => {
      const [module, standIn] = [this.#linked.get(one)?.url, this.#standIn(one)];
      const filler = `import * as all from '${module}'; import { ${FILL} } from '${standIn}'; ${FILL}(all);`;
      return `import '${this.#blob(filler)}';`;
    });
    const isDefault = this.#exportsOf(path).has('default');
    return this.#blob(
      [
        ...fillers,
        `export * from '${url}';`,
        ...(isDefault ? [`export { default } from '${url}';`] : []),
      ].join('\n'),
    );
  }

  #standIn(path: string): string {
    const known = this.#standIns.get(path);
    if (known !== undefined) return known;
    const names = [...this.#exportsOf(path)];
    const url = this.#blob(
      [
        `let ${names.map((_, i) => `own${i}`).join(', ') || 'nothing'};`,
        `export { ${names.map((name, i) => `own${i} as ${name}`).join(', ')} };`,
        `export function ${FILL}(all) { ${names.map((name, i) => `own${i} = all.${name};`).join(' ')} }`,
      ].join('\n'),
    );
    this.#standIns.set(path, url);
    return url;
  }

  /** The names that a module exports, those of other modules that it hands on among them. */
  #exportsOf(path: string, seen: readonly string[] = []): Set<string> {
    const text = this.#modules[path];
    if (text === undefined || seen.includes(path)) return new Set();
    const names = new Set<string>();
    for (const one of parse(text, path)[1]) {
      if (one.type !== 'reexport-all') names.add(one.name);
      else {
        const others = this.#exportsOf(this.#resolve(one.from, path), [...seen, path]);
        for (const name of others) if (name !== 'default') names.add(name);
      }
    }
    return names;
  }

  #textOf(path: string, importer: string): string {
    const text = this.#modules[path];
    if (text === undefined) throw missing(path, importer);
    return text;
  }

  #resolve(name: string, importer: string): string {
    if (name.startsWith('.')) return join(dirname(importer), name);
    const plain = name.replace(/^node:/, '');
    if (this.#builtins[`node:${plain}`] !== undefined) return `node:${plain}`;
    return this.#places[name] ?? name;
  }

  #blob(text: string, path?: string): string {
    const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
    if (path !== undefined) this.#paths.set(url, path);
    return url;
  }
}

/** The text of a module that hands on one that is here already. */
function bridgeTo(name: string, module: object): string {
  const names = Object.keys(module).filter(
    (one) => one !== 'default' && /^[\w$]+$/.test(one),
  );
  return [
    `const all = globalThis.${SHELF}[${JSON.stringify(name)}];`,
    'export default all.default ?? all;',
    `export const { ${names.join(', ')} } = all;`,
  ].join('\n');
}

/** As Node says it, except for what only a page has not. */
function missing(path: string, importer: string): Error {
  if (path.startsWith('/'))
    return new Error(`Cannot find module '${path}' imported from ${importer}`);
  return new Error(
    path.startsWith('node:')
      ? `This page has no '${path}': a step that runs in browsers too needs nothing of Node but 'node:crypto'.`
      : `Cannot find package '${path}' imported from ${importer}`,
  );
}
