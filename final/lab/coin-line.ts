/** What the lines of a block with coins say, for people. Whether they are right is not asked. */

/** The reward in the first line of a block. */
export interface RewardLine {
  readonly to: string;
  readonly amount: number;
  readonly root: string;
}

/** Reads a line as the list that it is; nothing of it that is not one. */
function listIn(line: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(line);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

/** Reads the first line of a block's data, or undefined where it is no reward. */
export function rewardIn(data: string): RewardLine | undefined {
  const [first = ''] = data.split('\n', 1);
  const [word, to, amount, root] = listIn(first);
  const isReward =
    word === 'reward' && typeof to === 'string' && typeof root === 'string';
  return isReward ? { to, amount: Number(amount), root } : undefined;
}

/**
 * Says in a line what a block with coins carries; undefined for other data.
 *
 * @param nameOf - what to call an address; its first digits unless given
 */
export function coinLine(
  data: string,
  nameOf: (address: string) => string = shortAddress,
): string | undefined {
  const reward = rewardIn(data);
  if (reward === undefined) return undefined;
  const payments = data.split('\n').length - 1;
  const what =
    payments === 0
      ? 'no payments'
      : payments === 1
        ? '1 payment'
        : `${payments} payments`;
  return `${what}, ${reward.amount} to ${nameOf(reward.to)}`;
}

/** The first digits of an address, which name it well enough in a small network. */
export const shortAddress = (address: string): string => `${address.slice(0, 8)}…`;
