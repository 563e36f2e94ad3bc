/**
 * Keeps texts in the browser, under the path of this site: other sites of the host share the place.
 *
 * @module
 */

/** What keeps texts by names. */
export interface Store {
  /** Whether what it holds is still there when the page is opened again. */
  readonly isLasting: boolean;
  /** Returns all that is kept. */
  all(): Promise<ReadonlyMap<string, string>>;
  /** Keeps a text in the place of what was kept under its name. */
  put(name: string, text: string): Promise<void>;
  /** Forgets what is kept under a name. */
  remove(name: string): Promise<void>;
}

/** The database, and the only table in it. */
const [DATABASE, TABLE] = ['pychain-write-it-here', 'texts'];

/** Opens the store of a site; one in memory where the browser keeps nothing. */
export async function openStore(site: string): Promise<Store> {
  try {
    return new Kept(await open(), site);
  } catch {
    return new InMemory();
  }
}

async function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(TABLE);
  return done(request);
}

async function done<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () =>
      reject(request.error ?? new Error('The browser keeps nothing.'));
  });
}

class Kept implements Store {
  readonly isLasting = true;
  readonly #database: IDBDatabase;
  readonly #site: string;

  constructor(database: IDBDatabase, site: string) {
    [this.#database, this.#site] = [database, site];
  }

  async all(): Promise<ReadonlyMap<string, string>> {
    const table = this.#table('readonly');
    const own = IDBKeyRange.bound(this.#site, `${this.#site}\uffff`);
    const [keys, texts] = await Promise.all([
      done(table.getAllKeys(own)),
      done(table.getAll(own)),
    ]);
    const names = keys.map((key) => (key as string).slice(this.#site.length));
    return new Map(names.map((name, i) => [name, String(texts[i])]));
  }

  async put(name: string, text: string): Promise<void> {
    await done(this.#table('readwrite').put(text, this.#site + name));
  }

  async remove(name: string): Promise<void> {
    await done(this.#table('readwrite').delete(this.#site + name));
  }

  #table(mode: IDBTransactionMode): IDBObjectStore {
    return this.#database.transaction(TABLE, mode).objectStore(TABLE);
  }
}

class InMemory implements Store {
  readonly isLasting = false;
  readonly #texts = new Map<string, string>();

  async all(): Promise<ReadonlyMap<string, string>> {
    return this.#texts;
  }

  async put(name: string, text: string): Promise<void> {
    this.#texts.set(name, text);
  }

  async remove(name: string): Promise<void> {
    this.#texts.delete(name);
  }
}
