/**
 * What the terminal says of coins.
 *
 * @module
 */
import { parseReward } from '#accounts';
import { parsePayment, type Payment } from '#signatures';
import type { Status } from '../api/schemas.ts';
import { visible } from '../terminal/escapes.ts';
import { counted, grouped } from '../terminal/numbers.ts';
import type { Field } from '../terminal/table.ts';

/** What is said wherever a balance is shown. */
export const NOT_MONEY = 'These coins are for learning. They are not money.';

type CoinStatus = NonNullable<Status['coin']>;

/** Says how many coins, as in "1 coin" and "1,117 coins". */
export const coinsOf = (count: number): string => counted(count, 'coin');

/** Says what the next block brings, and when that becomes less. */
export function issueInWords({ subsidy, nextHalving }: CoinStatus): string {
  if (nextHalving === null) return 'no new coins any more';
  const { index, reward } = nextHalving;
  return `${grouped(subsidy)} new with each block, ${grouped(reward)} from block ${grouped(index)} on`;
}

/** What is said of the coins of a network where a node starts. */
export function coinTerms(coin: CoinStatus): Field[] {
  return [
    { name: 'coins', value: `${issueInWords(coin)}: for learning, not money` },
    { name: 'rewards to', value: coin.rewardsTo, mayBeCut: true },
  ];
}

/** What a node says of the coins of its network. */
export function coinFields(coin: CoinStatus): Field[] {
  const { supply, maxSupply, rewardsTo, waiting, parked } = coin;
  const waits = `${counted(waiting, 'payment')}${parked > 0 ? `, of which ${grouped(parked)} cannot be made yet` : ''}`;
  return [
    { name: 'coins', value: issueInWords(coin) },
    {
      name: 'supply',
      value: `${grouped(supply)} of ${grouped(maxSupply)}, for learning: not money`,
    },
    { name: 'rewards to', value: rewardsTo, mayBeCut: true },
    { name: 'waiting', value: waits },
  ];
}

/** What a block of a network with coins carries, in words. */
export interface Content {
  readonly reward: string;
  readonly payments: readonly string[];
}

/** Says in words what a block of a network with coins carries; null if it carries no coins. */
export function contentOf(data: string): Content | null {
  const [first = '', ...lines] = data.split('\n');
  const reward = parseReward(first);
  if (reward === undefined) return null;
  return {
    reward: `${coinsOf(reward.amount)} to ${reward.to}`,
    payments: lines.map((line) => paymentInWords(parsePayment(line))),
  };
}

function paymentInWords(payment: Payment | undefined): string {
  if (payment === undefined) return '';
  const { from, to, amount, fee } = payment;
  return `${coinsOf(amount)} from ${short(from)} to ${short(to)}, fee ${fee}`;
}

/** The beginning of a hash or an address, for people to recognize it. */
export const short = (hex: string): string => `${hex.slice(0, 12)}…`;

/** Says in a few words what a block of a network with coins carries. */
export function contentInBrief(data: string): string {
  const [first = '', ...lines] = data.split('\n');
  const reward = parseReward(first);
  if (reward === undefined) return visible(first);
  const { amount, to } = reward;
  return `${counted(lines.length, 'payment')}, ${coinsOf(amount)} to ${short(to)}`;
}
