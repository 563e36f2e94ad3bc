// A second solution: one long check instead of a table, and a chain that is linked by hashes.
import { canonicalJson, hashFields, sha256 } from '#hashing';

export interface Header {
  readonly index: number;
  readonly timestamp: number;
  readonly previousHash: string;
  readonly dataHash: string;
  readonly difficulty: number;
  readonly nonce: number;
}

export interface Block extends Header {
  readonly data: string;
  readonly hash: string;
}

export const MAX_DATA_BYTES = 2 ** 20;
export const GENESIS_PREVIOUS_HASH = Array.from({ length: 64 }, () => '0').join('');

const listOf = (h: Header) => [
  h.index,
  h.timestamp,
  h.previousHash,
  h.dataHash,
  h.difficulty,
  h.nonce,
];
export const headerText = (header: Header): string => canonicalJson(listOf(header));
export const hashBlock = (header: Header): string => hashFields(listOf(header));

class Draft {
  hash = '';
  constructor(
    ...[index, timestamp, previousHash, difficulty, data]: [
      number,
      number,
      string,
      number,
      string,
    ]
  ) {
    Object.assign(this, {
      data,
      nonce: 0,
      difficulty,
      dataHash: sha256(data),
      previousHash,
      timestamp,
      index,
    });
  }

  finish(): Block {
    const block = { ...this } as unknown as Block;
    return { ...block, hash: hashBlock(block) };
  }
}

export function genesisBlock(options: {
  timestamp: number;
  difficulty?: number;
  data?: string;
}): Block {
  const data = options.data === undefined ? 'Genesis Block' : options.data;
  const bits = options.difficulty ?? 0;
  return new Draft(0, options.timestamp, GENESIS_PREVIOUS_HASH, bits, data).finish();
}

export function nextBlock(previous: Block, data: string, now: number): Block {
  const { index, timestamp, hash, difficulty } = previous;
  const time = now > timestamp ? now : timestamp + 1;
  return new Draft(index + 1, time, hash, difficulty, data).finish();
}

export type Rule = (block: Block, previous: Block | undefined) => string | undefined;

export const isCount = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 53;

export function isHash(value: unknown): value is string {
  if (typeof value !== 'string' || value.length !== 64) return false;
  return Array.from(value).every((letter) => '0123456789abcdef'.includes(letter));
}

export function isData(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  const bytes = Buffer.from(value);
  return value === bytes.toString() && bytes.length <= MAX_DATA_BYTES;
}

export function checkShape(value: unknown): string | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    return 'a block is an object';
  }
  const left = new Set(Object.keys(value));
  const own = (name: string): unknown =>
    left.delete(name) ? (value as Record<string, unknown>)[name] : undefined;
  for (const name of ['index', 'timestamp', 'nonce']) {
    if (!isCount(own(name))) return `${name} must be a count`;
  }
  const difficulty = own('difficulty');
  if (!isCount(difficulty) || difficulty > 256) return 'difficulty must be 0 to 256';
  for (const name of ['hash', 'previousHash', 'dataHash']) {
    if (!isHash(own(name))) return `${name} must be 64 hex digits`;
  }
  if (!isData(own('data'))) return 'data must be Unicode, and not too long';
  const [extra] = left;
  return extra === undefined ? undefined : `${extra} does not belong into a block`;
}

/** Makes a rule of a test that must be true. */
const rule =
  (
    reason: string,
    isKept: (block: Block, previous: Block | undefined) => boolean,
  ): Rule =>
  (block, previous) =>
    isKept(block, previous) ? undefined : reason;

export const headerRules: readonly Rule[] = Object.freeze([
  checkShape,
  rule('the hash is wrong', (block) => sha256(headerText(block)) === block.hash),
  rule('the index is wrong', (block, previous) =>
    previous === undefined ? block.index === 0 : block.index - previous.index === 1,
  ),
  rule(
    'the previousHash is wrong',
    (block, previous) => block.previousHash === (previous?.hash ?? '0'.repeat(64)),
  ),
  rule(
    'the timestamp is wrong',
    (block, previous) => !previous || block.timestamp > previous.timestamp,
  ),
]);

export const blockRules: readonly Rule[] = Object.freeze([
  ...headerRules,
  rule('the dataHash is wrong', ({ data, dataHash }) => sha256(data) === dataHash),
]);

export function brokenRule(
  value: unknown,
  previous: Block | undefined,
  rules: readonly Rule[] = blockRules,
): string | undefined {
  let reason: string | undefined;
  rules.some((one) => (reason = one(value as Block, previous)) !== undefined);
  return reason;
}

export function checkChain(
  blocks: readonly unknown[],
  rules: readonly Rule[] = blockRules,
): string | undefined {
  let previous: Block | undefined;
  let place = 0;
  while (place < blocks.length) {
    const block = blocks[place] as Block;
    const reason = brokenRule(block, previous, rules);
    if (reason !== undefined) return `Block ${place}: ${reason}`;
    previous = block;
    place += 1;
  }
  return place === 0 ? 'There is no block at all.' : undefined;
}

interface Link {
  readonly block: Block;
  readonly place: number;
}

export class Chain {
  private links = new Map<string, Link>();
  private order: string[] = [];
  private readonly rules: readonly Rule[];

  constructor(genesis: Block, rules: readonly Rule[] = blockRules) {
    this.rules = [...rules];
    this.append(genesis);
  }

  get tip(): Block {
    const tip = this.at(this.length - 1);
    if (tip === undefined) throw new Error('There is no block yet.');
    return tip;
  }

  get length(): number {
    return this.order.length;
  }

  at(index: number): Block | undefined {
    const hash = this.order[index];
    return hash === undefined ? undefined : this.find(hash);
  }

  find(hash: string): Block | undefined {
    return this.links.get(hash)?.block;
  }

  slice(start = 0, end: number = this.order.length): Block[] {
    const blocks: Block[] = [];
    for (const { block, place } of this.links.values()) {
      if (place >= start && place < end) blocks[place - start] = block;
    }
    return blocks;
  }

  append(block: Block): void {
    const previous = this.length > 0 ? this.tip : undefined;
    const reason = brokenRule(block, previous, this.rules);
    if (reason) throw new Error(reason);
    this.links.set(block.hash, { block, place: this.order.push(block.hash) - 1 });
  }

  rewind(index: number): Block[] {
    if (!(index in this.order)) throw new RangeError('no such block');
    const removed: Block[] = [];
    while (this.length > index + 1) {
      removed.unshift(this.tip);
      this.links.delete(this.order.pop() ?? '');
    }
    return removed;
  }
}
