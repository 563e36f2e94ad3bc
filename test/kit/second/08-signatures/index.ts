// A second solution: keys as bytes (DER) and objects, a line read piece by piece with patterns.
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign as signWith,
  verify,
} from 'node:crypto';
import { hashFields, type Field } from '#hashing';

export interface Keys {
  readonly address: string;
  readonly secret: string;
}

const BEFORE_PUBLIC = '302a300506032b6570032100';
const BEFORE_PRIVATE = '302e020100300506032b657004220420';

const isHex = (text: unknown, digits: number): text is string =>
  typeof text === 'string' &&
  text.length === digits &&
  Array.from(text).every((digit) => '0123456789abcdef'.includes(digit));

const privateKey = (secret: string) =>
  createPrivateKey({
    key: Buffer.from(BEFORE_PRIVATE + secret, 'hex'),
    format: 'der',
    type: 'pkcs8',
  });

export const newKeys = (): Keys => {
  const made = generateKeyPairSync('ed25519');
  const last32 = (bytes: Buffer) => bytes.toString('hex').slice(-64);
  return {
    secret: last32(made.privateKey.export({ format: 'der', type: 'pkcs8' })),
    address: last32(made.publicKey.export({ format: 'der', type: 'spki' })),
  };
};

export function sign(text: string, { secret }: Keys): string {
  if (/\p{Surrogate}/u.test(text)) throw new TypeError('half a character');
  return signWith(null, Buffer.from(text, 'utf8'), privateKey(secret)).toString('hex');
}

export function isSigned(text: string, signature: string, address: string): boolean {
  if (!isHex(signature, 128) || !isHex(address, 64)) return false;
  if (/\p{Surrogate}/u.test(text)) return false;
  const key = createPublicKey({
    key: Buffer.from(BEFORE_PUBLIC + address, 'hex'),
    format: 'der',
    type: 'spki',
  });
  return verify(null, Buffer.from(text), key, Buffer.from(signature, 'hex'));
}

export const MAX_LINE = 400;

/** One field at the start of a text, with what follows it. */
function takeField(text: string): [field: Field, rest: string] | undefined {
  const number = /^(0|-?[1-9][0-9]{0,15})(?=[,\]])/.exec(text)?.[0];
  if (number !== undefined) {
    const value = Number(number);
    return Number.isSafeInteger(value) ? [value, text.slice(number.length)] : undefined;
  }
  const quoted = /^"(?:[^"\\\p{Cc}]|\\.|\x7f|[\x80-\x9f])*"/u.exec(text)?.[0];
  if (quoted === undefined) return undefined;
  try {
    const value = JSON.parse(quoted) as string;
    if (JSON.stringify(value) !== quoted || !value.isWellFormed()) return undefined;
    return [value, text.slice(quoted.length)];
  } catch {
    return undefined;
  }
}

export function parseLine(line: string): readonly Field[] | undefined {
  if (line.length > MAX_LINE || !line.startsWith('[')) return undefined;
  if (line === '[]') return [];
  const fields: Field[] = [];
  let rest = line;
  do {
    const taken = takeField(rest.slice(1));
    if (taken === undefined) return undefined;
    fields.push(taken[0]);
    rest = taken[1];
  } while (rest.startsWith(','));
  return rest === ']' ? fields : undefined;
}

export interface Payment {
  readonly from: string;
  readonly to: string;
  readonly amount: number;
  readonly fee: number;
  readonly count: number;
  readonly signature: string;
}

export type Order = Pick<Payment, 'to' | 'amount' | 'fee' | 'count'>;
type Unsigned = Omit<Payment, 'signature'>;

const middle = ({ from, to, amount, fee, count }: Unsigned) =>
  `"${from}","${to}",${amount},${fee},${count}`;

export const paymentText = (network: string, payment: Unsigned): string =>
  `["${network}",${middle(payment)}]`;

export const paymentLine = (payment: Payment): string =>
  `[${middle(payment)},"${payment.signature}"]`;

export const paymentId = ({ from, to, amount, fee, count, signature }: Payment): string =>
  hashFields([from, to, amount, fee, count, signature]);

/** What is wrong with some fields; nothing if they are as they should be. */
function* complaints({ from, to, amount, fee, count }: Record<keyof Unsigned, unknown>) {
  for (const [name, value] of Object.entries({ from, to }))
    if (!isHex(value, 64)) yield `${name} is no address`;
  for (const [name, value] of Object.entries({ amount, fee, count })) {
    const least = name === 'amount' ? 1 : 0;
    if (!Number.isSafeInteger(value) || (value as number) < least)
      yield `${name} is not a whole number from ${least}`;
  }
}

export function pay(network: string, keys: Keys, order: Order): Payment {
  const { to, amount, fee, count } = order;
  const unsigned = { from: keys.address, to, amount, fee, count };
  const wrong = [...complaints(unsigned)];
  if (wrong.length > 0) throw new RangeError(wrong.join('; '));
  return { ...unsigned, signature: sign(paymentText(network, unsigned), keys) };
}

export function parsePayment(line: string): Payment | undefined {
  const [from, to, amount, fee, count, signature, ...more] = parseLine(line) ?? [];
  if (more.length > 0 || !isHex(signature, 128)) return undefined;
  const payment = { from, to, amount, fee, count, signature };
  return [...complaints(payment)].length > 0 ? undefined : (payment as Payment);
}
