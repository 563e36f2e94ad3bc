/** What the node says of its API must be true. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { Router } from 'express';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Node } from '../../final/node/node.ts';
import { createApp } from '../../final/api/app.ts';
import { memoryStore } from '../../final/storage/store.ts';
import { createLog } from '../../final/terminal/log.ts';
import { History } from '../../final/views/history.ts';
import { TestNode, cleanUp, easy } from './harness.ts';

interface Operation {
  readonly operationId?: string;
  readonly responses: Record<string, object>;
}

type Document = Record<string, unknown> & {
  readonly info: { readonly license?: { readonly identifier: string } };
  readonly servers?: readonly { readonly url: string }[];
  readonly paths: Record<string, Record<string, Operation>>;
};

/** A route as express keeps it. */
interface Route {
  readonly path: string;
  readonly methods: Record<string, boolean>;
}

const metadata = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8'),
) as { readonly license: string };

let node: TestNode;
let document: Document;
const ajv = new Ajv2020({ strict: false, validateFormats: false });

beforeAll(async () => {
  node = await TestNode.start(easy);
  await TestNode.join(node);
  document = await node.get<Document>('/openapi.json');
  ajv.addSchema(document, 'api', false, false);
});
afterAll(cleanUp);

/** Returns what is wrong with a value, as a part of the document sees it; undefined if nothing. */
function fault(path: readonly string[], value: unknown): string | undefined {
  const pointer = path.map((key) => `/${key.replaceAll('/', '~1')}`).join('');
  const isValid = ajv.validate({ $ref: `api#${encodeURI(pointer)}` }, value);
  return isValid ? undefined : ajv.errorsText();
}

const bodyOf = (path: string) => [
  'paths',
  path,
  'post',
  'requestBody',
  'content',
  'application/json',
  'schema',
];
const problemOf = (path: string, method: string) =>
  answerOf(path, method, 'default', 'application/problem+json');
const answerOf = (
  path: string,
  method: string,
  code: string,
  type = 'application/json',
) => ['paths', path, method, 'responses', code, 'content', type, 'schema'];

describe('The description of the API', () => {
  it('is valid OpenAPI 3.1', async () => {
    const result = await new Validator().validate(structuredClone(document));
    expect(result.errors ?? []).toEqual([]);
    expect([result.valid, document.openapi]).toEqual([true, '3.1.0']);
  });

  it('gives every operation a name of its own, from its method and its path', () => {
    const names = Object.values(document.paths).flatMap((operations) =>
      Object.values(operations).map(({ operationId }) => operationId),
    );
    expect(names.filter((name) => !/^(get|post)[A-Z]\w+$/.test(name ?? ''))).toEqual([]);
    expect([...new Set(names)]).toEqual(names);
    expect(document.paths['/blocks/{id}/seen']?.get?.operationId).toBe(
      'getBlocksByIdSeen',
    );
  });

  it('says of every operation how it may refuse', () => {
    const silent = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.entries(operations)
        .filter(([, { responses }]) =>
          Object.keys(responses).every((code) => !/^4\d\d$/.test(code)),
        )
        .map(([method]) => `${method} ${path}`),
    );
    expect(silent).toEqual([]);
  });

  it('names the license of the project, and asks for no password', () => {
    expect(document.info.license?.identifier).toBe(metadata.license);
    expect(document.security).toEqual([]);
  });

  it.each([
    ['http://127.0.0.1:6001/openapi.json', 'http://127.0.0.1:6001/'],
    ['https://chain.example.org/chain/openapi.json', 'https://chain.example.org/chain/'],
  ])('read at %s, says that the node is at %s', (place, api) => {
    expect(document.servers?.map(({ url }) => new URL(url, place).href)).toEqual([api]);
  });

  it.each([
    ['400', 'get', '/blocks', '/blocks?from=x', undefined],
    ['400', 'get', '/blocks/{id}', '/blocks/%', undefined],
    ['404', 'get', '/blocks/{id}', '/blocks/99', undefined],
    ['404', 'get', '/blocks/{id}/seen', `/blocks/${'0'.repeat(64)}/seen`, undefined],
    ['400', 'get', '/search', '/search', undefined],
    ['400', 'get', '/events', '/events?live=perhaps', undefined],
    ['400', 'post', '/blocks/check', '/blocks/check', {}],
    ['409', 'get', '/mempool', '/mempool', undefined],
    ['409', 'get', '/accounts', '/accounts', undefined],
    ['409', 'get', '/accounts/{address}', `/accounts/${'0'.repeat(64)}`, undefined],
    [
      '409',
      'get',
      '/proofs/account/{address}',
      `/proofs/account/${'0'.repeat(64)}`,
      undefined,
    ],
    ['409', 'get', '/proofs/line/{block}/{number}', '/proofs/line/0/0', undefined],
    ['409', 'get', '/payments/{id}', `/payments/${'0'.repeat(64)}`, undefined],
    ['409', 'post', '/payments', '/payments', {}],
  ] as const)(
    'names the answer %s of %s %s',
    async (code, method, described, path, sent) => {
      const { status, body } = await node.request(path, sent);
      expect(String(status)).toBe(code);
      expect(Object.keys(document.paths[described]?.[method]?.responses ?? {})).toContain(
        code,
      );
      expect(fault(problemOf(described, method), body)).toBeUndefined();
    },
  );

  it('names every route of the node, and no other', async () => {
    const made = jest.spyOn(Router.prototype as Router, 'route');
    const ports = { host: '127.0.0.1', wsPort: 0 };
    const openStore = () => Promise.resolve(memoryStore);
    const log = createLog('silent');
    const unused = new Node({ ...ports, peers: [], openStore, log });
    createApp(unused, new History(unused));
    await unused.stop();
    const routes = made.mock.results.map(({ value }) => value as Route);
    made.mockRestore();

    const actual = routes.flatMap(({ path, methods }) =>
      Object.keys(methods).map(
        (method) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`,
      ),
    );
    const described = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method} ${path}`),
    );
    const aliases = ['post /mineBlock', 'post /addPeer']; // they are led to other routes
    expect(described.sort()).toEqual(
      [...actual.filter((route) => !route.startsWith('_all')), ...aliases].sort(),
    );
  });

  it.each(['/', '/blocks', '/peers', '/status', '/forks', '/network', '/openapi.json'])(
    'is true of the answer to GET %s',
    async (path) => {
      const answer = await node.get(path);
      expect(fault(answerOf(path, 'get', '200'), answer)).toBeUndefined();
    },
  );

  it('is true of a block', async () => {
    const block = await node.get('/blocks/latest');
    expect(fault(answerOf('/blocks/{id}', 'get', '200'), block)).toBeUndefined();
  });

  it.each(['/blocks', '/mineBlock'])(
    'is true of what POST %s takes and gives',
    async (path) => {
      for (const body of [
        { data: 'hello' },
        { data: '' },
        {},
        { data: 7 },
        [],
        null,
        'text',
      ]) {
        const answer = await node.request(path, body);
        const isWrong = fault(bodyOf(path), body) !== undefined;
        expect(answer.status).toBe(isWrong ? 400 : 201);
        const schema = isWrong ? problemOf(path, 'post') : answerOf(path, 'post', '201');
        expect(fault(schema, answer.body)).toBeUndefined();
      }
    },
  );

  it.each(['/peers', '/addPeer'])(
    'is true of what POST %s takes and gives',
    async (path) => {
      const other = await TestNode.start(['-n', node.ws]);
      await other.until(({ msg }) => msg.startsWith('Joined the network'));
      const own = await TestNode.start(easy);
      for (const [body, status] of [
        [{ url: other.ws }, 200],
        [{ url: own.ws }, 502],
        [{ url: 7 }, 400],
        [{ url: `ws://${'x'.repeat(200)}` }, 400],
        [{}, 400],
        [null, 400],
      ] as const) {
        const answer = await node.request(path, body);
        expect(answer.status).toBe(status);
        expect(fault(bodyOf(path), body) !== undefined).toBe(status === 400);
        const schema =
          status === 200 ? answerOf(path, 'post', '200') : problemOf(path, 'post');
        expect(fault(schema, answer.body)).toBeUndefined();
      }
    },
  );

  it.each(['/blocks/99', '/blocks?from=x', '/nowhere'])(
    'is true of the problem that %s gives',
    async (path) => {
      const { status, type, body } = await node.request(path);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(type).toMatch(/^application\/problem\+json/);
      expect(fault(problemOf('/blocks/{id}', 'get'), body)).toBeUndefined();
    },
  );

  it('does not hold of what it does not describe', async () => {
    const block = await node.get<object>('/blocks/latest');
    const schema = answerOf('/blocks/{id}', 'get', '200');
    expect(fault(schema, { ...block, more: 1 })).toContain('additional');
    expect(fault(schema, { ...block, hash: 'x' })).toContain('hash');
  });

  it('gives the types of the answers that are no JSON', async () => {
    for (const [path, type] of [
      ['/events', 'text/event-stream'],
      ['/metrics', 'text/plain'],
    ] as const) {
      const answer = await fetch(node.http + path);
      await answer.body?.cancel();
      expect(answer.headers.get('content-type')).toContain(type);
      expect(fault(answerOf(path, 'get', '200', type), '')).toBeUndefined();
    }
  });
});
