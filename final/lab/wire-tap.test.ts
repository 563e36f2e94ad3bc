import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { WebSocket, WebSocketServer } from 'ws';
import type { AddressInfo } from 'node:net';
import { genesisBlock, type Block } from '#blocks';
import { Link } from './link.ts';
import { WireTap } from './wire-tap.ts';

const block = genesisBlock({ timestamp: 1, difficulty: 0 });
const tip = { hash: block.hash, index: 0, work: '1' };

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Two ends of a WebSocket with a link between them, and what passed through it. */
async function connection() {
  const passed: [string, string, string[]][] = [];
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const link = new Link(
    'A',
    'B',
    () => (server.address() as AddressInfo).port,
    (from, to, blocks) => passed.push([from, to, blocks.map(({ data }) => data)]),
  );
  await link.listen();
  const dialing = new WebSocket(link.url);
  const [[accepted]] = (await Promise.all([
    once(server, 'connection'),
    once(dialing, 'open'),
  ])) as [[WebSocket], unknown];
  closing.push(() => {
    dialing.terminate();
    server.close();
    link.close();
  });
  return { dialing, accepted, passed };
}

async function send(from: WebSocket, to: WebSocket, message: object): Promise<void> {
  const arrived = once(to, 'message');
  from.send(JSON.stringify(message));
  await arrived;
}

describe('A link that is read along', () => {
  it('tells of the blocks that pass, in both directions, and of nothing else', async () => {
    const { dialing, accepted, passed } = await connection();
    const blocks = ['x', 'y'].map((data): Block => ({ ...block, data }));
    await send(dialing, accepted, { type: 'tip', tip });
    await send(dialing, accepted, { type: 'tip', tip, block });
    await send(dialing, accepted, { type: 'blocks', blocks: [] });
    await send(dialing, accepted, { type: 'getBlocks', locator: [block.hash] });
    await send(accepted, dialing, { type: 'blocks', blocks });
    await send(accepted, dialing, { type: 'tip', tip, block: { no: 'block' } });
    expect(passed).toEqual([
      ['A', 'B', [block.data]],
      ['B', 'A', ['x', 'y']],
    ]);
  });

  it('reads messages of any length', async () => {
    const { dialing, accepted, passed } = await connection();
    for (const length of [1, 1_000, 100_000]) {
      const data = 'ä'.repeat(length);
      await send(dialing, accepted, { type: 'blocks', blocks: [{ ...block, data }] });
      expect(passed.at(-1)).toEqual(['A', 'B', [data]]);
    }
  });
});

describe('A tap', () => {
  const text = Buffer.from(JSON.stringify({ type: 'tip', tip, block }));
  const frame = (opcode: number, payload: Buffer) => {
    const head = Buffer.alloc(4);
    head.writeUInt8(opcode);
    head.writeUInt8(126, 1);
    head.writeUInt16BE(payload.length, 2);
    return Buffer.concat([head, payload]);
  };
  const head = Buffer.from('HTTP/1.1 101 Switching Protocols\r\n\r\n');
  const read = (pieces: readonly Buffer[]) => {
    const found: string[] = [];
    const tap = new WireTap((blocks) => found.push(...blocks.map(({ hash }) => hash)));
    for (const piece of pieces) tap.write(piece);
    return found;
  };

  it('does not mind where its bytes are parted', () => {
    const bytes = Buffer.concat([head, frame(0x81, text), frame(0x81, text)]);
    expect(read(Array.from(bytes, (byte) => Buffer.of(byte)))).toEqual([
      block.hash,
      block.hash,
    ]);
  });

  it('joins a message that comes in several frames, with a ping between them', () => {
    const parts = [text.subarray(0, 20), text.subarray(20)] as const;
    const ping = frame(0x89, Buffer.from('ping'));
    const pieces = [head, frame(0x01, parts[0]), ping, frame(0x80, parts[1])];
    expect(read(pieces)).toEqual([block.hash]);
  });

  it('lets be what is no message', () => {
    const junk = frame(0x81, Buffer.from('"block" {'));
    expect(read([head, junk, frame(0x81, text)])).toEqual([block.hash]);
  });

  it('gives up where a message is longer than nodes send, and holds no more of it', () => {
    const found = read([head, ...Array<Buffer>(10).fill(Buffer.alloc(1_048_576, 0x7f))]);
    expect(found).toEqual([]);
  });
});
