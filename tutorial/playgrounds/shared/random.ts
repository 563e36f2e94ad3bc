/** How many seeds there are. */
const SEEDS = 2_147_483_647;

/** Returns a seed that nobody can guess. */
export function newSeed(): number {
  return 1 + Math.floor(Math.random() * (SEEDS - 1));
}

/** A source of random numbers from 0 to 1 that follows from its seed. */
export function randomSource(seed: number): () => number {
  let state = seed % SEEDS;
  return () => (state = (state * 16_807 + 12_345) % SEEDS) / SEEDS;
}
