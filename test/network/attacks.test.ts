/** What ends, fools or slows other toy blockchains, provoked here on one node. */
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { checkChain, genesisBlock, hashBlock, nextBlock, type Block } from '#blocks';
import { consensusRules } from '#consensus';
import { sha256 } from '#hashing';
import { mine } from '#proof-of-work';
import { TestNode, cleanUp, easy, memoryOf } from './harness.ts';
import { closeRawPeers, dial, helloOf, pretend, type RawPeer } from './raw-peer.ts';

const DIFFICULTY = 8;

let node: TestNode;
let genesis: Block;

beforeAll(async () => {
  // All these peers come from one address, and most of them break the protocol.
  node = await TestNode.start([...easy, '--shared-address']);
  genesis = await node.get<Block>('/blocks/0');
});
afterEach(closeRawPeers);
afterAll(cleanUp);

/** Lists in lists in lists: what goes through them by calling itself has no room for that. */
const DEEP = '['.repeat(30_000) + ']'.repeat(30_000);

const tipOf = ({ hash, index }: Block, work: bigint) => ({
  hash,
  index,
  work: String(work),
});

/** Gives the block that a node would mine next. */
async function honestBlock(): Promise<Block> {
  return mine(nextBlock(await node.get<Block>('/blocks/latest'), 'good', Date.now()));
}

/** Says something to the node, and waits until it ends the connection; gives its reason. */
async function refusalOf(...messages: unknown[]): Promise<string> {
  const peer = await dial(node);
  for (const message of messages) peer.send(message);
  return peer.closed();
}

/** Makes sure that the node serves and mines as before. */
async function expectHealth(): Promise<void> {
  const block = await node.post('all is well');
  expect(block.difficulty).toBe(DIFFICULTY);
  const chain = await node.chain();
  expect(chain.at(-1)).toEqual(block);
  expect(chain[0]).toEqual(genesis);
  expect(checkChain(chain, consensusRules)).toBeUndefined();
}

describe('One message over WebSocket', () => {
  it.each([
    '{bad',
    'null',
    '[]',
    '{"type":2}',
    '{"type":2,"data":"[]"}',
    '{"type":2,"data":"null"}',
    '{"type":"blocks","blocks":[null]}',
    '{"type":"blocks","blocks":null}',
    '{"type":"tip","tip":null}',
  ])('such as %s ends its own connection, and not the process', async (text) => {
    const stranger = new WebSocket(node.ws);
    await once(stranger, 'open');
    stranger.send(text);
    await once(stranger, 'close');
    expect(await refusalOf(text)).toMatch(/^Invalid message/);
    await expectHealth();
  });

  it('that nests thousands deep ends its own connection, wherever in it that is', async () => {
    const tip = JSON.stringify(tipOf(genesis, 1n));
    for (const text of [
      DEEP,
      `{"type":${DEEP}}`,
      `{"type":"topic","topic":"payments","body":${DEEP}}`,
      `{"type":"topic","topic":"payments","body":{"lines":[${DEEP}]}}`,
      `{"type":"tip","tip":${DEEP}}`,
      `{"type":"tip","tip":${tip},"block":{"data":${DEEP}}}`,
      `{"type":"getBlocks","locator":[${DEEP}]}`,
      `{"type":"peers","urls":[${DEEP}]}`,
      `{"type":"hello","version":${DEEP}}`,
    ])
      expect(await refusalOf(text)).toMatch(/^Invalid message/);
    await expectHealth();
  });

  it('of 30 MB is not taken, and takes no memory', async () => {
    const before = await memoryOf(node);
    const peers = await Promise.all([1, 2, 3].map(() => dial(node)));
    const large = `{"type":"${'x'.repeat(30_000_000)}"}`;
    for (const peer of peers) peer.send(large);
    await Promise.all(peers.map((peer) => peer.closed()));
    expect(await memoryOf(node)).toBeLessThan(before + 80); // Naivechain took 255 for one
    await expectHealth();
  });
});

describe('An appended block', () => {
  /** Changes data as a thief would: with right hashes, but without mining. */
  function rehashed(block: Block, changes: Partial<Block>): Block {
    const changed = { ...block, ...changes };
    const whole = { ...changed, dataHash: sha256(changed.data) };
    for (let nonce = 0; ; nonce += 1) {
      const hash = hashBlock({ ...whole, nonce });
      if (!hash.startsWith('00')) return { ...whole, nonce, hash };
    }
  }

  it.each<[string, (block: Block) => object | Promise<object>, RegExp]>([
    ['the index 1000', (block) => ({ ...block, index: 1000 }), /its index is 1000/],
    [
      'the hash deadbeef',
      (block) => ({ ...block, hash: 'deadbeef' }),
      /64 lowercase hex/,
    ],
    [
      'a time in words',
      (block) => ({ ...block, timestamp: 'whenever' }),
      /timestamp is not/,
    ],
    ['an amount changed', (block) => ({ ...block, data: 'to Eve' }), /dataHash/],
    [
      'an amount changed and all rehashed, without mining',
      (block) => rehashed(block, { data: 'to Eve' }),
      /leading zero bits, not the 8/,
    ],
    [
      'a claim of difficulty 500',
      (block) => rehashed(block, { difficulty: 500 }),
      /difficulty is not a whole number to 256/,
    ],
    [
      'a claim of difficulty 200, without that work',
      (block) => rehashed(block, { difficulty: 200 }),
      /difficulty is 200, not its parent's 8/,
    ],
    [
      'less difficulty than the chain asks for, and the work for that',
      (block) => mine({ ...block, difficulty: 4 }),
      /difficulty is 4, not its parent's 8/,
    ],
    [
      'more difficulty than the chain asks for, and the work for that',
      (block) => mine({ ...block, difficulty: 9 }),
      /difficulty is 9, not its parent's 8/,
    ],
  ])('with %s is refused, and mining goes on as before', async (_name, forge, words) => {
    const good = await honestBlock();
    const block = await forge(good);
    const tip = tipOf(good, 2n ** 40n);
    expect(await refusalOf({ type: 'tip', tip, block })).toMatch(words);
    await expectHealth();
  });
});

describe('A forged chain', () => {
  it('does not win by the work that it claims', async () => {
    const chain = await node.chain();
    const forged = [genesis];
    for (const last of forged) {
      if (forged.length < chain.length - 1)
        forged.push(await mine(nextBlock(last, 'forged', Date.now())));
    }
    const last = forged.pop();
    if (last === undefined) throw new Error('The chain has blocks.');
    const claim = { ...last, difficulty: 256 };
    const lie = { ...claim, hash: hashBlock(claim) };
    const peer = await dial(node);
    peer.send({ type: 'tip', tip: tipOf(lie, 2n ** 256n) });
    await peer.receive('getBlocks');
    peer.send({ type: 'blocks', blocks: [...forged.slice(1), lie] });
    expect(await peer.closed()).toMatch(/difficulty is 256, not its parent's 8/);
    expect((await node.chain()).slice(0, chain.length)).toEqual(chain);
    await expectHealth();
  });

  it('of one block is checked as any other', async () => {
    const liar = await pretend();
    const joiner = await TestNode.start(['-n', liar.url]);
    const lie = { ...genesisBlock({ timestamp: 0 }), data: 'another beginning' };
    const peer = await liar.next();
    peer.send(helloOf(lie.hash, { tip: tipOf(lie, 1n) }));
    await peer.receive('getBlocks');
    peer.send({ type: 'blocks', blocks: [lie] });
    expect(await peer.closed()).toMatch(/genesis block is invalid: its dataHash/);
    expect((await joiner.request('/blocks')).status).toBe(503);
  });
});

describe('Catching up on two blocks', () => {
  it('moves two blocks, and not the chain', async () => {
    for (let i = 0; i < 10; i += 1) await node.post(`block ${i}`);
    const chain = await node.chain();
    const peer = await dial(node);
    peer.send({ type: 'getBlocks', locator: [chain.at(-3)?.hash, genesis.hash] });
    const { blocks } = await peer.receive('blocks');
    expect(blocks).toEqual(chain.slice(-2));
  });

  it('asks one of the peers that have them, and not all', async () => {
    const first = await honestBlock();
    const second = await mine(nextBlock(first, 'better', Date.now()));
    const peers = await Promise.all([1, 2, 3, 4].map(() => dial(node)));
    for (const peer of peers) peer.send({ type: 'tip', tip: tipOf(second, 2n ** 30n) });
    const asked = await Promise.race(
      peers.map(async (peer) => peer.receive('getBlocks').then(() => peer)),
    );
    asked.send({ type: 'blocks', blocks: [first, second] });
    await node.untilTip(second.hash);
    const asks = ({ messages }: RawPeer) =>
      messages.filter(({ type }) => type === 'getBlocks');
    for (const peer of peers) {
      if (peer !== asked) expect(asks(peer)).toEqual([]);
    }
    await expectHealth();
  });
});

describe('A peer that is added', () => {
  it('twice, or twice at once, is one peer', async () => {
    const other = await TestNode.join(node);
    const urls = async () => {
      const peers = await node.get<{ url: string }[]>('/peers');
      return peers.map(({ url }) => url).filter((url) => url === other.ws);
    };
    const answers = await Promise.all(
      [1, 2, 3].map(() => node.request('/addPeer', { url: other.ws })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await urls()).toEqual([other.ws]);
  });

  it('and is not there is a 502 in words', async () => {
    const other = await TestNode.start(easy);
    await other.stop();
    const { status, type, body } = await node.request<{ detail: string }>('/addPeer', {
      url: other.ws,
    });
    expect([status, type]).toEqual([502, expect.stringContaining('problem+json')]);
    expect(body.detail).toBe(`No connection to ${other.ws}: No node listens there.`);
  });

  it.each(['', 'localhost', 'http://localhost:1', 'ws://', 7, null, undefined])(
    'as %j is a 400 in words',
    async (url) => {
      const { status, body } = await node.request<{ detail: string }>('/addPeer', {
        url,
      });
      expect(status).toBe(400);
      expect(body.detail).toMatch(/ws:\/\//);
    },
  );

  it('and lost is a peer again when it comes back', async () => {
    const other = await TestNode.start(['-n', node.ws]);
    await other.until(({ msg }) => msg.startsWith('Joined the network'));
    await node.request('/addPeer', { url: other.ws });
    await other.post('on disk'); // so that it still belongs to this network
    await other.kill();
    await node.until(({ msg }) => msg.startsWith(`Lost ${other.ws}`));
    const args = ['-w', other.wsPort, '--outbound', '0'];
    const again = await TestNode.start(args, other.folder);
    // Both dial, and whoever is faster makes the connection.
    await again.until(({ msg }) => /^Connected to|connected to this node/.test(msg));
  });
});

describe('The HTTP API', () => {
  it('mines no block without data', async () => {
    const before = await node.chain();
    for (const path of ['/blocks', '/mineBlock']) {
      for (const body of [{}, { data: null }, { data: {} }, []]) {
        const { status, body: answer } = await node.request<{ detail: string }>(
          path,
          body,
        );
        expect(status).toBe(400);
        expect(answer.detail).toMatch(/data/);
      }
    }
    expect(await node.chain()).toEqual(before);
  });

  it('gives the block that it mined, and it is on the chain', async () => {
    const { status, body } = await node.request<Block>('/mineBlock', { data: 'mine' });
    expect(status).toBe(201);
    expect(await node.get(`/blocks/${body.index}`)).toEqual(body);
  });

  it('takes nothing that nests thousands deep', async () => {
    for (const [path, field] of [
      ['/blocks', 'data'],
      ['/mineBlock', 'data'],
      ['/peers', 'peer'],
      ['/addPeer', 'peer'],
      ['/payments', 'from'],
    ] as const) {
      const response = await fetch(node.http + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: `{"${field}":${DEEP}}`,
      });
      expect(Math.trunc(response.status / 100)).toBe(4);
      expect(await response.text()).toMatch(/^\{.*"detail":/);
    }
    await expectHealth();
  });

  it('answers bad JSON in words, without HTML or a stack trace', async () => {
    for (const path of ['/blocks', '/mineBlock', '/peers', '/addPeer']) {
      const response = await fetch(node.http + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"data": oops',
      });
      expect(response.status).toBe(400);
      expect(response.headers.get('content-type')).toContain('application/problem+json');
      expect(await response.text()).toMatch(/^\{.*"detail":"The body is not valid JSON/);
    }
  });

  it('gives the chain as JSON, be it short or long', async () => {
    const short = await TestNode.start(['-d', '0']);
    for (let length = 1; length <= 12; length += 1) {
      const { status, type, body } = await short.request<Block[]>('/blocks');
      expect([status, type, body.length]).toEqual([
        200,
        expect.stringMatching(/^application\/json/),
        length,
      ]);
      await short.post(`block ${length}`);
    }
  });
});
