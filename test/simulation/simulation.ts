/**
 * Many `Sync` objects under virtual time, on a network that delays, loses, doubles and
 * reorders messages, refuses connections and cuts them, parts and heals, with nodes that
 * crash, clocks that differ, and peers that lie. Everything follows from the seed, so a seed
 * replays its run exactly.
 */
import { checkChain, genesisBlock, nextBlock, type Block } from '#blocks';
import {
  MAX_AHEAD,
  consensusRules,
  earliestTime,
  type Effects,
  type Sync,
} from '#consensus';
import type { Message, Tip } from '#peers';
import { work } from '#proof-of-work';
import { randomSource } from '../random-source.ts';
import { withWork } from '../with-work.ts';

/** The class under test: that of step 6, or one with a bug that was planted on purpose. */
export type SyncClass = new (genesis?: Block) => Sync;

/** What a run came to. */
export interface Outcome {
  /** What went wrong, or undefined if all is well. */
  readonly fault: string | undefined;
  /** How many messages were sent. */
  readonly messages: number;
  /** How many blocks those messages carried. */
  readonly blocks: number;
  /** How high the best chain was in the end. */
  readonly height: number;
  /** How long it took to agree after the storm, in virtual seconds. */
  readonly seconds: number;
}

/** How long the network misbehaves, in virtual milliseconds. */
const STORM = 120_000;

/** How many messages a run may take for each of its machines, and beyond for each block. */
const MAX_MESSAGES = { machine: 3_000, block: 3 };

/** How long it is watched afterwards. */
const CALM = 600_000;

/**
 * How long it may take to agree in the calm, in seconds: some liars are asked first. An answer
 * that was lost is waited for, and so are blocks of the future.
 */
const PATIENCE = { usual: 20, ahead: 150, lost: 200 };

/** How many liars there are where they come in a crowd, and are all of one kind. */
const CROWDS: Partial<Record<Lie, number>> = { 'is silent': 15, 'dates ahead': 3 };

/** How far clocks are wrong at most, where they are, in milliseconds. */
const MAX_SKEW = 50_000;

/** More work than anybody can do. */
const GIANT = 10n ** 60n;

const LIES = [
  'boasts',
  'is silent',
  'forges data',
  'forges work',
  'repeats itself',
  'dates ahead',
  'sends unasked',
] as const;
type Lie = (typeof LIES)[number];

interface Machine {
  readonly id: string;
  readonly lie: Lie | undefined;
  /** How far its clock is ahead, in milliseconds. */
  readonly skew: number;
  sync: Sync;
  /** What a crash leaves of the node: its best chain. */
  stored: Block[];
  /** The ids of the machines it is connected with, each with the number of that connection. */
  readonly links: Map<string, number>;
  /** The connections on which it has asked for blocks, and waits for them. */
  readonly asked: Set<number>;
  isUp: boolean;
}

interface Happening {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** Runs the network of one seed to its end. */
export function simulate(seed: number, SyncUnderTest: SyncClass): Outcome {
  const world = new World(seed, SyncUnderTest);
  world.storm();
  return world.calmDown();
}

class World {
  readonly #random: () => number;
  readonly #SyncUnderTest: SyncClass;
  readonly #machines: Machine[];
  readonly #genesis: Block;
  /** How often a message is lost, doubled, or overtaken. Zero in the calm. */
  #trouble: number;
  /** How often a connection is refused, or cut as soon as it stands. Zero in the calm. */
  #refusals: number;
  readonly #burst: number;
  #now = 1_000_000;
  #order = 0;
  #connections = 0;
  #queue: Happening[] = [];
  #mined = 0;
  #messages = 0;
  #blocks = 0;
  #wrong: string | undefined;

  constructor(seed: number, SyncUnderTest: SyncClass) {
    this.#random = randomSource(seed);
    this.#SyncUnderTest = SyncUnderTest;
    this.#trouble = this.#random() < 0.5 ? 0 : this.#random() * 0.2;
    this.#refusals = this.#random() < 0.5 ? 0 : this.#random() * 0.6;
    this.#burst = this.#random() < 0.2 ? 900 : 4; // some forks are longer than a batch
    this.#genesis = withWork(genesisBlock({ timestamp: 0, difficulty: 1 }));
    const honest = 3 + this.#below(5);
    const crowd = this.#random() < 0.7 ? undefined : LIES[this.#below(LIES.length)];
    const liars = (crowd && CROWDS[crowd]) ?? this.#below(3);
    const skew = this.#random() < 0.5 ? 0 : MAX_SKEW;
    const lie = () => crowd ?? LIES[this.#below(LIES.length)];
    this.#machines = Array.from({ length: honest + liars }, (_, i) => ({
      id: `node ${i}`,
      lie: i < honest ? undefined : lie(),
      // Who dates ahead does so by the fastest clock, and thus by much for the others.
      skew: Math.round((2 * this.#random() - 1) * skew),
      // A node without a genesis block joins the network of the first.
      sync: new SyncUnderTest(
        i === 0 || this.#random() < 0.7 ? this.#genesis : undefined,
      ),
      stored: [],
      links: new Map(),
      asked: new Set(),
      isUp: true,
    }));
  }

  /** Lets everything go wrong for a while. */
  storm(): void {
    for (const machine of this.#machines) this.#connect(machine, this.#pick());
    const end = this.#now + STORM;
    this.#tickEverySecond(end + CALM);
    while (this.#now < end) {
      const chance = this.#random();
      const [one, other] = [this.#pick(), this.#pick()];
      if (chance < 0.3) this.#mine(one, 1 + this.#below(this.#burst));
      else if (chance < 0.45) this.#disconnect(one, other);
      else if (chance < 0.8) this.#connect(one, other);
      else if (chance < 0.85) this.#part();
      else if (chance < 0.9) this.#crash(one);
      else if (chance < 0.97) this.#restart(one);
      this.#pass(this.#now + this.#random() * 4_000);
    }
    if (this.#trouble > 0) this.#trouble = 1; // half of the last news is lost
    for (const machine of this.#machines) this.#mine(machine, 1);
  }

  /** Heals the network and looks whether all honest nodes come to agree. */
  calmDown(): Outcome {
    const allowed = this.#allowed;
    this.#trouble = 0;
    this.#refusals = 0;
    const honest = this.#machines.filter(({ lie }) => lie === undefined);
    for (const machine of this.#machines) this.#restart(machine);
    this.#heal(honest, this.#now + CALM);
    const best = honest.map(workOf).reduce((a, b) => (a > b ? a : b));
    const tips = () => new Set(honest.map(({ sync }) => sync.tip?.hash)).size;
    let seconds = 0;
    for (let i = 0; i < CALM / 1_000; i += 1) {
      if (tips() > 1) seconds = i + 1;
      this.#pass(this.#now + 1_000);
    }
    const [first] = honest;
    return {
      fault:
        this.#fault(tips(), first, best) ??
        (seconds > allowed ? `it took ${seconds} s to agree, not ${allowed}` : undefined),
      messages: this.#messages,
      blocks: this.#blocks,
      height: first?.sync.tip?.index ?? 0,
      seconds,
    };
  }

  /** How long the honest nodes may take to agree once it is calm, in seconds. */
  get #allowed(): number {
    if (this.#trouble > 0) return PATIENCE.lost;
    const isAhead = this.#machines.some(({ lie }) => lie === 'dates ahead');
    return isAhead ? PATIENCE.ahead : PATIENCE.usual;
  }

  #fault(tips: number, first: Machine | undefined, best: bigint): string | undefined {
    if (this.#wrong !== undefined) return this.#wrong;
    if (this.#isTooLoud()) return 'the messages go on and on';
    if (tips !== 1) return `the honest nodes ended with ${tips} different tips`;
    const chain = first?.sync.tree?.chain.slice() ?? [];
    const reason = checkChain(chain, consensusRules);
    if (reason !== undefined) return `a chain won that breaks the rules: ${reason}`;
    const proven = chain.reduce((sum, block) => sum + work(block.difficulty), 0n);
    if (proven < best) return 'the chain with the most work lost';
    return undefined;
  }

  #isTooLoud(): boolean {
    const { machine, block } = MAX_MESSAGES;
    return this.#messages > this.#machines.length * (machine + block * this.#mined);
  }

  #below(limit: number): number {
    return Math.trunc(this.#random() * limit);
  }

  #pick(): Machine {
    const machine = this.#machines[this.#below(this.#machines.length)];
    if (machine === undefined) throw new Error('There are machines.');
    return machine;
  }

  /** Lets time pass, and all happen that is due meanwhile. */
  #pass(end: number): void {
    for (;;) {
      const next = this.#queue[0];
      if (next === undefined || next.at > end || this.#isTooLoud()) break;
      this.#queue.shift();
      this.#now = next.at;
      next.run();
    }
    this.#now = end;
  }

  #later(delay: number, run: () => void): void {
    const happening = { at: this.#now + delay, order: (this.#order += 1), run };
    const comesAfter = ({ at, order }: Happening) =>
      at > happening.at || (at === happening.at && order > happening.order);
    let i = this.#queue.length;
    while (i > 0 && this.#queue.slice(i - 1, i).some(comesAfter)) i -= 1;
    this.#queue.splice(i, 0, happening);
  }

  #tickEverySecond(end: number): void {
    for (const machine of this.#machines) {
      if (!machine.isUp) continue;
      this.#apply(machine, machine.sync.tick());
      if (machine.lie === 'sends unasked' && this.#random() < 0.1) this.#intrude(machine);
    }
    if (this.#now < end) this.#later(1_000, () => this.#tickEverySecond(end));
  }

  #mine(machine: Machine, count: number): void {
    const { tree } = machine.sync;
    if (!machine.isUp || tree === undefined) return;
    for (let i = 0; i < count; i += 1) {
      // Who believed a claim cannot mine on: the next block would take for ever.
      if (tree.chain.tip.difficulty !== this.#genesis.difficulty) return;
      const block = withWork(
        nextBlock(tree.chain.tip, `${machine.id} ${this.#random()}`, this.#date(machine)),
      );
      // Where the parent is dated as far ahead as may be, its child has to wait.
      const wait = earliestTime(block) - this.#timeOf(machine);
      if (wait > 0) return this.#later(wait, () => this.#mine(machine, count - i));
      this.#mined += 1;
      this.#apply(machine, machine.sync.mined(block, this.#timeOf(machine)));
    }
  }

  #timeOf({ skew }: Machine): number {
    return this.#now + skew;
  }

  /** How a machine dates its blocks: one kind of liar as far ahead as somebody may take it. */
  #date(machine: Machine): number {
    const time = Math.floor(this.#timeOf(machine));
    return machine.lie === 'dates ahead' ? time + MAX_AHEAD : time;
  }

  /** Sends good blocks to somebody who has not asked for them. */
  #intrude(machine: Machine): void {
    const ids = [...machine.links.keys()];
    const to = ids[this.#below(ids.length)];
    const tip = machine.sync.tree?.chain.tip;
    if (to === undefined || tip === undefined) return;
    const blocks = [withWork(nextBlock(tip, `unasked ${this.#random()}`, 0))];
    this.#send(machine, to, { type: 'blocks', blocks });
  }

  #connect(one: Machine, other: Machine): void {
    if (one === other || !one.isUp || !other.isUp || one.links.has(other.id)) return;
    if (one.sync.tree === undefined && other.sync.tree === undefined) return;
    if (other.sync.tree === undefined) return this.#connect(other, one);
    const isRefused = this.#random() < this.#refusals;
    if (isRefused && this.#random() < 0.5) return;
    this.#connections += 1;
    for (const [a, b] of [[one, other] as const, [other, one] as const]) {
      a.links.set(b.id, this.#connections);
    }
    const connection = this.#connections;
    const [hello, answer] = [this.#hello(one), this.#hello(other)];
    // What is mined while both say hello is in neither of the two.
    this.#later(this.#random() * 500, () => {
      if (one.links.get(other.id) !== connection) return;
      this.#apply(one, one.sync.connected(other.id, answer));
      this.#apply(other, other.sync.connected(one.id, hello));
    });
    if (isRefused)
      this.#later(this.#random() * 1_000, () => this.#disconnect(one, other));
  }

  #hello({ sync, lie }: Machine): { genesis: string | null; tip: Tip | null } {
    return { genesis: sync.tree?.chain.at(0)?.hash ?? null, tip: boast(sync.tip, lie) };
  }

  #disconnect(one: Machine, other: Machine): void {
    if (!one.links.delete(other.id)) return;
    other.links.delete(one.id);
    this.#apply(one, one.sync.disconnected(other.id));
    this.#apply(other, other.sync.disconnected(one.id));
  }

  /** Joins machines in a line, and again and again where they part, as nodes dial again. */
  #heal(machines: readonly Machine[], end: number): void {
    machines.forEach((machine, i) => this.#connect(machine, machines[i - 1] ?? machine));
    if (this.#now < end) this.#later(5_000, () => this.#heal(machines, end));
  }

  /** Cuts the network into two halves. */
  #part(): void {
    const border = this.#below(this.#machines.length);
    this.#machines.forEach((one, i) => {
      this.#machines.forEach((other, j) => {
        if (i < border && j >= border) this.#disconnect(one, other);
      });
    });
  }

  #crash(machine: Machine): void {
    for (const other of this.#machines) this.#disconnect(machine, other);
    machine.isUp = false;
  }

  #restart(machine: Machine): void {
    if (machine.isUp) return;
    machine.isUp = true;
    const [genesis, ...rest] = machine.stored;
    machine.sync = new this.#SyncUnderTest(genesis ?? this.#genesis);
    for (const block of rest) machine.sync.tree?.add(block, this.#timeOf(machine));
  }

  #apply(machine: Machine, { send, changes, taken, refuse }: Effects): void {
    if (changes.length > 0) machine.stored = machine.sync.tree?.chain.slice() ?? [];
    if (taken.some((block) => earliestTime(block) > this.#timeOf(machine)))
      this.#wrong ??= 'a node took a block of the future';
    for (const { to, message } of send) this.#send(machine, to, message);
    for (const { peer } of refuse) {
      const other = this.#machines.find(({ id }) => id === peer);
      if (other === undefined) continue;
      this.#disconnect(machine, other);
      this.#later(5_000 + this.#random() * 20_000, () => this.#connect(machine, other));
    }
  }

  #send(from: Machine, to: string, honest: Message): void {
    const connection = from.links.get(to);
    const other = this.#machines.find(({ id }) => id === to);
    const message = distort(honest, from);
    if (connection === undefined || other === undefined || message === undefined) return;
    this.#messages += 1;
    if (message.type === 'getBlocks') from.asked.add(connection);
    if (message.type === 'blocks') this.#blocks += message.blocks.length;
    const copies = this.#random() < this.#trouble ? (this.#random() < 0.5 ? 0 : 2) : 1;
    for (let i = 0; i < copies; i += 1) {
      const delay = this.#random() < this.#trouble ? this.#random() * 5_000 : 20;
      const text = JSON.stringify(message);
      this.#later(delay, () => {
        if (other.links.get(from.id) !== connection) return;
        this.#receive(other, from, connection, JSON.parse(text) as Message);
      });
    }
  }

  #receive(machine: Machine, from: Machine, connection: number, message: Message): void {
    const effects = machine.sync.received(from.id, message, this.#timeOf(machine));
    const isUnasked = message.type === 'blocks' && !machine.asked.delete(connection);
    if (isUnasked && effects.taken.length > 0)
      this.#wrong ??= 'a node took blocks that it had not asked for';
    this.#apply(machine, effects);
  }
}

const workOf = ({ sync }: Machine) => sync.tree?.work ?? 0n;

/** Whether a liar claims more than it has. */
const isBoaster = (lie: Lie) => lie !== 'dates ahead' && lie !== 'sends unasked';

function boast(tip: Tip | null, lie: Lie | undefined): Tip | null {
  if (tip === null || lie === undefined || !isBoaster(lie)) return tip;
  return { ...tip, hash: 'f'.repeat(64), work: String(BigInt(tip.work) + GIANT) };
}

/** What a machine says instead of what an honest one would say; undefined for nothing. */
function distort(message: Message, { lie, sync }: Machine): Message | undefined {
  if (lie === undefined || !isBoaster(lie)) return message;
  if (message.type === 'tip') {
    return { type: 'tip', tip: boast(message.tip, lie) ?? message.tip };
  }
  if (message.type !== 'blocks') return message;
  if (lie === 'is silent') return undefined;
  if (lie === 'boasts') return { type: 'blocks', blocks: [] };
  if (lie === 'repeats itself') {
    return { type: 'blocks', blocks: sync.tree?.chain.slice(1, 3) ?? [] };
  }
  if (lie === 'forges data') {
    const blocks = message.blocks.map((block) => ({ ...block, data: 'forged' }));
    return { type: 'blocks', blocks };
  }
  const last = message.blocks.at(-1) ?? sync.tree?.chain.tip;
  if (last === undefined) return message;
  const claim = nextBlock({ ...last, difficulty: 200 }, 'work that nobody did', 0);
  return { type: 'blocks', blocks: [...message.blocks, claim] };
}
