/** What broke in the first toy blockchains, provoked here: nothing of it may happen. */
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { checkChain, genesisBlock, nextBlock, type Block } from '#blocks';
import { consensusRules } from '#consensus';
import { leadingZeroBits, mine } from '#proof-of-work';
import { TestNode, agreed, cleanUp, easy } from './harness.ts';
import { closeRawPeers, dial, helloOf, pretend, type RawPeer } from './raw-peer.ts';

const sockets = new Set<Socket>();

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  closeRawPeers();
  await cleanUp();
});

const tipOf = ({ hash, index }: Block, work = 2 ** 20) => ({
  hash,
  index,
  work: String(work),
});

/** Opens a raw TCP connection to the HTTP port and writes a text to it. */
async function rawHttp(node: TestNode, text: string): Promise<Socket> {
  const socket = connect(Number(node.httpPort), '127.0.0.1');
  sockets.add(socket);
  await once(socket, 'connect');
  socket.write(text);
  return socket;
}

/** Sends a block as an announcement and waits until the node has judged it. */
async function offer(peer: RawPeer, block: object, claim: Block): Promise<string> {
  peer.send({ type: 'tip', tip: tipOf(claim), block });
  return peer.closed();
}

describe('A node does not break as Pychain did', () => {
  it('1: a POST on the root is answered and sent on after a peer has connected', async () => {
    const root = await TestNode.start(easy);
    const joiner = await TestNode.join(root);
    const block = await root.post('a post on the root');
    await joiner.untilTip(block.hash);
  });

  it('2: a node in the middle passes on what it hears from either side', async () => {
    const root = await TestNode.start(easy);
    const middle = await TestNode.join(root);
    const end = await dial(middle); // it does not listen, so it stays at its end of the line
    const block = await root.post('from one end to the other');
    const { tip } = await end.receive(
      'tip',
      (message) => message.tip.hash === block.hash,
    );
    const back = await mine(nextBlock(block, 'and back', Date.now()));
    end.send({ type: 'tip', tip: tipOf(back, Number(tip.work) + 256), block: back });
    await root.untilTip(back.hash);
  });

  it('3: nodes that mine at the same time end with one chain', async () => {
    const root = await TestNode.start(easy);
    const joiner = await TestNode.join(root);
    for (let round = 0; round < 5; round += 1) {
      await Promise.all([root.post(`root ${round}`), joiner.post(`joiner ${round}`)]);
    }
    const chain = await agreed(root, joiner);
    expect(checkChain(chain, consensusRules)).toBeUndefined();
  });

  it('4: two POSTs at the same moment both get in, one after the other', async () => {
    const node = await TestNode.start(easy);
    const posted = await Promise.all([node.post('one'), node.post('two')]);
    const chain = await node.chain();
    expect(chain.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(chain.slice(1)).toEqual(posted.sort((a, b) => a.index - b.index));
  });

  it.each<[string, (block: Block, genesis: Block) => object]>([
    ['without proof of work', (block) => ({ ...block, hash: 'f'.repeat(64) })],
    ['with a negative nonce', (block) => ({ ...block, nonce: -1 })],
    ['with the timestamp -1', (block) => ({ ...block, timestamp: -1 })],
    ['with its index as a text', (block) => ({ ...block, index: String(block.index) })],
    ['with other data', (block) => ({ ...block, data: 'something else' })],
    [
      'with an easier difficulty',
      (_, genesis) => nextBlock({ ...genesis, difficulty: 0 }, '', 0),
    ],
  ])('5: a block %s is refused, and the next POST works', async (_name, forge) => {
    const node = await TestNode.start(easy);
    const [genesis] = await node.chain();
    if (genesis === undefined) throw new Error('The node has a genesis block.');
    const good = await mine(nextBlock(genesis, 'good', Date.now()));
    const reason = await offer(await dial(node), forge(good, genesis), good);
    expect(reason).toMatch(/invalid block|not a block/);
    expect(await node.chain()).toEqual([genesis]);
    expect((await node.post('afterwards')).index).toBe(1);
  });

  it('7: a joiner does not believe a root that lies', async () => {
    const liar = await pretend();
    const joiner = await TestNode.start(['-n', liar.url]);
    const peer = await liar.next();
    const lie = {
      ...genesisBlock({ timestamp: Date.now() }),
      index: 99,
      hash: 'f'.repeat(64),
    };
    peer.send(helloOf(lie.hash, { tip: tipOf(lie) }));
    await peer.receive('getBlocks');
    peer.send({ type: 'blocks', blocks: [lie] });
    expect(await peer.closed()).toMatch(/genesis block is invalid: its index is 99/);
    const { status, body } = await joiner.request<{ detail: string }>('/blocks');
    expect(status).toBe(503);
    expect(body.detail).toContain(liar.url);
  });

  it('8: a high difficulty only takes longer: nonces have no limit', async () => {
    const node = await TestNode.start(['-d', '5']);
    const block = await node.post('takes about a million attempts');
    expect(leadingZeroBits(block.hash)).toBeGreaterThanOrEqual(20);
    expect(checkChain(await node.chain(), consensusRules)).toBeUndefined();
  });

  it('8: -d 0 is a difficulty like others', async () => {
    const node = await TestNode.start(['-d', '0']);
    expect((await node.post('no work at all')).difficulty).toBe(0);
  });

  it('9: a chain much larger than a message can be joined', async () => {
    const root = await TestNode.start(['-d', '0']);
    const large = 'x'.repeat(1_000_000);
    for (let i = 0; i < 12; i += 1) await root.post(`${large}${i}`);
    const tip = await root.get<Block>('/blocks/latest');
    const joiner = await TestNode.join(root);
    await joiner.untilTip(tip.hash);
    await agreed(root, joiner);
  });

  it('10: idle connections and bodies that never come stop nobody else', async () => {
    const node = await TestNode.start(easy);
    await rawHttp(node, '');
    await rawHttp(
      node,
      'POST /blocks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n',
    );
    await rawHttp(
      node,
      'POST /blocks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n' +
        'Content-Length: 1000\r\n\r\n{"data":"to be continued',
    );
    expect((await node.post('served all the same')).index).toBe(1);
  });

  it('10: a POST of 5 MB is refused, and the node stays within reach', async () => {
    const node = await TestNode.start(easy);
    const { status, type } = await node.request('/blocks', {
      data: 'x'.repeat(5_000_000),
    });
    expect([status, type]).toEqual([413, 'application/problem+json; charset=utf-8']);
    expect((await node.post('small')).index).toBe(1);
  });

  it('11: GET /peers and every malformed POST get an answer', async () => {
    const node = await TestNode.start(easy);
    expect(await node.get('/peers')).toEqual([]);
    for (const body of [{}, { data: 7 }, [], null, 'text', { data: null }]) {
      const { status, type } = await node.request('/blocks', body);
      expect([status, type]).toEqual([400, 'application/problem+json; charset=utf-8']);
    }
    const broken = await fetch(`${node.http}/blocks`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"data": ',
    });
    expect(broken.status).toBe(400);
    expect(await node.chain()).toHaveLength(1);
  });

  it('13: a restart keeps the chain and its genesis block', async () => {
    const node = await TestNode.start(easy);
    await node.post('kept');
    const chain = await node.chain();
    expect(await node.stop()).toBe(0);
    const again = await TestNode.start([], node.folder);
    expect(await again.chain()).toEqual(chain);
  });

  it('14: a root that is down is dialed until it comes', async () => {
    const root = await TestNode.start(easy);
    await root.stop();
    const joiner = await TestNode.start(['-n', root.ws]);
    const { msg } = await joiner.until((line) => line.msg.startsWith('No connection'));
    expect(msg).toMatch(/No node listens there.*Trying again/);
    const { status, body } = await joiner.request<{ detail: string }>('/blocks', {
      data: 'early',
    });
    expect(status).toBe(503);
    expect(body.detail).toContain(root.ws);
    await TestNode.start(['-w', root.wsPort], root.folder);
    await joiner.until((line) => line.msg.startsWith('Joined the network'));
    expect((await joiner.post('at last')).index).toBe(1);
  });
});
