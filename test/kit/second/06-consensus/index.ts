// A second solution: branches found anew by walking, and peers as objects with their own wits.
import { Chain, blockRules, brokenRule, type Block, type Rule } from '#blocks';
import type { Hello, Message, Tip } from '#peers';
import { work, workRules } from '#proof-of-work';

export const MAX_AHEAD = 2 * 60 * 1_000;
export const consensusRules: readonly Rule[] = blockRules.concat(workRules);
export const earliestTime = ({ timestamp }: Block): number => timestamp - MAX_AHEAD;

export interface Candidate {
  readonly hash: string;
  readonly work: bigint;
}

export function isBetter(a: Candidate, b: Candidate): boolean {
  if (a.work !== b.work) return a.work > b.work;
  return BigInt('0x' + a.hash) < BigInt('0x' + b.hash);
}

export interface Change {
  readonly removed: readonly Block[];
  readonly added: readonly Block[];
}

export type Added =
  | { readonly status: 'added'; readonly change?: Change }
  | { readonly status: 'known' }
  | { readonly status: 'orphan' }
  | { readonly status: 'early'; readonly until: number }
  | { readonly status: 'invalid'; readonly reason: string };

export interface Ledger<S extends object> {
  readonly rules: readonly Rule[];
  readonly initial: S;
  apply(state: S, block: Block, previous: Block): S | string;
  verify?(after: S, block: Block): string | undefined;
  readonly batch?: number;
}

export const textLedger: Ledger<object> = {
  rules: consensusRules,
  initial: {},
  apply: () => ({}),
};

export class BlockTree<S extends object = object> {
  readonly chain: Chain;
  readonly maxBatch: number;
  private readonly ledger: Ledger<S>;
  /** States by hash: of the newest, of each fiftieth, and of what was worked out since. */
  private readonly states = new Map<string, S>();
  private readonly line: string[] = [];
  private readonly blocks = new Map<string, Block>();
  private readonly totals = new Map<string, bigint>();
  private readonly childCount = new Map<string, number>();
  private spares: string[] = [];
  private spareText = 0;
  private best: Candidate;

  constructor(genesis: Block, ledger: Ledger<S> = textLedger as Ledger<S>) {
    this.ledger = ledger;
    this.maxBatch = ledger.batch === undefined ? 1_048_576 : ledger.batch;
    const reason = brokenRule(genesis, undefined, ledger.rules);
    if (reason) throw new Error(reason);
    this.chain = new Chain(genesis, []);
    this.best = this.store(genesis, 0n);
    this.states.set(genesis.hash, ledger.initial);
  }

  hasState(hash: string): boolean {
    return this.states.has(hash);
  }

  stateAt(hash: string): S | undefined {
    const block = this.blocks.get(hash);
    if (!block) return undefined;
    const missing: Block[] = [];
    let at = block;
    let state = this.states.get(at.hash);
    while (state === undefined) {
      missing.push(at);
      at = this.need(at.previousHash);
      state = this.states.get(at.hash);
    }
    for (const next of missing.reverse()) {
      state = this.ledger.apply(state, next, this.need(next.previousHash)) as S;
    }
    if (missing.length > 0) this.remember(block, state);
    return state;
  }

  private remember(block: Block, state: S): void {
    this.states.set(block.hash, state);
    this.line.push(block.hash);
    while (this.line.length > 600) {
      const [hash = ''] = this.line.splice(0, 1);
      const old = this.blocks.get(hash);
      const isMilestone = old && old.index % 50 === 0;
      if (hash === this.best.hash) this.line.push(hash);
      else if (!isMilestone && !this.line.includes(hash)) this.states.delete(hash);
    }
  }

  get work(): bigint {
    return this.best.work;
  }

  get(hash: string): Block | undefined {
    return this.blocks.get(hash);
  }

  add(block: Block, now: number): Added {
    if (this.blocks.has(block.hash)) return { status: 'known' };
    const parent = this.blocks.get(block.previousHash);
    if (!parent) return { status: 'orphan' };
    const reason = brokenRule(block, parent, this.ledger.rules);
    if (reason !== undefined) return { status: 'invalid', reason };
    const until = earliestTime(block);
    if (now < until) return { status: 'early', until };
    const before = this.stateAt(parent.hash) ?? this.ledger.initial;
    const state = this.ledger.apply(before, block, parent);
    if (typeof state === 'string') return { status: 'invalid', reason: state };
    const flaw = this.ledger.verify && this.ledger.verify(state, block);
    if (flaw !== undefined) return { status: 'invalid', reason: flaw };
    const candidate = this.store(block, this.totals.get(parent.hash) ?? 0n);
    this.remember(block, state);
    this.childCount.set(parent.hash, (this.childCount.get(parent.hash) ?? 0) + 1);
    if (!isBetter(candidate, this.best)) {
      this.spares.push(block.hash);
      this.spareText += block.data.length;
      this.tidy(block.hash);
      return { status: 'added' };
    }
    this.best = candidate;
    const added = [block];
    let first = block;
    while (!this.chain.find(first.previousHash)) {
      first = this.need(first.previousHash);
      added.unshift(first);
    }
    const removed = this.chain.rewind(this.need(first.previousHash).index);
    added.forEach((one) => this.chain.append(one));
    const onChain = new Set(added.map(({ hash }) => hash));
    this.spares = this.spares.filter((hash) => !onChain.has(hash));
    this.spares.push(...removed.map(({ hash }) => hash));
    this.spareText = 0;
    for (const hash of this.spares) this.spareText += this.need(hash).data.length;
    return { status: 'added', change: { removed, added } };
  }

  locator(start?: Block): string[] {
    const known = (start && this.blocks.get(start.hash)) ?? this.chain.tip;
    const wanted = new Set([0]);
    for (let back = 0; back < 10; back += 1) wanted.add(known.index - back);
    const rest = Math.max(0, known.index - 10);
    for (let part = 1; part < 8; part += 1)
      wanted.add(known.index - 10 - Math.floor(rest ** (part / 8)));
    const hashes: string[] = [];
    let at: Block | undefined = known;
    for (const index of [...wanted].sort((a, b) => b - a)) {
      while (at && at.index > index) {
        const isOnChain: boolean = this.chain.at(at.index) === at;
        at = isOnChain ? this.chain.at(index) : this.blocks.get(at.previousHash);
      }
      if (at?.index === index) hashes.push(at.hash);
    }
    return hashes;
  }

  after(locator: readonly string[], share = 1): Block[] {
    let start = 0;
    for (const hash of locator) {
      const shared = this.chain.find(hash);
      if (!shared) continue;
      start = shared.index + 1;
      break;
    }
    const answer: Block[] = [];
    let room = this.maxBatch * share;
    for (const block of this.chain.slice(start, start + Math.ceil(500 * share))) {
      room -= block.data.length;
      if (room < 0 && answer.length > 0) break;
      answer.push(block);
      if (room < 0) break;
    }
    return answer;
  }

  private store(block: Block, before: bigint): Candidate {
    const total = before + work(block.difficulty);
    this.blocks.set(block.hash, block);
    this.totals.set(block.hash, total);
    return { hash: block.hash, work: total };
  }

  private need(hash: string): Block {
    const block = this.blocks.get(hash);
    if (block) return block;
    throw new Error(`A block is missing: ${hash}.`);
  }

  private tidy(newest: string): void {
    const isTooMuch = () =>
      this.spares.length > this.chain.length + 1_000 || this.spareText > 64 * 1_048_576;
    while (isTooMuch()) {
      const place = this.spares.findIndex(
        (hash) => hash !== newest && !this.childCount.get(hash),
      );
      if (place === -1) return;
      const [hash = ''] = this.spares.splice(place, 1);
      const { previousHash: parent, data } = this.need(hash);
      this.childCount.set(parent, (this.childCount.get(parent) ?? 1) - 1);
      this.spareText -= data.length;
      this.blocks.delete(hash);
      this.totals.delete(hash);
      this.states.delete(hash);
    }
  }
}

export interface Outgoing {
  readonly to: string;
  readonly message: Message;
}

export interface Refusal {
  readonly peer: string;
  readonly reason: string;
}

export interface Effects {
  readonly send: readonly Outgoing[];
  readonly changes: readonly Change[];
  readonly taken: readonly Block[];
  readonly refuse: readonly Refusal[];
}

/** What this node knows of another one. Times are in heartbeats. */
class Contact {
  readonly id: string;
  readonly genesis: string | null;
  claim: Candidate | null;
  has: string | null;
  from: Block | undefined;
  /** Since when it owes an answer. */
  owes: number | null = null;
  /** For how long it took last time. */
  delay: number | null = null;
  /** How many answers in a row it may still give before it is somebody else's turn. */
  stint = 0;
  since: number;
  rest = 0;
  failures = 0;
  portion = 0.02;

  constructor(id: string, { genesis, tip }: Pick<Hello, 'genesis' | 'tip'>, now: number) {
    this.id = id;
    this.genesis = genesis;
    this.since = now;
    this.claim = tip && { hash: tip.hash, work: BigInt(tip.work) };
    this.has = tip && tip.hash;
  }

  get patience(): number {
    return this.delay === null ? 2 : 2 + 3 * this.delay;
  }

  isDueAt(beat: number): boolean {
    return this.owes !== null && beat < this.owes + this.patience;
  }
}

class Outbox {
  readonly send: Outgoing[] = [];
  readonly changes: Change[] = [];
  readonly taken: Block[] = [];
  readonly refuse: Refusal[] = [];
}

type LedgerOf<S extends object> = (genesis: Block) => Ledger<S> | string;

export class Sync<S extends object = object> {
  tree: BlockTree<S> | undefined;
  private readonly ledgerOf: LedgerOf<S>;
  private contacts: Contact[] = [];
  private out = new Outbox();
  private beat = 0;
  /** How many are asked at once next time: more and more while nobody answers. */
  private wave = 1;

  constructor(genesis?: Block, ledgerOf: LedgerOf<S> = () => textLedger as Ledger<S>) {
    this.ledgerOf = ledgerOf;
    if (!genesis) return;
    const ledger = ledgerOf(genesis);
    if (typeof ledger === 'string') throw new Error(`No such network: ${ledger}`);
    this.tree = new BlockTree(genesis, ledger);
  }

  get tip(): Tip | null {
    const tip = this.tree?.chain.tip;
    return tip ? { index: tip.index, hash: tip.hash, work: `${this.tree?.work}` } : null;
  }

  connected(peer: string, hello: Pick<Hello, 'genesis' | 'tip'>): Effects {
    const contact = new Contact(peer, hello, this.beat);
    this.contacts = [...this.contacts.filter(({ id }) => id !== peer), contact];
    const own = this.tip;
    if (own && own.hash !== hello.tip?.hash && !this.isAhead(contact)) {
      this.out.send.push({ to: peer, message: { type: 'tip', tip: own } });
    }
    return this.end();
  }

  disconnected(peer: string): Effects {
    this.contacts = this.contacts.filter(({ id }) => id !== peer);
    return this.end();
  }

  received(peer: string, message: Message, now: number): Effects {
    const contact = this.contacts.find(({ id }) => id === peer);
    if (contact) {
      switch (message.type) {
        case 'tip':
          contact.claim = { hash: message.tip.hash, work: BigInt(message.tip.work) };
          contact.has = message.tip.hash;
          if (message.block && this.tree?.hasState(message.block.previousHash))
            this.accept(contact, message.block, now);
          break;
        case 'getBlocks': {
          const { portion } = contact;
          contact.portion = Math.min(1, portion * 3);
          const blocks = this.tree ? this.tree.after(message.locator, portion) : [];
          this.out.send.push({ to: peer, message: { type: 'blocks', blocks } });
          const last = blocks[blocks.length - 1];
          if (last) contact.has = last.hash;
          break;
        }
        case 'blocks':
          if (contact.owes === null) this.disappoint(contact);
          else this.answered(contact, contact.owes, message.blocks, now);
          break;
        default:
      }
    }
    return this.end();
  }

  mined(block: Block, now: number): Effects {
    const result = this.put(block, now);
    if (result.status === 'invalid') throw new Error(`It is invalid: ${result.reason}`);
    return this.end();
  }

  tick(): Effects {
    this.beat += 1;
    for (const contact of [...this.contacts]) {
      if (contact.owes !== null && this.beat > contact.owes + 150)
        this.part(contact, 'It owes an answer.');
    }
    if (this.beat % 60 === 0) {
      for (const contact of this.contacts) contact.has = contact.claim?.hash ?? null;
      this.tell();
    }
    return this.end();
  }

  private isAhead({ claim }: Contact): boolean {
    if (!claim) return false;
    if (!this.tree) return true;
    return isBetter(claim, { hash: this.tree.chain.tip.hash, work: this.tree.work });
  }

  private answered(
    contact: Contact,
    asked: number,
    blocks: readonly Block[],
    now: number,
  ): void {
    const before = contact.from ? contact.from.index : -1;
    contact.owes = null;
    contact.delay = this.beat - asked > 1 ? this.beat - asked : 0;
    if (!this.tree && blocks[0]) this.join(contact, blocks[0], now);
    let news = 0;
    let size = 0;
    let last = '';
    for (const block of blocks) {
      size += block.data.length;
      const isFirst = last === '';
      const isLinked = isFirst || block.previousHash === last;
      if (!isLinked || (!isFirst && size > (this.tree?.maxBatch ?? 0)))
        return this.disappoint(contact);
      last = block.hash;
      const status = this.accept(contact, block, now);
      if (status === 'early') return;
      if (status === 'added') news += 1;
      else if (status !== 'known') break;
    }
    if (!this.contacts.includes(contact) || !this.isAhead(contact)) return;
    const moved = (contact.from ? contact.from.index : -1) > before;
    if (news === 0 && !moved) return this.disappoint(contact);
    this.wave = 1;
    contact.stint -= 1;
    const isAlone = !this.contacts.some((one) => one.delay !== null && this.isDue(one));
    if (isAlone && contact.stint > 0) this.ask(contact);
  }

  private isDue(contact: Contact): boolean {
    return this.isAhead(contact) && contact.isDueAt(this.beat);
  }

  private join(contact: Contact, genesis: Block, now: number): void {
    const ledger = this.ledgerOf(genesis);
    if (typeof ledger === 'string') return this.part(contact, ledger);
    const broken = brokenRule(genesis, undefined, ledger.rules);
    if (broken) return this.part(contact, `Its genesis block is bad: ${broken}.`);
    if (genesis.hash !== contact.genesis)
      return this.part(contact, 'It said another genesis.');
    if (earliestTime(genesis) > now)
      return this.part(contact, 'Its genesis is of the future.');
    this.tree = new BlockTree(genesis, ledger);
    this.out.taken.push(genesis);
    this.out.changes.push({ removed: [], added: [genesis] });
    for (const other of this.contacts.slice()) {
      if (other.genesis && other.genesis !== genesis.hash)
        this.part(other, 'Another network.');
    }
  }

  private put(block: Block, now: number): Added {
    const result: Added = this.tree ? this.tree.add(block, now) : { status: 'orphan' };
    if (result.status === 'added') this.out.taken.push(block);
    if (result.status === 'added' && result.change) this.out.changes.push(result.change);
    return result;
  }

  private accept(contact: Contact, block: Block, now: number): Added['status'] {
    const result = this.put(block, now);
    switch (result.status) {
      case 'invalid':
        this.part(contact, `A bad block: ${result.reason}.`);
        break;
      case 'early':
        contact.rest = this.beat + Math.min(60, Math.ceil((result.until - now) / 1_000));
        break;
      case 'added':
        contact.failures = 0;
        contact.from = this.tree?.get(block.hash);
        break;
      case 'known':
        contact.from = this.tree?.get(block.hash);
        break;
      case 'orphan':
    }
    return result.status;
  }

  private ask(contact: Contact): void {
    const locator = this.tree?.locator(contact.from) ?? [];
    contact.owes = this.beat;
    this.out.send.push({ to: contact.id, message: { type: 'getBlocks', locator } });
  }

  private disappoint(contact: Contact): void {
    contact.from = undefined;
    contact.failures += 1;
    contact.rest = this.beat + 1 + 2 * contact.failures;
    if (contact.failures === 3) this.part(contact, 'It does not keep what it promises.');
  }

  private part(contact: Contact, reason: string): void {
    this.contacts = this.contacts.filter((other) => other !== contact);
    this.out.refuse.push({ peer: contact.id, reason });
  }

  private tell(): void {
    const { tip } = this;
    const block = this.tree?.chain.tip;
    if (!tip || !block) return;
    const own = { hash: tip.hash, work: BigInt(tip.work) };
    for (const contact of this.contacts) {
      if (contact.has === tip.hash) continue;
      if (contact.claim && isBetter(contact.claim, own)) continue;
      if (contact.has === block.previousHash) {
        this.out.send.push({ to: contact.id, message: { type: 'tip', tip, block } });
        contact.has = tip.hash;
      } else {
        this.out.send.push({ to: contact.id, message: { type: 'tip', tip } });
      }
    }
  }

  private end(): Effects {
    if (this.out.changes.length > 0) this.tell();
    const ahead = this.contacts.filter((one) => this.isAhead(one));
    for (const contact of this.contacts)
      if (!ahead.includes(contact)) contact.from = undefined;
    if (ahead.length === 0) this.wave = 1;
    const due = ahead.filter((one) => one.isDueAt(this.beat));
    const speed = ({ delay }: Contact) => delay ?? 1;
    const next = ahead
      .filter(({ owes, rest }) => owes === null && rest <= this.beat)
      // Whoever is quick need not wait for the slow.
      .filter((one) => due.every((other) => speed(other) > 3 * speed(one) + 1))
      .sort((a, b) => a.since - b.since)
      .slice(0, this.wave);
    for (const contact of next) {
      contact.since = this.beat;
      contact.stint = 5;
      this.ask(contact);
    }
    if (next.length > 0) this.wave *= 4;
    const { send, changes, taken, refuse } = this.out;
    this.out = new Outbox();
    return { send, changes, taken, refuse };
  }
}
