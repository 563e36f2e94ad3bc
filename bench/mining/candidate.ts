import { genesisBlock, headerText, nextBlock } from '#blocks';

/** What came out of a round. */
export interface Round {
  readonly hashes: number;
  /** Seconds on the clock. */
  readonly seconds: number;
  /** Seconds in which the processor worked, summed over the threads. */
  readonly cpu: number;
}

/** A way to mine that is to be measured. */
export interface Candidate {
  readonly name: string;
  /** In how many threads it works, if in more than one. */
  readonly threads?: number;
  /** Mines for so many milliseconds. */
  readonly run: (milliseconds: number) => Promise<Round>;
  /** Lets go of what it holds. */
  readonly close?: () => unknown;
}

const parent = { ...genesisBlock({ timestamp: 1_795_438_199_514 }), index: 11 };

/** The block that all mine: of a young chain, and so hard that nobody finds it. */
export const block = nextBlock(
  { ...parent, difficulty: 60 },
  'data',
  parent.timestamp + 1_000,
);

/** What is before the nonce in its header text. */
export const head = headerText({ ...block, nonce: 0 }).slice(0, -'0]'.length);

/** The first nonce to try: as long as those of the kernel. */
export const FIRST_NONCE = 10 ** 12;

/** Calls something again and again for so many milliseconds; it returns its hashes. */
export async function repeat(
  milliseconds: number,
  mine: () => number | Promise<number>,
): Promise<Round> {
  const before = process.cpuUsage();
  const start = performance.now();
  let hashes = 0;
  let elapsed = 0;
  for (; elapsed < milliseconds; elapsed = performance.now() - start) {
    hashes += await mine();
  }
  const { user, system } = process.cpuUsage(before);
  return { hashes, seconds: elapsed / 1_000, cpu: (user + system) / 1e6 };
}
