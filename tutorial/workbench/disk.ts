/**
 * The files of the kit and of the reader, kept in memory: where the companion runs in a page, this
 * is its disk.
 *
 * @module
 */

/** The project's folder on this disk. */
export const ROOT = '/pychain';

/** Texts by the absolute paths of their files. */
export type Files = Readonly<Record<string, string>>;

interface Entry {
  readonly text: string;
  readonly version: number;
}

/** Files by their paths; folders are there as soon as a file is in them. */
export class Disk {
  readonly #entries = new Map<string, Entry>();
  readonly #folders = new Map<string, Set<string>>();

  /** Writes files; those with the same text as before stay as they are. */
  write(files: Files): void {
    for (const [path, text] of Object.entries(files)) {
      const before = this.#entries.get(path);
      if (before?.text === text) continue;
      this.#entries.set(path, { text, version: (before?.version ?? 0) + 1 });
      if (before === undefined) this.#addToFolders(path);
    }
  }

  /** Returns the text of a file; undefined if there is none. */
  read(path: string): string | undefined {
    return this.#entries.get(path)?.text;
  }

  /** Returns how often a file was changed; undefined if there is none. */
  versionOf(path: string): number | undefined {
    return this.#entries.get(path)?.version;
  }

  /** Whether there is such a folder. */
  hasFolder(path: string): boolean {
    return this.#folders.has(withoutSlash(path));
  }

  /** Returns the names of what is in a folder, folders among it; none if it is not there. */
  namesIn(path: string): string[] {
    return [...(this.#folders.get(withoutSlash(path)) ?? [])].sort();
  }

  #addToFolders(path: string): void {
    const end = path.lastIndexOf('/');
    if (end === -1) return;
    const folder = path.slice(0, end);
    const names = this.#folders.get(folder) ?? new Set();
    names.add(path.slice(end + 1));
    if (this.#folders.has(folder)) return;
    this.#folders.set(folder, names);
    this.#addToFolders(folder);
  }
}

const withoutSlash = (path: string) => path.replace(/\/$/, '');

/** The one disk of a worker. */
export const disk = new Disk();
