import {
  cp,
  mkdtemp,
  readFile,
  readdir,
  rm,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
} from '@jest/globals';
import { ClassicLevel } from 'classic-level';
import fc from 'fast-check';
import { genesisBlock, nextBlock, type Block } from '#blocks';
import { loadChain } from './load-chain.ts';
import { openStore } from './level-store.ts';
import { StoreGone, memoryStore, type Store } from './store.ts';

/** Returns a genesis block and the blocks after it, each with its text. */
function chainOf(...texts: string[]): Block[] {
  let tip = genesisBlock({ timestamp: 0 });
  return [tip, ...texts.map((text) => (tip = nextBlock(tip, text, 0)))];
}

const dataOf = (blocks: readonly Block[]) => blocks.map(({ data }) => data);

async function read(store: Store): Promise<Block[]> {
  const blocks: Block[] = [];
  for await (const batch of store.blocks()) blocks.push(...batch);
  return blocks;
}

describe('The store', () => {
  let folder: string;
  let store: Store;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pychain-store-'));
    store = await openStore(folder);
  });

  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('gives back the blocks in their order, also after the tenth', async () => {
    const chain = chainOf(...Array.from({ length: 25 }, (_, i) => `text ${i}`));
    await store.write({ blocks: chain, tip: chain.at(-1)?.hash });
    await store.close();
    store = await openStore(folder);
    expect(await read(store)).toEqual(chain);
    expect(await store.count()).toBe(chain.length);
  });

  it('gives the blocks of all branches, parents first, and the best chain', async () => {
    const [genesis, ...old] = chainOf('a', 'b', 'c') as [Block, ...Block[]];
    const [, ...other] = chainOf('x', 'y') as [Block, ...Block[]];
    await store.write({ blocks: [genesis, ...old], tip: old.at(-1)?.hash });
    await store.write({ blocks: other, aside: other });
    expect(await read(store)).toEqual([genesis, ...old]);
    expect(await store.count()).toBe(4);
    const { sync, side } = await loadChain(store, () => undefined);
    if (sync?.tree === undefined) throw new Error('A chain was stored.');
    expect(sync.tree.chain.slice()).toEqual([genesis, ...old]);
    expect(other.map(({ hash }) => sync.tree?.get(hash))).toEqual(other);
    expect(side.forgotten(sync.tree)).toEqual([]);
  });

  it('goes over to a branch that it had heard of before it was opened', async () => {
    const [genesis, ...old] = chainOf('a', 'b') as [Block, ...Block[]];
    const [, ...other] = chainOf('x', 'y', 'z') as [Block, ...Block[]];
    const last = other.pop();
    if (last === undefined) throw new Error('There are three blocks.');
    const blocks = [genesis, ...old, ...other];
    await store.write({ blocks, aside: other, tip: old.at(-1)?.hash });
    await store.close();
    store = await openStore(folder);
    const { sync } = await loadChain(store, () => undefined);
    const { changes } = sync?.mined(last, Date.now()) ?? {};
    expect(changes?.flatMap(({ added }) => dataOf(added))).toContain('z');
    expect(dataOf(sync?.tree?.chain.slice() ?? []).slice(1)).toEqual(['x', 'y', 'z']);
  });

  it('gives the best chain though side branches are more than a tree keeps', async () => {
    const [genesis, ...chain] = chainOf(...Array.from({ length: 30 }, (_, i) => `${i}`));
    if (genesis === undefined) throw new Error('A chain has a genesis block.');
    const side = Array.from({ length: 1_200 }, (_, i) => nextBlock(genesis, `s${i}`, 0));
    const tip = chain.at(-1)?.hash;
    await store.write({ blocks: [genesis, ...chain, ...side], aside: side, tip });
    await store.close();
    store = await openStore(folder);
    const loaded = await loadChain(store, () => undefined);
    const tree = loaded.sync?.tree;
    expect(tree?.chain.tip.hash).toBe(tip);
    const forgotten = tree && loaded.side.forgotten(tree);
    expect(forgotten?.length).toBeGreaterThan(100);
    await store.write({ forgotten: forgotten ?? [] });
    const left = new Set<string>();
    for await (const { hash } of store.sideBlocks()) left.add(hash);
    expect([...left].filter((hash) => tree?.get(hash) === undefined)).toEqual([]);
  });

  it('gives nothing back of what was forgotten', async () => {
    const [genesis, a] = chainOf('a') as [Block, Block];
    const [, x] = chainOf('x') as [Block, Block];
    await Promise.all([
      store.write({ blocks: [genesis, a], tip: a.hash }),
      store.write({ blocks: [x], aside: [x] }),
      store.write({ forgotten: [x] }),
    ]);
    expect(await read(store)).toEqual([genesis, a]);
  });

  it('holds blocks whose data is read when it is asked for, and else are like others', async () => {
    const [genesis, block] = chainOf('ß') as [Block, Block];
    const held = store.hold(block, genesis.hash);
    expect(held).toEqual(block);
    await store.write({ blocks: [held] });
    expect(held).toEqual(block);
    expect({ ...held }).toEqual(block);
    expect(JSON.stringify(held)).toBe(JSON.stringify(block));
    expect(structuredClone(held)).toEqual(block);
  });

  it.each(['missing', 'changed'])(
    'writes nothing more when a block is %s',
    async (how) => {
      const [genesis, block] = chainOf('a') as [Block, Block];
      const held = store.hold(block, genesis.hash);
      await store.write({ blocks: [held] });
      if (how === 'missing') await store.write({ forgotten: [block] });
      else await store.write({ blocks: [{ ...block, data: 'not what was sealed' }] });
      expect(() => held.data).toThrow(
        `is damaged: block 1 ${how === 'missing' ? 'is' : 'was'} ${how}`,
      );
      await expect(store.check()).rejects.toThrow(/Move it away/);
      await expect(store.write({ blocks: [genesis] })).rejects.toThrow(/is damaged/);
    },
  );

  it('keeps the data of posts on disk until it is asked for', async () => {
    const posts = [{ hash: 'a'.repeat(64), data: 'lost' }, { hash: 'b'.repeat(64) }];
    await store.write({ posts });
    expect((await store.posts()).map(({ hash, data }) => [hash, data])).toEqual([
      ['a'.repeat(64), 'lost'],
      ['b'.repeat(64), undefined],
    ]);
  });

  it('leaves the database of another program as it is', async () => {
    await store.close();
    const place = join(folder, 'other');
    const other = new ClassicLevel<string, unknown>(place, { valueEncoding: 'json' });
    await other.put('foo', 'bar');
    await other.close();
    await expect(openStore(place)).rejects.toThrow(/has format "of another program"/);
    store = await openStore(folder);
  });

  it('says that no more should come while much is left to be written', async () => {
    const [, block] = chainOf('x'.repeat(1_048_576)) as [Block, Block];
    await store.ready();
    let isWritten = false;
    const writing = Array.from({ length: 10 }, () => store.write({ blocks: [block] }));
    void Promise.all(writing).then(() => (isWritten = true));
    await store.ready();
    expect(isWritten).toBe(true);
  });

  it('takes over the blocks of the format before, also if that was cut off', async () => {
    const chain = chainOf('a', 'b', 'c');
    await store.write({ blocks: chain.slice(0, 1), tip: chain.at(-1)?.hash });
    await store.close();
    const database = new ClassicLevel<string, unknown>(folder, { valueEncoding: 'json' });
    await database.put('format', 1);
    for (const block of chain.slice(1))
      await database.put(`block:${String(block.index).padStart(12, '0')}`, block);
    await database.close();
    store = await openStore(folder);
    expect(await read(store)).toEqual(chain);
    const { sync } = await loadChain(store, () => undefined);
    expect(dataOf(sync?.tree?.chain.slice() ?? []).at(-1)).toBe('c');
  });

  it('remembers the peers', async () => {
    expect(await store.peers()).toEqual([]);
    const peers = [{ url: 'ws://localhost:8000', keep: true }];
    await store.writePeers(peers);
    expect(await store.peers()).toEqual(peers);
  });

  it('acknowledges nothing that is written to files that were removed', async () => {
    const [genesis, next] = chainOf('a') as [Block, Block];
    await store.write({ blocks: [genesis], tip: genesis.hash });
    await store.check();
    await rm(folder, { recursive: true });
    const posts = [{ hash: next.hash }];
    const writing = store.write({ blocks: [next], tip: next.hash, posts });
    await expect(writing).rejects.toThrow(StoreGone);
    await expect(store.check()).rejects.toThrow(/The data folder .* is gone/);
  });

  it('overlooks files that macOS puts beside others', async () => {
    const chain = chainOf('a');
    await store.write({ blocks: chain, tip: chain.at(-1)?.hash });
    await store.close();
    const names = await readdir(folder);
    for (const name of names) await writeFile(join(folder, `._${name}`), 'Mac OS X');
    store = await openStore(folder);
    expect(await read(store)).toEqual(chain);
    await store.close();
    await rm(join(folder, 'CURRENT'));
    await expect(openStore(folder)).rejects.toThrow(/its file CURRENT is missing/);
    store = memoryStore; // there is nothing to close
  });

  it('says that another node uses the folder', async () => {
    await expect(openStore(folder)).rejects.toThrow(/Another node uses .*--data-dir/);
  });

  it('says that the folder is damaged', async () => {
    await store.close();
    await writeFile(join(folder, 'CURRENT'), 'rubbish');
    await expect(openStore(folder)).rejects.toThrow(/is damaged: .*Move it away/);
    await rm(folder, { recursive: true });
    store = await openStore(folder);
  });

  it('says that the folder cannot be created', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(openStore(join(folder, 'file', 'data'))).rejects.toThrow(
      /^Cannot create/,
    );
  });

  it('refuses a format that it does not know, and leaves it as it is', async () => {
    await store.close();
    const level = new ClassicLevel<string, number>(folder, { valueEncoding: 'json' });
    await level.put('format', 99);
    await level.close();
    await expect(openStore(folder)).rejects.toThrow(
      /has format 99, this version reads format 2/,
    );
    await level.open();
    expect(await level.get('format')).toBe(99);
    await level.put('format', 1);
    await level.close();
    store = await openStore(folder);
  });
});

describe('A damaged data folder', () => {
  let original: string;
  let folder: string;
  let chain: Block[];
  let files: string[];

  beforeAll(async () => {
    original = await mkdtemp(join(tmpdir(), 'pychain-original-'));
    chain = chainOf(...Array.from({ length: 400 }, (_, i) => `text ${i}`));
    // Opened again, LevelDB moves what is in its log to a sorted file, and starts a new log.
    for (const added of [chain.slice(0, 200), chain.slice(200, 300), chain.slice(300)]) {
      const store = await openStore(original);
      await store.write({ blocks: added, tip: added.at(-1)?.hash });
      await store.close();
    }
    files = (await readdir(original)).filter((name) => !name.startsWith('LO'));
    const kinds = new Set(files.map((name) => name.replace(/\d+/, '')));
    expect([...kinds].sort()).toEqual(['.ldb', '.log', 'CURRENT', 'MANIFEST-']);
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pychain-damaged-'));
    await renew();
  });
  afterEach(() => rm(folder, { recursive: true }));
  afterAll(() => rm(original, { recursive: true }));

  async function renew(): Promise<void> {
    await rm(folder, { recursive: true });
    await cp(original, folder, { recursive: true });
  }

  /** Loads the folder: true if it holds the whole chain; else it must say so in a sentence. */
  async function isWhole(): Promise<boolean> {
    try {
      const store = await openStore(folder, { create: true });
      try {
        const { sync } = await loadChain(store, () => undefined);
        await store.posts();
        await store.peers();
        expect(sync?.tree?.chain.slice()).toEqual(chain);
      } finally {
        await store.close();
      }
      return true;
    } catch (error) {
      const { message } = error as Error;
      expect(message).toMatch(
        /^The data folder .*\. (Move it away:|Make room|Take) [^]*\.$/,
      );
      expect(message).toContain(folder);
      return false;
    }
  }

  it('never passes for a whole one, whichever byte is wrong, and is not made worse', async () => {
    let found = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.integer({ min: 1, max: 255 }),
        async (name, place, change) => {
          await renew();
          const path = join(folder, name);
          const bytes = await readFile(path);
          const at = Math.floor(place * bytes.length);
          bytes[at] = (bytes[at] ?? 0) ^ change;
          await writeFile(path, bytes);
          if (await isWhole()) return;
          found += 1;
          await writeFile(path, await readFile(join(original, name)));
          expect(await isWhole()).toBe(true);
        },
      ),
    );
    expect(found).toBeGreaterThan(20);
  });

  it('never passes for a whole one when a file is missing', async () => {
    for (const name of files) {
      await renew();
      await rm(join(folder, name));
      expect([name, await isWhole()]).toEqual([name, false]);
      await cp(join(original, name), join(folder, name));
      expect([name, await isWhole()]).toEqual([name, true]);
    }
  });

  it('never passes for a whole one when a file that LevelDB had finished is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files.filter((name) => !name.endsWith('.log'))),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        async (name, place) => {
          await renew();
          const { length } = await readFile(join(folder, name));
          await truncate(join(folder, name), Math.floor(place * length));
          expect(await isWhole()).toBe(false);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('loses nothing but the last write when that was cut short', async () => {
    const [log = ''] = files.filter((name) => name.endsWith('.log'));
    const { length } = await readFile(join(folder, log));
    await truncate(join(folder, log), length - 10);
    const store = await openStore(folder);
    expect(await store.count()).toBe(300);
    await store.close();
  });
});

describe('The store of --memory', () => {
  it('keeps nothing', async () => {
    await memoryStore.write({ blocks: chainOf('a') });
    expect(await read(memoryStore)).toEqual([]);
    expect(await memoryStore.count()).toBe(0);
  });
});
