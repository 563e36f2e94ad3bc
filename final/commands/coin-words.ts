/**
 * What the terminal says of coins.
 *
 * @module
 */
import type { Status } from '../api/schemas.ts';
import { counted, grouped } from '../terminal/numbers.ts';
import type { Field } from '../terminal/table.ts';

/** What is said wherever a balance is shown. */
export const NOT_MONEY = 'These coins are for learning, and not for money.';

/** Says when blocks bring fewer coins. */
export function halvingInWords({ nextHalving }: NonNullable<Status['coin']>): string {
  if (nextHalving === null) return 'no new coins any more';
  const { index, reward } = nextHalving;
  return `${grouped(reward)} from block ${grouped(index)} on`;
}

/** What a node says of the coins of its network. */
export function coinFields(coin: NonNullable<Status['coin']>): Field[] {
  const { subsidy, rewardsTo } = coin;
  return [
    { name: 'coins', value: `${grouped(subsidy)} a block, ${halvingInWords(coin)}` },
    { name: 'rewards to', value: rewardsTo, mayBeCut: true },
  ];
}

/** Says how many coins, as in "1 coin" and "1,117 coins". */
export const coinsOf = (count: number): string => counted(count, 'coin');
