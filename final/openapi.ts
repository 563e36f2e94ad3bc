import { z } from 'zod';
import type { Block } from '#blocks';
import { newBlock, range } from '#http';
import { newPeer } from '#peers';
import type { Status } from './node.ts';

const count = z.int().min(0);
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const id = z.string().regex(/^[0-9a-f]{32}$/);
const difficulty = z.int().min(0).max(256);
const work = z.string().regex(/^\d+$/);

const block = z.strictObject({
  index: count,
  timestamp: count,
  previousHash: hash,
  dataHash: hash,
  difficulty,
  nonce: count,
  data: z.string(),
  hash,
}) satisfies z.ZodType<Block>;

const status = z.strictObject({
  id,
  network: hash.nullable(),
  difficulty: difficulty.nullable(),
  tip: z.strictObject({ hash, index: count, work }).nullable(),
  peers: count,
  hashRate: z.number().min(0),
  mining: z
    .strictObject({
      attempts: count,
      expected: z.number().min(1),
      seconds: z.number().min(0),
    })
    .nullable(),
  waiting: count,
  code: z.string().nullable(),
}) satisfies z.ZodType<Status>;

const peer = z.strictObject({
  id,
  url: z.string().nullable(),
  direction: z.enum(['inbound', 'outbound']),
});

const problem = z.strictObject({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int().min(400).max(599),
  detail: z.string(),
});

/** The schemas that have a name in the description. */
const named = z.registry<{ id: string }>();
named.add(newBlock, { id: 'NewBlock' });
named.add(newPeer, { id: 'NewPeer' });
named.add(block, { id: 'Block' });
named.add(status, { id: 'Status' });
named.add(peer, { id: 'Peer' });
named.add(problem, { id: 'Problem' });

const uri = (name: string) => `#/components/schemas/${name}`;
const ref = (name: string) => ({ $ref: uri(name) });
const listOf = (name: string) => ({ type: 'array', items: ref(name) });

function content(type: string, schema: object): object {
  return { content: { [type]: { schema } } };
}

const json = (schema: object) => content('application/json', schema);

interface Operation {
  readonly summary: string;
  readonly parameters?: readonly object[];
  /** The schema of the body. */
  readonly takes?: object;
  /** What is answered, by its status code: in words, and as what content. */
  readonly gives: Readonly<
    Record<string, readonly [description: string, content: object]>
  >;
}

/** Writes an operation as OpenAPI has it, with the answer to whatever goes wrong. */
function operation({ summary, parameters, takes, gives }: Operation): object {
  const answers = Object.entries(gives).map(
    ([code, [description, answer]]): [string, object] => {
      return [code, { description, ...answer }];
    },
  );
  return {
    summary,
    ...(parameters && { parameters }),
    ...(takes && { requestBody: { required: true, ...json(takes) } }),
    responses: {
      ...Object.fromEntries(answers),
      default: {
        description: 'What is wrong, and what to do.',
        ...content('application/problem+json', ref('Problem')),
      },
    },
  };
}

function queryOf(schema: z.ZodType): object[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input' });
  return Object.entries(properties).map(([name, type]) => ({
    name,
    in: 'query',
    schema: type,
  }));
}

const postBlock = operation({
  summary: 'Mines a block, and answers when it is on the chain and on disk.',
  takes: ref('NewBlock'),
  gives: { 201: ['The block; Location says where it is.', json(ref('Block'))] },
});

const postPeer = operation({
  summary: 'Dials a peer and keeps it.',
  takes: ref('NewPeer'),
  gives: {
    200: ['It was connected already.', json(ref('Peer'))],
    201: ['It is connected now.', json(ref('Peer'))],
  },
});

const paths = {
  '/': {
    get: operation({
      summary: 'Lists what can be read.',
      gives: { 200: ['Paths.', json({ type: 'array', items: { type: 'string' } })] },
    }),
  },
  '/blocks': {
    get: operation({
      summary: 'Gives the chain, or "limit" blocks of it from the index "from" on.',
      parameters: queryOf(range),
      gives: { 200: ['The blocks, streamed.', json(listOf('Block'))] },
    }),
    post: postBlock,
  },
  '/blocks/{id}': {
    get: operation({
      summary: 'Gives one block.',
      parameters: [
        {
          name: 'id',
          in: 'path',
          required: true,
          description: 'An index, a hash, or "latest".',
          schema: { type: 'string' },
        },
      ],
      gives: { 200: ['The block.', json(ref('Block'))] },
    }),
  },
  '/peers': {
    get: operation({
      summary: 'Lists the connected peers.',
      gives: { 200: ['The peers.', json(listOf('Peer'))] },
    }),
    post: postPeer,
  },
  '/status': {
    get: operation({
      summary: 'Gives the state of the node.',
      gives: { 200: ['The state.', json(ref('Status'))] },
    }),
  },
  '/events': {
    get: operation({
      summary: 'Tells what happens: server-sent events "chain", "again" and "peers".',
      gives: { 200: ['Events.', content('text/event-stream', { type: 'string' })] },
    }),
  },
  '/metrics': {
    get: operation({
      summary: 'Gives the numbers of the node for Prometheus.',
      gives: { 200: ['Numbers.', content('text/plain', { type: 'string' })] },
    }),
  },
  '/openapi.json': {
    get: operation({
      summary: 'Gives this description.',
      gives: { 200: ['It.', json({ type: 'object' })] },
    }),
  },
  '/mineBlock': { post: postBlock },
  '/addPeer': { post: postPeer },
};

/**
 * Describes the HTTP API in OpenAPI 3.1. What requests may hold comes from the schemas that
 * check them.
 */
export function describeApi(): object {
  const { schemas } = z.toJSONSchema(named, { uri, io: 'input' });
  for (const schema of Object.values(schemas)) {
    // The document says where a schema is and in which language it is written.
    delete schema.$id;
    delete schema.$schema;
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Pychain node', version: '1' },
    paths,
    components: { schemas },
  };
}
