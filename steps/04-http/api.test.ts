import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Router } from 'express';
import { z } from 'zod';
import { Chain, MAX_DATA_BYTES, blockRules, genesisBlock, nextBlock } from '#blocks';
import { MiningQueue, Problem, createApi, parse, type ChainNode } from '#http';
import { mine, workRules } from '#proof-of-work';

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

/** Serves a node on a free port. */
async function serve(node: ChainNode, ...routers: Router[]) {
  const server = createApi(node, ...routers).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { server, port, url: `http://127.0.0.1:${port}` };
}

/** A node of steps 2 to 4 with `length` blocks, served on a free port. */
async function start({ length = 1, difficulty = 0, data = 'x' } = {}) {
  const genesis = await mine(genesisBlock({ timestamp: GENESIS_TIME, difficulty }));
  const chain = new Chain(genesis, [...blockRules, ...workRules]);
  while (chain.length < length) {
    chain.append(await mine(nextBlock(chain.tip, data, 0)));
  }
  const queue = new MiningQueue({
    tip: () => chain.tip,
    add: (block) => {
      chain.append(block);
      return true;
    },
  });
  const served = await serve({ chain, mine: (text) => queue.mine(text) });
  const post = (body: string, headers: Record<string, string> = JSON_TYPE) =>
    fetch(`${served.url}/blocks`, { method: 'POST', body, headers });
  return { ...served, chain, post };
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
  return new Promise((resolve) => socket.once('close', resolve));
}

/** Writes a request byte for byte, and returns all that comes back. */
async function raw(port: number, ...lines: string[]): Promise<string> {
  const socket = open(port, lines.join('\r\n'));
  let answer = '';
  socket.on('data', (text) => (answer += String(text)));
  await closing(socket);
  return answer;
}

const POST = ['POST /blocks HTTP/1.1', 'Host: localhost', 'Connection: close'];
const JSON_LINE = 'Content-Type: application/json';

describe('Task 3: the API', () => {
  describe('parse', () => {
    const schema = z.object({ size: z.number({ error: 'Give a "size".' }) });

    it('returns the value as the schema describes it', () => {
      expect(parse(schema, { size: 3, color: 'red' })).toEqual({ size: 3 });
      expect(parse(z.string().transform(Number), '12')).toBe(12);
    });

    it("throws Problem 400 with the schema's own words", () => {
      const attempt = () => parse(schema, { size: 'large' });
      expect(attempt).toThrow(Problem);
      expect(attempt).toThrow(
        expect.objectContaining({ status: 400, message: 'Give a "size".' }),
      );
    });
  });

  describe('GET /blocks', () => {
    it('answers the whole chain as a JSON array', async () => {
      const { url, chain } = await start({ length: 3 });
      expect(await read(await fetch(`${url}/blocks`))).toEqual(json(200, chain.slice()));
    });

    it('answers the genesis block alone while it is alone', async () => {
      const { url, chain } = await start();
      expect(await read(await fetch(`${url}/blocks`))).toEqual(json(200, [chain.tip]));
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
      ['from=999999999999', []],
      ['from=1&limit=0', []],
      ['color=red', [0, 1, 2, 3, 4]],
    ])('answers ?%s of five blocks with the indexes %j', async (query, indexes) => {
      const { url, chain } = await start({ length: 5 });
      const expected = indexes.map((index) => chain.at(index));
      expect(await read(await fetch(`${url}/blocks?${query}`))).toEqual(
        json(200, expected),
      );
    });

    it.each([
      'from=-1',
      'limit=-1',
      'from=1.5',
      'from=x',
      'limit=',
      'limit=1e1',
      'limit=0x1',
      'from=1&from=2',
      'from=NaN',
      'limit=Infinity',
    ])('answers ?%s with a problem that names from or limit', async (query) => {
      const { url } = await start();
      expect(await read(await fetch(`${url}/blocks?${query}`))).toEqual(
        problem(400, /from|limit/),
      );
    });

    it('answers HEAD too', async () => {
      const { url } = await start();
      const res = await fetch(`${url}/blocks`, { method: 'HEAD' });
      expect([res.status, await res.text()]).toEqual([200, '']);
    });

    it('shows a block as soon as it is there', async () => {
      const { url, chain } = await start();
      await fetch(`${url}/blocks`);
      chain.append(nextBlock(chain.tip, 'new', 0));
      expect(await read(await fetch(`${url}/blocks`))).toEqual(json(200, chain.slice()));
    });
  });

  describe('GET /blocks of a long chain', () => {
    it('sends thousands of blocks, in order', async () => {
      const genesis = genesisBlock({ timestamp: GENESIS_TIME });
      const chain = new Chain(genesis);
      while (chain.length < 5_000) {
        chain.append(nextBlock(chain.tip, `"${chain.length}"`, 0));
      }
      const { url } = await serve({ chain, mine: () => Promise.reject(new Error()) });
      const answer = await read(await fetch(`${url}/blocks`));
      expect({ status: answer.status, type: answer.type }).toMatchObject({
        status: 200,
        type: expect.stringMatching(/^application\/json/),
      });
      // Not one comparison of all: its failure would fill the screen with blocks.
      const blocks = answer.body as unknown[];
      expect(blocks.length).toBe(5_000);
      const wrong = blocks.findIndex(
        (block, i) => JSON.stringify(block) !== JSON.stringify(chain.at(i)),
      );
      expect({ 'first wrong block': wrong }).toEqual({ 'first wrong block': -1 });
    });

    /** 50 MB of blocks, and how many of them were turned into JSON so far. */
    async function serveMuch() {
      const chain = new Chain(genesisBlock({ timestamp: GENESIS_TIME }));
      const data = 'x'.repeat(MAX_DATA_BYTES / 8);
      const written = { count: 0 };
      while (chain.length < 400) {
        const block = nextBlock(chain.tip, data, 0);
        const toJSON = () => {
          written.count += 1;
          return { ...block };
        };
        Object.defineProperty(block, 'toJSON', { value: toJSON }); // not enumerable: no field
        chain.append(block);
      }
      const { server, port, url } = await serve({
        chain,
        mine: async (text) => {
          chain.append(nextBlock(chain.tip, text, 0));
          return chain.tip;
        },
      });
      return { server, port, url, written };
    }

    /** Asks for all blocks, reads the first bytes, and then no more. */
    async function readALittle(port: number): Promise<Socket> {
      const socket = open(port, 'GET /blocks HTTP/1.1\r\nHost: localhost\r\n\r\n');
      await once(socket, 'data');
      return socket.pause();
    }

    it('writes only as much as the client reads, not all at once', async () => {
      const { port, url, written } = await serveMuch();
      await readALittle(port);
      await fetch(`${url}/blocks/latest`);
      if (written.count >= 399) {
        throw new Error(
          'All of 400 blocks (50 MB) were turned into JSON for a client that had read only ' +
            'the first few bytes. Write the list piece by piece, as the client reads.',
        );
      }
    });

    it('serves others while one client does not read, and after it is gone', async () => {
      const { server, port, url } = await serveMuch();
      const connection = once(server, 'connection') as Promise<[Socket]>;
      const stalled = await readALittle(port);
      const body = JSON.stringify({ data: 'in between' });
      const posted = await fetch(`${url}/blocks`, {
        method: 'POST',
        headers: JSON_TYPE,
        body,
      });
      expect(posted.status).toBe(201);

      const closed = closing((await connection)[0]);
      stalled.destroy();
      await closed;
      const answer = await read(await fetch(`${url}/blocks?from=399`));
      expect(answer).toMatchObject({
        status: 200,
        body: [{ index: 399 }, { data: 'in between' }],
      });
    });
  });

  describe('GET /blocks/:id', () => {
    it('finds a block by its index, by its hash, and the latest', async () => {
      const { url, chain } = await start({ length: 12 });
      const ids = { 0: 0, 1: 1, 11: 11, latest: 11, [chain.at(5)?.hash ?? '']: 5 };
      for (const [id, index] of Object.entries(ids)) {
        const answer = await read(await fetch(`${url}/blocks/${id}`));
        expect({ id, ...answer }).toEqual({ id, ...json(200, chain.at(index)) });
      }
    });

    it('follows the tip', async () => {
      const { url, chain } = await start();
      await fetch(`${url}/blocks/latest`);
      chain.append(nextBlock(chain.tip, 'new', 0));
      expect(await read(await fetch(`${url}/blocks/latest`))).toEqual(
        json(200, chain.tip),
      );
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
      '%3Cscript%3E',
    ])('answers 404 to %s, which is no block', async (id) => {
      const { url } = await start({ length: 3 });
      expect(await read(await fetch(`${url}/blocks/${id}`))).toEqual(problem(404));
    });
  });

  describe('POST /blocks', () => {
    it('mines a block and answers 201, the block, and where it is', async () => {
      const { url, chain, post } = await start({ length: 3, difficulty: 8 });
      const res = await post('{"data":"hello"}');
      const location = res.headers.get('location') ?? '(no Location)';
      expect(await read(res)).toEqual(json(201, chain.tip));
      expect(chain.tip).toMatchObject({ index: 3, data: 'hello', difficulty: 8 });
      expect(await read(await fetch(new URL(location, url)))).toEqual(
        json(200, chain.tip),
      );
    });

    it.each([
      ['empty', ''],
      ['of several lines', 'one\ntwo\t"three"\\'],
      ['in any script', 'Grüße 你好 🎉'],
      ['that looks like JSON', '{"data":1}'],
    ])('takes data that is %s', async (_name, data) => {
      const { chain, post } = await start();
      const answer = await read(await post(JSON.stringify({ data })));
      expect(answer).toEqual(json(201, expect.objectContaining({ data })));
      expect(chain.tip.data).toBe(data);
    });

    it('gives two requests of one moment the indexes 1 and 2', async () => {
      const { chain, post } = await start({ difficulty: 4 });
      const answers = await Promise.all([post('{"data":"a"}'), post('{"data":"b"}')]);
      expect(answers.map(({ status }) => status)).toEqual([201, 201]);
      expect(chain.slice().map(({ index }) => index)).toEqual([0, 1, 2]);
    });

    it('puts twenty requests of one moment into twenty blocks', async () => {
      const { url, chain, post } = await start({ difficulty: 4 });
      const texts = Array.from({ length: 20 }, (_, i) => `block ${i}`);
      const answers = await Promise.all(
        texts.map(async (data) => read(await post(JSON.stringify({ data })))),
      );
      for (const { body } of answers) {
        const { index } = body as { index: number };
        expect(body).toEqual(chain.at(index)); // each got its own, and it is on the chain
      }
      const { body } = await read(await fetch(`${url}/blocks?from=1`));
      const data = (body as { data: string }[]).map((block) => block.data);
      expect(data.sort()).toEqual(texts.sort());
    });
  });

  describe('POST /blocks with something else', () => {
    it.each([
      ['an object without data', '{}', /data/],
      ['another name', '{"text":"hello"}', /data/],
      ['a number as data', '{"data":42}', /data/],
      ['null as data', '{"data":null}', /data/],
      ['a list as data', '{"data":["hello"]}', /data/],
      ['an object as data', '{"data":{}}', /data/],
      ['half a character', '{"data":"\\ud800"}', /data/],
      ['data in a prototype', '{"__proto__":{"data":"hello"}}', /data/],
      ['null', 'null', /JSON|object|data/],
      ['a number', '42', /JSON|object|data/],
      ['a text', '"hello"', /JSON|object|data/],
      ['a list', '[{"data":"hello"}]', /JSON|object|data/],
      ['an empty body', '', /JSON|object|data/],
      ['a body of spaces', '  ', /JSON|object|data/],
      ['an unfinished object', '{"data":"hello"', /JSON/],
      ['JavaScript', "{data:'hello'}", /JSON/],
      ['a form', 'data=hello', /JSON/],
      ['a deep nest', '['.repeat(50_000) + ']'.repeat(50_000), /JSON|object|data/],
    ])('answers %s with a problem, and mines nothing', async (_name, body, detail) => {
      const { chain, post } = await start();
      const answer = await read(await post(body));
      expect(answer).toEqual(problem(400, detail));
      expect(JSON.stringify(answer)).not.toMatch(/node_modules|SyntaxError|\bat .*:\d+/);
      expect(chain.length).toBe(1);
    });

    it.each([
      'text/plain',
      'text/html',
      'application/x-www-form-urlencoded', // what `curl -d` says unless told otherwise
      'application/jsonp',
      'nonsense',
    ])('answers 415 to the content type %s, and says how to send JSON', async (type) => {
      const { chain, post } = await start();
      const answer = await read(await post('{"data":"hello"}', { 'Content-Type': type }));
      expect(answer).toEqual(problem(415, /JSON/i));
      expect(chain.length).toBe(1);
    });

    it.each([
      [
        'an unknown character set',
        { 'Content-Type': 'application/json; charset=klingon' },
        /charset|character|utf-8/i,
      ],
      ['an unknown encoding', { ...JSON_TYPE, 'Content-Encoding': 'klingon' }, /\w+ \w+/],
    ])('answers 415 to %s, and says what to do', async (_name, headers, words) => {
      const { chain, post } = await start();
      const answer = await read(await post('{"data":"hello"}', headers));
      expect(answer).toEqual(problem(415, words));
      expect(chain.length).toBe(1);
    });

    it('answers a request without any content type or body', async () => {
      const { port, chain } = await start();
      const typeless = await raw(port, ...POST, 'Content-Length: 2', '', '{}');
      const bodiless = await raw(port, ...POST, '', '');
      for (const answer of [typeless, bodiless]) {
        expect(answer).toMatch(/^HTTP\/1.1 4\d\d [^]*application\/problem\+json/);
      }
      expect(chain.length).toBe(1);
    });

    it('takes a chunked body', async () => {
      const { port, chain } = await start();
      const head = [...POST, JSON_LINE, 'Transfer-Encoding: chunked', ''];
      const chunks = ['6', '{"data', 'a', '":"hello"}', '0', '', ''];
      expect(await raw(port, ...head, ...chunks)).toMatch(/^HTTP\/1.1 201 /);
      expect(chain.tip.data).toBe('hello');
    });

    it('answers a chunked body of bad JSON with a problem', async () => {
      const { port, chain } = await start();
      const head = [...POST, JSON_LINE, 'Transfer-Encoding: chunked', ''];
      const answer = await raw(port, ...head, '4', '{bad', '0', '', '');
      expect(answer).toMatch(/^HTTP\/1.1 400 [^]*application\/problem\+json[^]*JSON/);
      expect(chain.length).toBe(1);
    });

    it('survives chunks that are none', async () => {
      const { port, url, chain } = await start();
      const head = [...POST, JSON_LINE, 'Transfer-Encoding: chunked', ''];
      expect(await raw(port, ...head, 'zz', '{}', '0', '', '')).toMatch(
        /^HTTP\/1.1 400 /,
      );
      expect((await fetch(`${url}/blocks`)).status).toBe(200);
      expect(chain.length).toBe(1);
    });
  });

  describe('the size of data', () => {
    const MiB = MAX_DATA_BYTES;
    it.each([
      ['1 MiB of letters', 'x'.repeat(MiB), 201],
      [
        '1 MiB of control characters, which JSON writes as six each',
        '\0'.repeat(MiB),
        201,
      ],
      ['1 MiB of letters that take two bytes', 'é'.repeat(MiB / 2), 201],
      ['1 MiB and a byte', 'x'.repeat(MiB + 1), 413],
      ['1 MiB of characters that are more bytes', 'é'.repeat(MiB / 2 + 1), 413],
      ['5 MB', 'x'.repeat(5_000_000), 413],
      ['20 MB', 'x'.repeat(20_000_000), 413],
    ])('%s', async (_name, data, status) => {
      const { url, chain, post } = await start();
      const res = await post(JSON.stringify({ data }));
      if (status === 201) {
        expect(res.status).toBe(201);
        expect(chain.tip.data === data).toBe(true); // not toBe: it would print both
      } else {
        expect(await read(res)).toEqual(problem(status, /\d/)); // says how much is allowed
        expect(chain.length).toBe(1);
      }
      expect((await fetch(`${url}/blocks?limit=1`)).status).toBe(200);
    });

    it('counts what a compressed body unpacks to', async () => {
      const { url, chain } = await start();
      const body = gzipSync(JSON.stringify({ data: 'x'.repeat(20_000_000) }));
      const headers = { ...JSON_TYPE, 'Content-Encoding': 'gzip' };
      const res = await fetch(`${url}/blocks`, { method: 'POST', body, headers });
      expect([413, 415]).toContain(res.status); // too large, or compression is not spoken
      expect(chain.length).toBe(1);
    });
  });

  describe('connections that never finish', () => {
    it('serves others while one connection says nothing and one body never ends', async () => {
      const { port, post } = await start();
      await once(open(port), 'connect');
      const half = open(
        port,
        [...POST, JSON_LINE, 'Content-Length: 1000', '', '{"data":'].join('\r\n'),
      );
      await once(half, 'connect');
      expect((await post('{"data":"hello"}')).status).toBe(201);
    });

    it('mines nothing for a client that hangs up in the middle of its body', async () => {
      const { server, port, url, chain } = await start();
      const connection = once(server, 'connection') as Promise<[Socket]>;
      const half = [...POST, JSON_LINE, 'Content-Length: 17', '', '{"data":"hello"}'];
      const client = open(port, half.join('\r\n'));
      const closed = closing((await connection)[0]);
      client.end();
      await closed;
      expect((await fetch(`${url}/blocks`)).status).toBe(200);
      expect(chain.length).toBe(1);
    });
  });

  describe('what is not there', () => {
    it.each(['PUT', 'DELETE', 'PATCH'])(
      'answers %s /blocks with 405, and Allow names what there is',
      async (method) => {
        const { url, chain } = await start();
        const res = await fetch(`${url}/blocks`, { method });
        expect(res.headers.get('allow')).toMatch(/GET.*POST|POST.*GET/);
        expect(await read(res)).toEqual(problem(405));
        expect(chain.length).toBe(1);
      },
    );

    it.each([
      ['GET', '/'],
      ['GET', '/block'],
      ['GET', '/blocks/1/data'],
      ['GET', '/favicon.ico'],
      ['POST', '/chain'],
      ['DELETE', '/'],
    ])('answers %s %s with 404 and a problem', async (method, path) => {
      const { url } = await start({ length: 2 });
      expect(await read(await fetch(url + path, { method }))).toEqual(problem(404));
    });

    it.each(['/blocks/%zz', '/blocks/%', '/blocks/%E0%A4%A'])(
      'answers the malformed path %s with a problem',
      async (path) => {
        const { url } = await start();
        expect(await read(await fetch(url + path))).toEqual(problem(400));
      },
    );

    it('does not say what it is made of', async () => {
      const { url } = await start();
      expect((await fetch(url)).headers.get('x-powered-by')).toBeNull();
    });
  });

  describe('the node behind it', () => {
    const block = genesisBlock({ timestamp: GENESIS_TIME });
    const post = (url: string) =>
      fetch(`${url}/blocks`, {
        method: 'POST',
        headers: JSON_TYPE,
        body: '{"data":"x"}',
      });

    it('passes on the problem of a node that has no chain yet, and asks again each time', async () => {
      const problemYet = new Problem(503, 'No chain yet. Try again soon.');
      const chains: Chain[] = [];
      const { url } = await serve({
        get chain() {
          if (chains[0] === undefined) throw problemYet;
          return chains[0];
        },
        mine: () => Promise.reject(problemYet),
      });
      const answers = [
        await fetch(`${url}/blocks`),
        await fetch(`${url}/blocks/latest`),
        await post(url),
      ];
      for (const answer of answers) {
        expect(await read(answer)).toEqual(problem(503, /No chain yet/));
      }
      chains.push(new Chain(block));
      expect(await read(await fetch(`${url}/blocks/latest`))).toEqual(json(200, block));
    });

    it('answers 500 when mining fails unexpectedly, without the text of the error', async () => {
      const log = jest.spyOn(console, 'error').mockReturnValue();
      const error = new Error('the disk at /secret is full');
      const node = { chain: new Chain(block), mine: () => Promise.reject(error) };
      const { url } = await serve(node);
      const answer = await read(await post(url));
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
      const { url } = await serve(node, router, other);
      const echo = { method: 'POST', headers: JSON_TYPE, body: '["a",{"b":1}]' };
      expect([
        await read(await fetch(`${url}/weather`)),
        await read(await fetch(`${url}/time`)),
        await read(await fetch(`${url}/echo`, echo)),
        await read(await fetch(`${url}/teapot`)),
        await read(await fetch(`${url}/nowhere`)),
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
