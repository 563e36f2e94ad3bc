import { isCount, isHash } from '#blocks';
import { canonicalJson, sha256 } from '#hashing';
import { sign, type Keys } from './keys.ts';
import { parseLine } from './line.ts';

/** Coins that go from one address to another, signed by who pays. */
export interface Payment {
  /** The address of the payer, 64 hex digits. */
  readonly from: string;
  /** The address of who is paid, 64 hex digits. */
  readonly to: string;
  /** How many coins, a safe integer from 1. */
  readonly amount: number;
  /** How many coins more go to who puts the payment into a block, a safe integer from 0. */
  readonly fee: number;
  /** How many payments the payer made before this one, a safe integer from 0. */
  readonly count: number;
  /** The payer's signature of the {@link paymentText}, 128 hex digits. */
  readonly signature: string;
}

/**
 * Returns the text that a payer signs, as canonical JSON:
 * `["network","from","to",amount,fee,count]`.
 *
 * @param network - the hash of the genesis block: the payment is good in this network alone
 */
export function paymentText(
  network: string,
  payment: Omit<Payment, 'signature'>,
): string {
  const { from, to, amount, fee, count } = payment;
  return canonicalJson([network, from, to, amount, fee, count]);
}

/**
 * Returns the line that a payment is in a block, as canonical JSON:
 * `["from","to",amount,fee,count,"signature"]`.
 */
export function paymentLine(payment: Payment): string {
  const { from, to, amount, fee, count, signature } = payment;
  return canonicalJson([from, to, amount, fee, count, signature]);
}

/** Returns the name of a payment, 64 hex digits: the SHA-256 digest of its line. */
export function paymentId(payment: Payment): string {
  return sha256(paymentLine(payment));
}

/** What a payer decides. */
export type Order = Pick<Payment, 'to' | 'amount' | 'fee' | 'count'>;

/**
 * Makes a payment and signs its {@link paymentText}.
 *
 * @param network - the hash of the genesis block
 * @param keys - of who pays
 * @throws RangeError if the order is none: `to` is no address, or a number is not as
 * {@link Payment} says
 */
export function pay(network: string, keys: Keys, order: Order): Payment {
  const { to, amount, fee, count } = order;
  const unsigned = { from: keys.address, to, amount, fee, count };
  if (!isOrder(unsigned)) {
    throw new RangeError(
      'A payment needs an address of 64 hex digits, and whole numbers.',
    );
  }
  return { ...unsigned, signature: sign(paymentText(network, unsigned), keys) };
}

function isOrder({ to, amount, fee, count }: Order): boolean {
  return isHash(to) && isCount(amount) && amount > 0 && isCount(fee) && isCount(count);
}

/**
 * Reads a line as {@link paymentLine} writes it, with fields as {@link Payment} says. Returns
 * undefined for any other text, even if it means the same: so each payment has one line.
 * Whether the signature is right is not asked; the function never throws.
 */
export function parsePayment(line: string): Payment | undefined {
  const fields = parseLine(line);
  if (fields?.length !== 6) return undefined;
  const [from, to, amount, fee, count, signature] = fields;
  const payment = { from, to, amount, fee, count, signature } as Payment;
  const isSound = isHash(from) && isOrder(payment) && isSignature(signature);
  return isSound ? payment : undefined;
}

function isSignature(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9a-f]{128}$/.test(value);
}
