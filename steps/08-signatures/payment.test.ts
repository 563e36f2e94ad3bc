import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson, sha256 } from '#hashing';
import {
  isSigned,
  newKeys,
  pay,
  paymentId,
  paymentLine,
  paymentText,
  parsePayment,
  type Order,
  type Payment,
} from '#signatures';
import { alice, bob } from './keys-for-test.ts';

const NETWORK = 'ab'.repeat(32);
const MAX = Number.MAX_SAFE_INTEGER;
const payment: Payment = {
  from: '11'.repeat(32),
  to: '22'.repeat(32),
  amount: 5,
  fee: 1,
  count: 7,
  signature: '33'.repeat(64),
};
const order: Order = { to: bob.address, amount: 5, fee: 1, count: 0 };
const LINE = `["${payment.from}","${payment.to}",5,1,7,"${payment.signature}"]`;

/** What comes of a line, in words where nothing does. */
const read = (line: string) => parsePayment(line) ?? 'refused';

const hex = (length: number) =>
  fc.string({
    unit: fc.constantFrom(...Array.from('0123456789abcdef')),
    minLength: length,
    maxLength: length,
  });
const count = fc.nat().map((n) => n * 4_000_000);
const payments: fc.Arbitrary<Payment> = fc.record({
  from: hex(64),
  to: hex(64),
  amount: count.map((n) => n + 1),
  fee: count,
  count,
  signature: hex(128),
});

describe('Task 5: paymentText, paymentLine and paymentId', () => {
  it('writes what is signed: the network first, and no signature', () => {
    const text = `["${NETWORK}","${payment.from}","${payment.to}",5,1,7]`;
    expect(paymentText(NETWORK, payment)).toBe(text);
  });

  it('writes the line: the signature last, and no network', () => {
    expect(paymentLine(payment)).toBe(LINE);
  });

  it('writes the fields in this order, whatever order an object has them in', () => {
    const { signature, count, fee, amount, to, from } = payment;
    const turned = { signature, count, fee, amount, to, from, more: 'left out' };
    expect(paymentLine(turned)).toBe(LINE);
    expect(paymentText(NETWORK, turned)).toBe(paymentText(NETWORK, payment));
  });

  it('writes different payments in different ways', () => {
    fc.assert(
      fc.property(payments, payments, (one, other) => {
        fc.pre(canonicalJson(Object.values(one)) !== canonicalJson(Object.values(other)));
        expect(paymentLine(one)).not.toBe(paymentLine(other));
        const same = { ...other, signature: one.signature };
        if (paymentLine(one) !== paymentLine(same))
          expect(paymentText(NETWORK, one)).not.toBe(paymentText(NETWORK, same));
      }),
    );
  });

  it('lets no digit go over from one number to the next', () => {
    const shifted: [amount: number, fee: number, count: number][] = [
      ...([
        [1, 0, 12],
        [10, 1, 2],
        [101, 0, 2],
        [1, 1, 2],
      ] as [number, number, number][]),
      ...([
        [1, 12, 0],
        [11, 2, 0],
        [112, 0, 0],
      ] as [number, number, number][]),
    ];
    const texts = shifted.map(([amount, fee, count]) =>
      paymentText(NETWORK, { ...payment, amount, fee, count }),
    );
    expect(new Set(texts).size).toBe(shifted.length);
  });

  it('names a payment by the digest of its line', () => {
    expect(paymentId(payment)).toBe(sha256(LINE));
    fc.assert(
      fc.property(payments, (one) => {
        expect(paymentId(one)).toBe(sha256(paymentLine(one)));
      }),
    );
  });
});

describe('Task 6: pay', () => {
  it('makes a payment of an order, from the address of the keys', () => {
    const made = pay(NETWORK, alice, order);
    expect(made).toEqual({ from: alice.address, ...order, signature: made.signature });
  });

  it('signs its text, so that anybody can check it', () => {
    fc.assert(
      fc.property(payments, ({ to, amount, fee, count }) => {
        const keys = newKeys();
        const made = pay(NETWORK, keys, { to, amount, fee, count });
        const text = paymentText(NETWORK, made);
        expect(isSigned(text, made.signature, keys.address)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['amount', { amount: 50 }],
    ['fee', { fee: 0 }],
    ['count', { count: 1 }],
    ['payee', { to: alice.address }],
  ])('makes a signature that is good for this %s alone', (_what, change) => {
    const made = pay(NETWORK, alice, order);
    const text = paymentText(NETWORK, { ...made, ...change });
    expect(isSigned(text, made.signature, alice.address)).toBe(false);
  });

  it('makes a signature that is good in this network alone', () => {
    const made = pay(NETWORK, alice, order);
    const elsewhere = paymentText('cd'.repeat(32), made);
    expect(isSigned(elsewhere, made.signature, alice.address)).toBe(false);
  });

  it('takes nothing of an order but its four fields', () => {
    const more = { ...order, from: bob.address, signature: 'none', secret: 'x' };
    expect(pay(NETWORK, alice, more)).toEqual(pay(NETWORK, alice, order));
  });

  it('does not give the secret away', () => {
    const made = pay(NETWORK, alice, order);
    expect(JSON.stringify(made)).not.toContain(alice.secret);
    expect(Object.keys(made)).not.toContain('secret');
  });

  it.each([
    ['all the coins that there can be', { amount: MAX }],
    ['a fee of nothing', { fee: 0 }],
    ['a fee larger than the amount', { fee: MAX, amount: 1 }],
    ['the last count that there is', { count: MAX }],
    ['to oneself', { to: alice.address }],
  ])('lets one pay %s', (_what, change) => {
    expect(pay(NETWORK, alice, { ...order, ...change })).toMatchObject(change);
  });

  it.each([
    ['no coin', { amount: 0 }],
    ['less than nothing', { amount: -50 }],
    ['half a coin', { amount: 0.5 }],
    ['more than JavaScript counts exactly', { amount: 2 ** 53 }],
    ['an amount that is no number', { amount: NaN }],
    ['an amount without end', { amount: Infinity }],
    ['an amount that is a text', { amount: '5' as never }],
    ['a fee below nothing', { fee: -1 }],
    ['a part of a coin as a fee', { fee: 0.1 }],
    ['a fee that JavaScript does not count exactly', { fee: 2 ** 53 }],
    ['a count below nothing', { count: -1 }],
    ['half a count', { count: 1.5 }],
    ['a count that JavaScript does not count exactly', { count: 2 ** 53 }],
    ['no count', { count: undefined as never }],
    ['to a name', { to: 'Bob' }],
    ['to an address in capitals', { to: bob.address.toUpperCase() }],
    ['to an address that lacks a digit', { to: bob.address.slice(1) }],
    ['to an address with a line break', { to: `${bob.address}\n` }],
    ['to nobody', { to: '' }],
    ['to nothing', { to: undefined as never }],
  ])('refuses to pay %s', (_what, change) => {
    expect(() => pay(NETWORK, alice, { ...order, ...change })).toThrow(RangeError);
  });
});

describe('Task 7: parsePayment', () => {
  it('reads back what paymentLine writes', () => {
    fc.assert(
      fc.property(payments, (one) => {
        expect(read(paymentLine(one))).toEqual(one);
      }),
    );
    const made = pay(NETWORK, alice, order);
    expect(read(paymentLine(made))).toEqual(made);
  });

  it('does not ask whether the signature is right', () => {
    expect(read(LINE)).toEqual(payment);
  });

  it('reads the longest payment that there can be', () => {
    const long = { ...payment, amount: MAX, fee: MAX, count: MAX };
    expect(read(paymentLine(long))).toEqual(long);
  });

  it.each([
    ['an amount of nothing', { amount: 0 }],
    ['an amount below nothing', { amount: -5 }],
    ['an amount that is a text', { amount: '5' }],
    ['a fee below nothing', { fee: -1 }],
    ['a fee that is a text', { fee: '1' }],
    ['a count below nothing', { count: -1 }],
    ['a count that is a text', { count: '7' }],
    ['a payer in capitals', { from: 'AB'.repeat(32) }],
    ['a payer with a name', { from: 'Alice' }],
    ['a payer that is a number', { from: 5 }],
    ['a payee that lacks a digit', { to: '2'.repeat(63) }],
    ['a payee with a digit more', { to: '2'.repeat(65) }],
    ['a payee with a line break', { to: `${'2'.repeat(63)}\n` }],
    ['a payee that is a number', { to: 5 }],
    ['a signature in capitals', { signature: 'AB'.repeat(64) }],
    ['a signature that lacks a digit', { signature: '3'.repeat(127) }],
    ['a signature with a digit more', { signature: '3'.repeat(129) }],
    ['a signature with a letter that is no digit', { signature: 'g'.repeat(128) }],
    ['no signature', { signature: '' }],
    ['a signature that is a number', { signature: 5 }],
  ])('refuses %s', (_what, change) => {
    const { from, to, amount, fee, count, signature } = { ...payment, ...change };
    expect(read(canonicalJson([from, to, amount, fee, count, signature]))).toBe(
      'refused',
    );
  });

  it.each([
    ['without its signature', LINE.replace(/,"3+"/, '')],
    ['with a field more', LINE.replace(']', ',1]')],
    ['as an object', JSON.stringify(payment)],
    ['with a part of a coin', LINE.replace(',5,', ',5.5,')],
    ['with nothing where a number is', LINE.replace(',5,', ',null,')],
    ['that is empty', ''],
  ])('refuses a line %s', (_what, line) => {
    expect(read(line)).toBe('refused');
  });

  it.each([
    ['a space', LINE.replace(',', ', ')],
    ['a space behind it', `${LINE} `],
    ['a line break behind it', `${LINE}\n`],
    ['an amount with a point', LINE.replace(',5,', ',5.0,')],
    ['an amount with an exponent', LINE.replace(',5,', ',5e0,')],
    ['a fee of minus nothing', LINE.replace(',1,', ',-0,')],
    ['an escape', LINE.replace('"1', '"\\u0031')],
    ['an amount that is rounded', LINE.replace(',5,', ',9007199254740993,')],
  ])('refuses a second way to write a payment: %s', (_what, line) => {
    expect(line).not.toBe(LINE);
    expect(read(line)).toBe('refused');
  });

  it('never throws, and reads nothing that is not written in just this way', () => {
    const anyLine = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc
        .array(fc.oneof(hex(64), hex(128), fc.maxSafeInteger()), { maxLength: 7 })
        .map(canonicalJson),
      fc.tuple(fc.nat(LINE.length), fc.string({ maxLength: 2 })).map(([at, part]) => {
        return LINE.slice(0, at) + part + LINE.slice(at + 1);
      }),
    );
    fc.assert(
      fc.property(anyLine, (line) => {
        const found = parsePayment(line);
        if (found !== undefined) expect(paymentLine(found)).toBe(line);
      }),
      { numRuns: 500 },
    );
  });
});
