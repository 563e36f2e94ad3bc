import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkChain, nextBlock, type Block } from '#blocks';
import { Sync, consensusRules, isBetter } from '#consensus';
import { NOW, branch, genesis, last } from './blocks-for-test.ts';
import { MINUTE, SECOND, Wire, chainOf, liar, type Script } from './wire-for-test.ts';

describe('Task 20: a network', () => {
  type Action =
    | { do: 'mine'; node: number; count: number }
    | { do: 'join' | 'part'; a: number; b: number }
    | { do: 'deliver'; link: number }
    | { do: 'wait'; seconds: number };
  const node = fc.nat(20);
  const action = (count: fc.Arbitrary<number>): fc.Arbitrary<Action> =>
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({ do: fc.constant('mine' as const), node, count }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          do: fc.constantFrom('join' as const, 'part' as const),
          a: node,
          b: node,
        }),
      },
      {
        weight: 12,
        arbitrary: fc.record({ do: fc.constant('deliver' as const), link: fc.nat(40) }),
      },
      {
        weight: 1,
        arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.nat(12) }),
      },
    );

  // Where a run fails, the search for the shortest one that fails is not to take long.
  const runs = (numRuns: number) => ({ numRuns, interruptAfterTimeLimit: 1_500 });

  /** Up to `most` actions, in which nodes mine so many blocks at once. */
  const someOf = (count: fc.Arbitrary<number>, most: number) =>
    fc.array(action(count), { maxLength: most, size: 'max' });

  /** Does what the actions say in a network of `size` nodes, then joins all, and waits. */
  function run(
    size: number,
    actions: readonly Action[],
    scripts: readonly Script[] = [],
  ) {
    const names = Array.from({ length: size }, (_, i) => `node ${i}`);
    const nodes = names.map((name) => [name, new Sync(genesis)] as const);
    const wire = new Wire(Object.fromEntries(nodes));
    for (const [i, script] of scripts.entries()) {
      wire.add(`liar ${i}`, script);
      names.splice((i * 2) % names.length, 0, `liar ${i}`);
    }
    const all = names.length;
    const honest = nodes.map(([name]) => name);
    const mined = [genesis];
    const patience = 20 * SECOND; // a peer may be parted from if its answers are late for long
    for (let i = 1; i < all; i += 1) wire.join(names[i - 1] ?? '', names[i] ?? '');
    for (const [i, step] of actions.entries()) {
      if (step.do === 'mine') {
        const name = honest[step.node % size] ?? '';
        for (let n = 0; n < step.count; n += 1)
          mined.push(wire.mine(name, `${name}, action ${i}, block ${n}`));
      } else if (step.do === 'deliver') {
        wire.deliver(step.link);
      } else if (step.do === 'wait') {
        for (let n = 0; n < step.seconds && wire.now < NOW + patience; n += 1)
          wire.tick();
      } else {
        wire[step.do](names[step.a % all] ?? '', names[step.b % all] ?? '');
      }
    }
    for (let i = 1; i < size; i += 1) wire.join(honest[i - 1] ?? '', honest[i] ?? '');
    wire.pass(2 * MINUTE);
    const best = mined.reduce((a, b) => (isBetter(candidate(b), candidate(a)) ? b : a));
    return { wire, nodes, best };
  }
  const candidate = ({ hash, index }: Block) => ({ hash, work: BigInt(index + 1) });

  function check({ nodes, best }: ReturnType<typeof run>): void {
    const tips = nodes.map(([name, sync]) => [name, sync.tree?.chain.tip.data]);
    expect(tips).toEqual(nodes.map(([name]) => [name, best.data]));
    for (const [, sync] of nodes)
      expect(checkChain(chainOf(sync), consensusRules)).toBeUndefined();
  }

  const few = fc.integer({ min: 1, max: 3 });

  it('agrees on the best of all blocks mined, whatever was lost, late or cut off', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 6 }), someOf(few, 80), (size, steps) =>
        check(run(size, steps)),
      ),
      runs(60),
    );
  });

  it('parts from none of its members', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 6 }), someOf(few, 80), (size, steps) =>
        expect(run(size, steps).wire.refusals).toEqual([]),
      ),
      runs(30),
    );
  });

  it('agrees where its branches are longer than a batch', () => {
    const count = fc.oneof(
      { weight: 4, arbitrary: few },
      { weight: 1, arbitrary: fc.integer({ min: 40, max: 550 }) },
    );
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 4 }), someOf(count, 20), (size, steps) =>
        check(run(size, steps)),
      ),
      runs(6),
    );
  });

  it('agrees in spite of liars among its members', () => {
    const lies = fc.array(
      fc.constantFrom(
        liar(() => undefined),
        liar(() => []),
        liar(() => [genesis]),
        liar(() => [nextBlock(genesis, 'of the future', NOW + 60 * MINUTE)]),
        liar(() => [{ ...last(branch(genesis, 1, 'x')), data: 'forged' }]),
      ),
      { minLength: 1, maxLength: 3 },
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 5 }),
        someOf(few, 60),
        lies,
        (size, steps, scripts) => check(run(size, steps, scripts)),
      ),
      runs(60),
    );
  });

  it('tells no peer of a block that it was told of by this very peer', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 5 }),
        someOf(fc.constant(1), 80),
        (size, steps) => {
          const { wire } = run(size, steps);
          expect(wire.echoes).toEqual([]);
        },
      ),
      runs(30),
    );
  });
});
