import type { ClassicLevel, Iterator } from 'classic-level';
import { checkShape, hashBlock, type Block } from '#blocks';
import { sha256 } from '#hashing';
import { merkleRoot } from '#merkle';
import { ALL_BLOCKS, blockOf, keyOf } from './block-codec.ts';

/** How many blocks, and about how many bytes, are read ahead: what a peer gets in two answers. */
const AHEAD = { blocks: 1_000, bytes: 2_097_152 };

/** How many pieces that were read are kept. Who answers a peer looks at each block twice. */
const MAX_PIECES = 3;

/** Goes through keys and values. */
type Entries = Iterator<ClassicLevel<string, unknown>, string, unknown>;

/** Some blocks that follow each other, by their hashes. */
interface Piece {
  readonly blocks: ReadonlyMap<string, Block>;
  /** The key of the last block. */
  readonly last: string;
  /** Whether what comes after it was read, or is being read. */
  isFollowed: boolean;
}

/**
 * Reads blocks when they are asked for. Who asks for one block mostly asks for those
 * after it next, as peers do: these are read ahead, which does not hold up the process.
 */
export class BlockReader {
  readonly #database: ClassicLevel<string, unknown>;
  #pieces: readonly Piece[] = [];
  /** One for all reading ahead: what each of them has read stays in memory for long. */
  #ahead: Entries | undefined;
  #isReading = false;
  /** The index of the last block that had not been read ahead. */
  #last = NaN;

  /** @param database - what has the blocks */
  constructor(database: ClassicLevel<string, unknown>) {
    this.#database = database;
  }

  /** Returns the block with an index and a hash, or undefined if it is not there. */
  read(block: Block): Block | undefined {
    for (const piece of this.#pieces) {
      const known = piece.blocks.get(block.hash);
      if (known === undefined) continue;
      if (!piece.isFollowed && !this.#isReading) {
        piece.isFollowed = true;
        void this.#readAfter(piece.last);
      }
      return known;
    }
    const key = keyOf(block);
    const value = this.#database.getSync(key);
    if (value === undefined) return undefined;
    const read = blockOf(value);
    if (!isWhole(read, block.hash)) throw new Error(`block ${block.index} was changed`);
    if (block.index === this.#last + 1 && !this.#isReading) void this.#readAfter(key);
    this.#last = block.index;
    return read;
  }

  async #readAfter(key: string): Promise<void> {
    this.#isReading = true;
    try {
      const options = { ...ALL_BLOCKS, highWaterMarkBytes: AHEAD.bytes };
      this.#ahead ??= this.#database.iterator(options);
      this.#ahead.seek(key); // it does not matter that this one is read again
      const entries = await this.#ahead.nextv(AHEAD.blocks);
      const last = entries.at(-1)?.[0] ?? key;
      if (last === key) {
        await this.#ahead.close(); // it does not see blocks that came after it was made
        this.#ahead = undefined;
        return;
      }
      const read = entries.map(([, value]) => blockOf(value));
      const whole = read.filter((each) => isWhole(each, each.hash));
      const blocks = new Map(whole.map((each) => [each.hash, each]));
      const piece = { blocks, last, isFollowed: false };
      this.#pieces = [piece, ...this.#pieces.slice(0, MAX_PIECES - 1)];
    } catch {
      // Whoever asks for the blocks hears of it.
    } finally {
      this.#isReading = false;
    }
  }
}

/** Whether a block is as its hash says: LevelDB does not notice each byte that a disk changes. */
function isWhole(block: Block, hash: string): boolean {
  if (block.hash !== hash || checkShape(block) !== undefined) return false;
  const { data, dataHash } = block;
  const isData = sha256(data) === dataHash || merkleRoot(data) === dataHash;
  return hashBlock(block) === hash && isData;
}
