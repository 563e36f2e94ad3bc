// A second solution: numbers instead of digits, and a search in slices of time.
import { hashBlock, type Block, type Rule } from '#blocks';

export function leadingZeroBits(hash: string): number {
  const bits = [...hash]
    .map((digit) => parseInt(digit, 16).toString(2).padStart(4, '0'))
    .join('');
  return bits.includes('1') ? bits.indexOf('1') : bits.length;
}

export function expectedAttempts(difficulty: number): number {
  return difficulty === 0 ? 1 : 2 * expectedAttempts(difficulty - 1);
}

export function work(difficulty: number): bigint {
  return 1n << BigInt(difficulty);
}

class Search {
  private nonce = 0;
  private readonly limit: bigint;

  private readonly block: Block;
  private readonly signal: AbortSignal | undefined;

  constructor(block: Block, signal: AbortSignal | undefined) {
    this.block = block;
    this.signal = signal;
    this.limit = 1n << BigInt(256 - block.difficulty);
  }

  run(): Promise<Block> {
    return new Promise((resolve, reject) => {
      const go = () => {
        if (this.signal?.aborted) return void reject(this.signal.reason as Error);
        const found = this.slice();
        if (found) resolve(found);
        else setImmediate(go);
      };
      go();
    });
  }

  private slice(): Block | undefined {
    const { hash: _old, nonce: _claim, ...fields } = this.block;
    for (const end = Date.now() + 4; Date.now() < end; this.nonce += 1) {
      const block = { ...fields, nonce: this.nonce };
      const hash = hashBlock(block);
      if (hash.startsWith('000') || this.block.difficulty < 12) {
        if (BigInt('0x' + hash) < this.limit) return { ...block, hash };
      }
    }
    return undefined;
  }
}

export const mine = (block: Block, signal?: AbortSignal): Promise<Block> =>
  new Search(block, signal).run();

export const workRules: readonly Rule[] = [
  ({ difficulty, hash }, parent) => {
    if (parent && parent.difficulty !== difficulty)
      return 'difficulty: not that of the parent';
    const value = BigInt('0x' + hash);
    return value >> BigInt(256 - difficulty) === 0n ? undefined : 'hash: not enough work';
  },
];
