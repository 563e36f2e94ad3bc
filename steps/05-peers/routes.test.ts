import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Chain, genesisBlock } from '#blocks';
import { createApi } from '#http';
import { peerRoutes, type Peer, type PeerNetwork } from '#peers';
import {
  closeNodes,
  makeNode,
  startNode as startAnyNode,
  urlOf,
} from './networks-for-test.ts';

const genesis = genesisBlock({ timestamp: 1_700_000_000_000 });
const foreign = genesisBlock({ timestamp: 1_700_000_000_001 });

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
  await closeNodes();
});

/** Starts a node that has this genesis block. */
const startNode = (first = genesis, port = 0) =>
  startAnyNode({ genesis: first.hash, redial: { first: 10, max: 20 }, port });

/** Starts a node with the API of step 4 and these routes. */
async function startApi() {
  const network = await startNode();
  const node = { chain: new Chain(genesis), mine: () => Promise.resolve(genesis) };
  const server = createApi(node, peerRoutes(network)).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const peers = `http://127.0.0.1:${port}/peers`;
  const get = async () => read(await fetch(peers));
  const postText = async (body: string, type = 'application/json') =>
    read(await fetch(peers, { method: 'POST', body, headers: { 'Content-Type': type } }));
  const post = (url: unknown) => postText(JSON.stringify({ url }));
  return { network, get, post, postText };
}

/** What came back, as one object that shows in a failing test what was wrong. */
async function read(res: Response) {
  const text = await res.text();
  let body: unknown = text;
  try {
    body = JSON.parse(text);
  } catch {
    // The text itself shows what came instead of JSON.
  }
  return { status: res.status, type: res.headers.get('content-type'), body };
}

const json = (status: number, body: unknown) => ({
  status,
  type: expect.stringMatching(/^application\/json/),
  body,
});

const problem = (status: number, detail: RegExp) => ({
  status,
  type: expect.stringMatching(/^application\/problem\+json/),
  body: expect.objectContaining({
    status,
    title: expect.stringMatching(/\w/),
    detail: expect.stringMatching(detail),
  }),
});

const outbound = ({ id }: PeerNetwork, url: string) => ({
  id,
  url,
  direction: 'outbound',
});

describe('Task 13: the routes', () => {
  describe('GET /peers', () => {
    it('answers an empty list while there are none', async () => {
      const { get } = await startApi();
      expect(await get()).toEqual(json(200, []));
    });

    it('answers who they are, where they listen, and who dialed', async () => {
      const { network, get } = await startApi();
      const [dialed, dialing] = [await startNode(), await startNode()];
      await network.connect(urlOf(dialed));
      const joined = once(network, 'peer');
      await dialing.connect(urlOf(network));
      await joined;
      expect(await get()).toEqual(
        json(200, [
          outbound(dialed, urlOf(dialed)),
          { id: dialing.id, url: urlOf(dialing), direction: 'inbound' },
        ]),
      );
    });

    it('answers null as the url of one that does not listen', async () => {
      const { network, get } = await startApi();
      const silent = makeNode({ genesis: genesis.hash });
      const joined = once(network, 'peer');
      await silent.connect(urlOf(network));
      await joined;
      expect(await get()).toEqual(
        json(200, [{ id: silent.id, url: null, direction: 'inbound' }]),
      );
    });

    it('forgets one that is gone', async () => {
      const { network, get } = await startApi();
      const other = await startNode();
      await network.connect(urlOf(other));
      const gone = once(network, 'gone');
      await other.close();
      await gone;
      expect(await get()).toEqual(json(200, []));
    });
  });

  describe('POST /peers', () => {
    it('connects, and answers 201 and the peer', async () => {
      const { network, get, post } = await startApi();
      const other = await startNode();
      const peer = outbound(other, urlOf(other));
      expect(await post(urlOf(other))).toEqual(json(201, peer));
      expect(await get()).toEqual(json(200, [peer]));
      expect(network.peers.map(({ id }) => id)).toEqual([other.id]);
    });

    it('reduces the url to what matters', async () => {
      const { post } = await startApi();
      const other = await startNode();
      const answer = await post(`${urlOf(other)}/some/path?query`);
      expect(answer).toEqual(json(201, outbound(other, urlOf(other))));
    });

    it('answers 200 and the same peer when it is there already, by any of its names', async () => {
      const { network, post } = await startApi();
      const other = await startNode();
      const peer = outbound(other, urlOf(other));
      await post(urlOf(other));
      expect(await post(urlOf(other))).toEqual(json(200, peer));
      expect(await post(urlOf(other, 'localhost'))).toEqual(json(200, peer));
      expect(network.peers.length).toBe(1);
    });

    it('answers 200 when the other one dialed first', async () => {
      const { network, post } = await startApi();
      const other = await startNode();
      const joined = once(network, 'peer');
      await other.connect(urlOf(network));
      await joined;
      expect(await post(urlOf(other))).toEqual(
        json(200, { id: other.id, url: urlOf(other), direction: 'inbound' }),
      );
    });

    it('keeps the peer: it is dialed again, however long it is away', async () => {
      const { network, post } = await startApi();
      const first = await startNode();
      const url = urlOf(first);
      await post(url);
      let failures = 0;
      const manyFailures = new Promise<void>((resolve) => {
        network.on('failed', () => {
          failures += 1;
          if (failures === 15) resolve();
        });
      });
      await first.close();
      await manyFailures;
      const back = once(network, 'peer') as Promise<[Peer]>;
      const second = await startNode(genesis, Number(new URL(url).port));
      expect((await back)[0].id).toBe(second.id);
    });

    it.each([
      ['no url', {}],
      ['null', { url: null }],
      ['a number', { url: 8000 }],
      ['an empty text', { url: '' }],
      ['a host without a protocol', { url: 'localhost:8000' }],
      ['another protocol', { url: 'http://localhost:8000' }],
      ['an impossible port', { url: 'ws://localhost:99999' }],
      ['a list of urls', { url: ['ws://localhost:8000'] }],
    ])('answers 400 to %s, and says how to write a peer', async (_name, body) => {
      const { network, postText } = await startApi();
      expect(await postText(JSON.stringify(body))).toEqual(problem(400, /ws:\/\//));
      expect(network.peers).toEqual([]);
    });

    it.each([
      ['null', 'null'],
      ['a text', '"ws://localhost:8000"'],
      ['a list', '["ws://localhost:8000"]'],
      ['nothing', ''],
      ['what is not JSON', '{url:1}'],
    ])('answers 400 to a body that is %s', async (_name, body) => {
      const { postText } = await startApi();
      expect(await postText(body)).toEqual(problem(400, /\w+ \w+/));
    });

    it('answers 415 to what is not sent as JSON', async () => {
      const { postText } = await startApi();
      const body = '{"url":"ws://localhost:8000"}';
      expect(await postText(body, 'text/plain')).toEqual(problem(415, /JSON/i));
    });

    it('answers 502 when nobody listens there, and names the url', async () => {
      const { network, get, post } = await startApi();
      const gone = await startNode();
      const url = urlOf(gone);
      await gone.close();
      const answer = await post(url);
      expect(answer).toEqual(problem(502, new RegExp(`^(?=.*${url}).*\\w+ \\w+`)));
      expect(await get()).toEqual(json(200, []));
      expect(network.peers).toEqual([]);
    });

    it('keeps no url where nobody listens: it may be a slip of the keyboard', async () => {
      const { network, post } = await startApi();
      const gone = await startNode();
      const url = urlOf(gone);
      await gone.close();
      expect((await post(url)).status).toBe(502);
      expect(network.addresses).toEqual([]);
    });

    it('answers 502 with the reason when the node is asked to be its own peer', async () => {
      const { network, get, post } = await startApi();
      const answer = await post(urlOf(network));
      expect(answer).toEqual(problem(502, /own|itself|self/));
      expect(await get()).toEqual(json(200, []));
    });

    it('answers 502 with the reason when the other node is of another network', async () => {
      const { get, post } = await startApi();
      const other = await startNode(foreign);
      expect(await post(urlOf(other))).toEqual(problem(502, /network|genesis/i));
      expect(await get()).toEqual(json(200, []));
    });
  });
});
