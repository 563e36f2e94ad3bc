import { z } from 'zod';
import { checkShape, type Block } from '#blocks';

/** Where a message is given up, in bytes: nodes send no longer ones. */
const MAX_MESSAGE = 8 * 1_048_576;

/** The end of the HTTP head that a connection begins with. */
const HEAD_END = '\r\n\r\n';

/** The opcodes of frames that carry text, or go on with it (RFC 6455, section 5.2). */
const CONTINUATION = 0;
const TEXT = 1;

const block = z.custom<Block>((value) => checkShape(value) === undefined);
const news = z.union([
  z.object({ type: z.literal('tip'), block }),
  z.object({ type: z.literal('blocks'), blocks: z.array(block).min(1) }),
]);

/** Reads along in one direction of a connection between two nodes, and finds the blocks in it. */
export class WireTap {
  readonly #found: (blocks: readonly Block[]) => void;
  #bytes = Buffer.alloc(0);
  #text: Buffer[] = [];
  #hasBegun = false;
  #isLost = false;

  /** @param found - is handed the blocks of each message that carries some */
  constructor(found: (blocks: readonly Block[]) => void) {
    this.#found = found;
  }

  /** Takes what has passed. What it cannot read it lets be: the nodes judge that themselves. */
  write(bytes: Buffer): void {
    if (this.#isLost) return;
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    if (!this.#hasBegun) {
      const end = this.#bytes.indexOf(HEAD_END);
      if (end === -1) return this.#limit();
      this.#bytes = this.#bytes.subarray(end + HEAD_END.length);
      this.#hasBegun = true;
    }
    while (this.#readFrame());
    this.#limit();
  }

  #limit(): void {
    this.#isLost = this.#bytes.length > MAX_MESSAGE;
    if (this.#isLost) this.#bytes = Buffer.alloc(0);
  }

  /** Reads a frame if all of it is here. */
  #readFrame(): boolean {
    const bytes = this.#bytes;
    const [first, second] = bytes;
    if (first === undefined || second === undefined) return false;
    const short = second & 0x7f;
    const start = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (bytes.length < start) return false;
    const length =
      start === 2
        ? short
        : start === 4
          ? bytes.readUInt16BE(2)
          : Number(bytes.readBigUInt64BE(2));
    const isMasked = (second & 0x80) !== 0;
    const from = start + (isMasked ? 4 : 0);
    if (bytes.length < from + length) return false;
    const payload = Buffer.from(bytes.subarray(from, from + length));
    if (isMasked) unmask(payload, bytes.subarray(start, from));
    this.#bytes = bytes.subarray(from + length);
    this.#take(first & 0x0f, (first & 0x80) !== 0, payload);
    return true;
  }

  #take(opcode: number, isLast: boolean, payload: Buffer): void {
    if (opcode === TEXT) this.#text = [payload];
    else if (opcode === CONTINUATION) this.#text.push(payload);
    else return;
    if (!isLast) return;
    const text = Buffer.concat(this.#text).toString();
    this.#text = [];
    // Most messages carry no blocks: these are not worth reading.
    if (text.includes('"block')) this.#read(text);
  }

  #read(text: string): void {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return;
    }
    const { success, data } = news.safeParse(value);
    if (success) this.#found(data.type === 'tip' ? [data.block] : data.blocks);
  }
}

function unmask(payload: Buffer, mask: Buffer): void {
  for (const [i, byte] of payload.entries()) payload[i] = byte ^ (mask[i % 4] ?? 0);
}
