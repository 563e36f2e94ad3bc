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
 * Returns the block that a network with coins begins with. Its data is the title `Genesis Block`
 * and the line of the coin; its `dataHash` is the Merkle root of these lines, so that a node that
 * knows no coins refuses it.
 *
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

/** Gives a block the Merkle root of its lines as `dataHash`, and the hash that follows from it. */
export function sealLines(block: Block): Block {
  const sealed = { ...block, dataHash: merkleRoot(block.data) };
  return { ...sealed, hash: hashBlock(sealed) };
}

/**
 * Returns the coin of the network that begins with this block, or undefined if it has none: then
 * its `dataHash` is the digest of its data, as in step 2. Any value may be given: the function
 * never throws.
 *
 * @returns a sentence, if the block says more or other rules than this coin
 */
export function coinOf(genesis: Block): Coin | string | undefined {
  if (checkShape(genesis) !== undefined) return undefined;
  if (genesis.dataHash === sha256(genesis.data)) return undefined;
  const [, line = '', ...others] = genesis.data.split('\n', 3);
  const coin = others.length === 0 ? parseCoin(line) : undefined;
  return coin ?? 'This network has rules that this node does not know: a newer one may.';
}

/**
 * Returns how many new coins the block with this index brings, from index 1 on: the reward,
 * halved after each `halving` blocks, and rounded down.
 */
export function subsidy(coin: Coin, index: number): number {
  return Math.floor(coin.reward / 2 ** Math.floor(index / coin.halving));
}
