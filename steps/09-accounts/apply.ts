import type { Block } from '#blocks';
import { parsePayment, type Payment } from '#signatures';
import { accountOf, withAccount, type Account, type Accounts } from './accounts.ts';
import { subsidy, type Coin } from './coin.ts';
import { parseReward } from './reward.ts';

/**
 * Returns what a payer has after a payment: its balance without `amount` and `fee`, and a count one
 * higher. Or it returns a sentence that says why the payment cannot be made now: the count is not
 * the payer's, or the balance is less than amount and fee together. All of it is exact, however
 * large the numbers are.
 */
export function afterPaying(payer: Account, payment: Payment): Account | string {
  const { amount, fee, count } = payment;
  if (count !== payer.count)
    return `payment ${count} of its payer is not the next one, ${payer.count}`;
  // Without a sum, which could be more than a number tells exactly.
  if (amount > payer.balance - fee)
    return `its payer has ${payer.balance} coins, not the ${amount} to pay and ${fee} as a fee`;
  return { balance: payer.balance - fee - amount, count: count + 1 };
}

/**
 * Returns the accounts after a payment, or why it cannot be made, as {@link afterPaying} says it.
 * The amount goes from the payer to the payee, who may be the payer too. The fee leaves the payer,
 * and nobody has it yet. Whether the payment is signed is not asked.
 */
export function applyPayment(accounts: Accounts, payment: Payment): Accounts | string {
  const payer = afterPaying(accountOf(accounts, payment.from), payment);
  if (typeof payer === 'string') return payer;
  // The payer is written before the payee is read: they may be the same.
  return credit(withAccount(accounts, payment.from, payer), payment.to, payment.amount);
}

/** Returns the accounts in which an address has so many coins more; 0 coins change nothing. */
export function credit(accounts: Accounts, address: string, coins: number): Accounts {
  if (coins === 0) return accounts;
  const { balance, count } = accountOf(accounts, address);
  return withAccount(accounts, address, { balance: balance + coins, count });
}

/**
 * Returns the accounts after a block: the payments, its lines from the second on, are made one
 * after the other, and then the reward in its first line is paid. Or it returns a sentence that
 * says why that cannot be: a line is not what it should be, a payment cannot be made when its turn
 * comes, or the reward is not exactly the {@link subsidy} and all fees. Signatures and the state
 * root are not looked at. Whatever the block's data is, the function does not throw.
 */
export function applyBlock(
  coin: Coin,
  accounts: Accounts,
  block: Block,
): Accounts | string {
  const [first = '', ...lines] = block.data.split('\n');
  const reward = parseReward(first);
  if (reward === undefined) return 'its first line is not a reward';
  let after = accounts;
  let amount = subsidy(coin, block.index);
  for (const line of lines) {
    const payment = parsePayment(line);
    if (payment === undefined) return 'one of its lines is not a payment';
    const next = applyPayment(after, payment);
    if (typeof next === 'string') return next;
    after = next;
    amount += payment.fee;
  }
  if (reward.amount !== amount) return `its reward is ${reward.amount}, not ${amount}`;
  return credit(after, reward.to, amount);
}
