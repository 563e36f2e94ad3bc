import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkChain } from '#blocks';
import { consensusRules } from '#consensus';
import { links, names, sideOf } from '../shared/peers.ts';
import { ForkWorld, inWords } from './fork.ts';

const SETTLED = 120_000;

/** A source of random numbers from 0 to 1 that follows from its seed. */
function randomSource(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 16_807 + 12_345) % 2_147_483_647) / 2_147_483_647;
}

describe('Ten nodes with the Sync of step 6', () => {
  it('all take over a block that one of them mines', () => {
    const world = new ForkWorld(links);
    const block = world.mineAt('Ada');
    expect(world.tips()).toHaveLength(2);
    world.time.advance(SETTLED);
    expect(world.tips()).toEqual([{ tip: block, nodes: names }]);
  });

  it('keep two chains while the network is cut, and the longer one when it is whole', () => {
    const world = new ForkWorld(links);
    const bridges = world.part();
    expect(bridges).toHaveLength(3);
    const lost = [world.mineAt('Ada'), world.mineAt('Ada')];
    const won = [world.mineAt('Ivo'), world.mineAt('Ivo'), world.mineAt('Ivo')];
    world.time.advance(SETTLED);
    expect(world.tips().map(({ nodes }) => nodes.map(sideOf)[0])).toEqual([
      'left',
      'right',
    ]);

    for (const { a, b } of bridges) world.connect(a, b);
    world.time.advance(SETTLED);
    expect(world.tips()).toEqual([{ tip: won[2], nodes: names }]);
    expect(lost.map(({ hash }) => world.holders(hash))).toEqual([0, 0]);
    const [event] = world.reorganizations;
    expect(event?.removed).toEqual(lost);
    expect(event?.added).toEqual(won);
    expect(event?.nodes.toSorted()).toEqual(names.slice(0, 5));
    expect(event && inWords(event)).toMatch(/: 2 blocks gave way to 3\.$/);
  });

  it('agree in the end, whatever was cut, healed and mined meanwhile', () => {
    const scene = fc.record({
      seed: fc.integer({ min: 1, max: 2 ** 30 }),
      delay: fc.integer({ min: 50, max: 3_000 }),
      leftShare: fc.double({ min: 0, max: 1, noNaN: true }),
      before: fc.integer({ min: 0, max: 20_000 }),
      apart: fc.integer({ min: 0, max: 60_000 }),
    });
    fc.assert(
      fc.property(scene, ({ seed, delay, leftShare, before, apart }) => {
        const world = new ForkWorld(links, randomSource(seed));
        world.setDelay(delay);
        world.settings.leftShare = leftShare;
        world.startMining();
        world.time.advance(before);
        const bridges = world.part();
        world.time.advance(apart);
        for (const { a, b } of bridges) world.connect(a, b);
        world.time.advance(before);
        world.stopMining();
        world.time.advance(SETTLED);
        expect(world.tips()).toHaveLength(1);
        expect(checkChain(world.chainOf('Ada'), consensusRules)).toBeUndefined();
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    [0, 'right'],
    [1, 'left'],
  ])('mine where the hash rate is (%d on the left)', (leftShare, side) => {
    const world = new ForkWorld(links);
    world.settings.leftShare = leftShare;
    world.startMining();
    world.time.advance(60_000);
    const miners = world.mined.flatMap(({ miner }) => miner ?? []);
    expect(miners.length).toBeGreaterThan(3);
    expect(new Set(miners.map(sideOf))).toEqual(new Set([side]));
  });

  it('stop mining when told to', () => {
    const world = new ForkWorld(links);
    world.startMining();
    world.time.advance(30_000);
    world.stopMining();
    const { length } = world.mined;
    world.time.advance(30_000);
    expect(world.mined).toHaveLength(length);
    expect(world.isMining).toBe(false);
  });
});
