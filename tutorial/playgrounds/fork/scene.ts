import { names, sideOf } from '../shared/peers.ts';
import type { Action, ForkWorld } from './fork.ts';

/** What Alice pays, and wants to have back. */
export const PAYMENT = 'Alice pays Bob 5';

/** A part of the story: what is told, and what is done when the reader goes on. */
export interface Part {
  readonly text: string;
  /** What the button says that goes on. */
  readonly next: string;
  /** What is done then. */
  readonly actions: (seed: number) => readonly Action[];
  /** What has to be before one can go on. */
  readonly isReady: (world: ForkWorld) => boolean;
}

/** The height of the best chain of a half. */
export function heightOf(world: ForkWorld, side: 'left' | 'right'): number {
  const half = names.filter((name) => sideOf(name) === side);
  return Math.max(...half.map((name) => world.tipOf(name).index));
}

const hasOneTip = (world: ForkWorld) =>
  world.tips().length === 1 && world.network.packets.length === 0;

/** How who has most of the hash rate takes a payment back. */
export const parts: readonly Part[] = [
  {
    text: 'The five nodes on the left belong to Alice. They have 60 % of the hash rate; 51 % would do, and take longer.',
    next: 'Begin',
    actions: () => [
      { kind: 'share', percent: 60 },
      { kind: 'mine', by: 'Ada' },
    ],
    isReady: hasOneTip,
  },
  {
    text: 'All have the same chain. Now Alice buys something from Bob, on the right, and pays in the next block. Her own nodes act as if they had not heard of it: they tell nobody what they mine from now on.',
    next: 'Pay, and mine in secret',
    actions: (seed) => [
      { kind: 'part' },
      { kind: 'mine', by: 'Ivo', data: PAYMENT },
      { kind: 'start', seed },
    ],
    isReady: hasOneTip,
  },
  {
    text: 'Bob sees the payment on his chain, with blocks on top, and hands over the goods. On the left a second chain grows that does not hold it. Wait until it is the longer one; you may let time pass faster.',
    next: 'Publish the secret chain',
    actions: () => [{ kind: 'stop' }, { kind: 'heal' }],
    isReady: (world) => heightOf(world, 'left') > heightOf(world, 'right'),
  },
  {
    text: 'Everybody takes over the chain with more work, Bob too: the rules of step 6 ask for nothing else. The payment is in a block that lost, and Alice has the goods and the coins.',
    next: 'Close',
    actions: () => [],
    isReady: hasOneTip,
  },
];
