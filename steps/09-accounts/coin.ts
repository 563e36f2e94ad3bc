import { checkShape, genesisBlock, hashBlock, isCount, type Block } from '#blocks';
import { canonicalJson, sha256 } from '#hashing';
import { merkleRoot } from '#merkle';
import { parseLine } from '#signatures';

/** How the coins of a network come into being. */
export interface Coin {
  /** How many coins whoever finds a block gets at first, from 1. */
  readonly reward: number;
  /** After how many blocks the reward halves, from 1. `2 * reward * halving` is a safe integer. */
  readonly halving: number;
  /** How many payments a block holds at most, from 1 to 1,000. */
  readonly size: number;
}

/**
 * Returns how many new coins the block with this index, from 1 on, brings: the reward, halved each
 * time that the index reaches a multiple of `halving`, and rounded down.
 */
export function subsidy({ reward, halving }: Coin, index: number): number {
  return Math.floor(reward / 2 ** Math.floor(index / halving));
}

/** Returns the line of the genesis block that says it: canonical JSON `["coin",100,100000,20]`. */
function coinLine({ reward, halving, size }: Coin): string {
  return canonicalJson(['coin', reward, halving, size]);
}

function isCoin({ reward, halving, size }: Coin): boolean {
  const areCounts = [reward, halving, size].every((value) => isCount(value) && value > 0);
  return areCounts && size <= 1_000 && 2 * reward * halving <= Number.MAX_SAFE_INTEGER;
}

function parseCoin(line: string): Coin | undefined {
  const [word, reward, halving, size] = parseLine(line) ?? [];
  const coin = { reward, halving, size } as Coin;
  return word === 'coin' && isCoin(coin) && coinLine(coin) === line ? coin : undefined;
}

/**
 * Returns the block that a network with coins begins with, not mined yet. Its data is two lines:
 * the title `Genesis Block`, and the coin as canonical JSON, `["coin",reward,halving,size]`. It is
 * sealed as {@link sealLines} does it, so that a node that knows no coins refuses it.
 *
 * @param options.timestamp - milliseconds since the Unix epoch
 * @param options.difficulty - as in `genesisBlock`: 0 unless given
 * @throws RangeError if the coin is not as {@link Coin} says
 */
export function coinGenesis(
  coin: Coin,
  options: { timestamp: number; difficulty?: number },
): Block {
  if (!isCoin(coin)) throw new RangeError('The numbers of this coin are out of range.');
  return sealLines(
    genesisBlock({ ...options, data: `Genesis Block\n${coinLine(coin)}` }),
  );
}

/**
 * Returns a copy of a block that has the Merkle root of its lines as `dataHash`, and the hash that
 * follows from it.
 */
export function sealLines(block: Block): Block {
  const sealed = { ...block, dataHash: merkleRoot(block.data) };
  return { ...sealed, hash: hashBlock(sealed) };
}

/**
 * Returns the coin of the network that begins with this block. It is undefined for a network of
 * texts, whose `dataHash` is the digest of all its data as in step 2, and for what is no block. It
 * is a sentence if the lines after the title are anything else than that of one coin, written as
 * {@link coinGenesis} writes it: then the network has rules that this node does not know. Any value
 * may be given: the function never throws.
 */
export function coinOf(genesis: Block): Coin | string | undefined {
  if (checkShape(genesis) !== undefined) return undefined;
  if (genesis.dataHash === sha256(genesis.data)) return undefined;
  const [, line = '', ...others] = genesis.data.split('\n', 3);
  const coin = others.length === 0 ? parseCoin(line) : undefined;
  return coin ?? 'This network has rules that this node does not know: a newer one may.';
}
