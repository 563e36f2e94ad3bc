/**
 * The contract of the HTTP API: what requests take and what answers hold. The routes, the
 * description in OpenAPI, the commands, the pages and the laboratory all take it from here;
 * what step 4 and step 5 take stands in those steps.
 *
 * @module
 */
import { z } from 'zod';
import type { Block } from '#blocks';
import type { Payment } from '#signatures';

export { newBlock, range } from '#http';
export { newPeer } from '#peers';

/** How many blocks back the tree goes unless told otherwise, and at most. */
const LEVELS = { usual: 30, most: 500 };

/** How long a text to search for may be: as long as a hash. Longer ones can be slow to find. */
const LONGEST_TEXT = 64;

/** How many accounts or payments are listed unless told otherwise, and at most. */
const LISTED = { usual: 100, most: 1_000 };

const count = z.int().min(0);
const time = count.describe('Milliseconds since the epoch.');
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const id = z.string().regex(/^[0-9a-f]{32}$/);
const difficulty = z.int().min(0).max(256);
/** What names a block where all of it is not needed. */
export const blockName = z.strictObject({ index: count, hash });

/** A block. */
export const block = z.strictObject({
  index: count,
  timestamp: time,
  previousHash: hash,
  dataHash: hash,
  difficulty,
  nonce: count,
  data: z.string(),
  hash,
}) satisfies z.ZodType<Block>;

const address = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .describe('An address: a public key of Ed25519.');
const coins = count.describe('Whole coins.');

/** What a network with coins says of them. */
const coin = z.strictObject({
  reward: coins.describe('New coins with each block at first.'),
  halving: count.describe('After how many blocks they halve.'),
  size: count.describe('How many payments a block holds at most.'),
  subsidy: coins.describe('New coins with the next block.'),
  nextHalving: z
    .strictObject({ index: count, reward: coins })
    .nullable()
    .describe('The block from which on there are fewer; null if none come any more.'),
  supply: coins.describe('How many coins there are.'),
  maxSupply: coins.describe('How many there will ever be.'),
  rewardsTo: address.describe('Who gets the rewards of the blocks that the node finds.'),
  balance: coins.describe('What that address has.'),
  waiting: count.describe('How many payments wait.'),
  parked: count.describe('How many of these cannot be made yet.'),
});

const tip = z.strictObject({ hash, index: count, work: z.string().regex(/^\d+$/) });

/** What `GET /status` gives: what a node says of itself. */
export const status = z.strictObject({
  id: id.describe('The id of the node, new at each start.'),
  name: z.string().nullable().describe('What people call it.'),
  network: hash
    .nullable()
    .describe('The hash of the genesis block, which names the network.'),
  difficulty: difficulty.nullable().describe('The zero bits that each hash begins with.'),
  tip: tip.nullable().describe('The best block, and the expected attempts behind it.'),
  peers: count.describe('How many peers are connected.'),
  hashRate: z.number().min(0).describe('Hashes a second, while it last searched.'),
  mining: z
    .strictObject({
      attempts: count,
      expected: z.number().min(1),
      seconds: z.number().min(0),
    })
    .nullable()
    .describe('How far the search for a block is; null while there is none.'),
  found: z
    .strictObject({
      hash,
      attempts: count,
      expected: z.number().min(1),
      seconds: z.number().min(0),
    })
    .nullable()
    .describe('What it took to find the block that this node mined last.'),
  waiting: count.describe('How many acknowledged posts wait to be mined again.'),
  ahead: count.describe("By how many milliseconds the tip is ahead of the node's clock."),
  otherClocks: count.describe(
    "How many peers' clocks differ from the node's by minutes.",
  ),
  code: z.string().nullable().describe("Which steps are a reader's own, as in my 01 03."),
  coin: coin.nullable().describe('What coins the network has; null if it carries texts.'),
});

const wrongAddress = (field: string) => `Give "${field}" as an address: 64 hex digits.`;
const newAddress = (field: string) =>
  z.string({ error: wrongAddress(field) }).regex(/^[0-9a-f]{64}$/, {
    error: wrongAddress(field),
  });
const newCount = (field: string, least: number) =>
  z
    .int({ error: `Give "${field}" as a whole number from ${least}.` })
    .min(least, { error: `Give "${field}" as a whole number from ${least}.` });

/** What `POST /payments` takes: a payment that its payer has signed. */
export const newPayment = z.object(
  {
    from: newAddress('from'),
    to: newAddress('to'),
    amount: newCount('amount', 1),
    fee: newCount('fee', 1),
    count: newCount('count', 0),
    signature: z
      .string({ error: 'Give "signature" as 128 hex digits.' })
      .regex(/^[0-9a-f]{128}$/, { error: 'Give "signature" as 128 hex digits.' }),
  },
  {
    error:
      'Send a JSON object such as {"from":"…","to":"…","amount":5,"fee":1,"count":0,"signature":"…"}.',
  },
) satisfies z.ZodType<Payment>;

/** A payment as it stands in a block. */
export const payment = z.strictObject({
  from: address,
  to: address,
  amount: coins,
  fee: coins.describe('What whoever finds its block gets.'),
  count: count.describe('How many payments the payer made before.'),
  signature: z.string().regex(/^[0-9a-f]{128}$/),
});

/** The path of `GET /payments/:id`. */
export const paymentPath = z.object({
  id: z.string().regex(/^[0-9a-f]{64}$/, { error: 'Name the payment by its id.' }),
});

/** What `POST /payments` and `GET /payments/:id` give: where a payment is. */
export const paymentStatus = z.strictObject({
  id: hash.describe('The SHA-256 digest of its line in a block.'),
  state: z
    .enum(['waiting', 'parked', 'included', 'replaced', 'used', 'evicted'])
    .describe(
      'Waits for a block; waits, and cannot be made yet; is in a block; another one with its ' +
        'count waits; another one with its count is in a block; had to make room.',
    ),
  reason: z.string().describe('The same in a sentence.'),
  block: blockName
    .nullable()
    .describe('The block that it is in, or that has its count used.'),
  onTop: count.nullable().describe('How many blocks are on top of that one.'),
  by: hash.nullable().describe('The id of the payment that took its place.'),
  payment,
});

const listed = z
  .stringFormat('limit', /^\d{1,15}$/, { error: 'Give "limit" as a number from 0.' })
  .transform(Number)
  .pipe(
    z.int().max(LISTED.most, { error: `Give "limit" as a number to ${LISTED.most}.` }),
  );

/** The query of `GET /mempool`. */
export const firstWaiting = z.object({
  limit: listed.default(LISTED.usual).describe('How many at most.'),
});

/** What `GET /mempool` gives: the payments that wait. */
export const mempool = z.strictObject({
  size: count.describe('How many wait in all.'),
  parked: count.describe('How many of these cannot be made yet.'),
  payments: z
    .array(
      payment.extend({
        id: hash,
        next: z.boolean().describe('Whether the next block takes it in, found here.'),
        parked: z.string().nullable().describe('Why it cannot be made yet.'),
      }),
    )
    .describe('First those that the next block takes, then by their fees.'),
});

/** The query of `GET /accounts`. */
export const accountRange = z.object({
  from: z
    .stringFormat('from', /^\d{1,15}$/, { error: 'Give "from" as a number from 0.' })
    .transform(Number)
    .default(0)
    .describe('How many to pass over.'),
  limit: listed.default(LISTED.usual).describe('How many at most.'),
});

const ownedBy = z.strictObject({
  address,
  balance: coins,
  count: count.describe('How many payments it has made: the count of the next.'),
});

/** What `GET /accounts` gives: who has how much, the most first. */
export const accounts = z.strictObject({
  block: blockName.describe('After which block.'),
  total: count.describe('How many accounts there are.'),
  supply: coins,
  accounts: z.array(ownedBy),
});

/** The path of `GET /accounts/:address`. */
export const accountPath = z.object({ address: newAddress('address') });

/** The query of `GET /accounts/:address`. */
export const atBlock = z.object({
  at: z
    .string()
    .regex(/^[0-9a-f]{64}$/, { error: 'Give "at" as the hash of a block.' })
    .optional()
    .describe('The hash of the block; without it, the tip.'),
});

/** What `GET /accounts/:address` gives: what an address has. */
export const account = ownedBy.extend({
  block: blockName.describe('After which block.'),
  known: z.boolean().describe('Whether it was ever paid.'),
  pending: z
    .strictObject({ balance: coins, count })
    .nullable()
    .describe('The same when what waits of it is made; null if another block was named.'),
});

/** The path of `GET /proofs/line/:block/:number`. */
export const linePath = z.object({
  block: z.string().regex(/^(\d{1,15}|[0-9a-f]{64})$/, {
    error: 'Name the block by its index or its hash.',
  }),
  number: z
    .string()
    .regex(/^\d{1,15}$/, { error: 'Give the number of the line, from 0.' })
    .transform(Number),
});

const provenLine = z.strictObject({
  line: z.string(),
  proof: z
    .array(z.tuple([z.enum(['left', 'right']), hash]))
    .describe(
      'The hashes beside the way up, from the line on, and on which side each is.',
    ),
});

/** What `GET /proofs/line/:block/:number` gives: that a line is in a block. */
export const lineProof = provenLine.extend({
  block: blockName,
  dataHash: hash.describe(
    'Where the proof leads to: it stands in the header of the block.',
  ),
  number: count.describe('Which line, counted from 0.'),
});

/** What `GET /proofs/account/:address` gives: that an address had so much after a block. */
export const accountProof = z.strictObject({
  block: blockName.describe('After which block.'),
  dataHash: hash.describe('Where the proof of the reward line leads to.'),
  reward: provenLine.describe('The first line of the block, which names the state root.'),
  account: provenLine.describe(
    'The line of the account, from which the way to that root leads.',
  ),
});

/** A peer, as `GET /peers` and `POST /peers` give it. */
export const peer = z.strictObject({
  id,
  url: z
    .string()
    .nullable()
    .describe('Where it can be dialed; null if it does not listen.'),
  direction: z.enum(['inbound', 'outbound']),
  name: z.string().nullable().describe('What it calls itself, which anybody can.'),
});

/** A peer with its best block: the last that it named, or was sent. */
const peerState = peer.extend({
  tip: blockName.nullable(),
  code: z.string().nullable().describe('Whose code it runs, where it says so.'),
});

/** What `GET /network` gives: the network around a node. */
export const network = z.strictObject({
  url: z.string(),
  peers: z.array(peerState),
  addresses: z.array(z.strictObject({ url: z.string(), keep: z.boolean() })),
});

const peerName = z.strictObject({
  id,
  url: z.string().nullable(),
  name: z.string().nullable().describe('What it calls itself, which anybody can.'),
});

const origin = z.strictObject({
  time: time.describe('When the node made it, or had it from that peer.'),
  from: peerName
    .nullable()
    .describe(
      'The peer that sent it first, whoever mined it; null if the node mined it.',
    ),
});

/** A block of the tree, without its data. */
const treeEntry = z.strictObject({
  hash,
  previousHash: hash,
  index: count,
  timestamp: time,
  best: z.boolean().describe('Whether it is on the best chain.'),
  arrived: time.nullable().describe('When it came onto the best chain, if it did.'),
  origin: origin
    .optional()
    .describe('Missing if the node had it before it started, or has forgotten.'),
});

/** A switch of the best chain to another branch. */
const reorganization = z.strictObject({
  time,
  removed: count.describe('How many blocks left the best chain.'),
  from: hash.describe('The last of them.'),
  added: count.describe('How many blocks joined it.'),
  to: hash.describe('The last of them.'),
});

/** A node as the class sees it. */
const pupil = z.strictObject({
  id,
  name: z.string().nullable().describe('What it calls itself, which anybody can.'),
  url: z.string().nullable(),
  self: z.boolean().describe('Whether it is the node that was asked.'),
  code: z.string().nullable().describe('Whose code it runs, where it says so.'),
  tip: blockName.nullable(),
  found: count.describe('How many blocks were heard of first from it.'),
});

/** Something for a class to do. */
const classTask = z.strictObject({
  id: z.enum(['joined', 'blocks', 'fork', 'own']),
  done: z.boolean().describe('Whether it was done at some time.'),
  have: count.describe('How much of it is done now.'),
  of: count,
});

/** What `GET /class` gives: a class, as the node that was asked sees it. */
export const classState = z.strictObject({
  since: time.describe('When the node started. What was before, it does not know.'),
  network: hash.nullable(),
  lines: z.array(z.string()).describe('What others type to join, one for each address.'),
  nodes: z.array(pupil),
  gone: count.describe('How many blocks came from nodes that have left.'),
  blocks: z.array(treeEntry).describe('The last blocks of all branches, parents first.'),
  tasks: z.array(classTask),
});

const levels = z
  .stringFormat('levels', /^\d{1,15}$/, { error: 'Give "last" as a number from 1.' })
  .transform(Number)
  .pipe(
    z
      .int()
      .min(1, { error: 'Give "last" as a number from 1.' })
      .max(LEVELS.most, { error: `Give "last" as a number to ${LEVELS.most}.` }),
  );

/** The query of `GET /forks`. */
export const lastLevels = z.object({
  last: levels.default(LEVELS.usual).describe('How many indexes back from the tip.'),
});

/** What `GET /forks` gives: the last blocks of all branches, parents first. */
export const forks = z.strictObject({
  blocks: z.array(treeEntry),
  reorganizations: z.array(reorganization),
  since: time.describe('When the node started. It has forgotten the forks before.'),
});

/** The path of `GET /blocks/:id/seen`. */
export const seenPath = z.object({
  id: z.string().regex(/^[0-9a-f]{64}$/i, { error: 'Name the block by its hash.' }),
});

/** What `GET /blocks/:id/seen` gives: where a block came from, and who has it. */
export const seen = z.strictObject({
  block: block
    .optional()
    .describe('The block, if it is off the best chain: then it has no other address.'),
  since: time.describe('When the node started. What was before, it does not know.'),
  origin: origin
    .optional()
    .describe('Missing if the node had it before it started, or has forgotten.'),
  holders: z
    .array(peerName)
    .describe('The connected peers that have it, as far as the node knows.'),
  peers: count.describe('How many peers are connected.'),
});

/** The query of `GET /search`. */
export const searched = z.object({
  text: z
    .string({ error: 'Say what to search for, as in /search?text=hello.' })
    .min(1, { error: 'Say what to search for, as in /search?text=hello.' })
    .max(LONGEST_TEXT, { error: `Search for at most ${LONGEST_TEXT} characters.` })
    .describe('A part of the data of a block, or the beginning of its hash.'),
});

/** What `POST /blocks/check` takes. */
export const offered = z.object(
  {
    blocks: z
      .array(z.unknown(), { error: 'Give "blocks" as a list.' })
      .min(1, { error: 'Give at least one block.' })
      .max(LEVELS.most, { error: `Give at most ${LEVELS.most} blocks.` }),
  },
  { error: 'Send a JSON object such as {"blocks":[…]}.' },
);

/** What `POST /blocks/check` gives: what would become of the blocks, and why. */
export const dryRun = z.strictObject({
  verdict: z.enum(['refused', 'early', 'known', 'valid']),
  index: count
    .nullable()
    .describe('The index of the block that decided so, if it has one.'),
  reason: z.string().describe('In the words of the rules.'),
});

/** The query of `GET /events`. */
export const listening = z.object({
  live: z
    .enum(['yes', 'no'], { error: 'Give "live" as yes or no.' })
    .default('no')
    .describe('Whether to tell of searches and to give signs of life, as pages want.'),
});

/** The search for a block that is under way. */
const search = z.strictObject({
  index: count,
  data: z.string().describe('The beginning of what the block is to carry.'),
  attempts: count,
  expected: z.number().min(1).describe('How many attempts it takes on average.'),
  seconds: z.number().min(0),
  hashRate: z.number().min(0).describe('Hashes a second; 0 while it is not known.'),
  samples: z
    .array(z.strictObject({ nonce: count, hash }))
    .describe('Some of the nonces that were tried last.'),
});

/**
 * What `GET /events` tells, by the names of the events: `chain`, the best chain changed;
 * `again`, a post that a reorganization had taken off it is on it once more; `peers`, how many
 * there are now; `payments`, other payments wait now, so many in all. Of many blocks, the newest are named; the counts are those of all. Live, also
 * `search`, how far the search for a block is, and `alive`, that the node does not hang.
 */
export const events = {
  chain: z.strictObject({
    tip: tip.nullable(),
    removed: z.array(blockName),
    added: z.array(blockName),
    counts: z.strictObject({ removed: count, added: count }),
  }),
  again: z.strictObject({ was: hash, block }),
  peers: z.strictObject({ peers: count }),
  payments: z.strictObject({ waiting: count }),
  search: z.strictObject({
    search: search.nullable().describe('Null when it has ended.'),
  }),
  alive: z.strictObject({ time }),
};

/** What an error gives (RFC 9457). */
export const problem = z.strictObject({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int().min(400).max(599),
  detail: z.string(),
});

export type Status = z.infer<typeof status>;
export type PeerInfo = z.infer<typeof peer>;
export type PeerState = z.infer<typeof peerState>;
export type NetworkState = z.infer<typeof network>;
export type TreeEntry = z.infer<typeof treeEntry>;
export type Reorganization = z.infer<typeof reorganization>;
export type Forks = z.infer<typeof forks>;
export type DryRun = z.infer<typeof dryRun>;
export type ChainEvent = z.infer<typeof events.chain>;
export type AgainEvent = z.infer<typeof events.again>;
export type PeersEvent = z.infer<typeof events.peers>;
export type PaymentsEvent = z.infer<typeof events.payments>;
export type PaymentStatus = z.infer<typeof paymentStatus>;
export type MempoolState = z.infer<typeof mempool>;
export type AccountList = z.infer<typeof accounts>;
export type AccountState = z.infer<typeof account>;
export type LineProof = z.infer<typeof lineProof>;
export type AccountProof = z.infer<typeof accountProof>;
export type SearchEvent = z.infer<typeof events.search>;
export type AliveEvent = z.infer<typeof events.alive>;
export type Seen = z.infer<typeof seen>;
export type ClassState = z.infer<typeof classState>;
