import { constants, existsSync, type BigIntStats } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ClassicLevel } from 'classic-level';
import type { Change } from '#consensus';
import type { KnownAddress } from '#peers';
import { findDamage } from './level-files.ts';
import { StoreGone, damaged, type Post, type Store } from './store.ts';

/** The version of the stored format. */
const FORMAT = 1;

/** How many blocks are read at a time: few enough to answer requests between two batches. */
const BATCH = 1_000;

type Operation =
  { type: 'put'; key: string; value: unknown } | { type: 'del'; key: string };

/** Where the blocks are among the keys. Padded, indexes sort as the numbers do. */
const keyOf = (index: number) => `block:${String(index).padStart(12, '0')}`;
const allBlocks = { gt: 'block:', lt: 'block;' };
const allPosts = { gt: 'post:', lt: 'post;' };

/**
 * Opens the LevelDB database in a folder.
 *
 * @param options.create - whether to create it if there is none
 * @throws Error with a sentence if the folder cannot be used
 */
export async function openStore(folder: string, { create = true } = {}): Promise<Store> {
  const place = resolve(folder);
  if (create) await createFolder(place);
  // What it cannot read, LevelDB cannot either, and says so.
  const damage = await findDamage(place).catch(() => undefined);
  if (damage !== undefined) throw damaged(place, damage);
  if (!create && !existsSync(join(place, 'CURRENT'))) {
    throw new Error(`There is no chain in ${place}. Say where it is with --data-dir.`);
  }
  await access(place, constants.W_OK).catch(() => {
    throw new Error(
      `The data folder ${place} cannot be written to. Change the permissions of it, or ` +
        'choose another one with --data-dir.',
    );
  });
  const database = new ClassicLevel<string, unknown>(place, { valueEncoding: 'json' });
  await database.open().catch((error: unknown) => {
    throw explain(place, error);
  });
  const store = new LevelStore(place, database, await lockOf(place));
  const format = await store.format().catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
  if (format === FORMAT) return store;
  await database.close();
  throw new Error(
    `The data folder ${place} has format ${JSON.stringify(format)}, this version reads format ` +
      `${FORMAT}. Take the version that wrote it, or choose another folder with --data-dir.`,
  );
}

async function createFolder(place: string): Promise<void> {
  await mkdir(place, { recursive: true }).catch((error: unknown) => {
    throw new Error(
      `Cannot create the data folder ${place}: ${messageOf(error)}. ` +
        'Choose another one with --data-dir.',
    );
  });
}

function explain(place: string, error: unknown): Error {
  const { cause = error } = error as { cause?: { code?: string } };
  const { code } = cause as { code?: string };
  if (code === 'LEVEL_LOCKED') {
    return new Error(
      `Another node uses the data folder ${place}. ` +
        'Stop it, or choose another folder with --data-dir or another port with -w.',
    );
  }
  if (code === 'LEVEL_CORRUPTION') return damaged(place, messageOf(cause));
  return new Error(
    `The data folder ${place} cannot be opened: ${messageOf(cause)}. ` +
      'Make room or mend the disk, or choose another folder with --data-dir.',
  );
}

const messageOf = (error: unknown) => (error as Error).message;

function blockOperations({ removed, added }: Change): Operation[] {
  return [
    ...removed.map(({ index }): Operation => ({ type: 'del', key: keyOf(index) })),
    ...added.map((value): Operation => ({ type: 'put', key: keyOf(value.index), value })),
    ...added
      .slice(-1)
      .map(({ hash }): Operation => ({ type: 'put', key: 'tip', value: hash })),
  ];
}

function postOperation({ hash, data, done }: Post): Operation {
  const key = `post:${hash}`;
  return done ? { type: 'del', key } : { type: 'put', key, value: { hash, data } };
}

/** The file that LevelDB locks. It is open as long as the database is. */
const LOCK = 'LOCK';

/** What the system says of the lock file; to open that, and close it again, would unlock it. */
const lockOf = (place: string) => stat(join(place, LOCK), { bigint: true });

/**
 * Whether the files of an open database are not in their place any more. While it is open, no
 * other file can get the number of its lock file.
 */
async function isGone(place: string, lock: BigIntStats): Promise<boolean> {
  try {
    const [now] = await Promise.all([lockOf(place), access(join(place, 'CURRENT'))]);
    return now.dev !== lock.dev || now.ino !== lock.ino;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    return ['ENOENT', 'ENOTDIR', 'ESTALE'].includes(code);
  }
}

class LevelStore implements Store {
  readonly place: string;
  readonly #database: ClassicLevel<string, unknown>;
  readonly #lock: BigIntStats;
  #waiting: Operation[] = [];
  #next: Promise<void> | undefined;
  #last: Promise<void> = Promise.resolve();
  #failure: Error | undefined;

  constructor(place: string, database: ClassicLevel<string, unknown>, lock: BigIntStats) {
    this.place = place;
    this.#database = database;
    this.#lock = lock;
  }

  async format(): Promise<unknown> {
    return (await this.#get('format')) ?? FORMAT;
  }

  async count(): Promise<number> {
    const [last] = await this.#read(() =>
      this.#database.keys({ ...allBlocks, reverse: true, limit: 1 }).all(),
    );
    return last === undefined ? 0 : Number(last.slice('block:'.length)) + 1;
  }

  async *blocks(): AsyncIterable<unknown[]> {
    const once = { highWaterMarkBytes: 1_048_576, fillCache: false };
    const values = this.#database.values({ ...allBlocks, ...once });
    for (;;) {
      const batch = await this.#read(() => values.nextv(BATCH));
      if (batch.length === 0) return;
      yield batch;
    }
  }

  async tip(): Promise<string | undefined> {
    return (await this.#get('tip')) as string | undefined;
  }

  async posts(): Promise<Post[]> {
    return (await this.#read(() => this.#database.values(allPosts).all())) as Post[];
  }

  /** What comes while something else is being written goes to disk together. */
  write(changes: readonly Change[], posts: readonly Post[] = []): Promise<void> {
    const blocks = changes.flatMap(blockOperations);
    this.#waiting = this.#waiting.concat(blocks, posts.map(postOperation));
    this.#next ??= this.#last = this.#last.then(() => this.#writeWaiting());
    return this.#next;
  }

  async peers(): Promise<KnownAddress[]> {
    return ((await this.#get('peers')) ?? []) as KnownAddress[];
  }

  async writePeers(peers: readonly KnownAddress[]): Promise<void> {
    await this.#put([{ type: 'put', key: 'peers', value: peers }], false);
  }

  async check(): Promise<void> {
    if (!(await isGone(this.place, this.#lock))) return;
    this.#failure = new StoreGone(this.place);
    throw this.#failure;
  }

  async close(): Promise<void> {
    await this.#last.catch(() => undefined);
    await this.#database.close();
  }

  async #writeWaiting(): Promise<void> {
    const operations = this.#waiting;
    this.#waiting = [];
    this.#next = undefined;
    operations.push({ type: 'put', key: 'format', value: FORMAT });
    await this.#put(operations, true);
    // What is written to files that were removed succeeds, and is lost. All that is written
    // together is checked once.
    await this.check();
  }

  /** After a failure nothing more is written: it would follow half a record. */
  async #put(operations: readonly Operation[], sync: boolean): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    // Chained, as it takes the main thread a fifth of the time that a list of operations takes.
    const batch = this.#database.batch();
    for (const operation of operations) {
      if (operation.type === 'put') batch.put(operation.key, operation.value);
      else batch.del(operation.key);
    }
    await batch.write({ sync }).catch(async (error: unknown) => {
      await this.check();
      this.#failure = new Error(messageOf(error), { cause: error });
      throw this.#failure;
    });
  }

  #get(key: string): Promise<unknown> {
    return this.#read(() => this.#database.get(key));
  }

  async #read<T>(read: () => Promise<T>): Promise<T> {
    return read().catch((error: unknown) => {
      throw damaged(this.place, messageOf(error));
    });
  }
}
