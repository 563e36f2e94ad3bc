import { EventEmitter, on } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { Chain, blockRules, genesisBlock, nextBlock, type Block } from '#blocks';
import { MiningQueue, Problem, type MiningQueueOptions } from '#http';
import { leadingZeroBits, mine, workRules } from '#proof-of-work';
import { inTime } from './in-time-for-test.ts';

/** A chain, and a queue that adds to it only what fits on its tip. */
async function setUp(
  options: Partial<MiningQueueOptions> & { difficulty?: number } = {},
) {
  const { difficulty = 0, ...rest } = options;
  const genesis = await mine(genesisBlock({ timestamp: 1_700_000_000_000, difficulty }));
  const chain = new Chain(genesis, [...blockRules, ...workRules]);
  const add = (block: Block) => {
    if (block.previousHash !== chain.tip.hash) return false;
    chain.append(block);
    return true;
  };
  const queue = new MiningQueue({ tip: () => chain.tip, add, ...rest });
  return { chain, queue, add };
}

interface Search {
  readonly block: Block;
  readonly signal: AbortSignal;
  readonly find: () => void;
  readonly fail: (error: Error) => void;
}

/** A search that ends when the test says so, or when it is aborted. */
function searchByHand({ heedsAbort = true } = {}) {
  const events = new EventEmitter();
  const searches = on(events, 'search');
  const search = (block: Block, signal: AbortSignal) =>
    new Promise<Block>((resolve, reject) => {
      const find = () => resolve(block);
      if (heedsAbort) {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      }
      events.emit('search', { block, signal, find, fail: reject } satisfies Search);
    });
  const next = async (what = 'a search to begin') => {
    const { value } = (await inTime(searches.next(), what)) as { value: [Search] };
    return value[0];
  };
  return { search, next };
}

/** Waits for an event that must come before a block is given. */
function before<T>(mined: Promise<unknown>, event: Promise<T>): Promise<T> {
  const early = mined.then(() => Promise.reject(new Error('The block came too early.')));
  return Promise.race([event, early]);
}

const dataOf = (chain: Chain) => chain.slice(1).map(({ data }) => data);

describe('Task 3: the mining queue', () => {
  it('mines a block that carries the data, and gives it when it is on the chain', async () => {
    const { chain, queue } = await setUp({ difficulty: 8 });
    const before = Date.now();
    const block = await inTime(queue.mine('hello'), 'the block');
    expect(chain.tip).toEqual(block);
    expect(block).toMatchObject({ index: 1, data: 'hello', difficulty: 8 });
    expect(leadingZeroBits(block.hash)).toBeGreaterThanOrEqual(8);
    expect(block.timestamp).toBeGreaterThanOrEqual(before);
    expect(block.timestamp).toBeLessThanOrEqual(Date.now());
  });

  it('gives the block only when a slow `add` has put it on the chain', async () => {
    const steps: string[] = [];
    const { queue } = await setUp({
      add: async () => {
        await new Promise(setImmediate);
        steps.push('added');
        return true;
      },
    });
    await inTime(queue.mine('hello'), 'the block');
    steps.push('given');
    expect(steps).toEqual(['added', 'given']);
  });

  it('mines two requests of one moment one after the other, each on the newest tip', async () => {
    const { chain, queue } = await setUp({ difficulty: 4 });
    const mined = Promise.all([queue.mine('a'), queue.mine('b')]);
    const blocks = await inTime(mined, 'both blocks');
    expect(blocks.map(({ index }) => index)).toEqual([1, 2]);
    expect(dataOf(chain)).toEqual(['a', 'b']);
  });

  it('never searches for two blocks at once, and keeps the order of the requests', async () => {
    let running = 0;
    let most = 0;
    const { chain, queue } = await setUp({
      search: async (block) => {
        running += 1;
        most = Math.max(most, running);
        await new Promise(setImmediate);
        running -= 1;
        return block;
      },
    });
    const texts = Array.from({ length: 20 }, (_, i) => `block ${i}`);
    await inTime(Promise.all(texts.map((text) => queue.mine(text))), 'all blocks');
    expect({ most, data: dataOf(chain) }).toEqual({ most: 1, data: texts });
  });

  it('stamps a block with the time when its search begins, not when it was asked for', async () => {
    const { search, next } = searchByHand();
    const { queue } = await setUp({ search });
    const mined = Promise.all([queue.mine('a'), queue.mine('b')]);
    const first = await before(mined, next());
    while (Date.now() < first.block.timestamp + 5) await new Promise(setImmediate);
    const time = Date.now();
    first.find();
    const second = await before(mined, next());
    expect(second.block.timestamp).toBeGreaterThanOrEqual(time);
    second.find();
    await inTime(mined, 'the blocks');
  });

  it('mines again on the new tip when another block was faster', async () => {
    const { chain, queue, add } = await setUp();
    let rivals = 3;
    const unlucky = new MiningQueue({
      tip: () => chain.tip,
      add: async (block) => {
        if (rivals > 0) await queue.mine(`rival ${(rivals -= 1)}`);
        return add(block);
      },
    });
    const block = await inTime(unlucky.mine('at last'), 'the block');
    expect(dataOf(chain)).toEqual(['rival 2', 'rival 1', 'rival 0', 'at last']);
    expect(chain.tip).toEqual(block);
  });

  describe('restart', () => {
    it('aborts the search under way and begins again on the new tip', async () => {
      const { search, next } = searchByHand();
      const { chain, queue } = await setUp({ search });
      const mined = queue.mine('mine');
      const first = await next();
      chain.append(nextBlock(chain.tip, 'of a peer', Date.now()));
      queue.restart();
      expect({ aborted: first.signal.aborted }).toEqual({ aborted: true });

      const second = await before(mined, next('the search to begin again'));
      expect(second.block).toMatchObject({ index: 2, data: 'mine' });
      expect(second.signal.aborted).toBe(false);
      second.find();
      await inTime(mined, 'the block');
      expect(dataOf(chain)).toEqual(['of a peer', 'mine']);
    });

    it('drops what a search finds that does not heed the signal', async () => {
      const { search, next } = searchByHand({ heedsAbort: false });
      const { chain, add } = await setUp();
      const offered: Block[] = [];
      const queue = new MiningQueue({
        search,
        tip: () => chain.tip,
        add: (block) => {
          offered.push(block);
          return add(block);
        },
      });
      const mined = queue.mine('mine');
      const first = await next();
      chain.append(nextBlock(chain.tip, 'of a peer', Date.now()));
      queue.restart();
      first.find();
      (await before(mined, next())).find();
      const block = await inTime(mined, 'the block');
      expect(block).toMatchObject({ index: 2, data: 'mine' });
      expect(offered).toEqual([block]);
    });

    it('may come any number of times, and when nothing is searched for', async () => {
      const { search, next } = searchByHand();
      const { chain, queue } = await setUp({ search });
      queue.restart();
      const mined = Promise.all([queue.mine('a'), queue.mine('b')]);
      for (let i = 0; i < 5; i += 1) {
        await before(mined, next());
        queue.restart();
        queue.restart();
      }
      (await next()).find();
      (await next()).find();
      await inTime(mined, 'the blocks');
      queue.restart();
      const last = queue.mine('c');
      (await next()).find();
      await inTime(last, 'the block');
      expect(dataOf(chain)).toEqual(['a', 'b', 'c']);
    });

    it('does not mine a block twice when it comes while `add` is at work', async () => {
      const { chain, add } = await setUp();
      const queue: MiningQueue = new MiningQueue({
        tip: () => chain.tip,
        add: (block) => {
          const added = add(block);
          queue.restart(); // a node does so whenever its tip changes
          return added;
        },
      });
      await inTime(queue.mine('once'), 'the block');
      await inTime(queue.mine('then this'), 'the next block');
      expect(dataOf(chain)).toEqual(['once', 'then this']);
    });

    it('reaches the `mine` of step 3 too', async () => {
      const genesis = genesisBlock({ timestamp: 1, difficulty: 256 });
      const easy = genesisBlock({ timestamp: 1, difficulty: 0 });
      let tip = genesis; // nobody ever finds 256 zero bits
      const queue = new MiningQueue({ tip: () => tip, add: () => true });
      const mined = queue.mine('hello');
      await new Promise(setImmediate);
      tip = easy;
      queue.restart();
      expect(await inTime(mined, 'the block')).toMatchObject({ previousHash: easy.hash });
    });
  });

  describe('when something fails', () => {
    it('tells the caller what a search throws, and mines the next block', async () => {
      const { search, next } = searchByHand();
      const { chain, queue } = await setUp({ search });
      const [failed, mined] = [queue.mine('a'), queue.mine('b')];
      const rejected = expect(failed).rejects.toThrow('out of coal');
      (await next()).fail(new Error('out of coal'));
      await inTime(rejected, 'the error');
      (await next('the next search after one that failed')).find();
      await inTime(mined, 'the next block');
      expect(dataOf(chain)).toEqual(['b']);
    });

    it('tells the caller what `tip` and `add` throw, and mines the next block', async () => {
      const errors = [new Problem(503, 'No chain yet.'), new Error('The disk is full.')];
      const { chain, add } = await setUp();
      const queue = new MiningQueue({
        tip: () => {
          if (errors.length === 2) throw errors.shift() ?? new Error();
          return chain.tip;
        },
        add: (block) => {
          if (errors.length === 1) throw errors.shift() ?? new Error();
          return add(block);
        },
      });
      const [noTip, noAdd, mined] = ['a', 'b', 'c'].map((data) => queue.mine(data));
      const ends = Promise.all([
        expect(noTip).rejects.toMatchObject({ status: 503 }),
        expect(noAdd).rejects.toThrow('The disk is full.'),
        expect(mined).resolves.toMatchObject({ data: 'c' }),
      ]);
      await inTime(ends, 'two errors and a block');
      expect(dataOf(chain)).toEqual(['c']);
    });

    it('tells the caller that data with a lone surrogate has no hash', async () => {
      const { queue } = await setUp();
      const broken = inTime(queue.mine('\ud800'), 'the error');
      await expect(broken).rejects.toThrow(TypeError);
      expect(await inTime(queue.mine('fine'), 'the block')).toMatchObject({ index: 1 });
    });
  });

  it('lets 1,000 requests in, refuses more with Problem 503, then takes more', async () => {
    const { search, next } = searchByHand();
    const { chain, queue } = await setUp({ search });
    const problems: unknown[] = [];
    const ask = (i: number) =>
      queue.mine(`block ${i}`).catch((error: unknown) => void problems.push(error));
    const requests = [ask(0)];
    const first = await next(); // it counts, too
    for (let i = 1; i < 1_010; i += 1) requests.push(ask(i));
    await new Promise(setImmediate);
    const [problem] = problems;
    expect({ refused: problems.length }).toEqual({ refused: 10 });
    expect(problem).toBeInstanceOf(Problem);
    expect(problem).toMatchObject({
      status: 503,
      message: expect.stringMatching(/\w+ \w+/),
    });

    first.find();
    for (let i = 1; i < 1_000; i += 1) (await next()).find();
    await inTime(Promise.all(requests), 'the blocks of all that were let in');
    expect(chain.length).toBe(1_001);

    const again = queue.mine('again');
    const last = next('a search for one more, now that nobody waits');
    await expect(Promise.race([again, last])).resolves.toMatchObject({ block: {} });
    (await last).find();
    expect(await inTime(again, 'the block')).toMatchObject({ data: 'again' });
  });
});
