/**
 * The contract of the HTTP API: what requests take and what answers hold. The routes, the
 * description in OpenAPI, the commands, the pages and the laboratory all take it from here;
 * what step 4 and step 5 take stands in those steps.
 *
 * @module
 */
import { z } from 'zod';
import type { Block } from '#blocks';

export { newBlock, range } from '#http';
export { newPeer } from '#peers';

/** How many blocks back the tree goes unless told otherwise, and at most. */
const LEVELS = { usual: 30, most: 500 };

/** How long a text to search for may be: as long as a hash. Longer ones can be slow to find. */
const LONGEST_TEXT = 64;

const count = z.int().min(0);
const time = count.describe('Milliseconds since the epoch.');
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const id = z.string().regex(/^[0-9a-f]{32}$/);
const difficulty = z.int().min(0).max(256);
const blockName = z.strictObject({ index: count, hash });

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
export const lastLevels = z.object({ last: levels.default(LEVELS.usual) });

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
    .max(LONGEST_TEXT, { error: `Search for at most ${LONGEST_TEXT} characters.` }),
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
 * there are now. Of many blocks, the newest are named; the counts are those of all. Live, also
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
export type SearchEvent = z.infer<typeof events.search>;
export type AliveEvent = z.infer<typeof events.alive>;
export type Seen = z.infer<typeof seen>;
export type ClassState = z.infer<typeof classState>;
