import { hashBlock, nextBlock, type Block } from '#blocks';
import { leadingZeroBits } from '#proof-of-work';
import { isNear, type Attempt } from './searches.ts';

/** Who searches. */
export type Side = 'honest' | 'forger';

/** A race between the honest miners and a forger. */
export interface DuelOrder {
  /** The block that both build on. */
  readonly parent: Block;
  /** The forger's share of the hash rate, from 0 to 1. */
  readonly share: number;
  /** How many blocks the honest miners have when the forger begins. */
  readonly lead: number;
}

/** An attempt of one side. */
export interface SidedAttempt extends Attempt {
  readonly side: Side;
}

/** How a race stands. */
export interface Standing {
  readonly honest: readonly Block[];
  readonly forger: readonly Block[];
  readonly hashes: number;
  readonly last: SidedAttempt | undefined;
  readonly near: readonly SidedAttempt[];
  /** Who has won, once it is over. */
  readonly winner: Side | undefined;
}

/** What the forger wants to have instead of the first block. */
export const FORGED_DATA = 'Alice pays Mallory 500';
const HONEST_DATA = 'Alice pays Bob 5';

/** How many blocks further behind than at the beginning a forger gives up. */
export const PATIENCE = 4;

/** How many zero bits a race asks for: few, so that one can watch it. */
export const DUEL_BITS = 13;

/** How many near misses are shown. */
const SHOWN = 5;

/** How many attempts are made before somebody may look. */
const BATCH = 200;

/**
 * Lets both sides search for real, on one computer: each attempt is the forger’s with the
 * probability of its share. Yields the standing after every few attempts, the last time when
 * the race is over: the forger wins with the longer chain, and gives up when it is hopeless.
 */
export function* duel(
  { parent, share, lead }: DuelOrder,
  random: () => number = Math.random,
): Generator<Standing> {
  const chains: Record<Side, Block[]> = { honest: [], forger: [] };
  const candidates = {
    honest: next(parent, 0, 'honest'),
    forger: next(parent, 0, 'forger'),
  };
  const nonces = { honest: 0, forger: 0 };
  let near: SidedAttempt[] = [];
  for (let hashes = 1; ; hashes += 1) {
    const mayForge = chains.honest.length >= lead;
    const side: Side = mayForge && random() < share ? 'forger' : 'honest';
    const nonce = nonces[side]++;
    const block = candidates[side];
    const hash = hashBlock({ ...block, nonce });
    const last = { side, nonce, hash };
    const isFound = leadingZeroBits(hash) >= block.difficulty;
    if (isFound) {
      const found = { ...block, nonce, hash };
      chains[side] = [...chains[side], found];
      candidates[side] = next(found, chains[side].length, side);
      nonces[side] = 0;
    } else if (isNear(hash, block.difficulty)) {
      near = [...near.slice(1 - SHOWN), last];
    }
    if (!isFound && hashes % BATCH !== 0) continue;
    const { honest, forger } = chains;
    const winner = winnerOf(honest.length, forger.length, lead);
    yield { honest, forger, hashes, last, near, winner };
    if (winner !== undefined) return;
  }
}

/** The block to search for on a side: the first one holds what they do not agree about. */
function next(parent: Block, place: number, side: Side): Block {
  const first = side === 'forger' ? FORGED_DATA : HONEST_DATA;
  const data = place === 0 ? first : `${side}, block ${parent.index + 1}`;
  return nextBlock(parent, data, parent.timestamp + 1);
}

/** Who has won with so many blocks; undefined while the race goes on. */
export function winnerOf(honest: number, forger: number, lead: number): Side | undefined {
  if (forger > honest) return 'forger';
  return honest - forger >= lead + PATIENCE ? 'honest' : undefined;
}

/**
 * Returns how probable it is that a forger with such a share overtakes before it gives up.
 * Each block is the forger’s with the probability of its share, so the distance goes up and
 * down like the money of a gambler who plays until he is rich or ruined.
 */
export function chanceOf(share: number, lead: number): number {
  if (share <= 0) return 0;
  if (share >= 1) return 1;
  const steps = PATIENCE;
  const all = PATIENCE + lead + 1;
  const ratio = (1 - share) / share;
  if (Math.abs(ratio - 1) < 1e-9) return steps / all;
  return (1 - ratio ** steps) / (1 - ratio ** all);
}
