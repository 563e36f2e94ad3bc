/** What a hostile client may say to the port for peers: bytes, from the handshake on. */
import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { nextBlock, type Block } from '#blocks';
import { PROTOCOL_VERSION } from '#peers';
import { hostileJson, seldom, spoiled } from './json.ts';

/** One connection: its bytes, how many frames are among them, and how it ends. */
export interface Conversation {
  readonly bytes: Buffer;
  readonly frames: number;
  readonly ending: 'close' | 'end' | 'vanish';
}

/** A WebSocket frame (RFC 6455, section 5.2), of which anything may be wrong. */
interface Frame {
  readonly opcode: number;
  readonly payload: Uint8Array;
  readonly fin?: boolean;
  /** The three bits that must be zero. */
  readonly reserved?: number;
  readonly masked?: boolean;
  /** The length that the frame claims, where it lies. */
  readonly claims?: bigint;
}

const CONTINUATION = 0;
const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

const utf8 = (text: string) => new TextEncoder().encode(text);

function encode(frame: Frame): Buffer {
  const { opcode, payload, fin = true, reserved = 0, masked = true, claims } = frame;
  const length = claims ?? BigInt(payload.length);
  const head = Buffer.alloc(10);
  head[0] = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
  let size = 2;
  if (length < 126n) head[1] = Number(length);
  else if (length < 65_536n) {
    head[1] = 126;
    size = head.writeUInt16BE(Number(length), 2);
  } else {
    head[1] = 127;
    size = head.writeBigUInt64BE(length, 2);
  }
  if (!masked) return Buffer.concat([head.subarray(0, size), payload]);
  head[1] |= 0x80;
  const mask = Buffer.from([1, 2, 3, 4]);
  const hidden = Buffer.from(payload.map((byte, i) => byte ^ ((i % 4) + 1)));
  return Buffer.concat([head.subarray(0, size), mask, hidden]);
}

/** Cuts a message into frames, with pings between them. */
function fragments(text: string, cuts: readonly number[]): Frame[] {
  const bytes = utf8(text);
  const places = cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b);
  const bounds = [0, ...places, bytes.length];
  return bounds.slice(1).flatMap((end, i): Frame[] => {
    const payload = bytes.subarray(bounds[i], end);
    const fin = i === bounds.length - 2;
    const piece = { opcode: i === 0 ? TEXT : CONTINUATION, payload, fin };
    return fin ? [piece] : [piece, { opcode: PING, payload: utf8('?') }];
  });
}

const hash = fc
  .integer()
  .map((n) => createHash('sha256').update(String(n)).digest('hex'));
const work = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 64n }).map(String),
  fc.constant('9'.repeat(100)),
);
// Whatever a node hears of it may dial: nothing listens on these ports of this machine.
const port = fc.integer({ min: 1, max: 9 });
const url = port.map((number) => `ws://127.0.0.1:${number}`);

/** The line of a payment that nobody signed. */
const paymentLine = fc
  .tuple(hash, hash, fc.nat(), fc.nat(), fc.nat(), hash)
  .map(([from, to, amount, fee, count, half]) =>
    JSON.stringify([from, to, amount, fee, count, half + half]),
  );

/** Messages that are well formed, be they true or not. */
function wellFormed(genesis: Block): fc.Arbitrary<object> {
  const index = fc.nat({ max: 1_000_000 });
  const tip = fc.record({ hash, index, work });
  const block = fc
    .record({ data: fc.string({ unit: 'grapheme' }), time: fc.nat({ max: 1_000 }) })
    .map(({ data, time }) =>
      nextBlock(genesis, data.toWellFormed(), genesis.timestamp + time),
    );
  const known = fc.oneof(hash, fc.constant(genesis.hash));
  return fc.oneof(
    fc.record({ type: fc.constant('tip'), tip }),
    fc.record({ type: fc.constant('getBlocks'), locator: fc.array(known) }),
    fc.record({ type: fc.constant('blocks'), blocks: fc.array(fc.constant(genesis)) }),
    fc.constant({ type: 'getPeers' }),
    fc.record({ type: fc.constant('peers'), urls: fc.array(url) }),
    fc.record({
      type: fc.constant('topic'),
      topic: fc.constantFrom('x', 'payments', 'constructor'),
      body: fc.jsonValue(),
    }),
    fc.record({
      type: fc.constant('topic'),
      topic: fc.constant('payments'),
      body: fc.record({ lines: fc.array(fc.oneof(fc.string(), paymentLine)) }),
    }),
    // Without proof of work: well formed, and a reason to be dropped.
    fc.record({ type: fc.constant('tip'), tip, block }),
    fc.record({ type: fc.constant('blocks'), blocks: fc.array(block, { minLength: 1 }) }),
  );
}

function helloOf(genesis: string): fc.Arbitrary<object> {
  return fc.record({
    type: fc.constant('hello'),
    version: fc.constant(PROTOCOL_VERSION),
    nodeId: hash.map((digits) => digits.slice(32)),
    nonce: hash.map((digits) => digits.slice(32)),
    genesis: fc.constant(genesis),
    port: fc.option(port),
    time: fc.nat(),
    tip: fc.option(fc.record({ hash, index: fc.nat(), work })),
  });
}

/** Frames that a node should take, or at least live with. */
function tolerable(message: fc.Arbitrary<string>): fc.Arbitrary<Frame[]> {
  const small = fc.uint8Array({ maxLength: 125 });
  return fc.oneof(
    {
      weight: 4,
      arbitrary: message.map((text) => [{ opcode: TEXT, payload: utf8(text) }]),
    },
    fc
      .tuple(message, fc.array(fc.nat({ max: 300 }), { minLength: 1, maxLength: 4 }))
      .map(([text, cuts]) => fragments(text, cuts)),
    fc
      .record({ opcode: fc.constantFrom(PING, PONG), payload: small })
      .map((frame) => [frame]),
  );
}

/** Frames for which a node ends the connection. */
function hostile(message: fc.Arbitrary<object>): fc.Arbitrary<Frame[]> {
  const payload = fc.uint8Array({ maxLength: 200 });
  const lie = fc.oneof(
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    fc.constantFrom(8_388_609n, 2n ** 31n, 2n ** 53n, 2n ** 64n - 1n),
  );
  const one = (frame: fc.Arbitrary<Frame>) => frame.map((each) => [each]);
  const text = (json: fc.Arbitrary<string>) =>
    one(json.map((each) => ({ opcode: TEXT, payload: utf8(each) })));
  return fc.oneof(
    { weight: 8, arbitrary: text(message.chain(spoiled)) },
    { weight: 2, arbitrary: text(hostileJson) },
    text(fc.string({ unit: 'binary' })),
    one(fc.record({ opcode: fc.constant(TEXT), payload })), // most are no UTF-8
    one(fc.record({ opcode: fc.constant(BINARY), payload })),
    one(fc.record({ opcode: fc.nat({ max: 15 }), payload, fin: fc.boolean() })),
    one(fc.record({ opcode: fc.constant(TEXT), payload, reserved: fc.nat({ max: 7 }) })),
    one(fc.record({ opcode: fc.constant(TEXT), payload, masked: fc.constant(false) })),
    one(fc.record({ opcode: fc.nat({ max: 15 }), payload, claims: lie })),
    one(fc.record({ opcode: fc.constantFrom(CLOSE, PING, PONG), payload })),
  );
}

function upgrade(lines: readonly string[]): Buffer {
  const key = randomBytes(16).toString('base64');
  const usual = [
    'Host: x',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Version: 13',
  ];
  return Buffer.from(
    ['GET / HTTP/1.1', ...usual, `Sec-WebSocket-Key: ${key}`, ...lines, '', ''].join(
      '\r\n',
    ),
  );
}

/** What comes before any frame, rightly or not. */
const beginning: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 20, arbitrary: fc.constant([]).map(upgrade) },
  fc
    .constantFrom(
      'Origin: http://example.org',
      'Sec-WebSocket-Version: 7',
      'Sec-WebSocket-Key: short',
      'Sec-WebSocket-Extensions: permessage-deflate; x=\u0001',
      'Sec-WebSocket-Protocol: ,,',
      'Content-Length: 5',
      'Transfer-Encoding: chunked',
    )
    .map((line) => upgrade([line])),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.nat({ max: 150 }).map((length) => upgrade([]).subarray(0, length)),
);

/** Conversations with the node whose genesis block this is. */
export function conversations(genesis: Block): fc.Arbitrary<Conversation> {
  const message = wellFormed(genesis);
  const honestHello = helloOf(genesis.hash).map((each) => JSON.stringify(each));
  const hello = fc.oneof(
    { weight: 12, arbitrary: honestHello },
    { weight: 2, arbitrary: helloOf(genesis.hash).chain(spoiled) },
    message.map((each) => JSON.stringify(each)), // no hello at all
  );
  const noise = tolerable(message.map((each) => JSON.stringify(each)));
  return fc
    .record({
      start: beginning,
      greeting: tolerable(hello),
      frames: fc.array(
        fc.oneof(
          { weight: 3, arbitrary: noise },
          { weight: 2, arbitrary: hostile(message) },
        ),
        { minLength: 1, maxLength: 6, size: 'max' },
      ),
      cut: seldom(8, fc.integer({ min: 1, max: 40 })),
      ending: fc.constantFrom('close', 'close', 'close', 'end', 'vanish'),
    })
    .map(({ start, greeting, frames, cut, ending }) => {
      const list = [...greeting, ...frames.flat()];
      const bytes = Buffer.concat([start, ...list.map(encode)]);
      return {
        bytes: bytes.subarray(0, bytes.length - (cut ?? 0)),
        frames: list.length,
        ending,
      };
    });
}

/** What says goodbye. */
export const goodbye: Buffer = encode({
  opcode: CLOSE,
  payload: new Uint8Array([3, 232]),
});
