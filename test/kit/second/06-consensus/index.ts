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

export class BlockTree {
  readonly chain: Chain;
  private readonly blocks = new Map<string, Block>();
  private readonly totals = new Map<string, bigint>();
  private readonly childCount = new Map<string, number>();
  private spares: string[] = [];
  private best: Candidate;

  constructor(genesis: Block) {
    const reason = brokenRule(genesis, undefined, consensusRules);
    if (reason) throw new Error(reason);
    this.chain = new Chain(genesis, []);
    this.best = this.store(genesis, 0n);
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
    const reason = brokenRule(block, parent, consensusRules);
    if (reason !== undefined) return { status: 'invalid', reason };
    const until = earliestTime(block);
    if (now < until) return { status: 'early', until };
    const candidate = this.store(block, this.totals.get(parent.hash) ?? 0n);
    this.childCount.set(parent.hash, (this.childCount.get(parent.hash) ?? 0) + 1);
    if (!isBetter(candidate, this.best)) {
      this.spares.push(block.hash);
      this.tidy();
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
    return { status: 'added', change: { removed, added } };
  }

  locator(start?: Block): string[] {
    let at: Block | undefined = (start && this.blocks.get(start.hash)) ?? this.chain.tip;
    const hashes: string[] = [];
    let gap = 1;
    let next = at.index;
    while (at && at.index > 0) {
      if (at.index <= next) {
        hashes.push(at.hash);
        if (hashes.length >= 10) gap *= 2;
        next = Math.max(0, at.index - gap);
      }
      const isOnChain: boolean = this.chain.at(at.index) === at;
      at = isOnChain ? this.chain.at(next) : this.blocks.get(at.previousHash);
    }
    const genesis = this.chain.at(0);
    return genesis ? [...hashes, genesis.hash] : hashes;
  }

  after(locator: readonly string[]): Block[] {
    let start = 0;
    for (const hash of locator) {
      const shared = this.chain.find(hash);
      if (!shared) continue;
      start = shared.index + 1;
      break;
    }
    const answer: Block[] = [];
    let room = 1_048_576;
    for (let i = start; i < start + 500; i += 1) {
      const block = this.chain.at(i);
      if (!block) break;
      room -= block.data.length;
      if (room < 0) break;
      answer.push(block);
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

  private tidy(): void {
    while (this.spares.length > this.chain.length + 1_000) {
      const place = this.spares.findIndex((hash) => !this.childCount.get(hash));
      const [hash = ''] = this.spares.splice(place, 1);
      const parent = this.need(hash).previousHash;
      this.childCount.set(parent, (this.childCount.get(parent) ?? 1) - 1);
      this.blocks.delete(hash);
      this.totals.delete(hash);
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
  readonly refuse: readonly Refusal[];
}

/** What this node knows of another one. */
class Contact {
  readonly id: string;
  readonly genesis: string | null;
  claim: Candidate | null;
  has: string | null;
  asked: { readonly until: number } | null = null;
  from: Block | undefined;
  turn: number;
  rest = 0;
  failures = 0;

  constructor(id: string, { genesis, tip }: Pick<Hello, 'genesis' | 'tip'>, now: number) {
    this.id = id;
    this.genesis = genesis;
    this.turn = now;
    this.claim = tip && { hash: tip.hash, work: BigInt(tip.work) };
    this.has = tip && tip.hash;
  }
}

class Outbox {
  readonly send: Outgoing[] = [];
  readonly changes: Change[] = [];
  readonly refuse: Refusal[] = [];
}

export class Sync {
  tree: BlockTree | undefined;
  private contacts: Contact[] = [];
  private out = new Outbox();
  private lastTold = 0;

  constructor(genesis?: Block) {
    this.tree = genesis && new BlockTree(genesis);
  }

  get tip(): Tip | null {
    const tip = this.tree?.chain.tip;
    return tip ? { index: tip.index, hash: tip.hash, work: `${this.tree?.work}` } : null;
  }

  connected(peer: string, hello: Pick<Hello, 'genesis' | 'tip'>, now: number): Effects {
    const contact = new Contact(peer, hello, now);
    this.contacts = [...this.contacts.filter(({ id }) => id !== peer), contact];
    const own = this.tip;
    if (own && own.hash !== hello.tip?.hash && !this.isAhead(contact)) {
      this.out.send.push({ to: peer, message: { type: 'tip', tip: own } });
    }
    return this.end(now);
  }

  disconnected(peer: string, now: number): Effects {
    this.contacts = this.contacts.filter(({ id }) => id !== peer);
    return this.end(now);
  }

  received(peer: string, message: Message, now: number): Effects {
    const contact = this.contacts.find(({ id }) => id === peer);
    if (contact) {
      switch (message.type) {
        case 'tip':
          contact.claim = { hash: message.tip.hash, work: BigInt(message.tip.work) };
          contact.has = message.tip.hash;
          if (message.block) this.accept(contact, message.block, now);
          break;
        case 'getBlocks': {
          const blocks = this.tree ? this.tree.after(message.locator) : [];
          this.out.send.push({ to: peer, message: { type: 'blocks', blocks } });
          const last = blocks[blocks.length - 1];
          if (last) contact.has = last.hash;
          break;
        }
        case 'blocks':
          this.answered(contact, message.blocks, now);
          break;
        default:
      }
    }
    return this.end(now);
  }

  mined(block: Block, now: number): Effects {
    const result: Added = this.tree ? this.tree.add(block, now) : { status: 'orphan' };
    if (result.status === 'invalid') throw new Error(`It is invalid: ${result.reason}`);
    if (result.status === 'added' && result.change) this.out.changes.push(result.change);
    return this.end(now);
  }

  tick(now: number): Effects {
    for (const contact of [...this.contacts]) {
      if (contact.asked && contact.asked.until <= now) this.disappoint(contact, now);
    }
    if (now - this.lastTold >= 60_000) {
      this.lastTold = now;
      for (const contact of this.contacts) contact.has = contact.claim?.hash ?? null;
      this.tell();
    }
    return this.end(now);
  }

  private isAhead({ claim }: Contact): boolean {
    if (!claim) return false;
    if (!this.tree) return true;
    return isBetter(claim, { hash: this.tree.chain.tip.hash, work: this.tree.work });
  }

  private answered(contact: Contact, blocks: readonly Block[], now: number): void {
    const wasAsked = contact.asked !== null;
    const before = contact.from ? contact.from.index : -1;
    contact.asked = null;
    if (wasAsked && !this.tree && blocks[0]) this.join(contact, blocks[0], now);
    let news = 0;
    for (const block of blocks) {
      const status = this.accept(contact, block, now);
      if (status === 'added') news += 1;
      else if (status !== 'known') break;
    }
    const stays = this.contacts.includes(contact);
    if (!wasAsked || !stays || !this.isAhead(contact) || contact.rest > now) return;
    const moved = (contact.from ? contact.from.index : -1) > before;
    if (news > 0 || moved) this.ask(contact, now);
    else this.disappoint(contact, now);
  }

  private join(contact: Contact, genesis: Block, now: number): void {
    const broken = brokenRule(genesis, undefined, consensusRules);
    if (broken) return this.part(contact, `Its genesis block is bad: ${broken}.`);
    if (genesis.hash !== contact.genesis)
      return this.part(contact, 'It said another genesis.');
    if (earliestTime(genesis) > now)
      return this.part(contact, 'Its genesis is of the future.');
    this.tree = new BlockTree(genesis);
    this.out.changes.push({ removed: [], added: [genesis] });
    for (const other of this.contacts.slice()) {
      if (other.genesis && other.genesis !== genesis.hash)
        this.part(other, 'Another network.');
    }
  }

  private accept(contact: Contact, block: Block, now: number): Added['status'] {
    if (!this.tree) return 'orphan';
    const result = this.tree.add(block, now);
    switch (result.status) {
      case 'invalid':
        this.part(contact, `A bad block: ${result.reason}.`);
        break;
      case 'early':
        contact.rest = Math.min(now + 60_000, result.until);
        break;
      case 'added':
        contact.failures = 0;
        if (result.change) this.out.changes.push(result.change);
        contact.from = this.tree.get(block.hash);
        break;
      case 'known':
        contact.from = this.tree.get(block.hash);
        break;
      case 'orphan':
    }
    return result.status;
  }

  private ask(contact: Contact, now: number): void {
    const locator = this.tree?.locator(contact.from) ?? [];
    contact.asked = { until: now + 10_000 };
    this.out.send.push({ to: contact.id, message: { type: 'getBlocks', locator } });
  }

  private disappoint(contact: Contact, now: number): void {
    contact.asked = null;
    contact.from = undefined;
    contact.failures += 1;
    contact.rest = now + 1_000 * 2 ** contact.failures;
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

  private end(now: number): Effects {
    if (this.out.changes.length > 0) this.tell();
    for (const contact of this.contacts) {
      if (!this.isAhead(contact)) contact.from = undefined;
    }
    const isBusy = this.contacts.some(({ asked, turn }) => asked && now < turn + 30_000);
    const [next] = this.contacts
      .filter((one) => this.isAhead(one) && !one.asked && one.rest <= now)
      .sort((a, b) => a.turn - b.turn);
    if (next && !isBusy) {
      next.turn = now;
      this.ask(next, now);
    }
    const { send, changes, refuse } = this.out;
    this.out = new Outbox();
    return { send, changes, refuse };
  }
}
