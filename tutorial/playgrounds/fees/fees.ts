import {
  accountOf,
  applyPayment,
  noAccounts,
  rewardLine,
  stateRoot,
  withAccount,
  type Accounts,
} from '#accounts';
import { genesisBlock, nextBlock } from '#blocks';
import { sha256 } from '#hashing';
import { Pool } from '#mempool';
import { paymentId, paymentLine, type Payment } from '#signatures';
import { LinkError, expectOnly, readWord, type Format } from '../shared/link.ts';

/** How many payments a block holds here. */
export const SIZE = 3;

/** The highest fee that can be offered. */
export const MOST = 20;

/** Who pays here, and what they have at first. */
const people = { Ada: 100, Ben: 40, Cleo: 30, Dan: 0 };
type Person = keyof typeof people;

/** What waits at first. The name of a payment is its payer's first letter and its count. */
const orders = [
  { name: 'a0', from: 'Ada', to: 'Ben', amount: 10, fee: 1, count: 0 },
  { name: 'a1', from: 'Ada', to: 'Cleo', amount: 10, fee: 12, count: 1 },
  { name: 'b0', from: 'Ben', to: 'Ada', amount: 20, fee: 5, count: 0 },
  { name: 'b1', from: 'Ben', to: 'Cleo', amount: 12, fee: 8, count: 1 },
  { name: 'c0', from: 'Cleo', to: 'Dan', amount: 20, fee: 4, count: 0 },
  { name: 'd0', from: 'Dan', to: 'Ada', amount: 14, fee: 6, count: 0 },
] as const satisfies readonly (Pick<Payment, 'amount' | 'fee' | 'count'> & {
  name: string;
  from: Person;
  to: Person;
})[];

/** The name of one of the payments. */
export type Name = (typeof orders)[number]['name'];

/** What has been decided so far. */
export interface Market {
  /** The fees that were raised. */
  readonly fees: Readonly<Partial<Record<Name, number>>>;
  /** The block: payments in their order. */
  readonly block: readonly Name[];
  /** Whether the block is on the chain. */
  readonly isMined: boolean;
}

export const start: Market = { fees: {}, block: [], isMined: false };

const addressOf = (name: Person) => sha256(name);
const initial = Object.entries(people).reduce<Accounts>(
  (all, [name, balance]) =>
    withAccount(all, addressOf(name as Person), { balance, count: 0 }),
  noAccounts,
);

const feeOf = ({ fees }: Market, { name, fee }: (typeof orders)[number]) =>
  fees[name] ?? fee;

function paymentOf(market: Market, order: (typeof orders)[number]): Payment {
  const { from, to, amount, count } = order;
  return {
    from: addressOf(from),
    to: addressOf(to),
    amount,
    fee: feeOf(market, order),
    count,
    // The pool does not look at signatures: whoever gives it a payment has checked that.
    signature: 'f'.repeat(128),
  };
}

/** A payment as the page shows it. */
export interface Shown {
  readonly name: Name;
  readonly words: string;
  readonly fee: number;
  readonly isParked: boolean;
}

/** What follows from what was decided. */
export interface Outcome {
  /** What waits, the highest fees first. */
  readonly waiting: readonly Shown[];
  /** The block, place by place. */
  readonly block: readonly Shown[];
  /** Why the block is invalid, if it is. */
  readonly problem: string | undefined;
  /** All fees of the block. */
  readonly earned: number;
  /** What a miner takes who takes the best first, and all its fees. */
  readonly best: readonly Name[];
  readonly bestEarned: number;
  /** What everybody has, with the block if it is on the chain. */
  readonly balances: readonly { readonly person: string; readonly balance: number }[];
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

/** Works out what follows, with the pool of step 10. */
export function outcomeOf(market: Market): Outcome {
  const pool = new Pool();
  const all = orders.map((order) => {
    const payment = paymentOf(market, order);
    pool.add(paymentOf(start, order), initial);
    pool.add(payment, initial); // replaces the first one, if the fee is higher
    return { ...order, fee: payment.fee, payment };
  });
  const show = ({
    name,
    from,
    to,
    amount,
    fee,
    count,
    payment,
  }: (typeof all)[number]) => {
    const isParked = pool.isParked(paymentId(payment));
    return {
      name,
      words: `${from}’s payment ${count}: ${amount} to ${to}`,
      fee,
      isParked,
    };
  };
  const picked = pool.pick(SIZE, initial);
  const best = all.filter(({ payment }) => picked.some((one) => isSame(one, payment)));
  const block = market.block.flatMap((name) => all.filter((one) => one.name === name));

  let accounts: Accounts = initial;
  let problem: string | undefined;
  for (const { payment, from, count } of block) {
    const after = applyPayment(accounts, payment);
    if (typeof after !== 'string') accounts = after;
    else problem ??= `${from}’s payment ${count} cannot be made here: ${after}`;
  }
  const shown = block.map(show);
  if (market.isMined) {
    const reward = { to: addressOf('Dan'), amount: 0, root: stateRoot(accounts) };
    const lines = [
      rewardLine(reward),
      ...block.map(({ payment }) => paymentLine(payment)),
    ];
    const mined = nextBlock(genesisBlock({ timestamp: 0 }), lines.join('\n'), 1);
    pool.changed([{ removed: [], added: [mined] }], accounts);
  }
  const waiting = all.filter(({ payment }) => pool.get(paymentId(payment)) !== undefined);
  const now = market.isMined ? accounts : initial;
  return {
    waiting: waiting.map(show).sort((a, b) => b.fee - a.fee),
    block: shown,
    problem,
    earned: sum(block.map(({ fee }) => fee)),
    best: picked.flatMap((one) =>
      best.filter(({ payment }) => isSame(one, payment)).map(({ name }) => name),
    ),
    bestEarned: sum(best.map(({ fee }) => fee)),
    balances: (Object.keys(people) as Person[]).map((person) => ({
      person,
      balance: accountOf(now, addressOf(person)).balance,
    })),
  };
}

const isSame = (a: Payment, b: Payment) => a.from === b.from && a.count === b.count;

/** Puts a payment at the end of the block, if there is room and it is not in it. */
export function withPayment(market: Market, name: Name): Market {
  const { block, isMined } = market;
  if (isMined || block.length >= SIZE || block.includes(name)) return market;
  return { ...market, block: [...block, name] };
}

/** Takes a payment out of the block. */
export function withoutPayment(market: Market, name: Name): Market {
  if (market.isMined) return market;
  return { ...market, block: market.block.filter((one) => one !== name) };
}

/** Lets a payer sign a payment once more, with a fee that is higher by one. */
export function withHigherFee(market: Market, name: Name): Market {
  const order = orders.find((one) => one.name === name);
  if (market.isMined || order === undefined) return market;
  const fee = Math.min(MOST, feeOf(market, order) + 1);
  return { ...market, fees: { ...market.fees, [name]: fee } };
}

/** Whether a valid block earns more than that of a miner who takes the best first. */
export function isClever(market: Market): boolean {
  const { problem, earned, bestEarned } = outcomeOf(market);
  return problem === undefined && earned > bestEarned;
}

/** In a link stand the fees that were raised, as in `fee-a0=3`, the block, and whether it is mined. */
export const format: Format<Market> = {
  write: ({ fees, block, isMined }) => ({
    ...Object.fromEntries(Object.entries(fees).map(([k, v]) => [`fee-${k}`, String(v)])),
    ...(block.length > 0 && { block: block.join('-') }),
    ...(isMined && { mined: 'yes' }),
  }),
  read(fields) {
    const names = orders.map(({ name }) => name);
    expectOnly(fields, [...names.map((name) => `fee-${name}`), 'block', 'mined']);
    const fees: Partial<Record<Name, number>> = {};
    for (const { name, fee } of orders) {
      const text = fields[`fee-${name}`];
      if (text === undefined) continue;
      const value = /^\d{1,2}$/.test(text) ? Number(text) : NaN;
      if (!(value > fee && value <= MOST))
        throw new LinkError(
          `“fee-${name}” can be a whole number from ${fee + 1} to ${MOST}`,
        );
      fees[name] = value;
    }
    const wanted = fields.block?.split('-') ?? [];
    const block = names.filter((name) => wanted.includes(name));
    if (block.length !== wanted.length || block.length > SIZE)
      throw new LinkError(
        `“block” can be up to ${SIZE} of ${names.join(', ')}, each once`,
      );
    block.sort((a, b) => wanted.indexOf(a) - wanted.indexOf(b));
    const isMined = readWord(fields, 'mined', ['no', 'yes']) === 'yes';
    const market = { fees, block, isMined };
    if (isMined && (block.length === 0 || outcomeOf(market).problem !== undefined))
      throw new LinkError('a block that is not valid cannot be on the chain');
    return market;
  },
};
