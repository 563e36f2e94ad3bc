import { genesisBlock } from '#blocks';
import { sha256 } from '#hashing';
import {
  isSigned,
  newKeys,
  paymentLine,
  paymentText,
  parsePayment,
  sign,
  type Payment,
} from '#signatures';
import { functionIn } from './exports.ts';
import type { Answer, Attack, Exercise, Exports } from './practice.ts';

/** The naive way: the fields one after the other, with nothing between them. */
export function gluedText(network: string, payment: Omit<Payment, 'signature'>): string {
  const { from, to, amount, fee, count } = payment;
  return [network, from, to, amount, fee, count].join('');
}

const network = genesisBlock({ timestamp: 1_700_000_000_000 }).hash;
const ALICE = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';

/** Takes the forged payment out of what the reader's file exports. */
function forgedPayment(exports: Exports): Payment {
  const { forged } = exports;
  if (typeof forged !== 'object' || forged === null) {
    throw new Error('Export a payment named "forged".');
  }
  const payment = forged as Payment;
  if (lineOf(payment) === undefined) {
    throw new Error('The payment "forged" is none: parsePayment does not read its line.');
  }
  if (payment.from !== ALICE) throw new Error('The payment "forged" is not from Alice.');
  if (payment.amount <= 1) {
    throw new Error(
      'The payment "forged" pays 1 coin, which Alice wanted. Let it pay more.',
    );
  }
  return payment;
}

/** The line of a payment; undefined if it is none. */
function lineOf(payment: Payment): string | undefined {
  try {
    const line = paymentLine(payment);
    return parsePayment(line) === undefined ? undefined : line;
  } catch {
    return undefined;
  }
}

/** Asks whether Alice signed the forged payment, in this way to write it. */
function ask(exports: Exports, textOf: typeof paymentText): Answer {
  const forged = forgedPayment(exports);
  const text = textOf(network, forged);
  if (!isSigned(text, forged.signature, forged.from)) {
    const words = `Alice did not sign ${JSON.stringify(text.slice(-12))} at the end.`;
    return { believes: false, words };
  }
  const words = `Alice pays ${forged.amount} coins, and the signature is her own`;
  return { believes: true, words };
}

export const attack: Attack = {
  file: '08-more-coins.ts',
  goal: 'Let Alice pay more than 1 coin, with the signature that she made for 1 coin.',
  start: `import type { Payment } from '#signatures';

/** Alice signed this: 1 coin, no fee, and twelve payments before it. */
export const signed: Payment = {
  from: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
  to: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
  amount: 1,
  fee: 0,
  count: 12,
  signature:
    '925bafa87f1a801fc44f7188d58023df330b18c6ddd7cfecce2ab394376aa485' +
    '05c9f6436a5a6717b89322bed25f376f05041ec75e62decf416027728ef3f80a',
};

/** More coins. Nobody believes it yet. */
export const forged: Payment = { ...signed, amount: 1000 };
`,
  naive: (exports) => ask(exports, gluedText),
  own: (exports) => ask(exports, paymentText),
};

type Pairs = readonly (readonly [string, string])[];

/** Takes a list of 256 pairs of texts out of what came back. */
function pairsIn(value: unknown, name: string): Pairs {
  const isPair = (one: unknown) =>
    Array.isArray(one) &&
    one.length === 2 &&
    one.every((text) => typeof text === 'string');
  if (!Array.isArray(value) || value.length !== 256 || !value.every(isPair)) {
    throw new Error(`lamportKeys must give 256 pairs of texts as ${name}.`);
  }
  return value as Pairs;
}

/** Signs with the reader's functions, and tries to forge. */
function checkLamport(exports: Exports): void {
  const [keys, makeSignature, check] = ['lamportKeys', 'lamportSign', 'lamportCheck'].map(
    (name) => functionIn(exports, name),
  ) as [(seed: string) => { secret: unknown; open: unknown }, Signer, Checker];
  for (const text of ['', 'Alice pays Bob 5', 'é', 'x'.repeat(1_000)]) {
    const made = keys(`the seed for ${text}`);
    const [secret, open] = [pairsIn(made.secret, 'secret'), pairsIn(made.open, 'open')];
    const secrets = new Set(secret.flat());
    if (secrets.size < 512) throw new Error('Some of the 512 secrets are the same.');
    if (open.flat().some((one) => secrets.has(one))) {
      throw new Error('The open half shows a secret: it may show their digests only.');
    }
    const signature = makeSignature(text, secret);
    if (!Array.isArray(signature) || signature.length !== 256) {
      throw new Error('A signature is a list of 256 secrets, one of each pair.');
    }
    const list = signature as string[];
    if (list.some((one, i) => secret[i]?.includes(one) !== true)) {
      throw new Error('A signature shows one secret of each pair, in their order.');
    }
    if (check(text, list, open) !== true) {
      throw new Error(
        `A right signature of ${JSON.stringify(text.slice(0, 20))} is refused.`,
      );
    }
    refuseForgeries(check, text, list, open);
  }
  const [one, other] = [keys('a seed'), keys('another seed')].map(({ secret }) =>
    JSON.stringify(secret),
  );
  if (one === other) throw new Error('Two seeds give the same secrets.');
  console.log(
    'A signature shows 256 of 512 secrets. The other half is lost with the key.',
  );
}

type Signer = (text: string, secret: Pairs) => unknown;
type Checker = (text: string, signature: readonly unknown[], open: Pairs) => unknown;

/** Shows the reader's check what nobody signed. */
function refuseForgeries(
  check: Checker,
  text: string,
  signature: readonly string[],
  open: Pairs,
): void {
  const swapped = [...signature.slice(1), ...signature.slice(0, 1)];
  const forgeries: [words: string, text: string, signature: readonly string[]][] = [
    ['another text', `${text}!`, signature],
    ['one secret too few', text, signature.slice(1)],
    ['no secret at all', text, []],
    ['secrets in another order', text, swapped],
    ['digests instead of secrets', text, open.map(([zero]) => zero)],
    ['one wrong secret at the end', text, signature.with(255, sha256('guessed'))],
  ];
  for (const [words, shown, forged] of forgeries) {
    if (check(shown, forged, open) !== false) {
      throw new Error(`lamportCheck does not give false for a signature with ${words}.`);
    }
  }
}

/** Types addresses wrong, and looks whether the reader's function notices. */
function checkChecksum(exports: Exports): void {
  const write = functionIn(exports, 'withChecksum');
  const read = functionIn(exports, 'addressIn');
  for (let i = 0; i < 3; i += 1) {
    const { address } = newKeys();
    const text = write(address);
    if (typeof text !== 'string' || text.length > 80) {
      throw new Error('withChecksum must give a text of at most 80 characters.');
    }
    if (read(text) !== address) throw new Error(`addressIn does not read ${text} back.`);
    for (const [how, wrong] of slips(text)) {
      const found: unknown = read(wrong);
      if (found !== undefined) {
        throw new Error(
          `addressIn does not notice ${how}: it takes ${wrong} for ${text}.`,
        );
      }
    }
  }
  if (read('') !== undefined) throw new Error('addressIn reads an address in no text.');
}

/** Ways to type a text wrong. */
function* slips(text: string): Generator<[how: string, wrong: string]> {
  for (let i = 0; i < text.length; i += 1) {
    const [before, digit, after] = [text.slice(0, i), text.charAt(i), text.slice(i + 1)];
    for (const other of '0123456789abcdef') {
      if (other !== digit) yield [`a wrong character at ${i}`, before + other + after];
    }
    yield [`a missing character at ${i}`, before + after];
    const next = after.charAt(0);
    if (next !== '' && next !== digit) {
      yield [`two swapped characters at ${i}`, before + next + digit + after.slice(1)];
    }
  }
}

const TEXT = 'Open the safe';

/** A right signature of that text by Alice, who made it with another nonce than `sign` takes. */
const SECOND =
  '17ffad8068dc0de9935d36636f3ad1b5de6de3413b12388e453b05f2a4c1d3db' +
  'a5523b5d06af52dff599e3801fefefda42c5af7c724036af7393b71cc3646903';

/** Asks the reader's function about all kinds of agreement. */
function checkAgreement(exports: Exports): void {
  const isAgreed = functionIn(exports, 'isAgreed');
  const people = [newKeys(), newKeys(), newKeys()] as const;
  const addresses = [...people.slice(0, 2).map(({ address }) => address), ALICE];
  const [a, b] = people.slice(0, 2).map((keys) => sign(TEXT, keys)) as [string, string];
  const stranger = sign(TEXT, newKeys());
  const first = sign(TEXT, {
    address: ALICE,
    secret: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
  });
  const cases: [words: string, signatures: readonly string[], expected: boolean][] = [
    ['two of the three sign', [a, b], true],
    ['two sign, in another order', [first, a], true],
    ['all three sign', [a, b, first], true],
    ['two sign, and a stranger', [stranger, b, a], true],
    ['nobody signs', [], false],
    ['one signs', [b], false],
    ['one signs, and a stranger', [a, stranger], false],
    ['one signature is shown twice', [a, a], false],
    ['one person signs twice, with two signatures', [first, SECOND], false],
    [
      'one signature is right, and one of another text',
      [a, sign('Shut it', people[1])],
      false,
    ],
  ];
  for (const [words, signatures, expected] of cases) {
    const found = isAgreed(TEXT, Object.freeze([...signatures]), addresses);
    if (found !== expected) {
      throw new Error(
        `Where ${words}, isAgreed gives ${String(found)}, not ${expected}.`,
      );
    }
  }
}

export const exercises: readonly Exercise[] = [
  {
    number: 1,
    file: '8.1-lamport.ts',
    start: `/** 256 pairs of texts, one pair for each bit of a digest. */
export type Pairs = readonly (readonly [string, string])[];

/** Makes 512 secrets from a seed, and what everybody may know of them. */
export function lamportKeys(seed: string): { secret: Pairs; open: Pairs } {
  throw new Error('TODO: a secret for each bit of a digest, if it is 0, and if it is 1.');
}

/** Shows one secret of each pair. */
export function lamportSign(text: string, secret: Pairs): string[] {
  throw new Error('TODO: which bit decides which secret?');
}

/** Tells whether somebody who knows the secrets signed this text. */
export function lamportCheck(text: string, signature: readonly string[], open: Pairs): boolean {
  throw new Error('TODO: hash each secret, and compare.');
}
`,
    check: checkLamport,
  },
  {
    number: 2,
    file: '8.2-checksum.ts',
    start: `/** Writes an address so that slips of the pen are noticed, in at most 80 characters. */
export function withChecksum(address: string): string {
  throw new Error('TODO: put something behind it that depends on every digit.');
}

/** Reads such an address; undefined if something is wrong with it. */
export function addressIn(text: string): string | undefined {
  throw new Error('TODO: take it apart, and look.');
}
`,
    check: checkChecksum,
  },
  {
    number: 3,
    file: '8.3-two-of-three.ts',
    start: `/** Tells whether at least two of three people signed a text. */
export function isAgreed(
  text: string,
  signatures: readonly string[],
  addresses: readonly string[],
): boolean {
  throw new Error('TODO: count. But what?');
}
`,
    check: checkAgreement,
  },
];
