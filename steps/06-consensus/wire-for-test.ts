/** Nodes, peers that play a part, and wires between them, for the tests of this step. */
import { nextBlock, type Block } from '#blocks';
import { Sync, type Effects } from '#consensus';
import type { Hello, Message, Tip } from '#peers';
import { NOW, genesis, last, replay } from './blocks-for-test.ts';

/** In milliseconds. */
export const [SECOND, MINUTE] = [1_000, 60_000];

/** A node that has the genesis block and these. */
export function nodeWith(...blocks: readonly Block[]): Sync {
  const sync = new Sync(genesis);
  for (const block of blocks) sync.mined(block, NOW);
  return sync;
}

/** The best chain of a node. */
export const chainOf = (sync: Sync) => sync.tree?.chain.slice() ?? [];

/** The data of its blocks. */
export const dataOf = (sync: Sync) => chainOf(sync).map(({ data }) => data);

/** A chain from the genesis block to `block`, as messages speak of it, at difficulty 0. */
export const tipAt = ({ hash, index }: Block): Tip => ({
  hash,
  index,
  work: String(index + 1),
});

/** What a peer says of its blocks when it connects. */
export type Greeting = Pick<Hello, 'genesis' | 'tip'>;

/** What a node says so. */
export const greetingOf = (sync: Sync): Greeting => ({
  genesis: sync.tree?.chain.at(0)?.hash ?? null,
  tip: sync.tip,
});

/** The hash of a block that nobody knows. */
export const stranger = 'f'.repeat(64);

/** Says that it has a block which nobody knows, with more work than anybody can have done. */
export const boast: Tip = { hash: stranger, index: 1_000_000, work: '9'.repeat(60) };

/** What a test plays the part of a peer with: what it says first, and how it answers. */
export interface Script {
  readonly greeting: Greeting;
  readonly answer: (message: Message) => readonly Message[];
}

/** A peer of this network that claims giant work and answers each request for blocks so. */
export function liar(
  blocks: (locator: readonly string[]) => readonly Block[] | undefined,
): Script {
  return {
    greeting: { genesis: genesis.hash, tip: boast },
    answer: (message) => {
      const answer = message.type === 'getBlocks' ? blocks(message.locator) : undefined;
      return answer === undefined ? [] : [{ type: 'blocks', blocks: [...answer] }];
    },
  };
}

/** An honest peer with the genesis block and these, which sends so many of them at once. */
export function server(blocks: readonly Block[], size = 500): Script {
  const chain = [genesis, ...blocks];
  const indexes = new Map(chain.map(({ hash, index }) => [hash, index]));
  return {
    greeting: { genesis: genesis.hash, tip: tipAt(last(blocks)) },
    answer: (message) => {
      if (message.type !== 'getBlocks') return [];
      const shared = message.locator.find((hash) => indexes.has(hash)) ?? '';
      const start = (indexes.get(shared) ?? -1) + 1;
      return [{ type: 'blocks', blocks: chain.slice(start, start + size) }];
    },
  };
}

/**
 * Joins nodes without any network: it keeps the messages on their way, first in, first
 * out on each link and direction, and the time. It fails at once where a node sends what
 * it must not.
 */
export class Wire {
  now = NOW;
  /** Everything that was sent. */
  readonly sent: { from: string; to: string; message: Message }[] = [];
  /** Who parted from whom, and why. */
  readonly refusals: { by: string; peer: string; reason: string }[] = [];
  /** Tips that were sent to the very peer that had told of them. */
  readonly echoes: string[] = [];
  readonly #heard = new Set<string>();
  readonly #nodes = new Map<string, Sync | Script>();
  readonly #chains = new Map<string, Block[]>();
  readonly #links = new Map<string, { due: number; message: Message }[]>();
  readonly #lags = new Map<string, number>();
  readonly #met = new Set<string>();

  constructor(nodes: Record<string, Sync | Script>) {
    for (const [name, node] of Object.entries(nodes)) this.add(name, node);
  }

  add(name: string, node: Sync | Script): void {
    this.#nodes.set(name, node);
    this.#chains.set(name, node instanceof Sync ? chainOf(node) : []);
  }

  /** Makes each message of a node take so many milliseconds from now on. */
  slow(name: string, lag: number): void {
    this.#lags.set(name, lag);
  }

  /** Connects two nodes; both say hello as they are now, whenever that arrives. */
  join(a: string, b: string): void {
    if (a === b || this.#links.has(`${a}>${b}`)) return;
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const)
      this.#links.set(`${from}>${to}`, [{ due: this.now, message: this.#hello(from) }]);
  }

  /** Cuts a connection; what is on its way is lost. */
  part(a: string, b: string): void {
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      this.#links.delete(`${one}>${other}`);
      const node = this.#nodes.get(one);
      if (this.#met.delete(`${one}>${other}`) && node instanceof Sync)
        this.#perform(one, node.disconnected(other));
    }
  }

  /** Sends a message; so a scripted peer says something without being asked. */
  say(from: string, to: string, message: Message): void {
    const due = this.now + (this.#lags.get(from) ?? 0);
    this.sent.push({ from, to, message });
    this.#links.get(`${from}>${to}`)?.push({ due, message });
  }

  /** Mines a block, by a clock that may be ahead by some milliseconds. */
  mine(name: string, data: string, ahead = 0): Block {
    const node = this.#nodes.get(name);
    const tip = node instanceof Sync ? node.tree?.chain.tip : undefined;
    if (tip === undefined) throw new Error(`${name} has no chain to mine on.`);
    const now = this.now + ahead;
    const block = nextBlock(tip, data, now);
    if (node instanceof Sync) this.#perform(name, node.mined(block, now));
    return block;
  }

  /** Delivers one message of one of the links that have some, and says whether any had. */
  deliver(which = 0): boolean {
    const waiting = [...this.#links].filter(([, [next]]) => next && next.due <= this.now);
    const [link, messages] = waiting[which % waiting.length] ?? [];
    const [from, to] = link?.split('>') ?? [];
    const { message } = messages?.shift() ?? {};
    if (from === undefined || to === undefined || message === undefined) return false;
    const node = this.#nodes.get(to);
    if (message.type === 'hello') this.#met.add(`${to}>${from}`);
    if (message.type === 'hello' || message.type === 'tip')
      this.#heard.add(`${to} from ${from}: ${message.tip?.hash}`);
    if (node instanceof Sync) {
      const { now } = this;
      if (message.type === 'hello') this.#perform(to, node.connected(from, message));
      else this.#perform(to, node.received(from, message, now));
    } else if (message.type !== 'hello') {
      for (const answer of node?.answer(message) ?? []) this.say(to, from, answer);
    }
    return true;
  }

  /** Delivers everything that is on its way, and what is sent in answer to that. */
  settle(): void {
    const waiting = [...this.#links.values()].reduce(
      (sum, { length }) => sum + length,
      0,
    );
    const most = 1_000 + 20 * waiting; // each message may be passed on by every node
    for (let count = 0; this.deliver(count); count += 1)
      if (count > most)
        throw new Error(
          `The nodes do not stop talking. The last messages, all in the same second, were: ` +
            `${this.sent.slice(-4).map(described).join('; ')}.`,
        );
  }

  /** Lets a second pass in which nothing arrives. */
  tick(): void {
    this.now += SECOND;
    for (const [name, node] of this.#nodes)
      if (node instanceof Sync) this.#perform(name, node.tick());
  }

  /** Lets time pass, and delivers everything each second. */
  pass(milliseconds: number): void {
    this.settle();
    for (const end = this.now + milliseconds; this.now < end; this.settle()) this.tick();
  }

  /** How often a peer was asked for blocks. */
  requests(peer: string): number {
    return this.sent.filter(
      ({ to, message }) => to === peer && message.type === 'getBlocks',
    ).length;
  }

  /** All blocks that were sent, as often as they were sent. */
  get blocksSent(): Block[] {
    return this.sent.flatMap(({ message }) => {
      if (message.type === 'blocks') return message.blocks;
      return message.type === 'tip' && message.block ? [message.block] : [];
    });
  }

  #hello(name: string): Message {
    const node = this.#nodes.get(name);
    if (node === undefined) throw new Error(`There is no node ${name}.`);
    const greeting = node instanceof Sync ? greetingOf(node) : node.greeting;
    const own = { version: 2, nodeId: '0'.repeat(32), port: null, time: this.now };
    return { type: 'hello', ...own, ...greeting };
  }

  #perform(name: string, { send, changes, refuse }: Effects): void {
    replay(this.#chains.get(name) ?? [], changes);
    if (send.length > 100)
      throw new Error(`${name} sends ${send.length} messages at once.`);
    const refused = new Set(refuse.map(({ peer }) => peer));
    for (const { to, message } of send) {
      if (refused.has(to) || !this.#met.has(`${name}>${to}`))
        throw new Error(
          `${name} sends "${message.type}" to ${to}, from whom it has parted.`,
        );
      if (message.type === 'getBlocks' && message.locator.length > 100)
        throw new Error('A locator has more than 100 hashes. No peer takes that.');
      if (message.type === 'blocks' && message.blocks.length > 500)
        throw new Error('An answer has more than 500 blocks. No peer takes that.');
      if (
        message.type === 'tip' &&
        this.#heard.has(`${name} from ${to}: ${message.tip.hash}`)
      )
        this.echoes.push(`${name} tells ${to} of block ${message.tip.index}`);
      // What goes over a network is text: no bigint, no shared object survives it.
      this.say(name, to, JSON.parse(JSON.stringify(message)) as Message);
    }
    for (const { peer, reason } of refuse) {
      if (!this.#met.has(`${name}>${peer}`))
        throw new Error(`${name} refuses ${peer}, who is not there.`);
      this.refusals.push({ by: name, peer, reason });
      this.part(name, peer);
    }
    const [replayed, node] = [this.#chains.get(name), this.#nodes.get(name)];
    const tip = node instanceof Sync ? node.tree?.chain.tip : undefined;
    if (replayed?.at(-1)?.hash !== tip?.hash)
      throw new Error(`The changes that ${name} told do not lead to its best chain.`);
  }
}

/** Says in some words what was sent. */
function described({ from, to, message }: Wire['sent'][number]): string {
  const count = message.type === 'blocks' ? ` (${message.blocks.length})` : '';
  return `${from} sends ${message.type}${count} to ${to}`;
}

/** What a node does that nothing happens to. */
export const nothing: Effects = { send: [], changes: [], taken: [], refuse: [] };

/** Lets a minute pass, and gives what the node sends meanwhile. */
export function aMinute(sync: Sync): Pick<Effects, 'send'> {
  return { send: Array.from({ length: 60 }, () => sync.tick().send).flat() };
}

/** The messages to one peer. */
export const to = (peer: string, { send }: Pick<Effects, 'send'>): Message[] =>
  send.filter((outgoing) => outgoing.to === peer).map(({ message }) => message);
