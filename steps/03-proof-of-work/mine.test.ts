import { setTimeout as timer } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkChain, genesisBlock, hashBlock, nextBlock, type Block } from '#blocks';
import { leadingZeroBits, mine } from '#proof-of-work';

const NOON = 1_700_000_000_000;
const data = 'Genesis Block';

/**
 * A block whose first good nonce is 147,863: the search takes nine times as long as is to be
 * expected, which happens once in 8,000 times.
 */
const unlucky = () => genesisBlock({ timestamp: NOON + 3_813, difficulty: 14, data });

const anyBlock: fc.Arbitrary<Block> = fc
  .record({
    timestamp: fc.nat(2 * NOON),
    difficulty: fc.nat(6),
    data: fc.string({ unit: 'binary', maxLength: 50 }),
  })
  .map((options) => nextBlock(genesisBlock(options), options.data, options.timestamp));

/**
 * Copies a block in such a way that a search which looks at it far too often ends with an
 * error: wrong solutions may search for ever, and then nothing would tell what is wrong.
 *
 * @param onRead - is told how often the previousHash, a part of each hash, was read so far
 */
function guarded(block: Block, onRead?: (reads: number) => void): Block {
  const limit = 10_000 + 40 * 2 ** block.difficulty;
  let reads = 0;
  return Object.defineProperty({ ...block }, 'previousHash', {
    enumerable: true,
    get: () => {
      reads += 1;
      onRead?.(reads);
      if (reads <= limit) return block.previousHash;
      throw new Error(
        `The search for ${block.difficulty} zero bits goes on after ${limit} attempts.`,
      );
    },
  });
}

/** How many milliseconds one attempt takes on this machine, about. */
let attemptTime: number | undefined;

function measureAttempt(): number {
  const block = unlucky();
  const start = performance.now();
  for (let nonce = 0; nonce < 2_000; nonce += 1) hashBlock({ ...block, nonce });
  return (performance.now() - start) / 2_000;
}

/** Ends with an error after ten times as long as a search takes that tries nonces only. */
async function impatience(difficulty: number, signal: AbortSignal): Promise<never> {
  attemptTime ??= measureAttempt();
  const wait = 1_000 + 10 * attemptTime * 9 * 2 ** difficulty;
  // Counted in turns and not by the clock, since a busy machine keeps the search waiting, too.
  for (let turn = 0; turn < wait / 5; turn += 1) await timer(5, undefined, { signal });
  throw new Error(
    `The search for ${difficulty} zero bits has not ended in ten times the time in which ` +
      'all the nonces that it takes can be tried.',
  );
}

/** Waits for a search, but not for ever. */
async function soon<T>(difficulty: number, searching: Promise<T>): Promise<T> {
  const done = new AbortController();
  try {
    return await Promise.race([searching, impatience(difficulty, done.signal)]);
  } finally {
    done.abort();
  }
}

/** Mines a guarded copy of a block. */
function search(block: Block, signal?: AbortSignal): Promise<Block> {
  return soon(block.difficulty, mine(guarded(block), signal));
}

/** Finds the first good nonce the simplest way. */
function firstNonce(block: Block): number {
  for (let nonce = 0; ; nonce += 1) {
    const hash = BigInt(`0x${hashBlock({ ...block, nonce })}`);
    if (hash >> BigInt(256 - block.difficulty) === 0n) return nonce;
  }
}

/** Returns the error with which a search ends, or tells what it found instead. */
async function errorOf(run: () => Promise<Block>): Promise<unknown> {
  try {
    const { nonce } = await run();
    return `no error, but a block with the nonce ${nonce}`;
  } catch (error) {
    return error;
  }
}

/** How many timers and other callbacks this process has set: one that searches needs some. */
function waitingCallbacks(): number {
  const kinds = ['Timeout', 'Immediate'];
  return process.getActiveResourcesInfo().filter((name) => kinds.includes(name)).length;
}

describe('Task 3: mine', () => {
  it('gives the hash of a block the zero bits of its difficulty', async () => {
    const genesis = await search(genesisBlock({ timestamp: NOON, difficulty: 10 }));
    const next = await search(nextBlock(genesis, 'hello', NOON));
    expect(leadingZeroBits(genesis.hash)).toBeGreaterThanOrEqual(10);
    expect(leadingZeroBits(next.hash)).toBeGreaterThanOrEqual(10);
    expect(checkChain([genesis, next]) ?? 'all is well').toBe('all is well');
  });

  it('takes the first good nonce, counted from 0, and changes nothing but nonce and hash', async () => {
    await fc.assert(
      fc.asyncProperty(anyBlock, async (block) => {
        const nonce = firstNonce(block);
        const hash = hashBlock({ ...block, nonce });
        expect(await search(block)).toEqual({ ...block, nonce, hash });
      }),
    );
  });

  it('starts from 0 wherever the nonce of the block stands', async () => {
    const block = genesisBlock({ timestamp: NOON, difficulty: 4 });
    const mined = await search(block);
    expect(await search({ ...block, nonce: 1_000_000 })).toEqual(mined);
    expect(await search({ ...mined, nonce: mined.nonce + 1 })).toEqual(mined);
    expect(await search(mined)).toEqual(mined);
  });

  it('takes nonce 0 where any hash will do', async () => {
    const block = genesisBlock({ timestamp: NOON, difficulty: 0 });
    const hash = hashBlock({ ...block, nonce: 0 });
    expect(await search({ ...block, nonce: 7 })).toEqual({ ...block, nonce: 0, hash });
  });

  it('leaves the block that it is given as it was', async () => {
    const block = guarded(genesisBlock({ timestamp: NOON, difficulty: 8 }));
    const before = { ...block };
    await mine(Object.freeze(block));
    expect({ ...block }).toEqual(before);
  });

  it('searches for several blocks at once without mixing them up', async () => {
    const blocks = [12, 0, 10, 6].map((difficulty, i) =>
      genesisBlock({ timestamp: NOON + i, difficulty }),
    );
    const mined = await Promise.all(blocks.map((block) => search(block)));
    expect(mined.map(({ nonce }) => nonce)).toEqual(blocks.map(firstNonce));
  });

  it('needs about 2^difficulty attempts', async () => {
    // A hash is good with a probability of p = 1/64, so the attempts follow a geometric
    // distribution: mean 1/p = 64, standard deviation √(1 − p)/p = 63.5. The mean of 500
    // searches has the standard error 63.5/√500 = 2.8; five of these are 14.
    const blocks = Array.from({ length: 500 }, (_, i) =>
      genesisBlock({ timestamp: NOON + i, difficulty: 6, data }),
    );
    const searching = blocks.map((block) => mine(guarded(block)));
    const mined = await soon(12, Promise.all(searching));
    const attempts = mined.map(({ nonce }) => nonce + 1);
    const mean = attempts.reduce((sum, n) => sum + n, 0) / attempts.length;
    expect(mean).toBeGreaterThan(64 - 15);
    expect(mean).toBeLessThan(64 + 15);

    // (1 − p)^64 = 36.5 % of the searches take more attempts than expected: of 500 searches
    // 182, with the standard deviation √(500 · 0.365 · 0.635) = 10.8; five of these are 54.
    const unlucky = attempts.filter((n) => n > 64).length;
    expect(unlucky).toBeGreaterThan(182 - 55);
    expect(unlucky).toBeLessThan(182 + 55);
  });

  it('goes on for nine times as long as expected: there is no last nonce', async () => {
    const { nonce } = await search(unlucky());
    expect(nonce).toBe(147_863);
  });

  it('lets timers have their turn while it searches', async () => {
    let turns = 0;
    const clock = setInterval(() => (turns += 1), 1);
    try {
      await search(unlucky());
    } finally {
      clearInterval(clock);
    }
    expect(turns).toBeGreaterThanOrEqual(3);
  });

  it('finds the same with a signal that nobody aborts', async () => {
    const block = genesisBlock({ timestamp: NOON, difficulty: 8 });
    const { signal } = new AbortController();
    expect(await search(block, signal)).toEqual(await search(block));
  });

  it('rejects with the reason of a signal that is aborted already', async () => {
    const reason = new Error('Nobody wants this block any more.');
    const signal = AbortSignal.abort(reason);
    expect(await errorOf(() => search(unlucky(), signal))).toBe(reason);
  });

  it('rejects with the reason of a signal that is aborted while it searches', async () => {
    const reason = new Error('Somebody else was faster.');
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 10);
    expect(await errorOf(() => search(unlucky(), controller.signal))).toBe(reason);
  });

  it('rejects with an AbortError where the signal is aborted without a reason', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 10);
    const error = await errorOf(() => search(unlucky(), controller.signal));
    expect(error).toHaveProperty('name', 'AbortError');
  });

  it('searches no further once it was aborted', async () => {
    let reads = 0;
    const watched = guarded(unlucky(), (n) => (reads = n));
    const waiting = waitingCallbacks();
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 10);
    const error = await errorOf(() => soon(14, mine(watched, controller.signal)));
    expect(error).toBe(controller.signal.reason);
    await timer(1); // time to notice for a search that looks at its signal now and then
    const before = reads;
    for (let turn = 0; turn < 5; turn += 1) await timer(1);
    expect(reads).toBe(before);
    expect(waitingCallbacks()).toBeLessThanOrEqual(waiting);
  });

  it('goes on with one search when another is aborted', async () => {
    const controller = new AbortController();
    const aborted = errorOf(() => search(unlucky(), controller.signal));
    const other = search(genesisBlock({ timestamp: NOON, difficulty: 12, data }));
    controller.abort();
    const [error, { hash }] = await Promise.all([aborted, other]);
    expect(error).toBe(controller.signal.reason);
    expect(leadingZeroBits(hash)).toBeGreaterThanOrEqual(12);
  });
});
