import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import express, { Router, type Express } from 'express';
import fc from 'fast-check';
import {
  Chain,
  MAX_DATA_BYTES,
  blockRules,
  genesisBlock,
  nextBlock,
  type Block,
} from '#blocks';
import {
  MiningQueue,
  Problem,
  createApi,
  getBlock,
  getBlocks,
  jsonBody,
  postBlock,
  problemHandler,
  type ChainNode,
} from '#http';
import { mine, workRules } from '#proof-of-work';
import { inTime } from './in-time-for-test.ts';

const GENESIS_TIME = 1_700_000_000_000;
const JSON_TYPE = { 'Content-Type': 'application/json' };

const servers: Server[] = [];
const sockets: Socket[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** Serves an app on a free port. */
async function serve(app: Express) {
  const server = app.listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { server, port, url: `http://127.0.0.1:${port}` };
}

/** Sends a request, and waits for the answer to begin. */
function ask(url: string, request: RequestInit = {}): Promise<Response> {
  const { method = 'GET', body } = request;
  const turns = typeof body === 'string' && body.length < 100_000 ? 100 : 200;
  return inTime(fetch(url, request), `an answer to ${method} ${url}`, turns);
}

const post = (url: string, body: string, headers: Record<string, string> = JSON_TYPE) =>
  ask(`${url}/blocks`, { method: 'POST', body, headers });

/** What came back, as one object that shows in a failing test what was wrong. */
async function read(answer: Response | Promise<Response>) {
  const res = await answer;
  const text = await inTime(res.text(), 'the end of an answer', 200);
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

/** A problem (RFC 9457) with a sentence for its reader, and without a look inside. */
const problem = (status: number, detail = /\w+ \w+/) => ({
  status,
  type: expect.stringMatching(/^application\/problem\+json/),
  body: expect.objectContaining({
    status,
    title: expect.stringMatching(/\w/),
    detail: expect.stringMatching(detail),
  }),
});

/** Opens a bare connection and writes `text` to it. */
function open(port: number, text = ''): Socket {
  const socket = connect(port, '127.0.0.1').setEncoding('latin1');
  socket.on('error', () => undefined); // that it was reset shows in what came back
  sockets.push(socket);
  if (text !== '') socket.write(text);
  return socket;
}

/** Waits for the end of a connection, whether it is a good one or not. */
function closing(socket: Socket): Promise<unknown> {
  const closed = new Promise((resolve) => socket.once('close', resolve));
  return inTime(closed, 'the end of a connection');
}

/** Writes a request byte for byte, and returns all that comes back. */
async function raw(port: number, ...lines: string[]): Promise<string> {
  const socket = open(port, lines.join('\r\n'));
  let answer = '';
  socket.on('data', (text) => (answer += String(text)));
  await closing(socket);
  return answer;
}

const JSON_LINE = 'Content-Type: application/json';
const head = (...headers: string[]) =>
  ['POST /blocks HTTP/1.1', 'Host: localhost', 'Connection: close'].concat(headers, '');

/** A chain of `length` blocks that were mined. */
async function mineChain({ length = 1, difficulty = 0 } = {}): Promise<Chain> {
  const genesis = await mine(genesisBlock({ timestamp: GENESIS_TIME, difficulty }));
  const chain = new Chain(genesis, [...blockRules, ...workRules]);
  while (chain.length < length) chain.append(await mine(nextBlock(chain.tip, 'x', 0)));
  return chain;
}

/** A node that mines nothing. */
const nodeOf = (chain: Chain): ChainNode => ({
  chain,
  mine: () => Promise.reject(new Error('This node is only to be read.')),
});

describe('Task 5: one block', () => {
  const reading = (node: ChainNode) =>
    serve(express().get('/blocks/:id', getBlock(node)).use(problemHandler));

  it('finds a block by its index, by its hash, and the latest', async () => {
    const chain = await mineChain({ length: 12 });
    const { url } = await reading(nodeOf(chain));
    const ids = { 0: 0, 1: 1, 11: 11, latest: 11, [chain.at(5)?.hash ?? '']: 5 };
    for (const [id, index] of Object.entries(ids)) {
      const answer = await read(ask(`${url}/blocks/${id}`));
      expect({ id, ...answer }).toEqual({ id, ...json(200, chain.at(index)) });
    }
  });

  it('finds an index of fifteen digits, when they begin with zeros', async () => {
    const chain = await mineChain({ length: 3 });
    const { url } = await reading(nodeOf(chain));
    expect(await read(ask(`${url}/blocks/000000000000002`))).toEqual(
      json(200, chain.at(2)),
    );
  });

  it('finds a hash that has no letters among its digits', async () => {
    const chain = new Chain(genesisBlock({ timestamp: GENESIS_TIME }), []); // without rules
    const digits = { ...nextBlock(chain.tip, 'x', 0), hash: '1234'.repeat(16) };
    chain.append(digits);
    const { url } = await reading(nodeOf(chain));
    expect(await read(ask(`${url}/blocks/${digits.hash}`))).toEqual(json(200, digits));
  });

  it('follows the tip', async () => {
    const chain = await mineChain();
    const { url } = await reading(nodeOf(chain));
    await ask(`${url}/blocks/latest`);
    chain.append(nextBlock(chain.tip, 'new', 0));
    expect(await read(ask(`${url}/blocks/latest`))).toEqual(json(200, chain.tip));
  });

  it('asks the node for its chain at each request, which may be another one', async () => {
    const chains = [await mineChain({ length: 2 }), await mineChain({ length: 3 })];
    const node = { ...nodeOf(await mineChain()) };
    const { url } = await reading(node);
    for (const chain of chains) {
      node.chain = chain;
      expect(await read(ask(`${url}/blocks/latest`))).toEqual(json(200, chain.tip));
    }
  });

  it('passes on what a node throws that has no chain yet', async () => {
    const { url } = await reading({
      ...nodeOf(await mineChain()),
      get chain(): Chain {
        throw new Problem(503, 'No chain yet. Try again soon.');
      },
    });
    expect(await read(ask(`${url}/blocks/0`))).toEqual(problem(503, /No chain yet/));
  });

  it.each([
    '3',
    '-1',
    '1.5',
    '999999999999999999999999',
    'f'.repeat(64),
    'zzz',
    'last',
    '__proto__',
    'constructor',
    'length',
    '%00',
    '0x1',
    '1e0',
    '%201',
    '%3Cscript%3E',
  ])('answers 404 to %s, which is no block', async (id) => {
    const { url } = await reading(nodeOf(await mineChain({ length: 3 })));
    expect(await read(ask(`${url}/blocks/${id}`))).toEqual(problem(404));
  });
});

describe('Task 6: many blocks', () => {
  const reading = (node: ChainNode) =>
    serve(express().get('/blocks', getBlocks(node)).use(problemHandler));

  it('answers the whole chain as a JSON array', async () => {
    const chain = await mineChain({ length: 3 });
    const { url } = await reading(nodeOf(chain));
    expect(await read(ask(`${url}/blocks`))).toEqual(json(200, chain.slice()));
  });

  it('answers the genesis block alone while it is alone', async () => {
    const chain = await mineChain();
    const { url } = await reading(nodeOf(chain));
    expect(await read(ask(`${url}/blocks`))).toEqual(json(200, [chain.tip]));
  });

  it.each([
    ['from=2', [2, 3, 4]],
    ['limit=2', [0, 1]],
    ['from=1&limit=2', [1, 2]],
    ['limit=2&from=1', [1, 2]],
    ['from=0&limit=5', [0, 1, 2, 3, 4]],
    ['from=4&limit=1', [4]],
    ['from=3&limit=100', [3, 4]],
    ['from=5', []],
    ['from=999999999999999', []],
    ['from=1&limit=999999999999999', [1, 2, 3, 4]],
    ['from=1&limit=0', []],
    ['color=red', [0, 1, 2, 3, 4]],
  ])('answers ?%s of five blocks with the indexes %j', async (query, indexes) => {
    const chain = await mineChain({ length: 5 });
    const { url } = await reading(nodeOf(chain));
    const expected = indexes.map((index) => chain.at(index));
    expect(await read(ask(`${url}/blocks?${query}`))).toEqual(json(200, expected));
  });

  it('answers any range with the blocks that are there', async () => {
    const chain = await mineChain({ length: 9 });
    const { url } = await reading(nodeOf(chain));
    const number = fc.nat({ max: 12 });
    const property = fc.asyncProperty(number, number, async (from, limit) => {
      const answer = await read(ask(`${url}/blocks?from=${from}&limit=${limit}`));
      const blocks = chain.slice().filter(({ index }) => index >= from);
      expect(answer).toEqual(json(200, blocks.slice(0, limit)));
    });
    await fc.assert(property, { numRuns: 30 });
  });

  it.each(['from=-1', 'limit=-1', 'from=1.5', 'limit=', 'from=1&from=2', 'limit=NaN'])(
    'answers ?%s with a problem that names from or limit',
    async (query) => {
      const { url } = await reading(nodeOf(await mineChain()));
      expect(await read(ask(`${url}/blocks?${query}`))).toEqual(
        problem(400, /from|limit/),
      );
    },
  );

  it('answers HEAD too', async () => {
    const { url } = await reading(nodeOf(await mineChain()));
    const res = await ask(`${url}/blocks`, { method: 'HEAD' });
    expect([res.status, await res.text()]).toEqual([200, '']);
  });

  it('shows a block as soon as it is there', async () => {
    const chain = await mineChain();
    const { url } = await reading(nodeOf(chain));
    await ask(`${url}/blocks`);
    chain.append(nextBlock(chain.tip, 'new', 0));
    expect(await read(ask(`${url}/blocks`))).toEqual(json(200, chain.slice()));
  });

  it('passes on what a node throws that has no chain yet', async () => {
    const { url } = await reading({
      ...nodeOf(await mineChain()),
      get chain(): Chain {
        throw new Problem(503, 'No chain yet. Try again soon.');
      },
    });
    expect(await read(ask(`${url}/blocks`))).toEqual(problem(503, /No chain yet/));
  });

  describe('of a long chain', () => {
    it('sends thousands of blocks, in order', async () => {
      const chain = new Chain(genesisBlock({ timestamp: GENESIS_TIME }));
      while (chain.length < 2_000) {
        chain.append(nextBlock(chain.tip, `"${chain.length}"`, 0));
      }
      const { url } = await reading(nodeOf(chain));
      const answer = await read(ask(`${url}/blocks`));
      expect({ status: answer.status, type: answer.type }).toMatchObject({
        status: 200,
        type: expect.stringMatching(/^application\/json/),
      });
      // Not one comparison of all: its failure would fill the screen with blocks.
      expect({ isList: Array.isArray(answer.body) }).toEqual({ isList: true });
      const blocks = answer.body as unknown[];
      expect(blocks.length).toBe(2_000);
      const wrong = blocks.findIndex(
        (block, i) => JSON.stringify(block) !== JSON.stringify(chain.at(i)),
      );
      expect({ 'first wrong block': wrong }).toEqual({ 'first wrong block': -1 });
    });

    /** 25 MB of blocks, and how many of them were turned into JSON so far. */
    function muchData() {
      const chain = new Chain(genesisBlock({ timestamp: GENESIS_TIME }), []);
      const data = 'x'.repeat(MAX_DATA_BYTES / 8);
      const written = { count: 0 };
      while (chain.length < 200) {
        const block = nextBlock(chain.tip, data, 0);
        const toJSON = () => {
          written.count += 1;
          return { ...block };
        };
        Object.defineProperty(block, 'toJSON', { value: toJSON }); // not enumerable: no field
        chain.append(block);
      }
      return { chain, written };
    }
    let much: ReturnType<typeof muchData> | undefined;

    async function serveMuch() {
      const { chain, written } = (much ??= muchData()); // it takes a while: once is enough
      written.count = 0;
      const blocks = new Chain(genesisBlock({ timestamp: GENESIS_TIME }), []);
      for (const block of chain.slice(1)) blocks.append(block);
      return { ...(await reading(nodeOf(blocks))), chain: blocks, written };
    }

    /** Asks for all blocks, reads the first bytes, and then no more. */
    async function readALittle(port: number): Promise<Socket> {
      const socket = open(
        port,
        'GET /blocks HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      );
      await inTime(once(socket, 'data'), 'the first bytes of a long answer', 200);
      return socket.pause();
    }

    it('writes only as much as the client reads, not all at once', async () => {
      const { port, url, written } = await serveMuch();
      await readALittle(port);
      await read(ask(`${url}/blocks?limit=1`));
      if (written.count >= 199) {
        throw new Error(
          'All of 200 blocks (25 MB) were turned into JSON for a client that had read only ' +
            'the first few bytes. Write the list piece by piece, as the client reads.',
        );
      }
    });

    it('serves others while one client does not read, and after it is gone', async () => {
      const { server, port, url, chain } = await serveMuch();
      const connection = once(server, 'connection') as Promise<[Socket]>;
      const stalled = await readALittle(port);
      chain.append(nextBlock(chain.tip, 'in between', 0));
      const get = () => read(ask(`${url}/blocks?from=200`));
      expect(await get()).toMatchObject(json(200, [{ data: 'in between' }]));

      const closed = closing((await connection)[0]);
      stalled.destroy();
      await closed;
      expect(await get()).toMatchObject(json(200, [{ data: 'in between' }]));
    });

    it('sends what was there when the answer began, though the chain changes', async () => {
      const { port, chain } = await serveMuch();
      const last = chain.tip;
      const socket = await readALittle(port);
      chain.rewind(100);
      chain.append(nextBlock(chain.tip, 'another branch', 0));
      let end = '';
      socket.on('data', (text) => (end = (end + String(text)).slice(-1_000)));
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.resume();
      await inTime(closed, 'the rest of a long answer', 400);
      expect({ hasLast: end.includes(last.hash) }).toEqual({ hasLast: true });
      expect({ hasUndefined: end.includes('undefined') }).toEqual({
        hasUndefined: false,
      });
    });
  });
});

describe('Task 7: a body of JSON', () => {
  /** Answers with what came, as `{"body": …}`. */
  const echoing = () =>
    serve(
      express()
        .all('/blocks', jsonBody(), (req, res) => res.json({ body: req.body as unknown }))
        .use(problemHandler),
    );

  it('hands a request on with what its body says', async () => {
    const { url } = await echoing();
    expect(await read(post(url, '{"data":"hello"}'))).toEqual(
      json(200, { body: { data: 'hello' } }),
    );
  });

  it.each(['[1,{"b":[]}]', '42', '"hello"', 'null', '{}', ' [ ] '])(
    'reads the JSON %s',
    async (text) => {
      const { url } = await echoing();
      const body: unknown = JSON.parse(text);
      expect(await read(post(url, text))).toEqual(json(200, { body }));
    },
  );

  it.each(['application/json; charset=utf-8', 'Application/JSON', 'application/json;'])(
    'takes the content type %s',
    async (type) => {
      const { url } = await echoing();
      const answer = await read(post(url, '"Grüße"', { 'Content-Type': type }));
      expect(answer).toEqual(json(200, { body: 'Grüße' }));
    },
  );

  it.each(['GET', 'POST', 'PUT', 'DELETE'])(
    'lets %s pass without a body, or with an empty one',
    async (method) => {
      const { port, url } = await echoing();
      expect(await read(ask(`${url}/blocks`, { method }))).toMatchObject({ status: 200 });
      const request = [`${method} /blocks HTTP/1.1`, 'Host: a', 'Connection: close'];
      expect(await raw(port, ...request, '', '')).toMatch(/^HTTP\/1.1 200 /);
      expect(await raw(port, ...request, 'Content-Length: 0', '', '')).toMatch(
        /^HTTP\/1.1 200 /,
      );
    },
  );

  it.each([
    'text/plain',
    'text/html',
    'application/x-www-form-urlencoded', // what `curl -d` says unless told otherwise
    'multipart/form-data',
    'application/jsonp',
    'text/plain; application/json',
    'nonsense',
  ])('answers 415 to the content type %s, and says how to send JSON', async (type) => {
    const { url } = await echoing();
    const answer = await read(post(url, '{"data":"hello"}', { 'Content-Type': type }));
    expect(answer).toEqual(problem(415, /JSON/i));
  });

  it('answers 415 to a body without a content type, long or in chunks', async () => {
    const { port } = await echoing();
    const long = await raw(port, ...head('Content-Length: 2'), '{}');
    const chunks = ['2', '{}', '0', '', ''];
    const chunked = await raw(port, ...head('Transfer-Encoding: chunked'), ...chunks);
    for (const answer of [long, chunked]) {
      expect(answer).toMatch(/^HTTP\/1.1 415 [^]*application\/problem\+json[^]*json/i);
    }
  });

  it.each([
    [
      'an unknown character set',
      { 'Content-Type': 'application/json; charset=klingon' },
      /charset|character|utf-8/i,
    ],
    ['an unknown encoding', { ...JSON_TYPE, 'Content-Encoding': 'klingon' }, /\w+ \w+/],
  ])('answers 415 to %s, and says what to do', async (_name, headers, words) => {
    const { url } = await echoing();
    const answer = await read(post(url, '{"data":"hello"}', headers));
    expect(answer).toEqual(problem(415, words));
  });

  it.each([
    ['an unfinished object', '{"data":"hello"'],
    ['JavaScript', "{data:'hello'}"],
    ['a form', 'data=hello'],
    ['two values', '{} {}'],
    ['spaces', '  '],
  ])('answers 400 to %s, and says that it is no JSON', async (_name, body) => {
    const { url } = await echoing();
    const answer = await read(post(url, body));
    expect(answer).toEqual(problem(400, /JSON/i));
    expect(JSON.stringify(answer)).not.toMatch(/node_modules|SyntaxError|\bat .*:\d+/);
  });

  it('reads a body that comes in chunks', async () => {
    const { port } = await echoing();
    const chunks = ['6', '{"data', 'a', '":"hello"}', '0', '', ''];
    const lines = head(JSON_LINE, 'Transfer-Encoding: chunked');
    const answer = await raw(port, ...lines, ...chunks);
    expect(answer).toMatch(/^HTTP\/1.1 200 [^]*\{"body":\{"data":"hello"\}\}/);
  });

  it('answers 400 to chunks of bad JSON', async () => {
    const { port } = await echoing();
    const lines = head(JSON_LINE, 'Transfer-Encoding: chunked');
    const answer = await raw(port, ...lines, '4', '{bad', '0', '', '');
    expect(answer).toMatch(/^HTTP\/1.1 400 [^]*application\/problem\+json[^]*json/i);
  });

  it.each([
    ['1 MiB of letters', 'x'.repeat(MAX_DATA_BYTES), 200],
    ['1 MiB of control characters, six each', '\0'.repeat(MAX_DATA_BYTES), 200],
    ['8 MB', 'x'.repeat(8_000_000), 413],
    ['12 MB', 'x'.repeat(12_000_000), 413],
  ])(
    'answers a text of %s in JSON with the right status',
    async (_name, data, status) => {
      const { url } = await echoing();
      const res = await post(url, JSON.stringify({ data }));
      if (status === 200) {
        const { body } = (await read(res)).body as { body?: { data?: unknown } };
        expect({ status: res.status, isSame: body?.data === data }).toEqual({
          status: 200,
          isSame: true, // not the texts: a failure would print both
        });
      } else {
        expect(await read(res)).toEqual(problem(status, /\d/)); // says how much is allowed
      }
    },
  );

  it('counts what a compressed body unpacks to', async () => {
    const { url } = await echoing();
    const body = gzipSync(JSON.stringify({ data: 'x'.repeat(12_000_000) }));
    const headers = { ...JSON_TYPE, 'Content-Encoding': 'gzip' };
    const res = await ask(`${url}/blocks`, { method: 'POST', body, headers });
    expect([413, 415]).toContain(res.status); // too large, or compression is not spoken
  });
});

describe('Task 8: a new block', () => {
  const genesis = genesisBlock({ timestamp: GENESIS_TIME });

  /** Serves a node whose blocks cost nothing, and tells what it was asked for. */
  async function adding(options: Partial<ChainNode> = {}) {
    const chain = new Chain(genesis);
    const asked: string[] = [];
    const node: ChainNode = {
      chain,
      mine: async (data) => {
        asked.push(data);
        chain.append(nextBlock(chain.tip, data, 0));
        return chain.tip;
      },
      ...options,
    };
    const body = express.json({ limit: 30_000_000, strict: false });
    const app = express().post('/blocks', body, postBlock(node)).use(problemHandler);
    return { ...(await serve(app)), chain, asked };
  }

  it('answers 201, the block, and where it is', async () => {
    const { url, chain, asked } = await adding();
    const res = await post(url, '{"data":"hello"}');
    const location = res.headers.get('location');
    expect(await read(res)).toEqual(json(201, chain.tip));
    expect({ location }).toEqual({ location: `/blocks/${chain.tip.hash}` });
    expect(asked).toEqual(['hello']);
  });

  it.each([
    ['empty', ''],
    ['of several lines', 'one\ntwo\t"three"\\'],
    ['in any script', 'Grüße 你好 🎉'],
    ['that looks like JSON', '{"data":1}'],
  ])('takes data that is %s', async (_name, data) => {
    const { url, chain } = await adding();
    const answer = await read(post(url, JSON.stringify({ data })));
    expect(answer).toEqual(json(201, expect.objectContaining({ data })));
    expect(chain.tip.data).toBe(data);
  });

  it('answers only when the block is there', async () => {
    let give: (block: Block) => void = () => undefined;
    const mined = new Promise<Block>((resolve) => (give = resolve));
    let isAsked: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => (isAsked = resolve));
    const { url } = await adding({
      mine: () => {
        isAsked();
        return mined;
      },
    });
    let isAnswered = false;
    const answer = post(url, '{"data":"hello"}').finally(() => (isAnswered = true));
    await inTime(asked, 'the node to be asked');
    for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setTimeout(resolve, 2));
    expect({ isAnswered }).toEqual({ isAnswered: false });
    give(genesis);
    expect(await read(answer)).toEqual(json(201, genesis));
  });

  it('hands requests of one moment to the node at once, and gives each its own block', async () => {
    const texts = Array.from({ length: 5 }, (_, i) => `block ${i}`);
    const waiting = new Map<string, (block: Block) => void>();
    let areAsked: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => (areAsked = resolve));
    const { url } = await adding({
      mine: (data) =>
        new Promise((resolve) => {
          waiting.set(data, resolve);
          if (waiting.size === texts.length) areAsked();
        }),
    });
    const answers = texts.map((data) => read(post(url, JSON.stringify({ data }))));
    for (const answer of answers) answer.catch(() => undefined); // that one failed shows below
    await inTime(
      asked,
      'the node to be asked for all blocks before it gave the first',
      50,
    );
    for (const data of texts.toReversed()) {
      waiting.get(data)?.(nextBlock(genesis, data, 0));
    }
    for (const [i, answer] of answers.entries()) {
      const data = texts[i];
      expect(await answer).toEqual(json(201, expect.objectContaining({ data })));
    }
  });

  it.each([
    ['an object without data', '{}', /data/],
    ['a number as data', '{"data":42}', /data/],
    ['half a character', '{"data":"\\ud800"}', /data/],
    ['a number', '42', /JSON|object|data/i],
    ['an empty body', '', /JSON|object|data/i],
    ['a deep nest', '['.repeat(50_000) + ']'.repeat(50_000), /JSON|object|data/i],
  ])('answers 400 to %s, and asks nothing of the node', async (_name, body, detail) => {
    const { url, asked } = await adding();
    expect(await read(post(url, body))).toEqual(problem(400, detail));
    expect(asked).toEqual([]);
  });

  const MiB = MAX_DATA_BYTES;
  it.each([
    ['1 MiB of letters', 'x'.repeat(MiB), 201],
    ['1 MiB of letters that take two bytes', 'é'.repeat(MiB / 2), 201],
    ['1 MiB and a byte', 'x'.repeat(MiB + 1), 413],
    ['half as many characters that are more bytes', 'é'.repeat(MiB / 2 + 1), 413],
    ['5 MB', 'x'.repeat(5_000_000), 413],
  ])('counts the bytes of %s', async (_name, data, status) => {
    const { url, chain } = await adding();
    const answer = await read(post(url, JSON.stringify({ data })));
    if (status === 201) {
      expect(answer.status).toBe(201);
      expect({ isSame: chain.tip.data === data }).toEqual({ isSame: true });
    } else {
      expect(answer).toEqual(problem(413, /1\D?048\D?576|MiB/));
      expect(chain.length).toBe(1);
    }
  });

  it('passes on the problem of a node that takes no data', async () => {
    const full = new Problem(503, 'Too many wait. Try again later.');
    const { url } = await adding({ mine: () => Promise.reject(full) });
    expect(await read(post(url, '{"data":"x"}'))).toEqual(problem(503, /Too many/));
  });
});

describe('Task 9: the API', () => {
  /** A node of steps 2 to 4, served with its whole API. */
  async function start({ length = 1, difficulty = 0 } = {}) {
    const chain = await mineChain({ length, difficulty });
    const queue = new MiningQueue({
      tip: () => chain.tip,
      add: (block) => {
        chain.append(block);
        return true;
      },
    });
    const node = { chain, mine: (data: string) => queue.mine(data) };
    return { ...(await serve(createApi(node))), chain };
  }

  describe('GET and POST', () => {
    it('mines a block, which can be read where the answer says', async () => {
      const { url, chain } = await start({ length: 3, difficulty: 8 });
      const res = await post(url, '{"data":"hello"}');
      const location = res.headers.get('location') ?? '(no Location)';
      expect(await read(res)).toEqual(json(201, chain.tip));
      expect(chain.tip).toMatchObject({ index: 3, data: 'hello', difficulty: 8 });
      expect(await read(ask(new URL(location, url).href))).toEqual(json(200, chain.tip));
      expect(await read(ask(`${url}/blocks/latest`))).toEqual(json(200, chain.tip));
      expect(await read(ask(`${url}/blocks`))).toEqual(json(200, chain.slice()));
    });

    it('answers HEAD too', async () => {
      const { url } = await start();
      for (const path of ['/blocks', '/blocks/0']) {
        const res = await ask(url + path, { method: 'HEAD' });
        expect([res.status, await res.text()]).toEqual([200, '']);
      }
    });

    it('gives two requests of one moment the indexes 1 and 2', async () => {
      const { url, chain } = await start({ difficulty: 4 });
      const answers = await Promise.all(
        ['a', 'b'].map((data) => post(url, JSON.stringify({ data }))),
      );
      expect(answers.map(({ status }) => status)).toEqual([201, 201]);
      expect(chain.slice().map(({ index }) => index)).toEqual([0, 1, 2]);
    });

    it('puts twenty requests of one moment into twenty blocks', async () => {
      const { url, chain } = await start({ difficulty: 4 });
      const texts = Array.from({ length: 20 }, (_, i) => `block ${i}`);
      const answers = await Promise.all(
        texts.map((data) => read(post(url, JSON.stringify({ data })))),
      );
      for (const { body } of answers) {
        const { index } = body as { index: number };
        expect(body).toEqual(chain.at(index)); // each got its own, and it is on the chain
      }
      const data = chain.slice(1).map((block) => block.data);
      expect(data.sort()).toEqual(texts.sort());
    });

    it.each([
      ['what is no JSON', '{bad', JSON_TYPE, 400],
      ['an object without data', '{}', JSON_TYPE, 400],
      ['an empty body', '', JSON_TYPE, 400],
      ['a form', '{"data":"hello"}', { 'Content-Type': 'text/plain' }, 415],
      ['too much', `"${'x'.repeat(8_000_000)}"`, JSON_TYPE, 413],
    ])('refuses %s, and mines nothing', async (_name, body, headers, status) => {
      const { url, chain } = await start();
      expect(await read(post(url, body, headers))).toEqual(problem(status));
      expect(chain.length).toBe(1);
    });

    it('takes 1 MiB of control characters, which JSON writes as six each', async () => {
      const { url } = await start();
      const answer = await post(
        url,
        JSON.stringify({ data: '\0'.repeat(MAX_DATA_BYTES) }),
      );
      expect(answer.status).toBe(201);
    });
  });

  describe('what is not there', () => {
    it.each(['PUT', 'DELETE', 'PATCH'])(
      'answers %s /blocks with 405, and Allow names what there is',
      async (method) => {
        const { url, chain } = await start();
        const res = await ask(`${url}/blocks`, { method });
        expect(res.headers.get('allow') ?? '(no Allow)').toMatch(/GET.*POST|POST.*GET/);
        expect(await read(res)).toEqual(problem(405));
        expect(chain.length).toBe(1);
      },
    );

    it.each([
      ['GET', '/'],
      ['GET', '/block'],
      ['GET', '/blocks/1/data'],
      ['DELETE', '/blocks/0'],
      ['POST', '/blocks/latest'],
      ['GET', '/favicon.ico'],
      ['POST', '/chain'],
      ['DELETE', '/'],
    ])('answers %s %s with 404 and a problem', async (method, path) => {
      const { url } = await start({ length: 2 });
      expect(await read(ask(url + path, { method }))).toEqual(problem(404));
    });

    it.each(['/blocks/%zz', '/blocks/%', '/blocks/%E0%A4%A'])(
      'answers the malformed path %s with a problem',
      async (path) => {
        const { url } = await start();
        expect(await read(ask(url + path))).toEqual(problem(400));
      },
    );

    it('does not say what it is made of', async () => {
      const { url } = await start();
      expect((await ask(url)).headers.get('x-powered-by')).toBeNull();
    });
  });

  describe('connections that never finish', () => {
    it('serves others while one connection says nothing and one body never ends', async () => {
      const { port, url } = await start();
      const half = [...head(JSON_LINE, 'Content-Length: 1000'), '{"data":'].join('\r\n');
      for (const text of ['', half]) await once(open(port, text), 'connect');
      expect((await post(url, '{"data":"hello"}')).status).toBe(201);
    });

    it('mines nothing for a client that hangs up in the middle of its body', async () => {
      const { server, port, url, chain } = await start();
      const connection = once(server, 'connection') as Promise<[Socket]>;
      const half = [...head(JSON_LINE, 'Content-Length: 17'), '{"data":"hello"}'];
      const client = open(port, half.join('\r\n'));
      const closed = closing((await connection)[0]);
      client.end();
      await closed;
      expect((await ask(`${url}/blocks`)).status).toBe(200);
      expect(chain.length).toBe(1);
    });

    it('survives chunks that are none', async () => {
      const { port, url, chain } = await start();
      const lines = head(JSON_LINE, 'Transfer-Encoding: chunked');
      const answer = await raw(port, ...lines, 'zz', '{}', '0', '', '');
      expect(answer).toMatch(/^HTTP\/1.1 400 /);
      expect((await ask(`${url}/blocks`)).status).toBe(200);
      expect(chain.length).toBe(1);
    });
  });

  describe('the node behind it', () => {
    const block = genesisBlock({ timestamp: GENESIS_TIME });

    it('passes on the problem of a node that has no chain yet, and asks again each time', async () => {
      const problemYet = new Problem(503, 'No chain yet. Try again soon.');
      const chains: Chain[] = [];
      const api = createApi({
        get chain() {
          if (chains[0] === undefined) throw problemYet;
          return chains[0];
        },
        mine: () => Promise.reject(problemYet),
      });
      const { url } = await serve(api);
      const answers = [
        await ask(`${url}/blocks`),
        await ask(`${url}/blocks/latest`),
        await post(url, '{"data":"x"}'),
      ];
      for (const answer of answers) {
        expect(await read(answer)).toEqual(problem(503, /No chain yet/));
      }
      chains.push(new Chain(block));
      expect(await read(ask(`${url}/blocks/latest`))).toEqual(json(200, block));
    });

    it('answers 500 when mining fails unexpectedly, without the text of the error', async () => {
      const log = jest.spyOn(console, 'error').mockReturnValue();
      const error = new Error('the disk at /secret is full');
      const node = { chain: new Chain(block), mine: () => Promise.reject(error) };
      const { url } = await serve(createApi(node));
      const answer = await read(post(url, '{"data":"x"}'));
      expect(log).toHaveBeenCalledWith(error);
      log.mockRestore();
      expect(answer).toEqual(problem(500));
      expect(JSON.stringify(answer)).not.toMatch(/secret/);
    });

    it('serves further routers, with parsed bodies, and their problems', async () => {
      const router = Router()
        .get('/weather', (_req, res) => res.json({ sky: 'blue' }))
        .post('/echo', (req, res) => res.json(req.body))
        .get('/teapot', () => {
          throw new Problem(418, 'This is a teapot. Ask for tea.');
        });
      const other = Router().get('/time', (_req, res) => res.json('late'));
      const node = { chain: new Chain(block), mine: () => Promise.resolve(block) };
      const { url } = await serve(createApi(node, router, other));
      const echo = { method: 'POST', headers: JSON_TYPE, body: '["a",{"b":1}]' };
      expect([
        await read(ask(`${url}/weather`)),
        await read(ask(`${url}/time`)),
        await read(ask(`${url}/echo`, echo)),
        await read(ask(`${url}/teapot`)),
        await read(ask(`${url}/nowhere`)),
      ]).toEqual([
        json(200, { sky: 'blue' }),
        json(200, 'late'),
        json(200, ['a', { b: 1 }]),
        problem(418, /teapot/),
        problem(404),
      ]);
    });
  });
});
