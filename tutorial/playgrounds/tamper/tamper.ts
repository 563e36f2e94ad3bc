import { sha256 } from '#hashing';
import {
  Chain,
  GENESIS_PREVIOUS_HASH,
  brokenRule,
  checkChain,
  genesisBlock,
  hashBlock,
  nextBlock,
  type Block,
} from '#blocks';
import {
  edited,
  fields,
  read,
  type Draft,
  type Fault,
  type Verdict,
} from '../../../final/explorer/components/block.ts';
import { LinkError, type Format } from '../shared/link.ts';

const START = Date.UTC(2027, 0, 1, 9);
const MINUTE = 60_000;
/** How long the text of a field may be in a link. */
const MOST_TEXT = 300;

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

/** Returns the field that the broken rule names, and what should stand there. */
export function faultOf(block: Draft, before: Draft | undefined): Fault | undefined {
  const reason = brokenRule(block, before as Block | undefined) ?? '';
  const name = /^its (\w+)/.exec(reason)?.[1];
  const field = fields.find((one) => one === name);
  if (field === undefined) return undefined;
  if (field === 'timestamp' && typeof before?.timestamp === 'number') {
    return { field, expected: undefined, words: `must be more than ${before.timestamp}` };
  }
  return { field, expected: expectedIn(field, block, before) };
}

/** Returns the only value that a field may have, if it follows from the others. */
function expectedIn(
  field: keyof Block,
  block: Draft,
  before: Draft | undefined,
): string | undefined {
  try {
    switch (field) {
      case 'index':
        return String(before === undefined ? 0 : (before as Block).index + 1);
      case 'previousHash':
        return before === undefined ? GENESIS_PREVIOUS_HASH : String(before.hash);
      case 'dataHash':
        return sha256((block as Block).data);
      case 'hash':
        return hashBlock(block as Block);
      default:
        return undefined;
    }
  } catch {
    return undefined; // what another field holds cannot be hashed
  }
}

/** Whether block 1 has other data, and nothing gives that away. */
export function isForged(blocks: readonly Draft[], honest: readonly Block[]): boolean {
  return checkChain(blocks) === undefined && blocks[1]?.data !== honest[1]?.data;
}

/** In a link stands what differs from the honest chain, as in `1.data=hello`. */
export function formatFrom(honest: readonly Block[]): Format<readonly Draft[]> {
  return {
    write: (blocks) =>
      Object.fromEntries(
        blocks.flatMap((block, i) =>
          fields
            .filter((field) => block[field] !== honest[i]?.[field])
            .map((field) => [`${i}.${field}`, String(block[field])]),
        ),
      ),
    read(found) {
      let blocks: readonly Draft[] = honest;
      for (const [key, text] of Object.entries(found)) {
        const [, digit, name] = /^(\d)\.(\w+)$/.exec(key) ?? [];
        const field = fields.find((one) => one === name);
        const place = Number(digit);
        if (
          field === undefined ||
          honest[place] === undefined ||
          text.length > MOST_TEXT
        ) {
          throw new LinkError(
            `no block of this chain has a “${key.slice(0, 20)}” like that`,
          );
        }
        blocks = edited(blocks, place, field, read(field, text));
      }
      return blocks;
    },
  };
}
