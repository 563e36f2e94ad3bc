import { sha256 } from '#hashing';
import {
  Chain,
  brokenRule,
  genesisBlock,
  hashBlock,
  nextBlock,
  type Block,
} from '#blocks';
import type { Draft, Verdict } from '../../../final/explorer/components/block.ts';

const START = Date.UTC(2027, 0, 1, 9);
const MINUTE = 60_000;

/** Returns a sound chain of five blocks. */
export function honestChain(): Block[] {
  const texts = [
    'Alice pays Bob 5',
    'Bob pays Carol 3',
    'Carol pays Dave 2',
    'Dave pays Alice 1',
  ];
  const chain = new Chain(genesisBlock({ timestamp: START }));
  for (const data of texts) {
    chain.append(nextBlock(chain.tip, data, chain.tip.timestamp + 10 * MINUTE));
  }
  return chain.slice();
}

/** Returns what step 2 says of each block as the child of the one before it. */
export function judge(blocks: readonly Draft[]): Verdict[] {
  let sound = true;
  return blocks.map((block, i) => {
    const reason = brokenRule(block, blocks[i - 1] as Block | undefined);
    const state = reason !== undefined ? 'bad' : sound ? 'good' : 'shaken';
    sound = state === 'good';
    return { state, reason };
  });
}

/**
 * Returns the blocks with the hashes of one of them made to fit: its link to the block
 * before, the hash of its data, and its own.
 *
 * @throws TypeError if a field holds what cannot be hashed, in the words of step 1
 */
export function rehashed(blocks: readonly Draft[], place: number): Draft[] {
  const block = blocks[place] as Block;
  const before = blocks[place - 1] as Block | undefined;
  const previousHash = before?.hash ?? block.previousHash;
  const linked = { ...block, previousHash, dataHash: sha256(block.data) };
  return blocks.with(place, { ...linked, hash: hashBlock(linked) });
}

/** Returns the blocks with the hashes from the first bad one to the end made to fit. */
export function rehashedAll(blocks: readonly Draft[]): Draft[] {
  const first = judge(blocks).findIndex(({ state }) => state !== 'good');
  if (first === -1) return [...blocks];
  let result = [...blocks];
  for (let i = first; i < blocks.length; i += 1) result = rehashed(result, i);
  return result;
}
