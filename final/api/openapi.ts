import { z } from 'zod';
import {
  account,
  accountProof,
  accountRange,
  accounts,
  atBlock,
  block,
  blockName,
  classState,
  dryRun,
  events,
  firstWaiting,
  forks,
  lastLevels,
  lineProof,
  listening,
  mempool,
  network,
  newBlock,
  newPayment,
  newPeer,
  offered,
  payment,
  paymentStatus,
  peer,
  problem,
  range,
  searched,
  seen,
  status,
} from './schemas.ts';

/** The schemas that have a name in the description. */
const named = z.registry<{ id: string }>();
named.add(newBlock, { id: 'NewBlock' });
named.add(newPeer, { id: 'NewPeer' });
named.add(block, { id: 'Block' });
named.add(blockName, { id: 'BlockName' });
named.add(status, { id: 'Status' });
named.add(peer, { id: 'Peer' });
named.add(forks, { id: 'Forks' });
named.add(network, { id: 'Network' });
named.add(offered, { id: 'OfferedBlocks' });
named.add(dryRun, { id: 'DryRun' });
named.add(problem, { id: 'Problem' });
named.add(events.chain, { id: 'ChainEvent' });
named.add(events.again, { id: 'AgainEvent' });
named.add(events.peers, { id: 'PeersEvent' });
named.add(events.search, { id: 'SearchEvent' });
named.add(events.alive, { id: 'AliveEvent' });
named.add(seen, { id: 'Seen' });
named.add(events.payments, { id: 'PaymentsEvent' });
named.add(payment, { id: 'Payment' });
named.add(newPayment, { id: 'NewPayment' });
named.add(paymentStatus, { id: 'PaymentStatus' });
named.add(mempool, { id: 'Mempool' });
named.add(accounts, { id: 'Accounts' });
named.add(account, { id: 'Account' });
named.add(lineProof, { id: 'LineProof' });
named.add(accountProof, { id: 'AccountProof' });
named.add(classState, { id: 'Class' });

const uri = (name: string) => `#/components/schemas/${name}`;
const ref = (name: string) => ({ $ref: uri(name) });
const listOf = (name: string) => ({ type: 'array', items: ref(name) });

function content(type: string, schema: object): object {
  return { content: { [type]: { schema } } };
}

const json = (schema: object) => content('application/json', schema);

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: unknown;
}

interface Operation {
  readonly summary: string;
  readonly parameters?: readonly Parameter[];
  /** The schema of the body. */
  readonly takes?: object;
  /** What is answered, by its status code: in words, and with what headers and content. */
  readonly gives: Readonly<Record<string, readonly [description: string, rest: object]>>;
  /** How else it may refuse, beyond what its parameters and its body make of it. */
  readonly refuses?: readonly Refusal[];
}

const problemContent = content('application/problem+json', ref('Problem'));

/** The ways to refuse a request, which many routes share, by their status codes. */
const refusals = {
  400: ['Malformed', 'The path, the query or the body is not as it is described.'],
  403: [
    'Forbidden',
    'The request comes from a page of another site, or calls the node by a name that it does ' +
      'not know.',
  ],
  404: ['NotFound', 'There is no such thing.'],
  409: [
    'Conflict',
    'This network does not do that: it has no coins, or no texts. Or a payment cannot be made ' +
      'as things are.',
  ],
  410: ['Gone', 'It was there, and is not at hand any more.'],
  413: ['TooLarge', 'The body is too large.'],
  415: ['NoJson', 'The body is not said to be JSON, or not written as that is.'],
} as const;

type Refusal = keyof typeof refusals;

const refusalResponses = Object.fromEntries(
  Object.values(refusals).map(([name, description]) => [
    name,
    { description, ...problemContent },
  ]),
);

/** Finds out in which ways an operation may refuse a request. */
function refusalsOf({ parameters = [], takes, refuses = [] }: Operation): Refusal[] {
  return [
    ...(parameters.length > 0 || takes !== undefined ? ([400] as const) : []),
    403, // whoever asks from elsewhere, whatever it is
    ...(parameters.some((one) => one.in === 'path') ? ([404] as const) : []),
    ...refuses,
    ...(takes === undefined ? [] : ([413, 415] as const)),
  ];
}

const capitalized = (word: string) => word.slice(0, 1).toUpperCase() + word.slice(1);

/** Names an operation by its method and its path: `getBlocksByIdSeen`. */
function nameOf(method: string, path: string): string {
  const words = path
    .replaceAll(/\{(\w+)\}/g, 'by/$1')
    .split(/\W+/)
    .filter((word) => word !== '');
  const named = words.length === 0 ? ['root'] : words;
  return method + named.map(capitalized).join('');
}

/** Writes an operation as OpenAPI has it, with the answers to whatever goes wrong. */
function describeOperation(method: string, path: string, operation: Operation): object {
  const { summary, parameters, takes, gives } = operation;
  const answers = Object.entries(gives).map(
    ([code, [description, answer]]): [string, object] => {
      return [code, { description, ...answer }];
    },
  );
  const refused = refusalsOf(operation).map((code): [string, object] => {
    return [String(code), { $ref: `#/components/responses/${refusals[code][0]}` }];
  });
  return {
    operationId: nameOf(method, path),
    summary,
    ...(parameters && { parameters }),
    ...(takes && { requestBody: { required: true, ...json(takes) } }),
    responses: {
      ...Object.fromEntries([...answers, ...refused]),
      default: { description: 'What is wrong, and what to do.', ...problemContent },
    },
  };
}

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The number that a text of digits stands for, with what holds of it once it is read. */
function wholeNumber(read: JsonSchema): JsonSchema {
  const limits = Object.entries(read).filter(
    ([key, value]) => key === 'maximum' || (key === 'default' && value !== null),
  );
  const minimum = Math.max(0, read.minimum ?? 0); // digits have no minus
  return { type: 'integer', minimum, ...Object.fromEntries(limits) };
}

/**
 * Describes the parameters of a query. All of a query is text; what must be digits is described
 * as the number that it is, so that clients take numbers.
 *
 * @param words - what to say of those whose schema says nothing
 */
function queryOf(
  schema: z.ZodType,
  words: Readonly<Record<string, string>> = {},
): Parameter[] {
  const written = z.toJSONSchema(schema, { io: 'input' });
  const read = z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' });
  return Object.entries(written.properties ?? {}).map(([name, type]) => {
    const { description = words[name], ...rest } = type as JsonSchema;
    const isNumber = rest.pattern === String.raw`^\d{1,15}$`;
    return {
      name,
      in: 'query',
      required: written.required?.includes(name) ?? false,
      ...(description !== undefined && { description }),
      schema: isNumber ? wholeNumber(read.properties?.[name] as JsonSchema) : rest,
    };
  });
}

/** An answer whose header `Location` says where it can be asked for again. */
const located = (description: string, name: string): readonly [string, object] => {
  const schema = { type: 'string', format: 'uri-reference' };
  const Location = { description: 'Where to ask for it.', required: true, schema };
  return [description, { headers: { Location }, ...json(ref(name)) }];
};

const postBlock: Operation = {
  summary: 'Mines a block, and answers when it is on the chain and on disk.',
  takes: ref('NewBlock'),
  gives: { 201: located('The block.', 'Block') },
  refuses: [409],
};

const postPeer: Operation = {
  summary: 'Dials a peer and keeps it.',
  takes: ref('NewPeer'),
  gives: {
    200: ['It was connected already.', json(ref('Peer'))],
    201: ['It is connected now.', json(ref('Peer'))],
  },
};

/** Describes a part of a path. */
const inPath = (name: string, description: string): Parameter => ({
  name,
  in: 'path',
  required: true,
  description,
  schema: { type: 'string' },
});

/** What can be asked for: the operations by their paths, then by their methods. */
type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

/** The routes of networks with coins; in others, they answer 409. */
const coinPaths: Paths = {
  '/payments': {
    post: {
      summary: 'Takes a signed payment, and keeps it until it is in a block.',
      takes: ref('NewPayment'),
      gives: {
        200: located('It is in a block already.', 'PaymentStatus'),
        202: located('It waits.', 'PaymentStatus'),
      },
      refuses: [409],
    },
  },
  '/payments/{id}': {
    get: {
      summary: 'Tells where a payment is, as seen from the tip of this node.',
      parameters: [inPath('id', 'The id of the payment: the digest of its line.')],
      gives: { 200: ['Where it is.', json(ref('PaymentStatus'))] },
      refuses: [409],
    },
  },
  '/mempool': {
    get: {
      summary: 'Lists the payments that wait for a block.',
      parameters: queryOf(firstWaiting),
      gives: { 200: ['The payments.', json(ref('Mempool'))] },
      refuses: [409],
    },
  },
  '/accounts': {
    get: {
      summary: 'Lists who has how much, the most first.',
      parameters: queryOf(accountRange),
      gives: { 200: ['The accounts.', json(ref('Accounts'))] },
      refuses: [409],
    },
  },
  '/accounts/{address}': {
    get: {
      summary: 'Tells what an address has: now, or after the block "at".',
      parameters: [inPath('address', 'The address.'), ...queryOf(atBlock)],
      gives: { 200: ['What it has.', json(ref('Account'))] },
      refuses: [409, 410],
    },
  },
  '/proofs/line/{block}/{number}': {
    get: {
      summary: 'Proves that a line is in a block, to whoever has the header of that.',
      parameters: [
        inPath('block', 'The index of the block on the best chain, or its hash.'),
        inPath('number', 'Which line, counted from 0, the line of the reward.'),
      ],
      gives: { 200: ['The line, and its way to the root.', json(ref('LineProof'))] },
      refuses: [409],
    },
  },
  '/proofs/account/{address}': {
    get: {
      summary: 'Proves what an address has, to whoever has the header of the block.',
      parameters: [inPath('address', 'The address.'), ...queryOf(atBlock)],
      gives: {
        200: ['Its line, and the two ways to the root.', json(ref('AccountProof'))],
      },
      refuses: [409, 410],
    },
  },
};

/** The text of server-sent events: what it holds, each with the schema of its data. */
const eventStream = {
  type: 'string',
  contentMediaType: 'text/event-stream',
  contentSchema: {
    type: 'array',
    items: {
      anyOf: Object.keys(events).map((name) => ({
        type: 'object',
        properties: {
          event: { const: name },
          data: ref(`${capitalized(name)}Event`),
        },
      })),
    },
  },
};

const paths: Paths = {
  ...coinPaths,
  '/': {
    get: {
      summary: 'Lists what can be read; shows a page to those who ask for HTML.',
      gives: { 200: ['Paths.', json({ type: 'array', items: { type: 'string' } })] },
    },
  },
  '/blocks': {
    get: {
      summary: 'Gives the chain, or "limit" blocks of it from the index "from" on.',
      parameters: queryOf(range, {
        from: 'The index of the first.',
        limit: 'How many at most; without it, all.',
      }),
      gives: { 200: ['The blocks, streamed.', json(listOf('Block'))] },
    },
    post: postBlock,
  },
  '/blocks/{id}': {
    get: {
      summary: 'Gives one block.',
      parameters: [inPath('id', 'An index, a hash, or "latest".')],
      gives: { 200: ['The block.', json(ref('Block'))] },
    },
  },
  '/blocks/{id}/seen': {
    get: {
      summary: 'Tells where a block came from, and which of the peers have it.',
      parameters: [inPath('id', 'The hash of a block of any branch.')],
      gives: { 200: ['What the node knows of it.', json(ref('Seen'))] },
    },
  },
  '/blocks/check': {
    post: {
      summary: 'Judges blocks as if a peer had sent them, and changes nothing.',
      takes: ref('OfferedBlocks'),
      gives: { 200: ['What would become of them, and why.', json(ref('DryRun'))] },
    },
  },
  '/forks': {
    get: {
      summary: 'Gives the last blocks of all branches, and the last reorganizations.',
      parameters: queryOf(lastLevels),
      gives: { 200: ['The tree, parents first.', json(ref('Forks'))] },
    },
  },
  '/search': {
    get: {
      summary: 'Finds blocks by a part of their data, or the beginning of their hash.',
      parameters: queryOf(searched),
      gives: { 200: ['At most 50 by each, the newest first.', json(listOf('Block'))] },
    },
  },
  '/network': {
    get: {
      summary: 'Gives the peers with their best blocks, and the urls heard of.',
      gives: { 200: ['The network around the node.', json(ref('Network'))] },
    },
  },
  '/class': {
    get: {
      summary: 'Tells of a class; shows its page to those who ask for HTML.',
      gives: { 200: ['The class, as the node sees it.', json(ref('Class'))] },
    },
  },
  '/peers': {
    get: {
      summary: 'Lists the connected peers.',
      gives: { 200: ['The peers.', json(listOf('Peer'))] },
    },
    post: postPeer,
  },
  '/status': {
    get: {
      summary: 'Gives the state of the node.',
      gives: { 200: ['The state.', json(ref('Status'))] },
    },
  },
  '/events': {
    get: {
      summary:
        'Tells what happens: server-sent events "chain", "again", "peers" and "payments", whose ' +
        'data are a ChainEvent, an AgainEvent, a PeersEvent and a PaymentsEvent; live, also ' +
        '"search" and "alive", with a SearchEvent and an AliveEvent.',
      parameters: queryOf(listening),
      gives: { 200: ['Events.', content('text/event-stream', eventStream)] },
    },
  },
  '/metrics': {
    get: {
      summary: 'Gives the numbers of the node for Prometheus.',
      gives: { 200: ['Numbers.', content('text/plain', { type: 'string' })] },
    },
  },
  '/openapi.json': {
    get: {
      summary: 'Gives this description.',
      gives: { 200: ['It.', json({ type: 'object', additionalProperties: true })] },
    },
  },
  '/mineBlock': { post: postBlock },
  '/addPeer': { post: postPeer },
};

/** Who may ask, since nobody has to say who they are. */
const ACCESS =
  'The node asks for no password. It listens to its own machine only unless it is told otherwise, ' +
  'and refuses what pages of other sites ask for. Whoever reaches it may post blocks and add ' +
  "peers: where that is not everybody's business, let a proxy before it ask who they are.";

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
    info: {
      title: 'Pychain node',
      version: '1',
      description: ACCESS,
      license: { name: 'Apache License 2.0', identifier: 'Apache-2.0' },
    },
    // The folder that this description is in, which a proxy may have chosen.
    servers: [{ url: '.', description: 'The node that gives this description.' }],
    security: [],
    paths: Object.fromEntries(
      Object.entries(paths).map(([path, operations]) => [
        path,
        Object.fromEntries(
          Object.entries(operations).map(([method, operation]) => [
            method,
            describeOperation(method, path, operation),
          ]),
        ),
      ]),
    ),
    components: { schemas, responses: refusalResponses },
  };
}
