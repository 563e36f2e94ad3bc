import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkChain, genesisBlock, hashBlock, nextBlock, type Block } from '#blocks';
import { MAX_AHEAD, Sync, consensusRules, isBetter } from '#consensus';
import type { Change, Effects } from '#consensus';
import type { Hello, Message, Tip } from '#peers';

const START = 1_700_000_000_000;
const NOW = START + 86_400_000;
const SECOND = 1_000;
const MINUTE = 60_000;

const genesis = genesisBlock({ timestamp: START });
const stranger = 'f'.repeat(64);

/** Returns `count` new blocks, each following the one before, the first one `parent`. */
function branch(parent: Block, count: number, name: string): Block[] {
  const blocks: Block[] = [];
  let tip = parent;
  for (let i = 1; i <= count; i += 1) {
    tip = nextBlock(tip, `${name}${i}`, START);
    blocks.push(tip);
  }
  return blocks;
}

/** Returns the block with a hash of its own that begins with four zero bits. */
function rehashed(block: Block): Block {
  for (let nonce = 0; ; nonce += 1) {
    const hash = hashBlock({ ...block, nonce });
    if (hash.startsWith('0')) return { ...block, nonce, hash };
  }
}

/** The last block of a list, or the genesis block if the list is empty. */
const last = (blocks: readonly Block[]) => blocks.at(-1) ?? genesis;

/** A node that has the genesis block and these. */
function nodeWith(...blocks: readonly Block[]): Sync {
  const sync = new Sync(genesis);
  for (const block of blocks) sync.mined(block, NOW);
  return sync;
}

const chainOf = (sync: Sync) => sync.tree?.chain.slice() ?? [];
const dataOf = (sync: Sync) => chainOf(sync).map(({ data }) => data);

/** The tip message's view of a chain from the genesis block to `block`, at difficulty 0. */
const tipAt = ({ hash, index }: Block): Tip => ({ hash, index, work: String(index + 1) });

type Greeting = Pick<Hello, 'genesis' | 'tip'>;

const greetingOf = (sync: Sync): Greeting => ({
  genesis: sync.tree?.chain.at(0)?.hash ?? null,
  tip: sync.tip,
});

/** Says that it has a block which nobody knows, with more work than anybody can have done. */
const boast: Tip = { hash: stranger, index: 1_000_000, work: '9'.repeat(60) };

/** What a test plays the part of a peer with: what it says first, and how it answers. */
interface Script {
  readonly greeting: Greeting;
  readonly answer: (message: Message) => readonly Message[];
}

/** A peer of this network that claims giant work and answers each request for blocks so. */
function liar(
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

/** Does to a list of blocks what the changes say; fails where they do not fit. */
function replay(blocks: Block[], changes: readonly Change[]): void {
  for (const { removed, added } of changes) {
    const end = blocks.splice(blocks.length - removed.length);
    const at = removed.findIndex(({ hash }, i) => end[i]?.hash !== hash);
    if (at !== -1)
      throw new Error(
        `A change takes off ${removed.length} blocks, oldest first. Number ${at} of them is ` +
          `"${removed[at]?.data}", where the chain had "${end[at]?.data}".`,
      );
    blocks.push(...added);
  }
}

/**
 * Joins nodes without any network: it keeps the messages on their way, first in, first
 * out on each link and direction, and the time. It fails at once where a node sends what
 * it must not.
 */
class Wire {
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

  /** Lets a scripted peer say something without being asked. */
  say(from: string, to: string, message: Message): void {
    const due = this.now + (this.#lags.get(from) ?? 0);
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
          `The nodes do not stop talking. The last message was ` +
            `${JSON.stringify(this.sent.at(-1)).slice(0, 200)}…`,
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
      const copy = JSON.parse(JSON.stringify(message)) as Message;
      this.sent.push({ from: name, to, message: copy });
      this.say(name, to, copy);
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

/** What a node does that nothing happens to. */
const nothing: Effects = { send: [], changes: [], taken: [], refuse: [] };

/** Lets a minute pass, and gives what the node sends meanwhile. */
function aMinute(sync: Sync): Pick<Effects, 'send'> {
  return { send: Array.from({ length: 60 }, () => sync.tick().send).flat() };
}

/** The messages to one peer. */
const to = (peer: string, { send }: Pick<Effects, 'send'>): Message[] =>
  send.filter((outgoing) => outgoing.to === peer).map(({ message }) => message);

describe('Task 8: a node of its own', () => {
  it('knows its genesis block, and says so', () => {
    const sync = new Sync(genesis);
    expect(chainOf(sync)).toEqual([genesis]);
    expect(sync.tip).toEqual({ hash: genesis.hash, index: 0, work: '1' });
    const hard = rehashed(genesisBlock({ timestamp: START, difficulty: 4 }));
    expect(new Sync(hard).tip).toEqual({ hash: hard.hash, index: 0, work: '16' });
  });

  it('has nothing before it has a genesis block', () => {
    const sync = new Sync();
    expect(sync.tree).toBeUndefined();
    expect(sync.tip).toBeNull();
    expect(sync.tick()).toEqual(nothing);
  });

  it('refuses a genesis block that breaks a rule', () => {
    expect(() => new Sync({ ...genesis, nonce: 1 })).toThrow(/hash/);
  });

  it('puts a mined block on its chain, and tells the change', () => {
    const sync = new Sync(genesis);
    const [block] = branch(genesis, 1, 'a');
    const { changes } = sync.mined(last(branch(genesis, 1, 'a')), NOW);
    expect(changes).toEqual([{ removed: [], added: [block] }]);
    expect(chainOf(sync)).toEqual([genesis, block]);
    expect(sync.tip).toEqual({ hash: block?.hash, index: 1, work: '2' });
  });

  it('tells no change of a mined block that came too late to be on the best chain', () => {
    const sync = nodeWith(...branch(genesis, 3, 'a'));
    const late = last(branch(genesis, 1, 'b'));
    const { send, changes, taken } = sync.mined(late, NOW);
    expect({ send, changes, taken }).toStrictEqual({
      send: [],
      changes: [],
      taken: [late],
    });
    expect(dataOf(sync)).toEqual(['Genesis Block', 'a1', 'a2', 'a3']);
  });

  it('throws the reason at an invalid mined block, and is as it was', () => {
    const sync = new Sync(genesis);
    const block = last(branch(genesis, 1, 'a'));
    sync.connected('peer', greetingOf(sync));
    expect(() => sync.mined({ ...block, data: 'else' }, NOW)).toThrow(/dataHash/);
    expect(chainOf(sync)).toEqual([genesis]);
    expect(sync.tick()).toEqual(nothing);
    expect(sync.mined(block, NOW).send).toHaveLength(1);
  });
});

describe('Task 9: telling peers of a new block', () => {
  const blocks = branch(genesis, 4, 'a');

  it('sends it, with its tip, to a peer that has its parent', () => {
    const sync = new Sync(genesis);
    sync.connected('peer', greetingOf(sync));
    const block = last(blocks.slice(0, 1));
    const tip = { hash: block.hash, index: 1, work: '2' };
    expect(to('peer', sync.mined(block, NOW))).toEqual([{ type: 'tip', tip, block }]);
  });

  it('sends one after the other, for the peer has each parent by then', () => {
    const sync = new Sync(genesis);
    sync.connected('peer', greetingOf(sync));
    for (const block of blocks)
      expect(to('peer', sync.mined(block, NOW))).toEqual([
        { type: 'tip', tip: tipAt(block), block },
      ]);
  });

  it('sends the tip alone to a peer that lacks the parent, or has no chain at all', () => {
    const sync = nodeWith(...blocks.slice(0, 3));
    sync.connected('behind', greetingOf(nodeWith(...blocks.slice(0, 2))));
    sync.connected('joiner', { genesis: null, tip: null });
    const effects = sync.mined(last(blocks), NOW);
    const message = { type: 'tip', tip: tipAt(last(blocks)) };
    expect(to('behind', effects)).toEqual([message]);
    expect(to('joiner', effects)).toEqual([message]);
  });

  it('sends a block to a peer that it has just brought up to its parent', () => {
    const sync = nodeWith(...blocks.slice(0, 3));
    sync.connected('peer', greetingOf(new Sync(genesis)));
    sync.received('peer', { type: 'getBlocks', locator: [genesis.hash] }, NOW);
    const block = last(blocks);
    expect(to('peer', sync.mined(block, NOW))).toEqual([
      { type: 'tip', tip: tipAt(block), block },
    ]);
  });

  it('passes a block on to all others, and sends nothing back', () => {
    const sync = new Sync(genesis);
    for (const peer of ['sender', 'second', 'third'])
      sync.connected(peer, greetingOf(sync));
    const block = last(blocks.slice(0, 1));
    const message: Message = { type: 'tip', tip: tipAt(block), block };
    const effects = sync.received('sender', message, NOW);
    expect(effects.changes).toEqual([{ removed: [], added: [block] }]);
    expect(to('sender', effects)).toEqual([]);
    expect(to('second', effects)).toEqual([message]);
    expect(to('third', effects)).toEqual([message]);
  });

  it('says nothing when the same block comes from the next peer', () => {
    const sync = new Sync(genesis);
    for (const peer of ['first', 'second']) sync.connected(peer, greetingOf(sync));
    const block = last(blocks.slice(0, 1));
    const message: Message = { type: 'tip', tip: tipAt(block), block };
    sync.received('first', message, NOW);
    expect(sync.received('second', message, NOW)).toEqual(nothing);
  });

  it('says nothing of a block that does not make the best chain better', () => {
    const sync = nodeWith(...blocks);
    for (const peer of ['first', 'second']) sync.connected(peer, greetingOf(sync));
    const side = last(branch(genesis, 1, 'b'));
    const message: Message = { type: 'tip', tip: tipAt(side), block: side };
    expect(sync.received('first', message, NOW).send).toEqual([]);
  });

  it('says nothing to a peer that is gone', () => {
    const sync = new Sync(genesis);
    for (const peer of ['gone', 'here']) sync.connected(peer, greetingOf(sync));
    sync.disconnected('gone');
    const { send } = sync.mined(last(blocks.slice(0, 1)), NOW);
    expect(send.map((outgoing) => outgoing.to)).toEqual(['here']);
    expect(sync.received('gone', { type: 'getBlocks', locator: [] }, NOW).send).toEqual(
      [],
    );
  });

  it('tells its tip again after each minute, as the message may have been lost', () => {
    const sync = new Sync(genesis);
    sync.connected('peer', greetingOf(sync));
    const block = last(blocks.slice(0, 1));
    sync.mined(block, NOW);
    const told = to('peer', aMinute(sync));
    expect(told).toEqual([expect.objectContaining({ type: 'tip', tip: tipAt(block) })]);
    expect(to('peer', aMinute(sync))).toEqual(told); // and so on
  });

  it('brings a block that was mined while both said hello to the other side', () => {
    const [a, b] = [new Sync(genesis), new Sync(genesis)];
    const wire = new Wire({ a, b });
    wire.join('a', 'b');
    const block = wire.mine('a', 'while the hellos cross');
    wire.settle();
    expect(b.tree?.chain.tip).toEqual(block);
  });
});

describe('Task 10: getting blocks', () => {
  it('asks a peer that has a better block, with a locator', () => {
    const sync = nodeWith(...branch(genesis, 3, 'a'));
    const greeting = greetingOf(nodeWith(...branch(genesis, 7, 'b')));
    const locator = sync.tree?.locator();
    expect(to('peer', sync.connected('peer', greeting))).toEqual([
      { type: 'getBlocks', locator },
    ]);
  });

  it('asks a peer when that tells of a better block', () => {
    const sync = new Sync(genesis);
    expect(sync.connected('peer', greetingOf(sync)).send).toEqual([]);
    const tip = tipAt(last(branch(genesis, 2, 'a')));
    const effects = sync.received('peer', { type: 'tip', tip }, NOW);
    expect(to('peer', effects)).toEqual([{ type: 'getBlocks', locator: [genesis.hash] }]);
  });

  it('asks no peer that has the same block, a worse one, or none', () => {
    const sync = nodeWith(...branch(genesis, 3, 'a'));
    const greetings = [
      greetingOf(sync),
      greetingOf(new Sync(genesis)),
      greetingOf(new Sync()),
    ];
    for (const [i, greeting] of greetings.entries()) {
      const { send } = sync.connected(`peer ${i}`, greeting);
      expect(send.filter(({ message }) => message.type === 'getBlocks')).toEqual([]);
    }
    const { send } = aMinute(sync);
    expect(send.filter(({ message }) => message.type === 'getBlocks')).toEqual([]);
  });

  it('asks for a block of equal work only if its hash is smaller', () => {
    const pair = [
      nodeWith(...branch(genesis, 2, 'a')),
      nodeWith(...branch(genesis, 2, 'b')),
    ];
    const [winner, loser] = pair.sort((x, y) =>
      (x.tip?.hash ?? '') < (y.tip?.hash ?? '') ? -1 : 1,
    );
    if (winner === undefined || loser === undefined) throw new Error('No nodes.');
    const wire = new Wire({ winner, loser });
    wire.join('winner', 'loser');
    wire.settle();
    expect(wire.requests('loser')).toBe(0);
    expect(loser.tip).toEqual(winner.tip);
  });

  it('answers a locator with the blocks after it, and one of its own tip with none', () => {
    const blocks = branch(genesis, 5, 'a');
    const sync = nodeWith(...blocks);
    sync.connected('peer', greetingOf(new Sync(genesis)));
    const ask = (...locator: string[]) =>
      to('peer', sync.received('peer', { type: 'getBlocks', locator }, NOW));
    expect(ask(stranger, blocks[2]?.hash ?? '')).toEqual([
      { type: 'blocks', blocks: blocks.slice(3) },
    ]);
    expect(ask(last(blocks).hash)).toEqual([{ type: 'blocks', blocks: [] }]);
    expect(ask()).toEqual([{ type: 'blocks', blocks: [genesis, ...blocks] }]);
  });

  it('answers before it has a chain, too: with no blocks', () => {
    const sync = new Sync();
    sync.connected('peer', { genesis: null, tip: null });
    const effects = sync.received('peer', { type: 'getBlocks', locator: [] }, NOW);
    expect(to('peer', effects)).toEqual([{ type: 'blocks', blocks: [] }]);
  });

  it('leaves messages alone that are not about blocks', () => {
    const sync = nodeWith(...branch(genesis, 2, 'a'));
    sync.connected('peer', greetingOf(sync));
    const others: Message[] = [
      { type: 'getPeers' },
      { type: 'peers', urls: ['ws://127.0.0.1:8001'] },
    ];
    for (const message of [...others, ...others, ...others]) {
      const effects = sync.received('peer', message, NOW);
      expect(effects).toEqual(nothing);
    }
  });

  it('catches up on two blocks with these two, however many peers have them', () => {
    const blocks = branch(genesis, 900, 'a');
    const nodes: Record<string, Sync> = { late: nodeWith(...blocks.slice(0, -2)) };
    for (const name of ['p1', 'p2', 'p3', 'p4']) nodes[name] = nodeWith(...blocks);
    const wire = new Wire(nodes);
    for (const name of ['p1', 'p2', 'p3', 'p4']) wire.join('late', name);
    wire.pass(10 * SECOND);
    expect(nodes.late?.tip).toEqual(nodes.p1?.tip);
    expect(wire.blocksSent.map(({ data }) => data)).toEqual(['a899', 'a900']);
  });

  it('gets some thousand blocks, batch by batch, each block once', () => {
    const blocks = branch(genesis, 2_600, 'a');
    const [full, other, empty] = [
      nodeWith(...blocks),
      nodeWith(...blocks),
      new Sync(genesis),
    ];
    const wire = new Wire({ full, other, empty });
    wire.join('empty', 'full');
    wire.join('empty', 'other');
    wire.settle();
    expect(empty.tip).toEqual(full.tip);
    expect(checkChain(chainOf(empty), consensusRules)).toBeUndefined();
    expect(wire.blocksSent).toHaveLength(2_600);
  });

  it('gets a branch that is longer than a batch, though it is the lighter one for long', () => {
    const stem = branch(genesis, 10, 's');
    const a = nodeWith(...stem, ...branch(last(stem), 1_700, 'a'));
    const b = nodeWith(...stem, ...branch(last(stem), 1_800, 'b'));
    const wire = new Wire({ a, b });
    wire.join('a', 'b');
    wire.settle();
    expect(a.tip).toEqual(b.tip);
    expect(a.tip?.work).toBe('1811');
    expect(wire.blocksSent.length).toBeLessThanOrEqual(1_900);
  });

  it('gets a branch from far back, though the first batches hold what it knows', () => {
    const stem = branch(genesis, 8_000, 's');
    const a = nodeWith(...stem, ...branch(last(stem), 1_500, 'a'));
    const b = nodeWith(...stem, ...branch(last(stem), 1_600, 'b'));
    const wire = new Wire({ a, b });
    wire.join('a', 'b');
    wire.pass(10 * SECOND);
    expect(a.tip).toEqual(b.tip);
    expect(wire.blocksSent.length).toBeLessThanOrEqual(6_000);
  });

  it('gets the branch of a peer that goes over to another one in the meantime', () => {
    const [own, old] = [branch(genesis, 900, 'own '), branch(genesis, 1_000, 'old ')];
    const [a, b] = [nodeWith(...own), nodeWith(...old)];
    const wire = new Wire({ a, b, c: nodeWith(...branch(genesis, 1_100, 'new ')) });
    wire.join('a', 'b');
    while (a.tree?.get(old[0]?.hash ?? '') === undefined) wire.deliver();
    wire.join('b', 'c');
    wire.pass(10 * SECOND);
    expect(dataOf(a).at(-1)).toBe('new 1100');
    expect(wire.refusals).toEqual([]);
  });

  it('begins its locators at its own tip again once it has caught up', () => {
    const blocks = branch(genesis, 6, 'a');
    const sync = new Sync(genesis);
    sync.connected('peer', greetingOf(nodeWith(...blocks.slice(0, 2))));
    sync.received('peer', { type: 'blocks', blocks: blocks.slice(0, 2) }, NOW);
    for (const block of blocks.slice(2, 4)) sync.mined(block, NOW);
    const message: Message = { type: 'tip', tip: tipAt(last(blocks)) };
    expect(to('peer', sync.received('peer', message, NOW))).toEqual([
      { type: 'getBlocks', locator: sync.tree?.locator() },
    ]);
  });

  it('gets what it lacks once, and not from all, where eight peers are slow to send it', () => {
    const chain = branch(genesis, 400, 'a');
    const late = new Sync(genesis);
    const wire = new Wire({ late });
    for (let i = 1; i <= 8; i += 1) {
      wire.add(`p${i}`, nodeWith(...chain));
      wire.slow(`p${i}`, 3 * SECOND);
      wire.join('late', `p${i}`);
    }
    wire.pass(2 * MINUTE);
    expect(late.tip).toEqual(tipAt(last(chain)));
    expect(wire.refusals).toEqual([]);
    if (wire.blocksSent.length > 2 * chain.length)
      throw new Error(
        `For ${chain.length} blocks ${wire.blocksSent.length} were sent: the peers have the ` +
          'same ones, and need not send them all.',
      );
  });

  it('gets a long lighter branch once, though several peers take turns in sending it', () => {
    const own = branch(genesis, 2_000, 'own ');
    const better = branch(genesis, 2_100, 'better ');
    const sync = nodeWith(...own);
    const wire = new Wire({ sync });
    for (const name of ['p1', 'p2', 'p3']) wire.add(name, nodeWith(...better));
    for (const name of ['p1', 'p2', 'p3']) wire.join('sync', name);
    wire.pass(10 * SECOND);
    expect(sync.tip).toEqual(tipAt(last(better)));
    expect(wire.blocksSent.length).toBeLessThanOrEqual(1.5 * better.length);
  });

  it('tells which blocks the tree took, on side branches too, and none else', () => {
    const [own, side] = [branch(genesis, 3, 'a'), branch(genesis, 2, 'b')];
    const sync = nodeWith(...own);
    sync.connected('peer', greetingOf(sync));
    const push = (block: Block) =>
      sync.received('peer', { type: 'tip', tip: tipAt(last(own)), block }, NOW).taken;
    expect(side.map(push)).toEqual(side.map((block) => [block]));
    const orphan = last(branch(last(branch(genesis, 5, 'x')), 1, 'x'));
    const early = nextBlock(genesis, 'early', NOW + 60 * MINUTE);
    const forged = { ...nextBlock(genesis, 'good', START), data: 'forged' };
    expect([last(own), last(side), orphan, early, forged].flatMap(push)).toEqual([]);
  });

  it('asks one peer where several tell of the same block, after a long time too', () => {
    const sync = new Sync(genesis);
    const peers = ['p1', 'p2', 'p3', 'p4'];
    for (const peer of peers) sync.connected(peer, greetingOf(sync));
    const tip = tipAt(last(branch(genesis, 2, 'a')));
    for (let minute = 0; minute < 60; minute += 1) aMinute(sync);
    const asked = peers.flatMap(
      (peer) => sync.received(peer, { type: 'tip', tip }, NOW).send,
    );
    expect(asked).toHaveLength(1);
  });

  it('goes on with another peer where the connection to the first one is lost', () => {
    const blocks = branch(genesis, 1_300, 'a');
    const [first, second, late] = [
      nodeWith(...blocks),
      nodeWith(...blocks),
      new Sync(genesis),
    ];
    const wire = new Wire({ first, second, late });
    wire.join('late', 'first');
    while (late.tree?.chain.length === 1) wire.deliver();
    const { length } = chainOf(late);
    wire.part('late', 'first');
    expect(chainOf(late)).toHaveLength(length);
    wire.join('late', 'second');
    wire.settle();
    expect(late.tip).toEqual(second.tip);
    // The batch that was lost on its way is sent again, and nothing that had arrived.
    expect(wire.blocksSent.length).toBeLessThanOrEqual(1_300 + 500);
  });

  it('asks the next peer at once when the asked one goes', () => {
    const sync = new Sync(genesis);
    const greeting = greetingOf(nodeWith(...branch(genesis, 3, 'a')));
    const asked = [
      ...sync.connected('p1', greeting).send,
      ...sync.connected('p2', greeting).send,
    ].map((outgoing) => outgoing.to);
    expect(asked).toHaveLength(1);
    const { send } = sync.disconnected(asked[0] ?? '');
    expect([...asked, ...send.map((outgoing) => outgoing.to)].sort()).toEqual([
      'p1',
      'p2',
    ]);
  });

  it('does not start again with a peer that comes back', () => {
    const blocks = branch(genesis, 700, 'a');
    const [full, late] = [nodeWith(...blocks), nodeWith(...blocks.slice(0, 600))];
    const wire = new Wire({ full, late });
    wire.join('late', 'full');
    wire.settle();
    wire.part('late', 'full');
    wire.mine('full', 'alone');
    wire.join('late', 'full');
    wire.settle();
    expect(late.tip).toEqual(full.tip);
    expect(wire.blocksSent).toHaveLength(101);
  });

  it('lets one of two that parted and meet again give way', () => {
    const stem = branch(genesis, 3, 'shared ');
    const [a, b] = [nodeWith(...stem), nodeWith(...stem)];
    const wire = new Wire({ a, b });
    wire.join('a', 'b');
    wire.settle();
    wire.part('a', 'b');
    for (const data of ['a1', 'a2']) wire.mine('a', data);
    for (const data of ['b1', 'b2', 'b3']) wire.mine('b', data);
    wire.join('a', 'b');
    wire.settle();
    const expected = [
      'Genesis Block',
      'shared 1',
      'shared 2',
      'shared 3',
      'b1',
      'b2',
      'b3',
    ];
    expect(dataOf(a)).toEqual(expected);
    expect(dataOf(b)).toEqual(expected);
  });

  it('tells which blocks a reorganization takes off and puts on', () => {
    const [a, b] = [branch(genesis, 2, 'a'), branch(genesis, 3, 'b')];
    const sync = nodeWith(...a);
    sync.connected('peer', greetingOf(nodeWith(...b)));
    const effects = sync.received('peer', { type: 'blocks', blocks: b }, NOW);
    const chain = [genesis, ...a];
    replay(chain, effects.changes);
    expect(chain).toEqual([genesis, ...b]);
    expect(effects.changes.flatMap(({ removed }) => removed)).toEqual(a);
  });
});

describe('Task 11: peers that lie', () => {
  const blocks = branch(genesis, 600, 'a');

  /** A node with 5 blocks, an honest peer with 600, and a liar that it meets first. */
  function stage(script: Script) {
    const victim = nodeWith(...blocks.slice(0, 5));
    const honest = nodeWith(...blocks);
    const wire = new Wire({ victim, honest, liar: script });
    wire.join('victim', 'liar');
    wire.settle();
    wire.join('victim', 'honest');
    return { victim, honest, wire };
  }

  const nonsense: [string, Script][] = [
    ['does not answer', liar(() => undefined)],
    ['answers that it has no more blocks', liar(() => [])],
    ['sends the same known blocks again and again', liar(() => blocks.slice(0, 3))],
    ['sends the genesis block again and again', liar(() => [genesis])],
    [
      'sends blocks whose parents nobody knows',
      liar(() => branch(last(branch(genesis, 4, 'x')), 3, 'x')),
    ],
    [
      'sends the chain of another network',
      liar(() => {
        const other = genesisBlock({ timestamp: START, data: 'another network' });
        return [other, ...branch(other, 20, 'x')];
      }),
    ],
    [
      'sends a known block with a higher index each time',
      (() => {
        let index = 0;
        return liar(() => [{ ...genesis, index: (index += 1) }]);
      })(),
    ],
    [
      'sends the known blocks one by one',
      (() => {
        let index = 0;
        return liar(() => blocks.slice((index += 1) % 5, (index % 5) + 1));
      })(),
    ],
  ];

  describe.each(nonsense)('A peer that claims giant work and %s', (_, script) => {
    it('does not keep the node from the blocks of an honest peer', () => {
      const { victim, honest, wire } = stage(script);
      wire.pass(MINUTE);
      expect(victim.tip).toEqual(honest.tip);
    });

    it('is parted from in the end, and the honest peer is not', () => {
      const { wire } = stage(script);
      wire.pass(15 * MINUTE);
      expect(wire.refusals).toEqual([
        { by: 'victim', peer: 'liar', reason: expect.any(String) },
      ]);
    });

    it('is parted from where there is no other peer, too', () => {
      const wire = new Wire({ victim: nodeWith(...blocks.slice(0, 5)), liar: script });
      wire.join('victim', 'liar');
      wire.pass(15 * MINUTE);
      expect(wire.refusals).toHaveLength(1);
    });
  });

  it('are asked once, and have time to answer: the line may be slow', () => {
    const { wire } = stage(liar(() => undefined));
    wire.pass(MINUTE);
    expect(wire.requests('liar')).toBe(1);
    expect(wire.refusals).toEqual([]);
  });

  describe.each([
    [15, 5 * SECOND],
    [64, 10 * SECOND],
  ])('%d peers that claim giant work and stay silent', (count, delay) => {
    /** A node that has met so many liars, and then meets an honest peer with more blocks. */
    function crowd(script: Script, before: (wire: Wire) => void = () => undefined) {
      const [victim, honest] = [nodeWith(...blocks.slice(0, 5)), nodeWith(...blocks)];
      const wire = new Wire({ victim, honest });
      for (let i = 0; i < count; i += 1) {
        wire.add(`liar ${i}`, script);
        wire.join(`victim`, `liar ${i}`);
      }
      before(wire);
      wire.join('victim', 'honest');
      return { victim, honest, wire };
    }
    const silent = liar(() => undefined);

    it('hold up an honest one for some seconds only', () => {
      const { victim, honest, wire } = crowd(silent);
      wire.pass(delay);
      expect(victim.tip).toEqual(honest.tip);
    });

    it('do so no longer by claiming just what the honest one has', () => {
      const tip = tipAt(last(blocks));
      const copy = { greeting: { genesis: genesis.hash, tip }, answer: () => [] };
      const { victim, honest, wire } = crowd(copy);
      wire.pass(delay);
      expect(victim.tip).toEqual(honest.tip);
    });

    it('do so no longer by having sent a good block before', () => {
      const greeting = greetingOf(nodeWith(...blocks.slice(0, 5)));
      const { victim, honest, wire } = crowd({ greeting, answer: () => [] }, (early) => {
        early.settle();
        for (let i = 0; i < count; i += 1) {
          const tip = { ...boast, work: boast.work + String(i).padStart(3, '0') };
          const block = nextBlock(last(blocks.slice(0, 4)), `of liar ${i}`, START);
          early.say(`liar ${i}`, 'victim', { type: 'tip', tip, block });
        }
      });
      wire.pass(delay);
      expect(victim.tip).toEqual(honest.tip);
    });

    it('are parted from, and the honest one is not', () => {
      const { wire } = crowd(silent);
      wire.pass(5 * MINUTE);
      expect(wire.refusals).toHaveLength(count);
      expect(wire.refusals.map(({ peer }) => peer)).not.toContain('honest');
    });
  });

  it('are waited for by ticks: a clock that is set changes nothing', () => {
    const sync = nodeWith(...blocks.slice(0, 5));
    sync.connected('slow', greetingOf(nodeWith(...blocks)));
    sync.connected('other', greetingOf(sync));
    for (const now of [NOW + 24 * 60 * MINUTE, NOW - 24 * 60 * MINUTE]) {
      sync.received('other', { type: 'getBlocks', locator: [] }, now);
      expect(sync.tick()).toEqual(nothing);
    }
    const answer: Message = { type: 'blocks', blocks: blocks.slice(5, 8) };
    expect(sync.received('slow', answer, NOW).taken).toEqual(blocks.slice(5, 8));
  });

  it('are not asked again at once after an answer without use: it may have been bad luck', () => {
    const wire = new Wire({ victim: nodeWith(), liar: liar(() => []) });
    wire.join('victim', 'liar');
    wire.settle();
    expect(wire.requests('liar')).toBe(1);
    expect(wire.refusals).toEqual([]);
  });

  it('may have bad luck time after time, where good blocks come in between', () => {
    const sync = new Sync(genesis);
    let count = 0;
    // Two answers of three are of no use.
    const odd: Script = {
      greeting: { genesis: genesis.hash, tip: tipAt(last(blocks)) },
      answer: ({ type }) => {
        if (type !== 'getBlocks') return [];
        count += 1;
        const known = sync.tree?.chain.length ?? 1;
        const some = count % 3 === 0 ? blocks.slice(known - 1, known + 50) : [];
        return [{ type: 'blocks', blocks: some }];
      },
    };
    const wire = new Wire({ sync, odd });
    wire.join('sync', 'odd');
    wire.pass(10 * MINUTE);
    expect(sync.tip).toEqual(tipAt(last(blocks)));
    expect(wire.refusals).toEqual([]);
  });

  it('may be slow time after time: late blocks are taken, and the peer stays', () => {
    const sync = new Sync(genesis);
    const slow: Script = { greeting: greetingOf(sync), answer: () => [] };
    const wire = new Wire({ sync, slow });
    wire.join('sync', 'slow');
    for (const block of blocks.slice(0, 10)) {
      wire.say('slow', 'sync', { type: 'tip', tip: tipAt(block) });
      wire.pass(15 * SECOND);
      wire.say('slow', 'sync', { type: 'blocks', blocks: [block] });
      wire.pass(15 * SECOND);
      expect(sync.tip).toEqual(tipAt(block));
    }
    expect(wire.refusals).toEqual([]);
  });

  it('may take a minute and a half for each answer, where the blocks are large and the line slow', () => {
    const [sync, slow] = [new Sync(genesis), nodeWith(...blocks)];
    const wire = new Wire({ sync, slow });
    wire.slow('slow', 90 * SECOND);
    wire.join('sync', 'slow');
    wire.pass(20 * MINUTE);
    expect(sync.tip).toEqual(slow.tip);
    expect(wire.refusals).toEqual([]);
  });

  it('do not keep a quick one waiting by being slow', () => {
    const chain = branch(genesis, 90, 'a');
    const late = new Sync(genesis);
    const wire = new Wire({ late, slow: nodeWith(...chain), quick: nodeWith(...chain) });
    wire.slow('slow', 50 * SECOND);
    wire.join('late', 'slow');
    wire.pass(2 * MINUTE); // now it is known to be slow, and is asked again
    wire.join('late', 'quick');
    wire.pass(5 * SECOND);
    expect(late.tip).toEqual(tipAt(last(chain)));
  });

  it('do not come first again by claiming more, time after time', () => {
    const { victim, honest, wire } = stage(liar(() => undefined));
    for (let i = 0; i < 60; i += 1) {
      const tip = { ...boast, work: '9'.repeat(60) + String(i).padStart(3, '0') };
      wire.say('liar', 'victim', { type: 'tip', tip });
      wire.pass(SECOND);
    }
    expect(victim.tip).toEqual(honest.tip);
  });

  it('do not come first again by coming back as somebody else, time after time', () => {
    const full = nodeWith(...blocks.slice(0, 5));
    const honest: Script = {
      greeting: greetingOf(full),
      answer: (message) =>
        message.type === 'getBlocks'
          ? [{ type: 'blocks', blocks: full.tree?.after(message.locator) ?? [] }]
          : [],
    };
    const { victim, wire } = stage(liar(() => undefined));
    wire.add('silent', honest);
    wire.part('victim', 'honest');
    wire.join('victim', 'silent');
    for (let i = 0; i < 60; i += 1) {
      // There is a new liar before the last one goes, and new blocks that are not pushed.
      wire.add(
        `liar ${i}`,
        liar(() => undefined),
      );
      wire.join('victim', `liar ${i}`);
      wire.settle();
      wire.part('victim', `liar ${i - 1}`);
      if (i < 30)
        for (const block of blocks.slice(5 + 2 * i, 7 + 2 * i)) full.mined(block, NOW);
      if (full.tip) wire.say('silent', 'victim', { type: 'tip', tip: full.tip });
      wire.pass(2 * SECOND);
    }
    expect(victim.tip).toEqual(full.tip);
  });

  it('do not keep the turn by sending one known block every few seconds', () => {
    let index = 0;
    const { victim, honest, wire } = stage(liar(() => undefined));
    for (let i = 0; i < 20; i += 1) {
      index = (index + 1) % 5;
      wire.say('liar', 'victim', {
        type: 'blocks',
        blocks: blocks.slice(index, index + 1),
      });
      wire.pass(6 * SECOND);
    }
    expect(victim.tip).toEqual(honest.tip);
  });

  it.each([1, 6])(
    'do not keep the turn by sending one block of an endless side branch every %d s',
    (seconds) => {
      const side = branch(genesis, 60 / seconds, 'side ');
      const { victim, honest, wire } = stage(liar(() => undefined));
      for (const block of side) {
        wire.say('liar', 'victim', { type: 'blocks', blocks: [block] });
        wire.pass(seconds * SECOND);
      }
      expect(victim.tip).toEqual(honest.tip);
    },
  );

  it('do not keep the turn together, each by one new block in time', () => {
    const [victim, honest] = [nodeWith(...blocks.slice(0, 5)), nodeWith(...blocks)];
    const wire = new Wire({ victim });
    for (let i = 0; i < 6; i += 1) {
      let tip = genesis;
      const name = `liar ${i}`;
      const next = () => (tip = nextBlock(tip, `${name} ${tip.index}`, START));
      wire.add(
        name,
        liar(() => [next()]),
      );
      wire.slow(name, SECOND);
      wire.join('victim', name);
    }
    wire.pass(10 * SECOND);
    wire.add('honest', honest);
    wire.join('victim', 'honest');
    wire.pass(3 * MINUTE);
    expect(victim.tip).toEqual(honest.tip);
  });

  const forged: [string, Block][] = [
    ['other data', { ...last(blocks.slice(0, 6)), data: 'forged' }],
    ['a wrong index', rehashed({ ...last(blocks.slice(0, 6)), index: 7 })],
    ['another difficulty', rehashed({ ...last(blocks.slice(0, 6)), difficulty: 1 })],
  ];
  it.each(forged)('are parted from at once for a block with %s', (_, block) => {
    const victim = nodeWith(...blocks.slice(0, 5));
    const greeting = { genesis: genesis.hash, tip: boast };
    const messages: Message[] = [
      { type: 'tip', tip: boast, block },
      { type: 'blocks', blocks: [block, ...branch(block, 3, 'x')] },
      { type: 'blocks', blocks: [...blocks.slice(2, 5), block] },
      { type: 'blocks', blocks: [block, block] },
    ];
    for (const [i, message] of messages.entries()) {
      victim.connected(`liar ${i}`, greeting);
      const { send, changes, refuse } = victim.received(`liar ${i}`, message, NOW);
      expect(refuse).toEqual([{ peer: `liar ${i}`, reason: expect.any(String) }]);
      expect({ send, changes }).toEqual({ send: [], changes: [] });
      expect(victim.received(`liar ${i}`, message, NOW)).toEqual(nothing);
    }
    expect(chainOf(victim)).toEqual([genesis, ...blocks.slice(0, 5)]);
  });

  it('are parted from for an invalid block, and the next peer is asked at once', () => {
    const [, [, block] = ['', genesis]] = forged;
    const { victim, honest, wire } = stage(liar(() => [block]));
    wire.settle();
    expect(wire.refusals.map(({ peer }) => peer)).toEqual(['liar']);
    expect(victim.tip).toEqual(honest.tip);
  });

  it('leave behind the good blocks that came before the bad one', () => {
    const victim = new Sync(genesis);
    victim.connected('liar', { genesis: genesis.hash, tip: boast });
    const bad = { ...last(blocks.slice(0, 3)), data: 'forged' };
    const message: Message = { type: 'blocks', blocks: [...blocks.slice(0, 2), bad] };
    const { refuse } = victim.received('liar', message, NOW);
    expect(refuse.map(({ peer }) => peer)).toEqual(['liar']);
    expect(dataOf(victim)).toEqual(['Genesis Block', 'a1', 'a2']);
  });

  it('change nothing by blocks that nobody asked for, good ones or bad', () => {
    const next = blocks.slice(5, 7);
    const forged = { ...last(blocks.slice(0, 6)), data: 'forged' };
    for (const unasked of [[], [genesis], next, [forged], branch(genesis, 3, 'side ')]) {
      const victim = nodeWith(...blocks.slice(0, 5));
      victim.connected('peer', greetingOf(victim));
      const message: Message = { type: 'blocks', blocks: unasked };
      const { send, changes, taken } = victim.received('peer', message, NOW);
      expect({ send, changes, taken }).toEqual({ send: [], changes: [], taken: [] });
      for (const block of unasked.slice(1))
        expect(victim.tree?.get(block.hash)).toBeUndefined();
    }
  });

  it('change nothing by sending what another peer was asked for', () => {
    const victim = nodeWith(...blocks.slice(0, 5));
    const greeting = greetingOf(nodeWith(...blocks));
    const asked = ['p1', 'p2'].flatMap((peer) => victim.connected(peer, greeting).send);
    const [other] = ['p1', 'p2'].filter((peer) => peer !== asked[0]?.to);
    const message: Message = { type: 'blocks', blocks: blocks.slice(5, 9) };
    expect(victim.received(other ?? '', message, NOW).taken).toEqual([]);
    expect(victim.received(asked[0]?.to ?? '', message, NOW).taken).toHaveLength(4);
  });

  it('answer once for each time that they are asked', () => {
    const victim = nodeWith(...blocks.slice(0, 5));
    victim.connected('peer', greetingOf(nodeWith(...blocks.slice(0, 7))));
    const send = (...some: Block[]) =>
      victim.received('peer', { type: 'blocks', blocks: some }, NOW).taken;
    expect(send(...blocks.slice(5, 7))).toEqual(blocks.slice(5, 7));
    expect(send(...blocks.slice(7, 9))).toEqual([]);
  });

  it('are parted from if they go on sending blocks that nobody asked for', () => {
    const victim = nodeWith(...blocks.slice(0, 5));
    victim.connected('peer', greetingOf(victim));
    const message: Message = { type: 'blocks', blocks: blocks.slice(5, 6) };
    const refused = Array.from({ length: 10 }, () =>
      victim.received('peer', message, NOW).refuse.map(({ peer }) => peer),
    );
    expect(refused.flat()).toEqual(['peer']);
  });

  it('may tell anything of their tip: what counts is the blocks', () => {
    const victim = nodeWith(...blocks.slice(0, 5));
    victim.connected('liar', greetingOf(victim));
    const block = last(blocks.slice(0, 6));
    const tip = { ...boast, hash: block.hash };
    victim.received('liar', { type: 'tip', tip, block }, NOW);
    expect(victim.tip).toEqual(tipAt(block));
    expect(victim.tree?.work).toBe(7n);
  });
});

describe('Task 11: blocks of the future', () => {
  /** A block that may not be accepted before this time. */
  const blockFor = (time: number) => nextBlock(genesis, 'early', time + MAX_AHEAD);

  it('are not held against the peer, and are asked for again when their time has come', () => {
    const ahead = new Sync(genesis);
    const block = blockFor(NOW + 5 * SECOND);
    ahead.mined(block, NOW + 5 * SECOND);
    const sync = new Sync(genesis);
    const wire = new Wire({ sync, ahead });
    wire.join('sync', 'ahead');
    wire.pass(4 * SECOND);
    expect(chainOf(sync)).toEqual([genesis]);
    wire.pass(4 * SECOND);
    expect(chainOf(sync)).toEqual([genesis, block]);
    expect(wire.refusals).toEqual([]);
  });

  it('that are pushed come again, too', () => {
    const [ahead, sync] = [new Sync(genesis), new Sync(genesis)];
    const wire = new Wire({ sync, ahead });
    wire.join('sync', 'ahead');
    wire.settle();
    const block = wire.mine('ahead', 'early', MAX_AHEAD + 90 * SECOND);
    wire.pass(80 * SECOND);
    expect(chainOf(sync)).toEqual([genesis]);
    wire.pass(80 * SECOND);
    expect(chainOf(sync)).toEqual([genesis, block]);
    expect(wire.refusals).toEqual([]);
  });

  it('are not asked for all the time', () => {
    const ahead = new Sync(genesis);
    ahead.mined(blockFor(NOW + 60 * MINUTE), NOW + 60 * MINUTE);
    const wire = new Wire({ sync: new Sync(genesis), ahead });
    wire.join('sync', 'ahead');
    wire.pass(10 * MINUTE);
    expect(wire.requests('ahead')).toBeLessThanOrEqual(20);
    expect(wire.refusals).toEqual([]);
  });

  it('do not part their miner from the network for long once it gives them up', () => {
    // Its clock was a day ahead. Now that is right, and it takes the others' longer chain.
    const ahead = new Sync(genesis);
    ahead.mined(blockFor(NOW + 1_440 * MINUTE), NOW + 1_440 * MINUTE);
    const sync = new Sync(genesis);
    const wire = new Wire({ sync, ahead, others: nodeWith(...branch(genesis, 9, 'a')) });
    wire.join('sync', 'ahead');
    wire.pass(5 * SECOND);
    expect(chainOf(sync)).toEqual([genesis]);
    wire.join('ahead', 'others');
    wire.pass(5 * MINUTE);
    expect(dataOf(sync).at(-1)).toBe('a9');
  });

  it('do not hold up what other peers have', () => {
    const ahead = new Sync(genesis);
    const early = blockFor(NOW + 60 * MINUTE);
    for (const block of [early, ...branch(early, 20, 'x')])
      ahead.mined(block, NOW + 120 * MINUTE);
    const [sync, honest] = [new Sync(genesis), nodeWith(...branch(genesis, 9, 'a'))];
    const wire = new Wire({ sync, ahead, honest });
    wire.join('sync', 'ahead');
    wire.join('sync', 'honest');
    wire.pass(5 * SECOND);
    expect(ahead.tip?.index).toBe(21);
    expect(sync.tip).toEqual(honest.tip);
  });
});

describe('Task 12: a node that joins without a genesis block', () => {
  const blocks = branch(genesis, 700, 'a');
  const elsewhere = genesisBlock({ timestamp: START, data: 'another network' });
  /** A peer that announces a genesis block, and answers with these blocks. */
  const peerWith = (announced: string, answer: readonly Block[]): Script => ({
    greeting: { genesis: announced, tip: tipAt(last(answer)) },
    answer: ({ type }) =>
      type === 'getBlocks' ? [{ type: 'blocks', blocks: [...answer] }] : [],
  });

  it('takes the genesis block, and then the chain, from a peer', () => {
    const [joiner, full] = [new Sync(), nodeWith(...blocks)];
    const wire = new Wire({ joiner, full });
    wire.join('joiner', 'full');
    wire.settle();
    expect(joiner.tip).toEqual(full.tip);
  });

  it('tells the genesis block as its first change', () => {
    const joiner = new Sync();
    const asked = joiner.connected('peer', greetingOf(nodeWith(...blocks.slice(0, 2))));
    expect(to('peer', asked)).toEqual([{ type: 'getBlocks', locator: [] }]);
    const answer: Message = { type: 'blocks', blocks: [genesis, ...blocks.slice(0, 2)] };
    const { changes, taken } = joiner.received('peer', answer, NOW);
    expect(changes[0]).toEqual({ removed: [], added: [genesis] });
    expect(taken).toEqual([genesis, ...blocks.slice(0, 2)]);
    const chain: Block[] = [];
    replay(chain, changes);
    expect(chain).toEqual([genesis, ...blocks.slice(0, 2)]);
  });

  it('can join through a peer that has nothing but the genesis block', () => {
    const joiner = new Sync();
    const wire = new Wire({ joiner, full: new Sync(genesis) });
    wire.join('joiner', 'full');
    wire.settle();
    expect(chainOf(joiner)).toEqual([genesis]);
    wire.mine('joiner', 'mine');
    wire.settle();
    expect(dataOf(joiner)).toEqual(['Genesis Block', 'mine']);
  });

  const difficult = genesisBlock({ timestamp: START, difficulty: 60 });
  const odd = branch(genesis, 1, 'x');
  const late = genesisBlock({ timestamp: NOW + 60 * MINUTE });
  it.each<[string, Script, RegExp]>([
    ['is not the announced one', peerWith(genesis.hash, [elsewhere]), /genesis/i],
    ['has not its work', peerWith(difficult.hash, [difficult]), /hash|work/i],
    ['is not the first of a chain', peerWith(last(odd).hash, odd), /index|previousHash/],
    ['has other data', peerWith(genesis.hash, [{ ...genesis, data: '?' }]), /dataHash/],
    ['is of the future', peerWith(late.hash, [late]), /genesis/i],
  ])(
    'parts from a peer whose genesis block %s, and joins the next',
    (_, script, reason) => {
      const [joiner, full] = [new Sync(), nodeWith(...blocks)];
      const wire = new Wire({ joiner, liar: script, full });
      wire.join('joiner', 'liar');
      wire.settle();
      expect(joiner.tree).toBeUndefined();
      expect(wire.refusals).toEqual([
        { by: 'joiner', peer: 'liar', reason: expect.stringMatching(reason) },
      ]);
      wire.join('joiner', 'full');
      wire.settle();
      expect(joiner.tip).toEqual(full.tip);
    },
  );

  it.each<[string, Script]>([
    ['does not answer', liar(() => undefined)],
    ['answers nothing', liar(() => [])],
  ])('joins through the next peer where the first one %s', (_, script) => {
    const [joiner, full] = [new Sync(), nodeWith(...blocks)];
    const wire = new Wire({ joiner, liar: script, full });
    wire.join('joiner', 'liar');
    wire.settle();
    wire.join('joiner', 'full');
    wire.pass(MINUTE);
    expect(joiner.tip).toEqual(full.tip);
  });

  it('parts from the peers of other networks once it belongs to one', () => {
    const joiner = new Sync();
    const greetings = new Map([
      ['full', greetingOf(nodeWith(...blocks))],
      ['twin', greetingOf(new Sync(genesis))],
      ['other', greetingOf(new Sync(elsewhere))],
    ]);
    const asked = [...greetings].flatMap(
      ([peer, greeting]) => joiner.connected(peer, greeting).send,
    );
    expect(asked.map(({ message }) => message.type)).toEqual(['getBlocks']);
    const [first] = asked.map((outgoing) => outgoing.to);
    const [own, strangers] =
      first === 'other' ? [elsewhere, ['full', 'twin']] : [genesis, ['other']];
    const answer: Message = { type: 'blocks', blocks: [own] };
    const { send, refuse } = joiner.received(first ?? '', answer, NOW);
    expect(refuse.map(({ peer }) => peer)).toEqual(strangers);
    for (const outgoing of send) expect(strangers).not.toContain(outgoing.to);
    for (const peer of strangers)
      expect(joiner.received(peer, { type: 'getBlocks', locator: [] }, NOW).send).toEqual(
        [],
      );
  });

  it('keeps the peers that have no network yet', () => {
    const [joiner, second] = [new Sync(), new Sync()];
    const wire = new Wire({ joiner, second, full: nodeWith(...blocks) });
    wire.join('joiner', 'second');
    wire.join('joiner', 'full');
    wire.settle();
    expect(wire.refusals.filter(({ by }) => by === 'joiner')).toEqual([]);
  });
});

describe('Task 13: a network', () => {
  type Action =
    | { do: 'mine'; node: number; count: number }
    | { do: 'join' | 'part'; a: number; b: number }
    | { do: 'deliver'; link: number }
    | { do: 'wait'; seconds: number };
  const node = fc.nat(20);
  const action = (count: fc.Arbitrary<number>): fc.Arbitrary<Action> =>
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({ do: fc.constant('mine' as const), node, count }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          do: fc.constantFrom('join' as const, 'part' as const),
          a: node,
          b: node,
        }),
      },
      {
        weight: 12,
        arbitrary: fc.record({ do: fc.constant('deliver' as const), link: fc.nat(40) }),
      },
      {
        weight: 1,
        arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.nat(12) }),
      },
    );

  // Where a run fails, the search for the shortest one that fails may take long.
  const inTime = { interruptAfterTimeLimit: 20_000 };

  /** Up to `most` actions, in which nodes mine so many blocks at once. */
  const someOf = (count: fc.Arbitrary<number>, most: number) =>
    fc.array(action(count), { maxLength: most, size: 'max' });

  /** Does what the actions say in a network of `size` nodes, then joins all, and waits. */
  function run(
    size: number,
    actions: readonly Action[],
    scripts: readonly Script[] = [],
  ) {
    const names = Array.from({ length: size }, (_, i) => `node ${i}`);
    const nodes = names.map((name) => [name, new Sync(genesis)] as const);
    const wire = new Wire(Object.fromEntries(nodes));
    for (const [i, script] of scripts.entries()) {
      wire.add(`liar ${i}`, script);
      names.splice((i * 2) % names.length, 0, `liar ${i}`);
    }
    const all = names.length;
    const honest = nodes.map(([name]) => name);
    const mined = [genesis];
    const patience = 20 * SECOND; // a peer may be parted from if its answers are late for long
    for (let i = 1; i < all; i += 1) wire.join(names[i - 1] ?? '', names[i] ?? '');
    for (const [i, step] of actions.entries()) {
      if (step.do === 'mine') {
        const name = honest[step.node % size] ?? '';
        for (let n = 0; n < step.count; n += 1)
          mined.push(wire.mine(name, `${name}, action ${i}, block ${n}`));
      } else if (step.do === 'deliver') {
        wire.deliver(step.link);
      } else if (step.do === 'wait') {
        for (let n = 0; n < step.seconds && wire.now < NOW + patience; n += 1)
          wire.tick();
      } else {
        wire[step.do](names[step.a % all] ?? '', names[step.b % all] ?? '');
      }
    }
    for (let i = 1; i < size; i += 1) wire.join(honest[i - 1] ?? '', honest[i] ?? '');
    wire.pass(2 * MINUTE);
    const best = mined.reduce((a, b) => (isBetter(candidate(b), candidate(a)) ? b : a));
    return { wire, nodes, best };
  }
  const candidate = ({ hash, index }: Block) => ({ hash, work: BigInt(index + 1) });

  function check({ nodes, best }: ReturnType<typeof run>): void {
    const tips = nodes.map(([name, sync]) => [name, sync.tree?.chain.tip.data]);
    expect(tips).toEqual(nodes.map(([name]) => [name, best.data]));
    for (const [, sync] of nodes)
      expect(checkChain(chainOf(sync), consensusRules)).toBeUndefined();
  }

  it('agrees on the best of all blocks mined, whatever was lost, late or cut off', () => {
    const actions = someOf(fc.integer({ min: 1, max: 3 }), 80);
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 6 }), actions, (size, steps) =>
        check(run(size, steps)),
      ),
      inTime,
    );
  });

  it('parts from none of its members', () => {
    const actions = someOf(fc.integer({ min: 1, max: 3 }), 80);
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 6 }), actions, (size, steps) =>
        expect(run(size, steps).wire.refusals).toEqual([]),
      ),
      { numRuns: 50, ...inTime },
    );
  });

  it('agrees where its branches are longer than a batch', () => {
    const count = fc.oneof(
      { weight: 4, arbitrary: fc.integer({ min: 1, max: 3 }) },
      { weight: 1, arbitrary: fc.integer({ min: 400, max: 1_200 }) },
    );
    const actions = someOf(count, 30);
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 4 }), actions, (size, steps) =>
        check(run(size, steps)),
      ),
      { numRuns: 8, ...inTime },
    );
  });

  it('agrees in spite of liars among its members', () => {
    const actions = someOf(fc.integer({ min: 1, max: 3 }), 60);
    const lies = fc.array(
      fc.constantFrom(
        liar(() => undefined),
        liar(() => []),
        liar(() => [genesis]),
        liar(() => [nextBlock(genesis, 'of the future', NOW + 60 * MINUTE)]),
        liar(() => [{ ...last(branch(genesis, 1, 'x')), data: 'forged' }]),
      ),
      { minLength: 1, maxLength: 3 },
    );
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 5 }), actions, lies, (size, steps, scripts) =>
        check(run(size, steps, scripts)),
      ),
      inTime,
    );
  });

  it('tells no peer of a block that it was told of by this very peer', () => {
    const actions = someOf(fc.constant(1), 80);
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 5 }), actions, (size, steps) => {
        const { wire } = run(size, steps);
        expect(wire.echoes).toEqual([]);
      }),
      { numRuns: 50, ...inTime },
    );
  });
});
