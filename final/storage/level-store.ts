import { constants, existsSync, type BigIntStats } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { checkShape, type Block } from '#blocks';
import type { KnownAddress } from '#peers';
import {
  ALL_BLOCKS,
  ALL_SIDE,
  blockOf,
  indexOf,
  keyOf,
  sideKeyOf,
  valueOf,
} from './block-codec.ts';
import { BlockReader } from './block-reader.ts';
import { findDamage } from './level-files.ts';
import { StoredBlock } from './stored-block.ts';
import {
  StoreError,
  StoreGone,
  damaged,
  type KeptPayment,
  type Post,
  type Store,
  type Update,
} from './store.ts';

/** The version of the stored format. */
const FORMAT = 2;

/** The version before: the blocks of the best chain as JSON, by their index alone. */
const FORMAT_WITHOUT_HASHES = 1;

/** How many blocks are read at a time: few enough to answer requests between two batches. */
const BATCH = 1_000;

/** How much data, as text length, may wait to be written before no more is asked for: 8 MiB. */
const MAX_UNWRITTEN = 8 * 1_048_576;

/**
 * Less memory than LevelDB takes by itself. It maps the files that it reads into memory, and has 64
 * of them open at least, of 1 MiB at least. Blocks are mostly read in a row, so its cache is small.
 */
const LITTLE_MEMORY = {
  maxOpenFiles: 64,
  maxFileSize: 1_048_576,
  cacheSize: 1_048_576,
};

/** Writes that happen together or not at all. */
type Batch = ReturnType<ClassicLevel<string, unknown>['batch']>;

const allPosts = { gt: 'post:', lt: 'post;' };
const allPayments = { gt: 'payment:', lt: 'payment;' };

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
  const database = new ClassicLevel<string, unknown>(place, {
    valueEncoding: 'json',
    ...LITTLE_MEMORY,
  });
  await database.open().catch((error: unknown) => {
    throw explain(place, error);
  });
  const store = new LevelStore(place, database, await lockOf(place));
  try {
    const format = await store.format();
    if (format === FORMAT_WITHOUT_HASHES) await migrate(place, database);
    if (format === FORMAT || format === FORMAT_WITHOUT_HASHES) return store;
    throw new Error(
      `The data folder ${place} has format ${JSON.stringify(format)}, this version reads format ` +
        `${FORMAT}. Take the version that wrote it, or choose another folder with --data-dir.`,
    );
  } catch (error) {
    await database.close();
    throw error;
  }
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

/** Gives the blocks of the format before keys of their own. It can be cut off, and goes on then. */
async function migrate(
  place: string,
  database: ClassicLevel<string, unknown>,
): Promise<void> {
  for await (const [key, value] of database.iterator(ALL_BLOCKS)) {
    if (Array.isArray(value)) continue;
    const reason = checkShape(value);
    if (reason !== undefined) throw damaged(place, `a block breaks the rules, ${reason}`);
    const block = value as Block;
    await database.batch().put(keyOf(block), valueOf(block)).del(key).write();
  }
  await database.put('format', FORMAT, { sync: true });
}

const messageOf = (error: unknown) => (error as Error).message;

function fill(batch: Batch, update: Update): void {
  const { blocks = [], tip, aside = [], back = [], forgotten = [], posts = [] } = update;
  const { payments = [], paid = [] } = update;
  for (const block of blocks) batch.put(keyOf(block), valueOf(block));
  for (const block of aside) batch.put(sideKeyOf(block), 1);
  for (const block of [...back, ...forgotten]) batch.del(sideKeyOf(block));
  for (const block of forgotten) batch.del(keyOf(block));
  for (const { hash, data, done } of posts) {
    if (done) batch.del(`post:${hash}`);
    else batch.put(`post:${hash}`, { hash, data });
  }
  for (const { id, line, usedBy } of payments)
    batch.put(`payment:${id}`, { line, usedBy });
  for (const [id, index] of paid) {
    if (index === undefined) batch.del(`paid:${id}`);
    else batch.put(`paid:${id}`, index);
  }
  if (tip !== undefined) batch.put('tip', tip);
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

function lengthOf({ blocks = [] }: Update): number {
  return blocks.reduce((sum, { data }) => sum + data.length, 0);
}

/** Whether somebody is told that it is on disk. */
function isPromise({ posts = [], payments = [] }: Update): boolean {
  return posts.length > 0 || payments.length > 0;
}

class LevelStore implements Store {
  readonly place: string;
  readonly #database: ClassicLevel<string, unknown>;
  readonly #reader: BlockReader;
  readonly #lock: BigIntStats;
  #waiting: Update[] = [];
  /** How long the data is that is not on disk yet. */
  #unwritten = 0;
  /** Where payments are now, as far as that is not on disk yet. */
  #paid = new Map<string, number | undefined>();
  #next: Promise<void> | undefined;
  #last: Promise<void> = Promise.resolve();
  #failure: Error | undefined;

  constructor(place: string, database: ClassicLevel<string, unknown>, lock: BigIntStats) {
    this.place = place;
    this.#database = database;
    this.#reader = new BlockReader(database);
    this.#lock = lock;
  }

  /** The format of what is stored: where there is nothing yet, that of this version. */
  async format(): Promise<unknown> {
    const format = await this.#get('format');
    if (format !== undefined) return format;
    const keys = await this.#read(() => this.#database.keys({ limit: 2 }).all());
    return keys.every((key) => key === 'peers') ? FORMAT : 'of another program';
  }

  async count(): Promise<number> {
    const [last] = await this.#read(() =>
      this.#database.keys({ ...ALL_BLOCKS, reverse: true, limit: 1 }).all(),
    );
    return last === undefined ? 0 : indexOf(last) + 1;
  }

  async *blocks(): AsyncIterable<Block[]> {
    const side = new Set(await this.#read(() => this.#database.keys(ALL_SIDE).all()));
    const once = { highWaterMarkBytes: 1_048_576, fillCache: false };
    const values = this.#database.values({ ...ALL_BLOCKS, ...once });
    const read = () => this.#read(() => values.nextv(BATCH));
    let next = read();
    for (;;) {
      const batch = await next;
      if (batch.length === 0) return values.close();
      next = read(); // while these blocks are checked
      next.catch(() => undefined); // it is awaited later
      const blocks = batch.map(blockOf);
      yield side.size === 0
        ? blocks
        : blocks.filter((each) => !side.has(sideKeyOf(each)));
    }
  }

  async *sideBlocks(): AsyncIterable<Block> {
    for (const key of await this.#read(() => this.#database.keys(ALL_SIDE).all())) {
      yield blockOf(await this.#get(key.replace('side', 'block')));
    }
  }

  async tip(): Promise<string | undefined> {
    return (await this.#get('tip')) as string | undefined;
  }

  async posts(): Promise<Post[]> {
    const keys = await this.#read(() => this.#database.keys(allPosts).all());
    return keys.map((key) => this.#postOf(key));
  }

  /** A post whose data is read when it is asked for. */
  #postOf(key: string): Post {
    const read = () => this.#database.getSync(key) as Post | null | undefined;
    return {
      hash: key.slice('post:'.length),
      get data() {
        return read()?.data;
      },
    };
  }

  async *payments(): AsyncIterable<KeptPayment> {
    const entries = this.#database.iterator(allPayments);
    for (;;) {
      const batch = await this.#read(() => entries.nextv(BATCH));
      if (batch.length === 0) return entries.close();
      for (const [key, value] of batch)
        yield { id: key.slice('payment:'.length), ...(value as Omit<KeptPayment, 'id'>) };
    }
  }

  paidIn(id: string): number | undefined {
    if (this.#paid.has(id)) return this.#paid.get(id);
    return this.#database.getSync(`paid:${id}`) as number | undefined;
  }

  hold(block: Block, previousHash = block.previousHash): Block {
    return new StoredBlock(block, previousHash, this.#blockOf);
  }

  /** What comes while something else is being written goes to disk together. */
  write(update: Update): Promise<void> {
    this.#waiting.push(update);
    this.#unwritten += lengthOf(update);
    for (const [id, index] of update.paid ?? []) this.#paid.set(id, index);
    this.#next ??= this.#last = this.#last.then(() => this.#writeWaiting());
    return this.#next;
  }

  async ready(): Promise<void> {
    while (this.#unwritten > MAX_UNWRITTEN) await this.#last;
  }

  async peers(): Promise<KnownAddress[]> {
    return ((await this.#get('peers')) ?? []) as KnownAddress[];
  }

  async writePeers(peers: readonly KnownAddress[]): Promise<void> {
    await this.#put((batch) => batch.put('peers', peers), false);
  }

  async check(): Promise<void> {
    if (this.#failure instanceof StoreError) throw this.#failure;
    if (!(await isGone(this.place, this.#lock))) return;
    this.#failure = new StoreGone(this.place);
    throw this.#failure;
  }

  async close(): Promise<void> {
    await this.#last.catch(() => undefined);
    await this.#database.close();
  }

  async #writeWaiting(): Promise<void> {
    const updates = this.#waiting;
    this.#waiting = [];
    this.#next = undefined;
    await this.#put((batch) => {
      for (const update of updates) fill(batch, update);
      batch.put('format', FORMAT);
    }, true);
    // What is written to files that were removed succeeds, and is lost. To look takes as long as to
    // write a hundred blocks, so it is done where somebody is promised something.
    if (updates.some(isPromise)) await this.check();
    this.#paid = new Map(this.#waiting.flatMap(({ paid = [] }) => [...paid]));
    for (const update of updates) {
      this.#unwritten -= lengthOf(update);
      for (const block of update.blocks ?? [])
        if (block instanceof StoredBlock) block.release();
    }
  }

  /** One function for all blocks, which each of them keeps. */
  readonly #blockOf = (block: StoredBlock): Block => {
    let reason = `block ${block.index} is missing`;
    try {
      const read = this.#reader.read(block);
      if (read !== undefined) return read;
    } catch (error) {
      reason = messageOf(error);
    }
    if (this.#database.status !== 'open') throw new StoreError('The node is stopping.');
    // Nothing more is written, and who checks the store hears of it.
    this.#failure ??= damaged(this.place, reason);
    throw this.#failure;
  };

  /** After a failure nothing more is written: it would follow half a record. */
  async #put(add: (batch: Batch) => void, sync: boolean): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    // Chained, as it takes the main thread a fifth of the time that a list of operations takes.
    const batch = this.#database.batch();
    add(batch);
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
