import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readDeeds, writeDeeds, type Deed } from './deeds.ts';
import { Stage } from './stage.ts';
import { Timeline } from './timeline.ts';

/** A world that writes down what is done in it, and what comes of that a while later. */
class Diary {
  readonly time = new Timeline(1_000);
  readonly entries: string[] = [];

  act(action: string): void {
    this.entries.push(`${this.time.now} ${action}`);
    this.time.later(7.5, () => this.entries.push(`${this.time.now} after ${action}`));
  }
}

describe('A stage', () => {
  it('plays the same again, whatever was done, at whichever speed', () => {
    const steps = fc.array(
      fc.record({
        wait: fc.double({ min: 0, max: 40, noNaN: true }),
        action: fc.option(fc.string(), { nil: undefined }),
      }),
    );
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 50 }), (steps, pace) => {
        const live = new Stage(() => new Diary());
        for (const { wait, action } of steps) {
          live.advance(wait);
          if (action !== undefined) live.act(action);
        }
        const entries = [...live.world.entries];
        const end = live.now;

        const shown = new Stage(() => new Diary());
        shown.show(live.deeds, end);
        expect(shown.world.entries).toEqual(entries);
        expect(shown.now).toBe(end);

        live.rewind();
        while (live.now + pace < end) live.advance(pace);
        live.advance(end - live.now);
        expect(live.world.entries).toEqual(entries);
        expect(live.isReplay).toBe(false);
      }),
    );
  });

  it('forgets what was still to be played when somebody does something else', () => {
    const stage = new Stage(() => new Diary());
    stage.advance(10);
    stage.act('one');
    stage.advance(10);
    stage.act('two');
    stage.rewind();
    stage.advance(15);
    expect(stage.isReplay).toBe(true);
    expect(stage.act('three').map(({ action }) => action)).toEqual(['one', 'three']);
    expect(stage.isReplay).toBe(false);
  });
});

describe('Deeds in a link', () => {
  const known = ([word, ...rest]: readonly string[]) =>
    word === 'say' && rest.length === 1 ? rest[0] : undefined;

  it('come back as they were, whatever letters they hold', () => {
    const deeds = fc
      .array(fc.record({ at: fc.nat(1_000), action: fc.string({ unit: 'grapheme' }) }))
      .map((all): Deed<string>[] => all.toSorted((a, b) => a.at - b.at));
    fc.assert(
      fc.property(deeds, (deeds) => {
        const text = writeDeeds(deeds, (action) => ['say', action]);
        expect(readDeeds(text, known)).toEqual(deeds);
      }),
    );
  });

  it.each([
    ['5.say.a_4.say.b', 'an earlier time'],
    ['x.say.a', 'no time'],
    ['5.shout.a', 'a word that nobody knows'],
    ['5.say.a_', 'an end that is missing'],
    ['3600001.say.a', 'a time after the end'],
    ['0.say.a_'.repeat(400), 'too many'],
  ])('are refused as in %s: %s', (text) => {
    expect(() => readDeeds(text, known)).toThrow(/nothing is called|more than 300/);
  });

  it('stop where a link has its end', () => {
    const deeds = [1, 3_600_001].map((at) => ({ at, action: 'a' }));
    expect(writeDeeds(deeds, (action) => ['say', action])).toBe('1.say.a');
  });
});
