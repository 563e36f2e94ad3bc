import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkChain } from '#blocks';
import { consensusRules } from '#consensus';
import type { Deed } from '../shared/deeds.ts';
import { LinkError } from '../shared/link.ts';
import { links, names, sideOf } from '../shared/peers.ts';
import { randomSource } from '../shared/random.ts';
import { Stage } from '../shared/stage.ts';
import {
  ForkWorld,
  hasLost,
  inWords,
  losses,
  newForkWorld,
  type Action,
} from './fork.ts';
import { formatAt } from './format.ts';
import { PAYMENT, parts } from './scene.ts';

const SETTLED = 120_000;

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

describe('What was done in a network', () => {
  const deeds: Deed<Action>[] = [
    { at: 0, action: { kind: 'share', percent: 35 } },
    { at: 10, action: { kind: 'delay', milliseconds: 700 } },
    { at: 20, action: { kind: 'part' } },
    { at: 30, action: { kind: 'start', seed: 99 } },
    { at: 20_000, action: { kind: 'stop' } },
    { at: 20_000, action: { kind: 'heal' } },
    { at: 30_000, action: { kind: 'cut', a: 'Ada', b: 'Ben' } },
    { at: 30_000, action: { kind: 'join', a: 'Ada', b: 'Gus' } },
    { at: 30_500, action: { kind: 'mine', by: 'Eve' } },
    { at: 30_600, action: { kind: 'mine', by: 'Ivo', data: PAYMENT } },
  ];

  it('leads to the very same blocks and chains when it is played again', () => {
    const play = () => {
      const stage = new Stage<Action, ForkWorld>(newForkWorld);
      stage.show(deeds, 45_000);
      return stage.world;
    };
    const [one, other] = [play(), play()];
    expect(one.mined.length).toBeGreaterThan(4);
    expect(other.mined).toEqual(one.mined);
    expect(other.tips()).toEqual(one.tips());
    expect(other.reorganizations).toEqual(one.reorganizations);
  });

  it('stands in a link', () => {
    const format = formatAt(() => 45_000);
    const run = { deeds, until: 45_000 };
    expect(format.read(format.write(run))).toEqual(run);
    expect(format.read({}).deeds).toEqual([]);
  });

  it.each([
    '0.mine',
    '0.mine.Mallory',
    '0.share.101',
    '0.delay.9',
    '0.start.0',
    '0.cut.Ada',
  ])('is refused in a link that says %s', (text) => {
    expect(() => formatAt(() => 0).read({ do: text })).toThrow(LinkError);
  });
});

describe('A block that lost', () => {
  it('lost against more work, or in a tie against the smaller hash', () => {
    const world = newForkWorld();
    world.part();
    const left = world.mineAt('Ada');
    const right = world.mineAt('Ivo');
    world.heal();
    world.time.advance(SETTLED);
    const [won, lost] = left.hash < right.hash ? [left, right] : [right, left];
    const [loss, ...others] = losses(world);
    expect(others).toEqual([]);
    expect(loss?.block).toEqual(lost);
    const [small, large] = [won, lost].map(({ hash }) => hash.slice(0, 4));
    expect(loss?.why).toBe(
      `1 block against 1: a tie, and ${small} is a smaller hash than ${large}`,
    );
    expect(world.reorganizations.map(inWords).join()).toMatch(
      /gave way to 1: a tie, and/,
    );

    world.part();
    for (const name of ['Ada', 'Ada', 'Ivo', 'Ivo', 'Ivo']) world.mineAt(name);
    world.heal();
    world.time.advance(SETTLED);
    const whys = losses(world)
      .slice(0, 2)
      .map(({ why }) => why);
    expect(whys).toEqual(
      Array(2).fill('the branch with 3 blocks has more work than the one with 2'),
    );
    expect(hasLost(world, 2)).toBe(true);
    expect(hasLost(world, 3)).toBe(false);
  });
});

describe('The 51 % attack', () => {
  it('takes a payment back, however the luck falls', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const world = newForkWorld();
      for (const { actions, isReady } of parts) {
        for (let second = 0; !isReady(world) && second < 3_600; second += 1) {
          world.time.advance(1_000);
        }
        expect(isReady(world)).toBe(true);
        for (const action of actions(seed)) world.act(action);
      }
      expect(losses(world).map(({ block }) => block.data)).toContain(PAYMENT);
      expect(world.chainOf('Ivo').map(({ data }) => data)).not.toContain(PAYMENT);
    }
  });
});
