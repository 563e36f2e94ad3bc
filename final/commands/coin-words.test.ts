import { describe, expect, it } from '@jest/globals';
import { rewardLine } from '#accounts';
import { newKeys, pay, paymentLine } from '#signatures';
import { visible } from '../terminal/escapes.ts';
import { contentInBrief, contentOf } from './coin-words.ts';

const [ada, bob] = [newKeys(), newKeys()];
const root = '0'.repeat(64);
const reward = rewardLine({ to: ada.address, amount: 102, root });
const payment = pay(root, ada, { to: bob.address, amount: 5, fee: 2, count: 0 });
const [a, b] = [ada, bob].map(({ address }) => `${address.slice(0, 12)}…`);

describe('What a terminal says of a block with coins', () => {
  it('is its reward and its payments, in words', () => {
    const data = `${reward}\n${paymentLine(payment)}`;
    expect(contentOf(data)).toEqual({
      reward: `102 coins to ${ada.address}`,
      payments: [`5 coins from ${a} to ${b}, fee 2`],
    });
    expect(contentInBrief(data)).toBe(`1 payment, 102 coins to ${a}`);
  });

  it('is no reward that a title pretends to be, with what a terminal would obey', () => {
    const title = JSON.stringify(['reward', '\u001b[2J', 5, root]);
    const data = `${title}\n["coin",100,100000,20]`;
    expect(contentOf(data)).toBeNull();
    expect(contentOf('\u001b[2J')).toBeNull();
    const text = '["reward","\u009b2J",5,"x"]';
    expect(contentInBrief(text)).toBe(visible(text));
  });
});
