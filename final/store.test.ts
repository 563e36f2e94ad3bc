import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ClassicLevel } from 'classic-level';
import { genesisBlock, nextBlock, type Block } from '#blocks';
import { memoryStore, openStore, type Store } from './store.ts';

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

  it('says that another node uses the folder', async () => {
    await expect(openStore(folder)).rejects.toThrow(/Another node uses .*--data-dir/);
  });

  it('says that the folder is damaged', async () => {
    await store.close();
    await writeFile(join(folder, 'CURRENT'), 'rubbish');
    await expect(openStore(folder)).rejects.toThrow(/cannot be opened: .*--data-dir/);
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

describe('The store of --memory', () => {
  it('keeps nothing', async () => {
    await memoryStore.write([{ removed: [], added: chainOf('a') }]);
    expect(await read(memoryStore)).toEqual([]);
    expect(await memoryStore.count()).toBe(0);
  });
});
