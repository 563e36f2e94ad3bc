/** A laboratory whose blocks carry payments. */
import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Lab } from '../../final/lab/lab.ts';
import { textOf } from '../../final/lab/story-words.ts';
import { cleanUp, newFolder } from './harness.ts';

let lab: Lab | undefined;
afterEach(async () => {
  await lab?.stop();
  await cleanUp();
});

/** Waits until the story of a laboratory says something. */
async function tells(lab: Lab, words: RegExp): Promise<void> {
  while (!words.test(textOf(lab.state.story))) await once(lab, 'change');
}

describe('A laboratory with coins', () => {
  it('shows which of two payments lives that spend the same coins on two sides', async () => {
    lab = new Lab(await newFolder(), 2, true);
    await lab.start(3);
    await tells(lab, /All 3 nodes have block 0/);
    await expect(lab.pay('A', 'B', { amount: 5, fee: 1 })).rejects.toThrow(
      'Node A has 0 coins there, which is too little: mine at A.',
    );
    await lab.mine({ A: '' });
    await tells(lab, /All 3 nodes have block 1 “no payments, 100 to /);
    await expect(lab.spendTwice('A', { amount: 5, fee: 1 })).rejects.toThrow(
      'Cut the network in two first',
    );
    const cut = [
      ['A', 'C'],
      ['B', 'C'],
    ] as const;
    await lab.link(cut, false);
    await tells(lab, /cannot reach C any more/);
    await lab.spendTwice('A', { amount: 5, fee: 1 });
    await lab.mine({ A: '' });
    await lab.mine({ C: '' });
    await lab.mine({ C: '' });
    await lab.link(cut, true);
    await tells(lab, /The 5 coins from A to C are in block 2, on all who run/);
    await tells(lab, /The 5 coins from A to B can never be paid: another payment used/);
  });
});
