import { z } from 'zod';
import { checkShape, type Block } from '#blocks';
import { MAX_BLOCKS, MAX_LOCATOR, MAX_NEWS, MAX_URLS } from './limits.ts';

/** The version of the protocol. Nodes of different versions refuse each other. */
export const PROTOCOL_VERSION = 2;

/** A node's best block. */
export interface Tip {
  /** The block's hash. */
  readonly hash: string;
  /** The block's index. */
  readonly index: number;
  /** The work of the whole chain, as a decimal number of 1 to 100 digits. */
  readonly work: string;
}

/** What nodes say first: who they are and what they have. */
export interface Hello {
  readonly type: 'hello';
  /** The version of the protocol. */
  readonly version: number;
  /** 32 hex digits, drawn at random at each start. Anybody can repeat them. */
  readonly nodeId: string;
  /** 32 hex digits, drawn at random for this connection: only its two ends know them. */
  readonly nonce?: string | undefined;
  /** The hash of the genesis block; null while the node has none. */
  readonly genesis: string | null;
  readonly tip: Tip | null;
  /** Where the sender listens, on the address that it is seen at; null if it does not. */
  readonly port: number | null;
  /** The sender's clock when it said hello, in milliseconds since the Unix epoch. */
  readonly time: number;
  /** Which of its steps are not the reference's: 1 to 40 letters, digits, `_` and spaces. */
  readonly code?: string | undefined;
  /** What people call the node: 1 to 24 characters that can be shown. Anybody can repeat it. */
  readonly name?: string | undefined;
}

/** Any message of the protocol. `locator` and `urls` have at most 100 entries, `blocks` 500. */
export type Message =
  | Hello
  | { readonly type: 'tip'; readonly tip: Tip; readonly block?: Block | undefined }
  | { readonly type: 'getBlocks'; readonly locator: readonly string[] }
  | { readonly type: 'blocks'; readonly blocks: readonly Block[] }
  | { readonly type: 'getPeers' }
  | { readonly type: 'peers'; readonly urls: readonly string[] }
  /**
   * `topic` is a word of 1 to 20 letters, digits and `_`; `body` is what a later step says. The
   * lists and objects of it nest at most 32 deep.
   */
  | { readonly type: 'topic'; readonly topic: string; readonly body: unknown };

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

/**
 * The schema of a peer's url: `ws://` or `wss://` in small or large letters, a host, perhaps a
 * port, and whatever follows, at most 200 characters in all. It gives `ws://host:port`, in small
 * letters; what is refused, it says how to write.
 */
export const peerUrl: z.ZodType<string> = z
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
  nodeId: id,
  nonce: id.optional(),
  genesis: hash.nullable(),
  tip: tip.nullable(),
  port: z.int().min(1).max(65_535).nullable(),
  time: z.int().min(0),
  code: text(/^[\w ]{1,40}$/, 'is not some words').optional(),
  name: text(/^[^\p{Cc}\p{Cs}\p{Bidi_C}]{1,24}$/u, 'is not a name').optional(),
});

/** What the hello of any version has. What else it says, only nodes of its own can read. */
const anyHello = z.object({ type: z.literal('hello'), version: z.int() });

/** Whether lists and objects nest at most so deep: who goes on through them needs room for each. */
const isFlat = (value: unknown, depth = 32): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (depth > 0 && Object.values(value).every((part) => isFlat(part, depth - 1)));
const flat = z.unknown().refine((value) => isFlat(value), { error: 'nests too deep' });

const only = z.strictObject;
const message: z.ZodType<Message> = z.discriminatedUnion('type', [
  hello,
  only({ type: z.literal('tip'), tip, block: block.optional() }),
  only({ type: z.literal('getBlocks'), locator: z.array(hash).max(MAX_LOCATOR) }),
  only({ type: z.literal('blocks'), blocks: z.array(block).max(MAX_BLOCKS) }),
  only({ type: z.literal('getPeers') }),
  only({ type: z.literal('peers'), urls }),
  only({ type: z.literal('topic'), topic: word, body: flat }),
]);

/** Says that a hello is of another version of the protocol, which is no fault, and of which. */
export class OtherVersion extends Error {
  /** @param version - that of the other node */
  constructor(version: number) {
    super(`Different protocol versions: ${PROTOCOL_VERSION} and ${version}.`);
  }
}

/** Texts as JSON writes them. One that does not end counts, or the search would begin anew. */
const TEXTS = /"[^"\\]*(?:\\.[^"\\]*)*"?/g;

/**
 * Reads a message as it came from the network. What a hello says beyond its fields is left out;
 * other messages may have no further fields. The urls in `peers` are reduced as
 * {@link peerUrl} does it, and texts left out that it refuses: who passed them on has only
 * heard of them. A message may be large, but what is left of it without its texts must be less
 * than 64 KiB. Otherwise it is not even read as JSON, since a million brackets take long; nor
 * does it take long to find that out.
 *
 * @throws `OtherVersion` with a sentence if it is the hello of another version, whatever else
 *   that says
 * @throws Error with a sentence of one line that says that it is no JSON or has too many parts, or
 *   names the field that is wrong, such as `tip.work`
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
