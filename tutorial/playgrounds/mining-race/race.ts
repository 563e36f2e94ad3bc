import { brokenRule, blockRules, genesisBlock, nextBlock, type Block } from '#blocks';
import { expectedAttempts, workRules } from '#proof-of-work';
import { expectOnly, readNumber, readWord, type Format } from '../shared/link.ts';
import type { Engine, Mined, Search } from './searches.ts';

/** The bits that one can choose from: below it is over at once, above it takes minutes. */
export const BITS = { least: 8, usual: 16, most: { loop: 22, kernel: 28 } };

/** What can be set. */
export interface Settings {
  readonly engine: Engine;
  readonly bits: number;
  /** The forger's share of the hash rate, in percent. */
  readonly share: number;
  /** How many blocks the honest miners have when the forger begins. */
  readonly lead: number;
}

/** The bounds of what can be set for the race. */
export const SHARE = { least: 5, most: 95, usual: 40 };
export const LEAD = { least: 1, most: 6, usual: 2 };

/** What the playground begins with. */
export const start: Settings = {
  engine: 'loop',
  bits: BITS.usual,
  share: SHARE.usual,
  lead: LEAD.usual,
};

/** How the settings stand in a link. */
export const format: Format<Settings> = {
  write: ({ engine, bits, share, lead }) => ({
    engine,
    bits: String(bits),
    share: String(share),
    lead: String(lead),
  }),
  read(fields) {
    expectOnly(fields, ['engine', 'bits', 'share', 'lead']);
    if (Object.keys(fields).length === 0) return start;
    const engine = readWord(fields, 'engine', ['loop', 'kernel']);
    const { least, most, usual } = BITS;
    return {
      engine,
      bits: readNumber(fields, 'bits', { least, most: most[engine], usual }),
      share: readNumber(fields, 'share', SHARE),
      lead: readNumber(fields, 'lead', LEAD),
    };
  },
};

/** A block that was found, and what it took. */
export interface Find extends Mined {
  readonly milliseconds: number;
}

/** Looks for the nonce of a block that follows `parent`, and measures. */
export async function find(
  block: Block,
  parent: Block | undefined,
  search: Search,
): Promise<Find> {
  const start = performance.now();
  const mined = await search({ block, after: parent?.timestamp ?? -1 });
  return { ...mined, milliseconds: performance.now() - start };
}

/** Returns the block to be mined after these; the genesis block if there are none. */
export function unminedAfter(blocks: readonly Block[], difficulty: number): Block {
  const tip = blocks.at(-1);
  if (tip === undefined) return genesisBlock({ timestamp: Date.now(), difficulty });
  return nextBlock(tip, `Block ${tip.index + 1}`, Date.now());
}

/** Returns why the last block may not follow, by the rules of steps 2 and 3. */
export function flaw(blocks: readonly Block[]): string | undefined {
  return brokenRule(blocks.at(-1), blocks.at(-2), [...blockRules, ...workRules]);
}

/**
 * Returns the share of searches that take from `from` to before `to` times the expected
 * attempts. Each attempt is a coin that shows heads once in 2^difficulty, so the number of
 * attempts follows the geometric distribution.
 */
export function expectedShare(from: number, to: number, difficulty: number): number {
  const expected = expectedAttempts(difficulty);
  const failAll = (times: number) =>
    (1 - 1 / expected) ** Math.max(0, Math.ceil(times * expected) - 1);
  return failAll(from) - failAll(to);
}
