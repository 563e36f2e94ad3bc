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

async function read(store: Store): Promise<unknown[]> {
  const blocks = [];
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
    await store.write([{ removed: [], added: chain }]);
    await store.close();
    store = await openStore(folder);
    expect(await read(store)).toEqual(chain);
    expect(await store.count()).toBe(chain.length);
  });

  it('keeps the best chain through reorganizations, also to a shorter one', async () => {
    const [genesis, ...old] = chainOf('a', 'b', 'c') as [Block, ...Block[]];
    const [, ...better] = chainOf('x');
    await store.write([{ removed: [], added: [genesis, ...old] }]);
    await store.write([{ removed: old, added: better }]);
    expect(await read(store)).toEqual([genesis, ...better]);
    expect(await store.count()).toBe(2);
  });

  it('applies changes in their order, even if they are written at the same time', async () => {
    const [genesis, a, b] = chainOf('a', 'b') as [Block, Block, Block];
    const [, x] = chainOf('x') as [Block, Block];
    await Promise.all([
      store.write([{ removed: [], added: [genesis] }]),
      store.write([{ removed: [], added: [a, b] }]),
      store.write([{ removed: [a, b], added: [x] }]),
    ]);
    expect(await read(store)).toEqual([genesis, x]);
  });

  it('remembers the peers', async () => {
    expect(await store.peers()).toEqual([]);
    const peers = [{ url: 'ws://localhost:8000', keep: true }];
    await store.writePeers(peers);
    expect(await store.peers()).toEqual(peers);
  });

  it('acknowledges nothing that is written to files that were removed', async () => {
    const [genesis, next] = chainOf('a') as [Block, Block];
    await store.write([{ removed: [], added: [genesis] }]);
    await store.check();
    await rm(folder, { recursive: true });
    const writing = store.write([{ removed: [], added: [next] }]);
    await expect(writing).rejects.toThrow(StoreGone);
    await expect(store.check()).rejects.toThrow(/The data folder .* is gone/);
  });

  it('overlooks files that macOS puts beside others', async () => {
    const chain = chainOf('a');
    await store.write([{ removed: [], added: chain }]);
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
      /has format 99, this version reads format 1/,
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
      await store.write([{ removed: [], added }]);
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
        const sync = await loadChain(store, () => undefined);
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
    await memoryStore.write([{ removed: [], added: chainOf('a') }]);
    expect(await read(memoryStore)).toEqual([]);
    expect(await memoryStore.count()).toBe(0);
  });
});
