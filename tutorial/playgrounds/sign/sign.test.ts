import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isSigned, pay, paymentText } from '#signatures';
import { LinkError } from '../shared/link.ts';
import { shellLines } from './shell-lines.ts';
import {
  MOST,
  alice,
  format,
  isForged,
  judge,
  networks,
  payees,
  start,
  textOf,
  type Said,
  type Signing,
} from './sign.ts';

const said: fc.Arbitrary<Said> = fc.record({
  to: fc.constantFrom('Bob', 'Mallory'),
  amount: fc.integer({ min: 1, max: MOST }),
  fee: fc.nat(MOST),
  count: fc.nat(MOST),
  network: fc.constantFrom('ours', 'another'),
});
const states: fc.Arbitrary<Signing> = fc.record({
  form: fc.constantFrom('list', 'glued'),
  signed: said,
  shown: said,
});

describe('Signing in a page', () => {
  it('signs what step 8 signs', () => {
    fc.assert(
      fc.property(said, ({ to, network, ...order }) => {
        const made = pay(networks[network], alice, { to: payees[to], ...order });
        const { signature, shownText } = judge({
          form: 'list',
          signed: { to, network, ...order },
          shown: { to, network, ...order },
        });
        expect(signature).toBe(made.signature);
        expect(shownText).toBe(paymentText(networks[network], made));
      }),
      { numRuns: 20 },
    );
  });

  it('finds a signature right for what Alice signed, however it is written', () => {
    fc.assert(
      fc.property(states, ({ form, signed }) => {
        const { holds, isChanged, alike, signedText } = judge({
          form,
          signed,
          shown: { ...signed },
        });
        expect({ holds, isChanged }).toEqual({ holds: true, isChanged: false });
        expect(alike).toBe(signedText.length);
      }),
      { numRuns: 20 },
    );
  });

  it('finds it right for nothing else, if the fields are a list', () => {
    fc.assert(
      fc.property(states, ({ signed, shown }) => {
        const { holds, isChanged } = judge({ form: 'list', signed, shown });
        expect(holds).toBe(!isChanged);
      }),
      { numRuns: 50 },
    );
  });

  it('says from where on two texts differ', () => {
    const shown = { ...start.signed, count: 13 };
    const { alike, signedText, shownText } = judge({ ...start, shown });
    expect(signedText.slice(0, alike)).toBe(shownText.slice(0, alike));
    expect(signedText.slice(alike)).toBe('2]');
    expect(shownText.slice(alike)).toBe('3]');
  });

  it('does not begin with its challenge done, and can be won, but only with glue', () => {
    const shown = { ...start.signed, amount: 10, fee: 1, count: 2 };
    expect(isForged(start)).toBe(false);
    expect(isForged({ ...start, form: 'glued' })).toBe(false);
    expect(isForged({ ...start, shown })).toBe(false);
    expect(isForged({ ...start, shown, form: 'glued' })).toBe(true);
    expect(textOf(shown, 'glued')).toBe(textOf(start.signed, 'glued'));
  });

  it('stands in a link, which holds nothing else', () => {
    fc.assert(
      fc.property(states, (state) => {
        expect(format.read(format.write(state))).toEqual(state);
      }),
    );
    expect(format.read({})).toEqual(start);
    const wrong = [
      { form: 'paper' },
      { signed: 'Bob' },
      { shown: 'Bob-0-0-0-ours' },
      { shown: 'Bob-1-0-0-ours-1' },
      { shown: 'Carol-1-0-0-ours' },
      { shown: 'Bob-1e3-0-0-ours' },
      { secret: 'x' },
    ];
    for (const fields of wrong) expect(() => format.read(fields)).toThrow(LinkError);
  });

  it('gives lines for a shell that hold all that is needed, and end no text too early', () => {
    fc.assert(
      fc.property(states, (state) => {
        const { shownText: text, signature } = judge(state);
        expect(text).not.toContain("'");
        const lines = shellLines({ text, signature, address: alice.address });
        expect(lines).toContain(`TEXT='${text}'\n`);
        expect(lines).toContain(`SIGNATURE='${signature}'\nADDRESS='${alice.address}'\n`);
      }),
      { numRuns: 20 },
    );
  });

  it('shows keys that belong together', () => {
    const { signature, signedText } = judge(start);
    expect(isSigned(signedText, signature, alice.address)).toBe(true);
  });
});
