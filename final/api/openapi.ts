import { z } from 'zod';
import {
  account,
  accountRange,
  accounts,
  atBlock,
  block,
  classState,
  dryRun,
  events,
  firstWaiting,
  forks,
  lastLevels,
  listening,
  mempool,
  network,
  newBlock,
  newPayment,
  newPeer,
  offered,
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
named.add(newPayment, { id: 'NewPayment' });
named.add(paymentStatus, { id: 'PaymentStatus' });
named.add(mempool, { id: 'Mempool' });
named.add(accounts, { id: 'Accounts' });
named.add(account, { id: 'Account' });
named.add(classState, { id: 'Class' });

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

/** Describes a part of a path. */
const inPath = (name: string, description: string) => ({
  name,
  in: 'path',
  required: true,
  description,
  schema: { type: 'string' },
});

/** The routes of networks with coins; in others, they answer 409. */
const coinPaths = {
  '/payments': {
    post: operation({
      summary: 'Takes a signed payment, and keeps it until it is in a block.',
      takes: ref('NewPayment'),
      gives: {
        200: ['It is in a block already.', json(ref('PaymentStatus'))],
        202: ['It waits; Location says where to ask for it.', json(ref('PaymentStatus'))],
      },
    }),
  },
  '/payments/{id}': {
    get: operation({
      summary: 'Tells where a payment is, as seen from the tip of this node.',
      parameters: [inPath('id', 'The id of the payment: the digest of its line.')],
      gives: { 200: ['Where it is.', json(ref('PaymentStatus'))] },
    }),
  },
  '/mempool': {
    get: operation({
      summary: 'Lists the payments that wait for a block.',
      parameters: queryOf(firstWaiting),
      gives: { 200: ['The payments.', json(ref('Mempool'))] },
    }),
  },
  '/accounts': {
    get: operation({
      summary: 'Lists who has how much, the most first.',
      parameters: queryOf(accountRange),
      gives: { 200: ['The accounts.', json(ref('Accounts'))] },
    }),
  },
  '/accounts/{address}': {
    get: operation({
      summary: 'Tells what an address has: now, or after the block "at".',
      parameters: [inPath('address', 'The address.'), ...queryOf(atBlock)],
      gives: { 200: ['What it has.', json(ref('Account'))] },
    }),
  },
};

const paths = {
  ...coinPaths,
  '/': {
    get: operation({
      summary: 'Lists what can be read; shows a page to those who ask for HTML.',
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
  '/blocks/{id}/seen': {
    get: operation({
      summary: 'Tells where a block came from, and which of the peers have it.',
      parameters: [
        {
          name: 'id',
          in: 'path',
          required: true,
          description: 'The hash of a block of any branch.',
          schema: { type: 'string' },
        },
      ],
      gives: { 200: ['What the node knows of it.', json(ref('Seen'))] },
    }),
  },
  '/blocks/check': {
    post: operation({
      summary: 'Judges blocks as if a peer had sent them, and changes nothing.',
      takes: ref('OfferedBlocks'),
      gives: { 200: ['What would become of them, and why.', json(ref('DryRun'))] },
    }),
  },
  '/forks': {
    get: operation({
      summary: 'Gives the last blocks of all branches, and the last reorganizations.',
      parameters: queryOf(lastLevels),
      gives: { 200: ['The tree, parents first.', json(ref('Forks'))] },
    }),
  },
  '/search': {
    get: operation({
      summary: 'Finds blocks by a part of their data, or the beginning of their hash.',
      parameters: queryOf(searched),
      gives: { 200: ['At most 50 by each, the newest first.', json(listOf('Block'))] },
    }),
  },
  '/network': {
    get: operation({
      summary: 'Gives the peers with their best blocks, and the urls heard of.',
      gives: { 200: ['The network around the node.', json(ref('Network'))] },
    }),
  },
  '/class': {
    get: operation({
      summary: 'Tells of a class; shows its page to those who ask for HTML.',
      gives: { 200: ['The class, as the node sees it.', json(ref('Class'))] },
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
      summary:
        'Tells what happens: server-sent events "chain", "again", "peers" and "payments", whose ' +
        'data are a ChainEvent, an AgainEvent, a PeersEvent and a PaymentsEvent; live, also ' +
        '"search" and "alive", with a SearchEvent and an AliveEvent.',
      parameters: queryOf(listening),
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
