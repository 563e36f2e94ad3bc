import { z } from 'zod';
import { checkShape, type Block } from '#blocks';
import { MAX_BLOCKS, MAX_LOCATOR, MAX_URLS } from './limits.ts';

/** The version of the protocol. Nodes of different versions refuse each other. */
export const PROTOCOL_VERSION = 1;

const hash = z.string().regex(/^[0-9a-f]{64}$/, { error: 'is not 64 hex digits' });
const block = z.custom<Block>((value) => checkShape(value) === undefined, {
  error: (issue) => `is not a block: ${checkShape(issue.input)}`,
});
const tip = z.object({
  hash,
  index: z.int().min(0),
  work: z.string().regex(/^\d{1,100}$/, { error: 'is not a decimal number' }),
});

/** The schema of a peer's url, which it reduces to `ws://host:port`. */
export const peerUrl = z
  .url({
    protocol: /^wss?$/,
    error: 'Write a peer as ws://host:port, such as ws://localhost:8000.',
  })
  .max(200, { error: 'The url is too long.' })
  .transform((url) => new URL(url).origin);

const hello = z.object({
  type: z.literal('hello'),
  version: z.int(),
  /** Drawn at random at each start: 32 hex digits. */
  nodeId: z.string().regex(/^[0-9a-f]{32}$/, { error: 'is not 32 hex digits' }),
  /** The hash of the genesis block; null while the node has none. */
  genesis: hash.nullable(),
  tip: tip.nullable(),
  /** Where the sender listens, on the address that it is seen at; null if it does not. */
  port: z.int().min(1).max(65_535).nullable(),
  /** Which of its steps are not the reference's, for people, as in `my 01 03`. */
  code: z
    .string()
    .regex(/^[\w ]{1,40}$/, { error: 'is not some words' })
    .optional(),
});

const message = z.discriminatedUnion('type', [
  hello,
  z.object({ type: z.literal('tip'), tip, block: block.optional() }),
  z.object({ type: z.literal('getBlocks'), locator: z.array(hash).max(MAX_LOCATOR) }),
  z.object({ type: z.literal('blocks'), blocks: z.array(block).max(MAX_BLOCKS) }),
  z.object({ type: z.literal('getPeers') }),
  z.object({ type: z.literal('peers'), urls: z.array(peerUrl).max(MAX_URLS) }),
]);

/** What nodes say first: who they are and what they have. */
export type Hello = z.infer<typeof hello>;

/** A node's best block: its hash, its index, and the chain's work as a decimal number. */
export type Tip = z.infer<typeof tip>;

/** Any message of the protocol. */
export type Message = z.infer<typeof message>;

/**
 * Reads a message as it came from the network.
 *
 * @throws Error with a sentence if the text is not a valid message
 */
export function parseMessage(text: string): Message {
  const result = message.safeParse(parseJson(text));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Error(`Invalid message: ${issue?.path.join('.')} ${issue?.message}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('Invalid message: it is not JSON');
  }
}
