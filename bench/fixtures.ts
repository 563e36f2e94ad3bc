/** Chains on disk, and what a running node says of itself. */
import { genesisBlock, nextBlock, type Block } from '#blocks';
import { openStore } from '../final/storage/level-store.ts';
import { metricsOf, newFolder, type TestNode } from '../test/network/harness.ts';

/** Returns a chain of blocks without work that carry 100 bytes each. */
export function makeChain(length: number): Block[] {
  const chain = [genesisBlock({ timestamp: 0 })];
  for (const last of chain) {
    if (chain.length < length) {
      chain.push(nextBlock(last, `block ${last.index}`.padEnd(100, '.'), 0));
    }
  }
  return chain;
}

/** Writes a chain to a new data folder. */
export async function storeChain(chain: readonly Block[]): Promise<string> {
  const folder = await newFolder();
  const store = await openStore(folder);
  for (let i = 0; i < chain.length; i += 1_000) {
    const batch = chain.slice(i, i + 1_000);
    await store.write({ blocks: batch, tip: batch.at(-1)?.hash });
  }
  await store.close();
  return folder;
}

/** Reads one number from a node's metrics. */
export async function metric(node: TestNode, name: string): Promise<number> {
  return (await metricsOf(node))(name);
}

/** Returns the memory of a node's process, in bytes, when it has come to rest. */
export async function memoryOf(node: TestNode): Promise<number> {
  const readings: number[] = [];
  for (let i = 0; i < 20; i += 1) {
    readings.push(await metric(node, 'process_resident_memory_bytes'));
  }
  return Math.min(...readings);
}
