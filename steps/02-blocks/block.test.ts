import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sha256 } from '#hashing';
import {
  GENESIS_PREVIOUS_HASH,
  genesisBlock,
  hashBlock,
  headerText,
  nextBlock,
  type Block,
  type Header,
} from '#blocks';

const NOON = 1_700_000_000_000;

const header: Header = {
  index: 1,
  timestamp: NOON,
  previousHash: 'ab'.repeat(32),
  dataHash: 'cd'.repeat(32),
  difficulty: 16,
  nonce: 12345,
};

/** The same header with one field changed, for each of its fields. */
const changes: [keyof Header, Header][] = [
  ['index', { ...header, index: 2 }],
  ['timestamp', { ...header, timestamp: NOON + 1 }],
  ['previousHash', { ...header, previousHash: 'ac'.repeat(32) }],
  ['dataHash', { ...header, dataHash: 'ce'.repeat(32) }],
  ['difficulty', { ...header, difficulty: 17 }],
  ['nonce', { ...header, nonce: 12346 }],
];

const fieldNames = [
  'data',
  'dataHash',
  'difficulty',
  'hash',
  'index',
  'nonce',
  'previousHash',
  'timestamp',
];

const anyData = fc.string({ unit: 'binary', maxLength: 100 });
const anyTime = fc.nat(2 * NOON);

/** A block to follow: somewhere on a chain, at any time, with any difficulty and nonce. */
const anyParent: fc.Arbitrary<Block> = fc
  .record({
    timestamp: anyTime,
    difficulty: fc.nat(256),
    data: anyData,
    nonce: fc.maxSafeNat(),
  })
  .map(({ nonce, ...options }) => {
    const genesis = genesisBlock(options);
    const parent = { ...nextBlock(genesis, options.data, options.timestamp), nonce };
    return { ...parent, hash: hashBlock(parent) };
  });

describe('Task 1: headerText and hashBlock', () => {
  it('writes the six header fields as a canonical JSON array, the nonce last', () => {
    expect(headerText(header)).toBe(
      '[1,1700000000000,' +
        '"abababababababababababababababababababababababababababababababab",' +
        '"cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd",' +
        '16,12345]',
    );
  });

  it('hashes that text, as anybody can check', () => {
    // Made with printf '%s' '[1,1700000000000,"abab…","cdcd…",16,12345]' | sha256sum
    const digest = '2466d368b5a889784007ebe04847cff609cf5968b34eea796976c2a8cf06873f';
    expect(hashBlock(header)).toBe(digest);
    expect(hashBlock(header)).toBe(sha256(headerText(header)));
  });

  it.each(changes)('gives another hash when the %s is another', (_field, changed) => {
    expect(headerText(changed)).not.toBe(headerText(header));
    expect(hashBlock(changed)).not.toBe(hashBlock(header));
  });

  it('takes nothing from a block but its header, however large its data', () => {
    const data = 'x'.repeat(100_000);
    const block: Block = { ...header, data, hash: 'ef'.repeat(32) };
    expect(headerText(block)).toBe(headerText(header));
    expect(hashBlock(block)).toBe(hashBlock(header));
  });

  it('does not care in which order the fields of an object were written', () => {
    const { index, timestamp, previousHash, dataHash, difficulty, nonce } = header;
    const reversed = { nonce, difficulty, dataHash, previousHash, timestamp, index };
    expect(headerText(reversed)).toBe(headerText(header));
  });
});

describe('Task 2: genesisBlock', () => {
  const options = { timestamp: NOON, difficulty: 12, data: 'Grüße 😀' };
  let genesis: Block;
  beforeAll(() => {
    genesis = genesisBlock(options);
  });

  it('makes a block with exactly the eight fields of a block', () => {
    expect(Object.keys(genesis).sort()).toEqual(fieldNames);
  });

  it('has index 0, and 64 zeros for the block before, as there is none', () => {
    expect(GENESIS_PREVIOUS_HASH).toBe('0'.repeat(64));
    expect(genesis).toMatchObject({ index: 0, previousHash: GENESIS_PREVIOUS_HASH });
  });

  it('begins with the nonce 0', () => {
    expect(genesis.nonce).toBe(0);
  });

  it('takes timestamp, difficulty and data from its options', () => {
    expect(genesis).toMatchObject({ timestamp: NOON, difficulty: 12, data: 'Grüße 😀' });
  });

  it('has difficulty 0 and the data "Genesis Block" unless told otherwise', () => {
    const plain = genesisBlock({ timestamp: NOON });
    expect(plain).toMatchObject({ difficulty: 0, data: 'Genesis Block' });
  });

  it('takes empty data as it is, and the difficulty 0', () => {
    const empty = genesisBlock({ timestamp: NOON, difficulty: 0, data: '' });
    expect(empty).toMatchObject({ difficulty: 0, data: '' });
  });

  it('holds the digest of its data', () => {
    // Made with printf '%s' 'Grüße 😀' | sha256sum
    const digest = '3436cf1c2f912923eb6c58432bc973f1e3bf57852f000822b53954e45e6c5be4';
    expect(genesis.dataHash).toBe(digest);
  });

  it('holds the hash of its own header', () => {
    expect(genesis.hash).toBe(hashBlock(genesis));
  });

  it('is the same block for the same options: two networks differ by what they say', () => {
    expect(genesisBlock(options)).toEqual(genesis);
    expect(genesisBlock({ ...options, timestamp: NOON + 1 }).hash).not.toBe(genesis.hash);
  });
});

describe('Task 3: nextBlock', () => {
  let genesis: Block;
  let block: Block;
  beforeAll(() => {
    genesis = genesisBlock({ timestamp: NOON, difficulty: 12 });
    block = nextBlock(genesis, 'Alice pays Bob 5', NOON + 60_000);
  });

  it('makes a block with exactly the eight fields of a block', () => {
    expect(Object.keys(block).sort()).toEqual(fieldNames);
  });

  it('counts its index up from its parent', () => {
    expect(block.index).toBe(1);
    expect(nextBlock(block, '', NOON).index).toBe(2);
  });

  it('holds the hash of its parent', () => {
    expect(block.previousHash).toBe(genesis.hash);
    expect(nextBlock(block, '', NOON).previousHash).toBe(block.hash);
  });

  it('inherits the difficulty of its parent', () => {
    expect(block.difficulty).toBe(12);
  });

  it('begins with the nonce 0, whatever nonce its parent has', () => {
    expect(nextBlock({ ...genesis, nonce: 4_711 }, '', NOON).nonce).toBe(0);
  });

  it('carries the data and its digest', () => {
    // Made with printf '%s' 'Alice pays Bob 5' | sha256sum
    const digest = '66ed59ebf7d156f0f5fca203039b6263ebbc7da0f2479caaa04544864d7b1719';
    expect(block).toMatchObject({ data: 'Alice pays Bob 5', dataHash: digest });
  });

  it('holds the hash of its own header', () => {
    expect(block.hash).toBe(hashBlock(block));
  });

  it.each([
    ['now, as a rule', NOON + 60_000, NOON + 60_000],
    ['now, if the clock has moved on by one millisecond', NOON + 1, NOON + 1],
    ['just after its parent, if the clock stands still', NOON, NOON + 1],
    ['just after its parent, if the clock went back', NOON - 60_000, NOON + 1],
    ['just after its parent, if the clock knows no date', 0, NOON + 1],
  ])('is dated %s', (_when, now, timestamp) => {
    expect(nextBlock(genesis, '', now).timestamp).toBe(timestamp);
  });

  it('follows any parent at any time, whatever it carries', () => {
    fc.assert(
      fc.property(anyParent, anyData, anyTime, (parent, data, now) => {
        const child = nextBlock(parent, data, now);
        expect(child).toMatchObject({
          index: parent.index + 1,
          timestamp: now > parent.timestamp ? now : parent.timestamp + 1,
          previousHash: parent.hash,
          dataHash: sha256(data),
          difficulty: parent.difficulty,
          nonce: 0,
          data,
        });
        expect(child.hash).toBe(hashBlock(child));
      }),
    );
  });

  it('leaves its parent as it was', () => {
    const parent = Object.freeze({ ...genesis });
    nextBlock(parent, 'hello', NOON);
    expect(parent).toEqual(genesis);
  });
});
