import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import {
  blockRules,
  brokenRule,
  genesisBlock,
  hashBlock,
  nextBlock,
  type Block,
} from '#blocks';
import { workRules } from '#proof-of-work';
import { Miner, type MinerOptions, type Order } from './miner.ts';

const NOON = 1_700_000_000_000;
const rules = [...blockRules, ...workRules];
const endless = genesisBlock({ timestamp: NOON, difficulty: 256 });

let miner: Miner | undefined;
afterEach(async () => {
  jest.restoreAllMocks();
  await miner?.close();
});

/** Makes a miner that is closed after the test; two threads unless told otherwise. */
function create(options: MinerOptions = {}): Miner {
  return (miner = new Miner({ threads: 2, ...options }));
}

/** Lets a miner search, without a parent unless one is given. */
function start(
  tool: Miner,
  block: Block,
  parent?: Block,
): { found: Promise<Block>; stop: AbortController } {
  const stop = new AbortController();
  return { found: tool.search(block, parent, stop.signal), stop };
}

/** Watches the threads that get orders from now on. */
function watchThreads(): { threads: () => Worker[]; orders: () => Order[] } {
  const post = jest.spyOn(Worker.prototype, 'postMessage');
  return {
    threads: () => [...new Set(post.mock.contexts as Worker[])],
    orders: () => post.mock.calls.map(([order]) => order as Order),
  };
}

/** Waits until something is the case. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await setImmediate();
}

describe.each(['wasm', 'typescript', 'step'] as const)('A miner with %s', (kernel) => {
  it('finds blocks that keep the rules, one after the other, easy and harder', async () => {
    const tool = create({ kernel });
    for (const difficulty of [0, 1, 8, 11, 14]) {
      const genesis = genesisBlock({ timestamp: NOON, difficulty });
      let tip = await start(tool, genesis).found;
      expect(brokenRule(tip, undefined, rules)).toBeUndefined();
      for (const wait of [0, 1, 40]) {
        const block = nextBlock(tip, `after ${wait} ms`, tip.timestamp + wait);
        const found = await start(tool, block, tip).found;
        expect(brokenRule(found, tip, rules)).toBeUndefined();
        expect(found.data).toBe(block.data);
        expect(block.timestamp - found.timestamp).toBeLessThan(32);
        tip = found;
      }
    }
    expect(tool.hashRate).toBeGreaterThan(0);
    expect(tool.progress).toBeNull();
  });

  it('says what it took to find a block, when all threads have told it', async () => {
    const tool = create({ kernel });
    expect(tool.found).toBeNull();
    for (const difficulty of [2, 12]) {
      const { hash } = await start(tool, genesisBlock({ timestamp: NOON, difficulty }))
        .found;
      await until(() => tool.found?.hash === hash);
      expect(tool.found?.expected).toBe(2 ** difficulty);
      expect(tool.found?.attempts).toBeGreaterThan(0);
      expect(tool.found?.seconds).toBeGreaterThanOrEqual(0);
    }
  });

  it('leaves the main thread free while it searches', async () => {
    const { found, stop } = start(create({ kernel }), endless);
    for (let turns = 0; turns < 10_000; turns += 1) await setImmediate();
    stop.abort(new Error('enough'));
    await expect(found).rejects.toThrow('enough');
  });

  it('is free for the next search after one was aborted', async () => {
    const tool = create({ kernel });
    const { found, stop } = start(tool, endless);
    stop.abort(new Error('a new tip'));
    await expect(found).rejects.toThrow('a new tip');
    expect(tool.progress).toBeNull();
    const next = genesisBlock({ timestamp: NOON, difficulty: 12, data: 'next' });
    expect((await start(tool, next).found).data).toBe('next');
  });

  it('goes on with a new thread where one dies', async () => {
    const { threads } = watchThreads();
    const tool = create({ kernel });
    const { found, stop } = start(tool, endless);
    const [first] = threads();
    await first?.terminate();
    await until(() => threads().length === 3);
    stop.abort(new Error('enough'));
    await expect(found).rejects.toThrow('enough');
    const next = genesisBlock({ timestamp: NOON, difficulty: 12 });
    expect(brokenRule(await start(tool, next).found, undefined, rules)).toBeUndefined();
  });
});

describe('A miner', () => {
  it('gives each thread other nonces, and a thread that replaces another new ones', async () => {
    const { threads, orders } = watchThreads();
    const { found, stop } = start(create({ threads: 3 }), endless);
    await threads()[1]?.terminate();
    await until(() => threads().length === 4);
    stop.abort();
    await expect(found).rejects.toThrow('aborted');
    const parts = orders().flatMap(({ task }) => (task ? [task.range.part] : []));
    expect(parts).toEqual([0, 1, 2, 3]);
  });

  it('tells how many hashes it has tried while it searches', async () => {
    const tool = create();
    const { found, stop } = start(
      tool,
      genesisBlock({ timestamp: NOON, difficulty: 60 }),
    );
    await until(() => (tool.progress?.attempts ?? 0) > 0);
    expect(tool.progress?.expected).toBe(2 ** 60);
    expect(tool.progress?.seconds).toBeGreaterThan(0);
    expect(tool.hashRate).toBeGreaterThan(0);
    stop.abort(new Error('enough'));
    await expect(found).rejects.toThrow('enough');
  });

  it('shows nonces that were tried indeed, with their hashes, while it searches', async () => {
    const tool = create();
    const { found, stop } = start(tool, endless);
    await until(() => (tool.state?.samples.length ?? 0) > 3);
    const { block, samples } = tool.state ?? { block: endless, samples: [] };
    expect(block).toBe(endless);
    expect(new Set(samples.map(({ nonce }) => nonce)).size).toBe(samples.length);
    for (const { nonce, hash } of samples) {
      // The miner tries a block's time and up to 31 milliseconds before it.
      const tried = Array.from({ length: 32 }, (_, i) =>
        hashBlock({ ...endless, nonce, timestamp: NOON - i }),
      );
      expect(tried).toContain(hash);
    }
    stop.abort();
    await expect(found).rejects.toThrow();
    expect(tool.state).toBeNull();
  });

  it('does not begin a search that was aborted before', async () => {
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(create().search(endless, undefined, signal)).rejects.toThrow('too late');
  });

  it('ends the search under way when another one begins', async () => {
    const tool = create();
    const { found } = start(tool, endless);
    const lost = expect(found).rejects.toThrow('Another search');
    const second = genesisBlock({ timestamp: NOON, difficulty: 12, data: 'second' });
    expect((await start(tool, second).found).data).toBe('second');
    await lost;
  });

  it('ends the search under way when it is closed', async () => {
    const tool = create();
    const lost = expect(start(tool, endless).found).rejects.toThrow('closed');
    await tool.close();
    await lost;
  });

  it('does not hand out what a thread found if it breaks a rule', async () => {
    const { threads, orders } = watchThreads();
    const { found } = start(create(), endless);
    const id = orders()[0]?.id;
    threads()[0]?.emit('message', { id, tried: 1, found: endless });
    await expect(found).rejects.toThrow('breaks a rule: its hash has');
  });

  it('refuses a block that is not later than its parent', async () => {
    const genesis = genesisBlock({ timestamp: NOON });
    const child = { ...nextBlock(genesis, '', NOON), timestamp: NOON };
    const { found } = start(create(), child, genesis);
    await expect(found).rejects.toThrow("must be later than its parent's");
  });

  it('passes on what goes wrong in a search', async () => {
    const odd = { ...endless, dataHash: '\ud800' }; // half a character has no hash
    await expect(start(create(), odd).found).rejects.toThrow('Cannot hash the field');
  });

  it('gives up where its threads do nothing but die', async () => {
    const { threads } = watchThreads();
    const { found } = start(create({ threads: 1 }), endless);
    const lost = expect(found).rejects.toThrow('keep ending: a mining thread has ended');
    for (let i = 0; i <= 10; i += 1) {
      await until(() => threads().length > i);
      await threads()[i]?.terminate();
    }
    await lost;
  });
});

describe('What mines by default', () => {
  /** Runs a miner in a copy of the project, with a `mine` of its own that changes the data. */
  function runCopy(...options: string[]): string {
    const root = join(import.meta.dirname, '../..');
    const folder = mkdtempSync(join(tmpdir(), 'pychain-own-'));
    for (const name of ['package.json', 'tsconfig.json', 'steps', 'final']) {
      cpSync(join(root, name), join(folder, name), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
    cpSync(join(root, 'steps/03-proof-of-work'), join(folder, 'my/03-proof-of-work'), {
      recursive: true,
    });
    writeFileSync(
      join(folder, 'my/03-proof-of-work/mine.ts'),
      `import { hashBlock, type Block } from '#blocks';
      import { leadingZeroBits } from './difficulty.ts';
      export async function mine(block: Block): Promise<Block> {
        for (let nonce = 4_242; ; nonce += 4_242) {
          const hash = hashBlock({ ...block, nonce });
          if (leadingZeroBits(hash) >= block.difficulty) return { ...block, nonce, hash };
        }
      }`,
    );
    writeFileSync(
      join(folder, 'final/program.ts'),
      `import { genesisBlock } from '#blocks';
      import { Miner } from './mining/miner.ts';
      const miner = new Miner({ threads: 2 });
      const block = genesisBlock({ timestamp: ${NOON}, difficulty: 12 });
      const { nonce } = await miner.search(block, undefined, new AbortController().signal);
      console.log(nonce % 4_242 === 0 ? 'own' : 'kernel');
      await miner.close();`,
    );
    const program = join(folder, 'final/program.ts');
    const args = [...options, '--import', 'tsx', program];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder });
    rmSync(folder, { recursive: true });
    return `${stdout.toString()}${stderr.toString()}`.trim();
  }

  it('is the kernel', () => {
    expect(runCopy()).toBe('kernel');
  });

  it("is the `mine` of the learner's own step 3 where that is swapped in", () => {
    expect(runCopy('-C', 'my-03')).toBe('own');
  });
});
