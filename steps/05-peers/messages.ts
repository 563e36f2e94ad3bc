import { z } from 'zod';
import { checkShape, type Block } from '#blocks';
import { MAX_BLOCKS, MAX_LOCATOR, MAX_NEWS, MAX_URLS } from './limits.ts';

/** The version of the protocol. Nodes of different versions refuse each other. */
export const PROTOCOL_VERSION = 2;

const text = (form: RegExp, error: string) => z.string().regex(form, { error });
const hash = text(/^[0-9a-f]{64}$/, 'is not 64 hex digits');
const id = text(/^[0-9a-f]{32}$/, 'is not 32 hex digits');
const word = text(/^\w{1,20}$/, 'is not a word');
const block = z.custom<Block>((value) => checkShape(value) === undefined, {
  error: (issue) => `is not a block: ${checkShape(issue.input)}`,
});
const tip = z.strictObject({
  hash,
  index: z.int().min(0),
  work: text(/^\d{1,100}$/, 'is not a decimal number'),
});

const HOW_TO = 'Write a peer as ws://host:port, such as ws://localhost:8000.';
const isUrl = (text: string) =>
  /^wss?:/i.test(text) && text.length <= 200 && URL.canParse(text);

/** The schema of a peer's url, which it reduces to `ws://host:port`. */
export const peerUrl = z
  .string({ error: HOW_TO })
  .max(200, { error: HOW_TO })
  .refine(isUrl, { error: HOW_TO })
  .transform((url) => new URL(url).origin);

/** Urls as others wrote them. What is none may be of use to them: it is left out. */
const urls = z
  .array(z.string())
  .max(MAX_URLS)
  .transform((all) => all.filter(isUrl).map((url) => new URL(url).origin));

const hello = z.object({
  type: z.literal('hello'),
  version: z.int(),
  /** Drawn at random at each start. Anybody can repeat it. */
  nodeId: id,
  /** Drawn at random for this connection: only its two ends know it. */
  nonce: id.optional(),
  /** The hash of the genesis block; null while the node has none. */
  genesis: hash.nullable(),
  tip: tip.nullable(),
  /** Where the sender listens, on the address that it is seen at; null if it does not. */
  port: z.int().min(1).max(65_535).nullable(),
  /** The sender's clock when it said hello, in milliseconds since the Unix epoch. */
  time: z.int().min(0),
  /** Which of its steps are not the reference's, for people, as in `my 01 03`. */
  code: text(/^[\w ]{1,40}$/, 'is not some words').optional(),
  /** What people call the node: up to 24 characters that can be shown. Anybody can repeat it. */
  name: text(/^[^\p{Cc}\p{Cs}\p{Bidi_C}]{1,24}$/u, 'is not a name').optional(),
});

/** What the hello of any version has. What else it says, only nodes of its own can read. */
const anyHello = z.object({ type: z.literal('hello'), version: z.int() });

const only = z.strictObject;
const message = z.discriminatedUnion('type', [
  hello,
  only({ type: z.literal('tip'), tip, block: block.optional() }),
  only({ type: z.literal('getBlocks'), locator: z.array(hash).max(MAX_LOCATOR) }),
  only({ type: z.literal('blocks'), blocks: z.array(block).max(MAX_BLOCKS) }),
  only({ type: z.literal('getPeers') }),
  only({ type: z.literal('peers'), urls }),
  only({ type: z.literal('topic'), topic: word, body: z.unknown() }),
]);

/** What nodes say first: who they are and what they have. */
export type Hello = z.infer<typeof hello>;

/** A node's best block: its hash, its index, and the chain's work as a decimal number. */
export type Tip = z.infer<typeof tip>;

/** Any message of the protocol. */
export type Message = z.infer<typeof message>;

/** Says that a hello is of another version of the protocol, which is no fault. */
export class OtherVersion extends Error {
  /** @param version - that of the other node */
  constructor(version: number) {
    super(`Different protocol versions: ${PROTOCOL_VERSION} and ${version}.`);
  }
}

/** Texts as JSON writes them. */
const TEXTS = /"[^"\\]*(?:\\.[^"\\]*)*"/g;

/**
 * Reads a message as it came from the network.
 *
 * @throws `OtherVersion` with a sentence if it is the hello of another version
 * @throws Error with a sentence if the text is not a valid message
 */
export function parseMessage(text: string): Message {
  const value = parseJson(text);
  const { version = PROTOCOL_VERSION } = anyHello.safeParse(value).data ?? {};
  if (version !== PROTOCOL_VERSION) throw new OtherVersion(version);
  const result = message.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Error(`Invalid message: ${issue?.path.join('.')} ${issue?.message}`);
}

function parseJson(text: string): unknown {
  try {
    // Only its texts may make a message large: a million brackets take long to read.
    const isLarge = text.length > MAX_NEWS;
    if (!isLarge || text.replace(TEXTS, '').length < MAX_NEWS) return JSON.parse(text);
  } catch {
    // The sentence is below.
  }
  throw new Error('Invalid message: it is not JSON, or has too many parts');
}
