import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseReward, rewardLine } from '#accounts';
import { paymentLine } from '#signatures';
import { MOST, ROOT, ada, anyText, cleo, payment, respelled } from './coins-for-test.ts';

const reward = { to: cleo, amount: 100, root: ROOT };
const line = `["reward","${cleo}",100,"${ROOT}"]`;

describe('Task 6: the line of a reward', () => {
  it('is canonical JSON, with a word that tells it from a payment', () => {
    expect(rewardLine(reward)).toBe(line);
  });

  it.each([0, 1, 100, MOST])('is read as it was written: %d coins', (amount) => {
    expect(parseReward(rewardLine({ ...reward, amount }))).toEqual({ ...reward, amount });
  });

  it.each(respelled)('is none where it has %s', (_name, respell) => {
    expect(respell(line)).not.toBe(line);
    expect(parseReward(respell(line))).toBeUndefined();
  });

  it.each<[string, string]>([
    ['another word', line.replace('reward', 'Reward')],
    ['no word', line.replace('"reward",', '')],
    ['an address in capitals', line.replace(cleo, cleo.toUpperCase())],
    ['an address that is too short', line.replace(cleo, cleo.slice(1))],
    ['an address that is too long', line.replace(cleo, `${cleo}0`)],
    ['a number for an address', line.replace(`"${cleo}"`, '5')],
    ['a list for an address', line.replace(`"${cleo}"`, `["${cleo}"]`)],
    ['a root that is too short', line.replace(ROOT, ROOT.slice(1))],
    ['a root that is no hash', line.replace(ROOT, 'g'.repeat(64))],
    ['no root', line.replace(`,"${ROOT}"`, '')],
    ['an object around it', `{"0":${line}}`],
  ])('is none where it has %s', (_name, text) => {
    expect(text).not.toBe(line);
    expect(parseReward(text)).toBeUndefined();
  });

  it('is none where it is a payment', () => {
    expect(parseReward(paymentLine(payment({ from: ada })))).toBeUndefined();
  });

  it('is none for any other text, and never throws', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(parseReward(text)).toBeUndefined();
        expect(parseReward(line + text)).toEqual(text === '' ? reward : undefined);
        expect(parseReward(line.replace('100', text))?.amount ?? 0).toBe(
          text.length < 16 && /^\d+$/.test(text) ? Number(text) : 0,
        );
      }),
    );
  });
});
