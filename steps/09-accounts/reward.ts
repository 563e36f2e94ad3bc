import { isCount, isHash } from '#blocks';
import { canonicalJson } from '#hashing';
import { parseLine } from '#signatures';

/** What the first line of a block says. */
export interface Reward {
  /** The address of who found the block. */
  readonly to: string;
  /** The new coins and all fees of the block. */
  readonly amount: number;
  /** The state root of all accounts after the block. */
  readonly root: string;
}

/** Returns the line of a reward: canonical JSON `["reward","to",amount,"root"]`. */
export function rewardLine({ to, amount, root }: Reward): string {
  return canonicalJson(['reward', to, amount, root]);
}

/**
 * Reads a line as {@link rewardLine} writes it, with an address, an amount from 0 and a root. Returns
 * undefined for any other text, even if it means the same; the function never throws.
 */
export function parseReward(line: string): Reward | undefined {
  const fields = parseLine(line);
  const [word, to, amount, root] = fields ?? [];
  const isSound = isHash(to) && isCount(amount) && isHash(root);
  return word === 'reward' && fields?.length === 4 && isSound
    ? { to, amount, root }
    : undefined;
}
