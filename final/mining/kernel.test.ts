import { createHash, hash } from 'node:crypto';
import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { headerText, type Header } from '#blocks';
import { batchOf, midstatesOf, prefixesOf, type Batch } from './kernel.ts';
import { createKernel } from './choose-kernel.ts';
import { midstateOf, wordsOf } from './sha256.ts';
import { WasmKernel } from './wasm-kernel.ts';

const NOW = 1_795_438_199_514;

const hexDigits = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString('hex'));

/** A whole number of 1 to `most` digits, each length as likely as another. */
const numberOfWidth = (most: number) =>
  fc
    .integer({ min: 1, max: most })
    .chain((digits) => fc.integer({ min: 10 ** (digits - 1), max: 10 ** digits - 1 }));

const anyHeader: fc.Arbitrary<Header> = fc.record({
  index: fc.oneof(fc.constant(0), numberOfWidth(15)),
  timestamp: fc.oneof(
    fc.constant(NOW),
    numberOfWidth(15).map((n) => n + 32),
  ),
  previousHash: hexDigits,
  dataHash: hexDigits,
  difficulty: fc.nat(24),
  nonce: fc.constant(0),
});

/** Some nonces and timestamps of a header. */
const anyBatch = anyHeader
  .chain((header) => {
    const [lowest, highest] = prefixesOf(header);
    return fc.record({
      header: fc.constant(header),
      timestamps: fc
        .integer({ min: 1, max: 32 })
        .map((count) => Array.from({ length: count }, (_, i) => header.timestamp - i))
        .map((all) => all.filter((t) => String(t).length === String(all[0]).length)),
      prefix: fc.oneof(
        fc.integer({ min: lowest, max: highest }),
        fc.constantFrom(lowest, highest),
      ),
      from: fc.integer({ min: 0, max: 10_000 / 8 - 4 }).map((n) => 8 * n),
    });
  })
  .map((content) => ({ ...content, to: content.from + 32 }));

/** The first word of a header's hash, as `node:crypto` computes it. */
function firstWord(header: Header): number {
  return hash('sha256', headerText(header), 'buffer').readInt32BE();
}

/** All hashes of a batch, as a kernel of so many lanes tries them one after the other. */
function* inOrder(
  { header, timestamps, prefix, from, to }: BatchContent,
  lanes: number,
): Generator<{ hit: number; word: number }> {
  for (let first = from; first < to; first += lanes) {
    for (const [i, timestamp] of timestamps.entries()) {
      for (let digits = first; digits < first + lanes; digits += 1) {
        const nonce = 10_000 * prefix + digits;
        yield {
          hit: 10_000 * i + digits,
          word: firstWord({ ...header, timestamp, nonce }),
        };
      }
    }
  }
}

interface BatchContent {
  readonly header: Header;
  readonly timestamps: readonly number[];
  readonly prefix: number;
  readonly from: number;
  readonly to: number;
}

function batch({ header, timestamps, prefix }: BatchContent): Batch {
  return batchOf(header, midstatesOf(header, timestamps), prefix);
}

describe('The inside of SHA-256', () => {
  it('gives what node:crypto gives, for any text of ASCII characters', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => {
        const words = wordsOf(text);
        const digest = createHash('sha256').update(text).digest();
        const state = midstateOf(words, words.length / 16);
        expect([...state]).toEqual([...state].map((_, i) => digest.readInt32BE(4 * i)));
      }),
    );
  });
});

describe('The nonces of a header', () => {
  it('are safe whole numbers whose last four digits fill one word of the last block', () => {
    fc.assert(
      fc.property(anyHeader, (header) => {
        for (const prefix of prefixesOf(header)) {
          const nonce = 10_000 * prefix + 9_999;
          expect(Number.isSafeInteger(nonce)).toBe(true);
          const text = headerText({ ...header, nonce });
          const { words, at } = batchOf(header, [], prefix);
          const digits = text.length - '9999]'.length;
          expect(digits % 4).toBe(0);
          expect(digits).toBe(4 * (wordsOf(text).length - 16 + at));
          expect(words[at]).toBe(0x30303030);
        }
      }),
    );
  });

  it('have thirteen digits or more, in blocks of today', () => {
    fc.assert(
      fc.property(fc.nat(10 ** 9), fc.nat(256), (index, difficulty) => {
        const hash = 'f'.repeat(64);
        const links = { previousHash: hash, dataHash: hash };
        const header = { index, timestamp: NOW, ...links, difficulty, nonce: 0 };
        expect(prefixesOf(header)[0]).toBeGreaterThanOrEqual(10 ** 8);
      }),
    );
  });
});

describe.each(['wasm', 'typescript'] as const)('The kernel in %s', (name) => {
  const kernel = createKernel(name);

  it('finds the same first hash as brute force, at the difficulty of the header', () => {
    fc.assert(
      fc.property(anyBatch, (content) => {
        const prepared = batch(content);
        let first = -1;
        for (const { hit, word } of inOrder(content, kernel.lanes)) {
          if ((word & prepared.mask) !== 0) continue;
          first = hit;
          break;
        }
        kernel.prepare(prepared);
        expect(kernel.scan(content.from, content.to)).toBe(first);
      }),
      { numRuns: 1_000 },
    );
  });

  it('finds the best of many hashes, and none where none is good enough', () => {
    fc.assert(
      fc.property(anyBatch, (content) => {
        const all = [...inOrder(content, kernel.lanes)];
        const best = Math.max(...all.map(({ word }) => Math.clz32(word)));
        const first = all.find(({ word }) => Math.clz32(word) === best);
        const maskOf = (bits: number) => (bits === 0 ? 0 : -1 << (32 - bits));
        kernel.prepare({ ...batch(content), mask: maskOf(best) });
        expect(kernel.scan(content.from, content.to)).toBe(first?.hit);
        kernel.prepare({ ...batch(content), mask: maskOf(best + 1) });
        expect(kernel.scan(content.from, content.to)).toBe(-1);
      }),
      { numRuns: 1_000 },
    );
  });

  it('finds each hash wherever the scan begins and ends', () => {
    const links = { previousHash: 'a'.repeat(64), dataHash: 'b'.repeat(64) };
    const header = { index: 7, timestamp: NOW, ...links, difficulty: 8, nonce: 0 };
    const content = { header, timestamps: [NOW], prefix: prefixesOf(header)[0] };
    const all = [...inOrder({ ...content, from: 0, to: 10_000 }, kernel.lanes)];
    const good = all.filter(({ word }) => word >>> 24 === 0).map(({ hit }) => hit);
    kernel.prepare(batch({ ...content, from: 0, to: 0 }));
    const found = Array.from({ length: 10_000 / 8 }, (_, i) =>
      kernel.scan(8 * i, 8 * (i + 1)),
    ).filter((hit) => hit >= 0);
    const firsts = good.filter((hit, i) => hit >> 3 !== (good[i - 1] ?? -8) >> 3);
    expect(found).toEqual(firsts);
    expect(found.length).toBeGreaterThan(10);
  });

  it('scans nothing before it has a batch', () => {
    expect(() => createKernel(name).scan(0, 8)).toThrow('no batch');
  });
});

describe('The kernel in WebAssembly', () => {
  it('runs here', () => {
    expect(WasmKernel.isSupported).toBe(true);
  });

  it('is, byte for byte, what its source compiles to', async () => {
    const root = join(import.meta.dirname, '../..');
    const folder = await mkdtemp(join(tmpdir(), 'pychain-kernel-'));
    const built = join(folder, 'kernel-bytes.ts');
    const script = join(root, 'scripts/build-kernel.mjs');
    const [code] = (await once(spawn(process.execPath, [script, built]), 'close')) as [
      number,
    ];
    expect(code).toBe(0);
    const committed = join(import.meta.dirname, 'kernel-bytes.ts');
    const [made, kept] = await Promise.all(
      [built, committed].map((file) => readFile(file, 'utf8')),
    );
    expect(made).toBe(kept);
    await rm(folder, { recursive: true });
  });
});
