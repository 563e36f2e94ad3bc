/** What clients of the HTTP API try, and web pages that somebody has open. */
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestNode, cleanUp, easy } from './harness.ts';

let node: TestNode;

beforeAll(async () => {
  node = await TestNode.start(easy);
});
afterAll(cleanUp);

/** What a browser says of a request that a page of another site makes, as by an image. */
const fromAPage = {
  'Sec-Fetch-Site': 'cross-site',
  'Sec-Fetch-Mode': 'no-cors',
  'Sec-Fetch-Dest': 'image',
};

/** Asks as a program that says what it likes of itself: `fetch` says some of it itself. */
async function ask(
  path: string,
  { method = 'GET', headers = {}, body }: Asked = {},
): Promise<[number, string]> {
  const sent = request(node.http + path, { method, headers });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return [response.statusCode ?? 0, await text(response)];
}

interface Asked {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

const post = (body: string | Buffer): Asked => {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body };
};

describe('Somebody who wants to keep a node busy', () => {
  it('searches for a text that is slow to find, and is told to search for a shorter one', async () => {
    const [status, body] = await ask(`/search?text=ab${'a'.repeat(4_000)}`);
    expect([status, body]).toEqual([
      400,
      expect.stringContaining('at most 64 characters'),
    ]);
    expect((await ask(`/search?text=${'a'.repeat(64)}`))[0]).toBe(200);
  });

  it.each([
    ['a list of two million lists', `[${'[],'.repeat(2_000_000)}0]`],
    ['lists three million deep', '['.repeat(3_000_000)],
    ['an object of half a million names', `{${'"a":1,'.repeat(500_000)}"b":1}`],
  ])('posts %s, which is refused before it is read', async (_name, body) => {
    for (const path of ['/blocks', '/blocks/check', '/peers']) {
      const [status, words] = await ask(path, post(body));
      expect([status, words]).toEqual([413, expect.stringContaining('20000 values')]);
    }
  });

  it('posts half a million quotes and brackets as data, which is served as any data', async () => {
    const data = '"[{,\\'.repeat(100_000);
    const [status, body] = await ask('/blocks', post(JSON.stringify({ data })));
    expect([status, (JSON.parse(body) as { data: string }).data === data]).toEqual([
      201,
      true,
    ]);
  });

  it('has a page of another site ask, which is refused at every route', async () => {
    for (const path of ['/search?text=a', '/blocks', '/forks', '/metrics', '/']) {
      for (const site of ['cross-site', 'same-site']) {
        const headers = { ...fromAPage, 'Sec-Fetch-Site': site };
        expect((await ask(path, { headers }))[0]).toBe(403);
      }
    }
  });

  it('has a page of another site lead people to the node, which is let through', async () => {
    const headers = {
      'Sec-Fetch-Site': 'cross-site',
      'Sec-Fetch-Mode': 'navigate',
      'Sec-Fetch-Dest': 'document',
      accept: 'text/html',
    };
    expect((await ask('/', { headers }))[0]).toBe(200);
    const framed = { ...headers, 'Sec-Fetch-Dest': 'iframe' };
    expect((await ask('/', { headers: framed }))[0]).toBe(403);
  });

  it('posts a body that is not UTF-8, and is told so', async () => {
    const body = Buffer.from('{"data":"Gr\u00fc\u00dfe"}', 'latin1');
    const [status, words] = await ask('/blocks', post(body));
    expect([status, words]).toEqual([400, expect.stringContaining('not UTF-8')]);
  });
});
