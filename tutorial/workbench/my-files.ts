/**
 * The reader's files, as the folder `my/` holds them for the terminal.
 *
 * @module
 */
import { ROOT, type Files } from './disk.ts';
import type { Kit } from './messages.ts';
import type { Store } from './store.ts';

/** How long after a change it is kept, in milliseconds. */
const KEEP_AFTER = 200;

/** Told that a file has changed; whoever changed it is named, and need not be told. */
export type Listener = (path: string, text: string, by: unknown) => void;

/** The path of a file of the reader, as people write it: `my/01-hashing/sha256.ts`. */
export const shortPath = (path: string): string => path.slice(ROOT.length + 1);

/** The reader's files: those that were changed are kept, and the others are stubs. */
export class MyFiles {
  readonly #store: Store;
  readonly #stubs: ReadonlyMap<string, string>;
  readonly #texts: Map<string, string>;
  readonly #listeners = new Set<Listener>();
  readonly #unkept = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #problem: string | undefined;

  private constructor(kit: Kit, store: Store, texts: ReadonlyMap<string, string>) {
    const stubs = kit.files.flatMap(({ path, stub }) =>
      stub === undefined ? [] : [[path.replace('/steps/', '/my/'), stub] as const],
    );
    this.#stubs = new Map(stubs);
    this.#store = store;
    const known = [...texts].filter(([path]) => this.#stubs.has(path));
    this.#texts = new Map(known);
  }

  /** Takes over what is kept. */
  static async open(kit: Kit, store: Store): Promise<MyFiles> {
    return new MyFiles(kit, store, await store.all());
  }

  /** Whether what is written is still there when the page is opened again. */
  get isLasting(): boolean {
    return this.#store.isLasting && this.#problem === undefined;
  }

  /** Whether there is a file of that path in the kit. */
  has(path: string): boolean {
    return this.#stubs.has(path);
  }

  /** Whether the reader has written into a file. */
  isChanged(path: string): boolean {
    return this.#texts.has(path);
  }

  /** Returns the text of a file. */
  read(path: string): string {
    return this.#texts.get(path) ?? this.#stubs.get(path) ?? '';
  }

  /** Changes a file, and keeps that soon. */
  write(path: string, text: string, by?: unknown): void {
    if (!this.has(path) || text === this.read(path)) return;
    if (text === this.#stubs.get(path)) this.#texts.delete(path);
    else this.#texts.set(path, text);
    this.#unkept.add(path);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.keep(), KEEP_AFTER);
    for (const listen of this.#listeners) listen(path, text, by);
  }

  /** Makes a file what the reader began with. */
  reset(path: string): void {
    this.write(path, this.#stubs.get(path) ?? '');
  }

  /** Keeps now what has changed. */
  async keep(): Promise<void> {
    clearTimeout(this.#timer);
    const paths = [...this.#unkept];
    this.#unkept.clear();
    try {
      for (const path of paths) {
        const text = this.#texts.get(path);
        await (text === undefined
          ? this.#store.remove(path)
          : this.#store.put(path, text));
      }
      this.#problem = undefined;
    } catch (error) {
      for (const path of paths) this.#unkept.add(path);
      this.#problem = error instanceof Error ? error.message : String(error);
    }
  }

  /** Returns the files of a step's folder. */
  filesOf(folder: string): Files {
    const paths = [...this.#stubs.keys()].filter((path) =>
      path.startsWith(`${ROOT}/my/${folder}/`),
    );
    return Object.fromEntries(paths.map((path) => [path, this.read(path)]));
  }

  /** Returns the files of all steps of which the reader has written something. */
  all(): Files {
    const folders = [...this.#texts.keys()].map((path) => shortPath(path).split('/')[1]);
    const files = [...new Set(folders)].map((folder = '') => this.filesOf(folder));
    return Object.assign({}, ...files) as Files;
  }

  /** Tells of every change from now on; returns what ends that. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
