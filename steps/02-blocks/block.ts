import { canonicalJson, sha256 } from '#hashing';

/** The part of a block that is hashed. Its size does not depend on the data. */
export interface Header {
  /** Distance from the genesis block, which has index 0. */
  readonly index: number;
  /** When the block was made, in milliseconds since the Unix epoch. */
  readonly timestamp: number;
  /** The hash of the block before, 64 hex digits. */
  readonly previousHash: string;
  /** The SHA-256 digest of `data`, 64 hex digits. */
  readonly dataHash: string;
  /** How many leading zero bits the hash must have, 0 to 256. */
  readonly difficulty: number;
  /** The number that mining varies, a safe integer from 0. */
  readonly nonce: number;
}

/** A block: a header, the data it vouches for, and its own hash. */
export interface Block extends Header {
  /** The payload: any text of at most {@link MAX_DATA_BYTES}. */
  readonly data: string;
  /** The SHA-256 digest of the {@link headerText}, 64 hex digits. */
  readonly hash: string;
}

/** The most data a block may carry, in bytes of UTF-8 (1 MiB). */
export const MAX_DATA_BYTES = 1_048_576;

/** What the genesis block gives as the hash of the block before it: there is none. */
export const GENESIS_PREVIOUS_HASH = '0'.repeat(64);

/**
 * Returns the text whose SHA-256 digest is the block's hash, as canonical JSON:
 * `[index,timestamp,"previousHash","dataHash",difficulty,nonce]`. It depends on these six
 * fields alone: not on what else the object holds, and not on the order of its fields.
 */
export function headerText(header: Header): string {
  const { index, timestamp, previousHash, dataHash, difficulty, nonce } = header;
  return canonicalJson([index, timestamp, previousHash, dataHash, difficulty, nonce]);
}

/**
 * Returns the hash that a block with this header must have, as 64 hex digits: the SHA-256
 * digest of its {@link headerText}.
 */
export function hashBlock(header: Header): string {
  return sha256(headerText(header));
}

/**
 * Returns the first block of a new chain, with the eight fields of a {@link Block} and no
 * more: index 0, nonce 0, and {@link GENESIS_PREVIOUS_HASH}, as there is no block before.
 * The `dataHash` and the `hash` are computed. The same options give the same block.
 *
 * @param options.timestamp - milliseconds since the Unix epoch
 * @param options.difficulty - leading zero bits that every hash of this chain must have;
 * 0 unless given
 * @param options.data - the payload, which may be empty; `Genesis Block` unless given
 */
export function genesisBlock(options: {
  timestamp: number;
  difficulty?: number;
  data?: string;
}): Block {
  const { timestamp, difficulty = 0, data = 'Genesis Block' } = options;
  const previousHash = GENESIS_PREVIOUS_HASH;
  return seal({ index: 0, timestamp, previousHash, difficulty, data });
}

/** Makes a block of what cannot be computed: adds the nonce 0, the dataHash and the hash. */
function seal(fields: Omit<Block, 'dataHash' | 'nonce' | 'hash'>): Block {
  const { index, timestamp, previousHash, difficulty, data } = fields;
  const dataHash = sha256(data);
  const header = { index, timestamp, previousHash, dataHash, difficulty, nonce: 0 };
  return { ...header, data, hash: hashBlock(header) };
}

/**
 * Returns the block that carries `data` and follows `previous`: the index counts up by one,
 * `previousHash` is the hash of `previous`, the difficulty is the same, the nonce is 0, and
 * the `dataHash` and the `hash` are computed. It has the eight fields of a {@link Block} and
 * no more; `previous` stays as it was.
 *
 * @param now - the time of the clock in milliseconds: the block's timestamp, unless that
 * would not be later than its parent's; then it is one millisecond after its parent's
 */
export function nextBlock(previous: Block, data: string, now: number): Block {
  return seal({
    index: previous.index + 1,
    timestamp: Math.max(now, previous.timestamp + 1),
    previousHash: previous.hash,
    difficulty: previous.difficulty,
    data,
  });
}
