import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Problem, Turns } from '#http';
import { inTime } from './in-time-for-test.ts';

/** Lets everything else that is ready have its turn. */
const pause = () => new Promise((resolve) => setImmediate(resolve));

/** A promise, and the functions that settle it. */
function gate<T = void>() {
  let open: (value: T) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((resolve, reject) => {
    [open, fail] = [resolve, reject];
  });
  return { promise, open, fail };
}

/** Says of work that was refused that there was room for it. */
function hadRoom(error: unknown): never {
  throw new Error(`Nobody is inside, and yet work is refused: ${String(error)}`);
}

describe('Task 2: taking turns', () => {
  it('gives what the work gives', async () => {
    const turns = new Turns(5);
    const results = [turns.take(async () => 42), turns.take(async () => ['a', 'b'])];
    expect(await inTime(Promise.all(results), 'two results')).toEqual([42, ['a', 'b']]);
  });

  it('runs the work of one moment one after the other, in the order in which it came', async () => {
    const log: string[] = [];
    const turns = new Turns(5);
    const work = (name: string) => async () => {
      log.push(`${name} begins`);
      await pause();
      log.push(`${name} ends`);
    };
    const all = ['a', 'b', 'c'].map((name) => turns.take(work(name)));
    await inTime(Promise.all(all), 'the end of all work');
    expect(log).toEqual([
      'a begins',
      'a ends',
      'b begins',
      'b ends',
      'c begins',
      'c ends',
    ]);
  });

  it('lets whoever comes meanwhile wait, too', async () => {
    const turns = new Turns(5);
    const [log, first] = [[] as string[], gate()];
    const a = turns.take(async () => {
      await first.promise;
      log.push('a');
    });
    await pause();
    const b = turns.take(async () => log.push('b'));
    await pause();
    expect({ log }).toEqual({ log: [] });
    first.open();
    await inTime(Promise.all([a, b]), 'the end of both');
    expect(log).toEqual(['a', 'b']);
  });

  it('does not wait when there is nobody to wait for', async () => {
    const turns = new Turns(5);
    for (const n of [1, 2, 3]) {
      expect(
        await inTime(
          turns.take(async () => n),
          `turn ${n}`,
        ),
      ).toBe(n);
    }
  });

  it('takes work that is handed in by work, when this has ended', async () => {
    const turns = new Turns(5);
    const log: string[] = [];
    let inner: Promise<unknown> = Promise.resolve();
    await inTime(
      turns.take(async () => {
        inner = turns.take(async () => log.push('inner'));
        await pause();
        log.push('outer');
      }),
      'the outer work',
    );
    await inTime(inner, 'the inner work');
    expect(log).toEqual(['outer', 'inner']);
  });

  it('tells the caller what the work throws, and only this one', async () => {
    const turns = new Turns(5);
    const all = [
      turns.take(async () => 'fine'),
      turns.take(() => Promise.reject(new Error('out of coal'))),
      turns.take(() => {
        throw new Error('thrown at once');
      }),
      turns.take(async () => 'fine, too'),
    ];
    const ends = await inTime(Promise.allSettled(all), 'the end of all work');
    expect(ends).toMatchObject([
      { status: 'fulfilled', value: 'fine' },
      { status: 'rejected', reason: { message: 'out of coal' } },
      { status: 'rejected', reason: { message: 'thrown at once' } },
      { status: 'fulfilled', value: 'fine, too' },
    ]);
  });

  it('keeps the order whatever takes long, and whatever fails', async () => {
    const kind = fc.record({ pauses: fc.nat({ max: 3 }), fails: fc.boolean() });
    const property = fc.asyncProperty(
      fc.array(kind, { maxLength: 12 }),
      async (kinds) => {
        const turns = new Turns(kinds.length);
        const log: string[] = [];
        const all = kinds.map(({ pauses, fails }, i) =>
          turns.take(async () => {
            log.push(`${i} begins`);
            for (let n = 0; n < pauses; n += 1) await pause();
            log.push(`${i} ends`);
            if (fails) throw new Error();
            return i;
          }),
        );
        const ends = await inTime(Promise.allSettled(all), 'the end of all work');
        expect(log).toEqual(kinds.flatMap((_kind, i) => [`${i} begins`, `${i} ends`]));
        expect(ends.map(({ status }) => status)).toEqual(
          kinds.map(({ fails }) => (fails ? 'rejected' : 'fulfilled')),
        );
      },
    );
    await fc.assert(property, { numRuns: 30 });
  });

  it.each([1, 3])(
    'lets %i in, refuses the next with Problem 503, and never calls its work',
    async (limit) => {
      const [turns, door] = [new Turns(limit), gate()];
      const inside = Array.from({ length: limit }, () => turns.take(() => door.promise));
      let isCalled = false;
      const refused = turns.take(async () => (isCalled = true));
      const error = refused.catch((error: unknown) => error);
      const refusal = await inTime(error, `the refusal of one more than ${limit}`);
      expect(refusal).toBeInstanceOf(Problem);
      expect(refusal).toMatchObject({
        status: 503,
        message: expect.stringMatching(/\w+ \w+/),
      });
      door.open();
      await inTime(Promise.all(inside), 'the end of those inside');
      await pause();
      expect({ isCalled }).toEqual({ isCalled: false });
    },
  );

  it('has room again as soon as a caller hears that its work has ended, well or not', async () => {
    const turns = new Turns(1);
    for (const n of [1, 2, 3]) {
      const turn = turns.take(async () => n).catch(hadRoom);
      expect(await inTime(turn, `turn ${n}`)).toBe(n);
      const failing = turns.take(() => Promise.reject(new Error('out of coal')));
      const error = await inTime(failing.catch(String), 'a failure');
      expect(error).toBe('Error: out of coal');
    }
  });

  it.each([1, 3])(
    'lets %i in and no more, when the work of the first has long begun',
    async (limit) => {
      const [turns, door] = [new Turns(limit), gate()];
      const inside = Array.from({ length: limit }, () => turns.take(() => door.promise));
      await pause();
      const refused = turns.take(async () => undefined).catch((error: unknown) => error);
      const refusal = await inTime(refused, `the refusal of one more than ${limit}`);
      expect(refusal).toMatchObject({ status: 503 });
      door.open();
      await inTime(Promise.all(inside), 'the end of those inside');
    },
  );

  it('gives the place of one that was refused to nobody', async () => {
    const turns = new Turns(2);
    const doors = [gate(), gate()];
    const inside = doors.map((door) => turns.take(() => door.promise));
    const attempt = () =>
      inTime(
        turns.take(async () => 'in'),
        'an end',
      ).catch(() => 'out');
    expect([await attempt(), await attempt(), await attempt()]).toEqual([
      'out',
      'out',
      'out',
    ]);
    doors[0]?.open();
    await inTime(Promise.all(inside.slice(0, 1)), 'the end of the first');
    const third = turns.take(async () => 'in');
    expect(await attempt()).toBe('out'); // the second and the third are inside
    doors[1]?.open();
    expect(await inTime(third, 'the third')).toBe('in');
    expect(await attempt()).toBe('in');
  });
});
