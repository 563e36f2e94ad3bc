/**
 * The reader's files, as the folder `my/` holds them for the terminal.
 *
 * @module
 */
import type { Step } from '../companion/kit.ts';
import { ROOT, type Files } from './disk.ts';
import type { Kit } from './messages.ts';
import {
  NOTES,
  codeOf,
  merged,
  noted,
  readNotes,
  writeNotes,
  type Came,
  type Notes,
} from './notes.ts';
import { forgetOwn, keepOwn, ownAmong } from './own-code.ts';
import type { Store } from './store.ts';

/** How long after a change it is kept, in milliseconds. */
const KEEP_AFTER = 200;

/** Told that a file has changed; whoever changed it is named, and need not be told. */
export type Listener = (path: string, text: string, by: unknown) => void;

/** What the pages of a site tell each other: texts by their paths; undefined for what was begun anew. */
export interface Channel {
  postMessage(changes: readonly Change[]): void;
  onmessage: ((event: MessageEvent<readonly Change[]>) => void) | null;
}

type Change = readonly [path: string, text: string | undefined];

/** The path of a file of the reader, as people write it: `my/01-hashing/sha256.ts`. */
export const shortPath = (path: string): string => path.slice(ROOT.length + 1);

/** The reader's files: those that were changed are kept, and the others are stubs. */
export class MyFiles {
  readonly #store: Store;
  readonly #stubs: ReadonlyMap<string, string>;
  readonly #texts: Map<string, string>;
  readonly #listeners = new Set<Listener>();
  readonly #unkept = new Set<string>();
  /** The folders of the steps that pass as they stand. */
  readonly #own: Set<string>;
  #channel: Channel | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #problem: string | undefined;

  private constructor(kit: Kit, store: Store, texts: ReadonlyMap<string, string>) {
    const stubs = kit.files.flatMap(({ path, stub }) =>
      stub === undefined ? [] : [[path.replace('/steps/', '/my/'), stub] as const],
    );
    this.#stubs = new Map([...stubs, [NOTES, '']]);
    this.#store = store;
    this.#own = new Set(ownAmong(texts).keys());
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
    this.#change(path, text, by);
    this.#unkept.add(path);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.keep(), KEEP_AFTER);
  }

  #change(path: string, text: string, by?: unknown): void {
    if (text === this.#stubs.get(path)) this.#texts.delete(path);
    else this.#texts.set(path, text);
    const [, folder = ''] = shortPath(path).split('/');
    if (this.#own.delete(folder)) void forgetOwn(this.#store, folder);
    for (const listen of this.#listeners) listen(path, text, by);
  }

  /** What is noted of the reader's steps. */
  get notes(): Notes {
    return readNotes(this.read(NOTES));
  }

  /** Notes what came out of a run on a step. */
  note(step: Step, came: Came): void {
    this.write(NOTES, writeNotes(noted(this.notes, step, came)));
  }

  /** Takes notes over that came along with files. */
  takeNotes(text: string): void {
    this.write(NOTES, writeNotes(merged(this.notes, readNotes(text))));
  }

  /** Whether a step passes as it stands, so that playgrounds may run on it. */
  isOwn(folder: string): boolean {
    return this.#own.has(folder);
  }

  /** Keeps a step that passes as it stands; `files` are those that were tested. */
  async keepOwn(step: Step, files: Files, modules: Files): Promise<boolean> {
    const code = codeOf(files);
    if (codeOf(this.filesOf(step.folder)) !== code) return false; // it was changed meanwhile
    this.note(step, { passed: [], failed: [], code });
    this.#own.add(step.folder);
    await keepOwn(this.#store, step.folder, modules);
    return true;
  }

  /** Tells other pages of the site what changes here, and takes over what changes there. */
  share(channel: Channel): void {
    this.#channel = channel;
    channel.onmessage = ({ data }) => {
      for (const [path, text] of data) {
        // What is being written here is kept next, and told to the other page.
        if (!this.has(path) || this.#unkept.has(path)) continue;
        const next = text ?? this.#stubs.get(path) ?? '';
        if (next !== this.read(path)) this.#change(path, next);
      }
    };
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
      const changes = paths.map((path): Change => [path, this.#texts.get(path)]);
      if (changes.length > 0) this.#channel?.postMessage(changes);
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
    const notes = this.#texts.get(NOTES);
    return Object.assign(
      {},
      ...files,
      notes === undefined ? {} : { [NOTES]: notes },
    ) as Files;
  }

  /** Tells of every change from now on; returns what ends that. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
