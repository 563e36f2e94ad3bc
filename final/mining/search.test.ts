import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  brokenRule,
  blockRules,
  genesisBlock,
  hashBlock,
  nextBlock,
  type Block,
} from '#blocks';
import { leadingZeroBits, workRules } from '#proof-of-work';
import { prefixesOf, type Batch, type Kernel } from './kernel.ts';
import { createKernel } from './choose-kernel.ts';
import { search, type Range } from './search.ts';

const NOON = 1_700_000_000_000;
const rules = [...blockRules, ...workRules];
const wasm = createKernel('wasm');

/** Runs a search to its end. */
function run(
  kernel: Kernel,
  block: Block,
  range: Range,
): { found: Block; tried: number } {
  const steps = search(kernel, block, range);
  let tried = 0;
  for (;;) {
    const { done, value } = steps.next();
    if (done) return { found: value, tried };
    tried += value;
  }
}

/** A child, `gap` milliseconds younger than its parent. */
function family(
  difficulty: number,
  gap: number,
  data = '',
): { parent: Block; child: Block } {
  const parent = genesisBlock({ timestamp: NOON, difficulty });
  return { parent, child: nextBlock(parent, data, NOON + gap) };
}

/** A kernel that finds nothing, and remembers what it was to search. */
class Blind implements Kernel {
  readonly lanes = 8;
  readonly portion = 320_000;
  readonly batches: { timestamps: number; words: string }[] = [];

  prepare({ midstates, words }: Batch): void {
    this.batches.push({ timestamps: midstates.length, words: words.join() });
  }

  scan(): number {
    return -1;
  }
}

describe.each(['wasm', 'typescript'] as const)(
  'A search with the kernel in %s',
  (name) => {
    const kernel = createKernel(name);

    it('finds a block that keeps the rules, whatever the data, difficulty and age of its parent', () => {
      const anyText = fc.string({ unit: 'binary', maxLength: 50 });
      fc.assert(
        fc.property(
          fc.nat(14),
          fc.integer({ min: 1, max: 50 }),
          anyText,
          (difficulty, gap, data) => {
            const { parent, child } = family(difficulty, gap, data);
            const { found } = run(kernel, child, { after: parent.timestamp });
            expect(brokenRule(found, parent, rules) ?? 'all is well').toBe('all is well');
            expect(child.timestamp - found.timestamp).toBeLessThan(32);
            const { timestamp, nonce, hash } = found;
            expect(found).toEqual({ ...child, timestamp, nonce, hash });
          },
        ),
      );
    });
  },
);

describe('A search', () => {
  it('tries one nonce after the other, and takes the first that is good', () => {
    fc.assert(
      fc.property(fc.nat(16), fc.string(), (difficulty, data) => {
        const { parent, child } = family(difficulty, 1, data); // no earlier timestamp will do
        let nonce = 10_000 * prefixesOf(child)[0];
        const zeros = () => leadingZeroBits(hashBlock({ ...child, nonce }));
        while (zeros() < difficulty) nonce += 1;
        const { found } = run(wasm, child, { after: parent.timestamp });
        expect(found).toEqual({ ...child, nonce, hash: hashBlock({ ...child, nonce }) });
      }),
      { numRuns: 50 },
    );
  });

  it('goes on where the last digits roll over', () => {
    const { parent, child } = family(18, 1, 'long');
    const { found } = run(wasm, child, { after: parent.timestamp });
    const first = 10_000 * prefixesOf(child)[0];
    expect(found.nonce - first).toBeGreaterThan(10_000);
    for (let nonce = first; nonce < found.nonce; nonce += 1) {
      if (leadingZeroBits(hashBlock({ ...child, nonce })) >= 18)
        throw new Error(`It missed the nonce ${nonce}.`);
    }
  });

  it('says how many hashes it has tried: about 2^difficulty', () => {
    // The attempts have the mean 2^12 and about the same standard deviation: the mean of 300
    // searches has the standard error 4096/√300 = 236; five of these are 1182.
    let sum = 0;
    for (let i = 0; i < 300; i += 1) {
      const { parent, child } = family(12, 100, `${i}`);
      sum += run(wasm, child, { after: parent.timestamp }).tried;
    }
    // Up to 32 timestamps and 8 nonces are counted together.
    expect(Math.abs(sum / 300 - 4_096)).toBeLessThan(1_182 + 256);
  });

  it('shares no hash with the other parts of the nonces', () => {
    const { parent, child } = family(256, 20);
    const after = parent.timestamp;
    const batches = [0, 1, 2].flatMap((part) => {
      const kernel = new Blind();
      const steps = search(kernel, child, { after, part, parts: 3 });
      while (kernel.batches.length < 100) steps.next();
      return kernel.batches.map(({ words }) => words);
    });
    expect(new Set(batches).size).toBe(300);
  });

  it.each([
    { gap: 1, counts: [1, 32, 32] },
    { gap: 7, counts: [7, 32, 32] },
    { gap: 1_000, counts: [32, 32, 32] },
  ])(
    'goes on with later timestamps after all nonces, where the parent is $gap ms older',
    ({ gap, counts }) => {
      // So long a header leaves room for seven digits of the nonce only.
      const after = 10 ** 15;
      const { child: short } = family(256, 1);
      const child = { ...short, index: 10 ** 15, timestamp: after + gap };
      const [lowest, highest] = prefixesOf(child);
      const batches = highest - lowest + 1;
      const kernel = new Blind();
      const steps = search(kernel, child, { after });
      while (kernel.batches.length <= 2 * batches) steps.next();
      const sizes = [0, batches, 2 * batches].map((i) => kernel.batches[i]?.timestamps);
      expect(sizes).toEqual(counts);
    },
  );

  it('tries no timestamp of another length together with the rest', () => {
    const block = genesisBlock({ timestamp: 1_005, difficulty: 256 });
    const kernel = new Blind();
    search(kernel, block, { after: -1 }).next();
    expect(kernel.batches[0]?.timestamps).toBe(6);
  });

  it('does not take what only looks good in its first 32 bits', () => {
    const { parent, child } = family(33, 1);
    let scans = 0;
    const kernel: Kernel = {
      lanes: 1,
      portion: 10_000,
      prepare: () => undefined,
      scan: (from) => ((scans += 1) <= 3 ? from : -1), // claims the first three hashes
    };
    const steps = search(kernel, child, { after: parent.timestamp });
    const tried = [1, 2, 3, 4].map(() => steps.next());
    expect(tried).toEqual([1, 1, 1, 9_997].map((value) => ({ value, done: false })));
  });
});
