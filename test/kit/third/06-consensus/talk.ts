import { brokenRule, type Block } from '#blocks';
import type { Hello, Message, Tip } from '#peers';
import { isBetter, type Candidate } from './duel.ts';
import { textLedger, type Ledger } from './accord.ts';
import { earliestTime } from './index.ts';
import { BlockTree, type Added, type Change } from './woods.ts';

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

/** A question that is open: when it was asked, and until when it keeps others from being asked. */
interface Question {
  readonly since: number;
  readonly until: number;
}

/** How quick a peer has proved to be. */
type Speed = 'quick' | 'unknown' | 'slow';
const ranks: Readonly<Record<Speed, number>> = { quick: 0, unknown: 1, slow: 2 };

interface Talker {
  readonly name: string;
  readonly root: string | null;
  says: Candidate | null;
  knows: string | null;
  mark: Block | null;
  open: Question | null;
  speed: Speed;
  delay: number;
  served: number;
  quietUntil: number;
  strikes: number;
  helping: number;
}

const candidateOf = (tip: Tip | null): Candidate | null =>
  tip && { hash: tip.hash, work: BigInt(tip.work) };

export class Sync<S extends object = object> {
  private woods: BlockTree<S> | null = null;
  private readonly accord: (genesis: Block) => Ledger<S> | string;
  private readonly talkers = new Map<string, Talker>();
  private clock = 0;
  private count = 0;
  private fresh: string | null = null;
  private todo = {
    send: [] as Outgoing[],
    changes: [] as Change[],
    taken: [] as Block[],
    refuse: [] as Refusal[],
  };

  constructor(genesis?: Block, accord?: (genesis: Block) => Ledger<S> | string) {
    this.accord = accord ?? (() => textLedger as Ledger<S>);
    if (!genesis) return;
    const ledger = this.accord(genesis);
    if (typeof ledger === 'string') throw new Error(ledger);
    this.woods = new BlockTree(genesis, ledger);
  }

  get tree(): BlockTree<S> | undefined {
    return this.woods ?? undefined;
  }

  get tip(): Tip | null {
    if (!this.woods) return null;
    const { tip } = this.woods.chain;
    return { work: this.woods.work.toString(), index: tip.index, hash: tip.hash };
  }

  connected(name: string, { genesis, tip }: Pick<Hello, 'genesis' | 'tip'>): Effects {
    const talker: Talker = {
      name,
      root: genesis,
      says: candidateOf(tip),
      knows: tip?.hash ?? null,
      mark: null,
      open: null,
      speed: 'unknown',
      delay: 0,
      served: (this.count += 1),
      quietUntil: 0,
      strikes: 0,
      helping: 10,
    };
    this.talkers.set(name, talker);
    const own = this.tip;
    if (own && own.hash !== tip?.hash && !this.hasMore(talker))
      this.todo.send.push({ to: name, message: { type: 'tip', tip: own } });
    return this.settle();
  }

  disconnected(name: string): Effects {
    this.talkers.delete(name);
    return this.settle();
  }

  received(name: string, message: Message, now: number): Effects {
    const talker = this.talkers.get(name);
    if (talker) {
      if (message.type === 'tip') this.hear(talker, message.tip, message.block, now);
      if (message.type === 'getBlocks') this.help(talker, message.locator);
      if (message.type === 'blocks') this.listen(talker, message.blocks, now);
    }
    return this.settle();
  }

  mined(block: Block, now: number): Effects {
    const outcome = this.grow(block, now);
    if (outcome.status === 'invalid')
      throw new Error(`Not mined well: ${outcome.reason}`);
    return this.settle();
  }

  tick(): Effects {
    this.clock += 1;
    let late = 0;
    for (const talker of this.all()) {
      if (talker.open === null) continue;
      if (talker.open.until === this.clock) late += 1;
      if (this.clock - talker.open.since > 130) this.leave(talker, 'It stays silent.');
    }
    if (this.clock % 60 === 0) {
      for (const talker of this.all()) {
        talker.knows = talker.says?.hash ?? null;
        this.tell(talker);
      }
    }
    return this.settle(5 * late);
  }

  private all(): Talker[] {
    return [...this.talkers.values()];
  }

  private hear(talker: Talker, tip: Tip, block: Block | undefined, now: number): void {
    talker.says = candidateOf(tip);
    talker.knows = tip.hash;
    const isNear = block && this.woods?.hasState(block.previousHash);
    if (isNear) this.judge(talker, block, now);
  }

  private help(talker: Talker, locator: readonly string[]): void {
    const share = Math.min(talker.helping, 500) / 500;
    const blocks = this.woods?.after(locator, share) ?? [];
    talker.helping = Math.ceil(talker.helping * 2.5);
    talker.knows = blocks.at(-1)?.hash ?? talker.knows;
    this.todo.send.push({ to: talker.name, message: { type: 'blocks', blocks } });
  }

  private listen(talker: Talker, blocks: readonly Block[], now: number): void {
    const { open, mark } = talker;
    if (open === null) return this.strike(talker);
    talker.open = null;
    talker.delay = this.clock - open.since;
    talker.speed = talker.delay < 2 ? 'quick' : 'slow';
    if (!this.woods && blocks.length > 0) this.enter(talker, blocks, now);
    let isNews = false;
    let length = 0;
    for (const [i, block] of blocks.entries()) {
      length += block.data.length;
      const isOff = i > 0 && blocks[i - 1]?.hash !== block.previousHash;
      if (isOff || (i > 0 && this.woods && length > this.woods.maxBatch))
        return this.strike(talker);
      if (this.talkers.get(talker.name) !== talker) return;
      const status = this.judge(talker, block, now);
      if (status === 'early') return;
      isNews ||= status === 'added';
      const own = this.woods?.get(block.hash);
      if (own) talker.mark = own;
    }
    if (this.talkers.get(talker.name) !== talker || !this.hasMore(talker)) return;
    const isFurther = (talker.mark?.index ?? -1) > (mark?.index ?? -1);
    if (!isNews && !isFurther) this.strike(talker);
  }

  /** What follows for the peer from a block that it sent. */
  private judge(talker: Talker, block: Block, now: number): Added['status'] {
    const outcome = this.grow(block, now);
    if (outcome.status === 'added') talker.strikes = 0;
    if (outcome.status === 'invalid') this.leave(talker, `Wrong: ${outcome.reason}.`);
    if (outcome.status === 'early') {
      const wait = Math.ceil((outcome.until - now) / 1_000);
      talker.quietUntil = this.clock + (wait > 45 ? 45 : wait);
    }
    return outcome.status;
  }

  private grow(block: Block, now: number): Added {
    if (!this.woods) return { status: 'orphan' };
    const outcome = this.woods.add(block, now);
    if (outcome.status === 'added') {
      this.fresh = block.hash;
      this.todo.taken.push(block);
      if (outcome.change) this.todo.changes.push(outcome.change);
    }
    return outcome;
  }

  private enter(talker: Talker, [genesis]: readonly Block[], now: number): void {
    if (!genesis) return;
    const ledger = this.accord(genesis);
    if (typeof ledger === 'string') return this.leave(talker, ledger);
    const wrong = brokenRule(genesis, undefined, ledger.rules);
    if (wrong !== undefined)
      return this.leave(talker, `A wrong genesis block: ${wrong}.`);
    if (talker.root !== genesis.hash)
      return this.leave(talker, 'Not the genesis block that it named.');
    if (now < earliestTime(genesis))
      return this.leave(talker, 'A genesis block of the future.');
    this.woods = new BlockTree(genesis, ledger);
    this.todo.taken.push(genesis);
    this.todo.changes.push({ added: [genesis], removed: [] });
    for (const other of this.all()) {
      const isStrange = other.root !== null && other.root !== genesis.hash;
      if (isStrange) this.leave(other, 'It belongs elsewhere.');
    }
  }

  private hasMore({ says }: Talker): boolean {
    if (says === null) return false;
    const own = candidateOf(this.tip);
    return own === null || isBetter(says, own);
  }

  private tell(talker: Talker): void {
    const { tip } = this;
    if (!this.woods || !tip || talker.knows === tip.hash || this.hasMore(talker)) return;
    const block = this.woods.chain.tip;
    const message: Message =
      talker.knows === block.previousHash
        ? { type: 'tip', tip, block }
        : { type: 'tip', tip };
    if (message.block) talker.knows = tip.hash;
    this.todo.send.push({ to: talker.name, message });
  }

  private strike(talker: Talker): void {
    talker.mark = null;
    talker.strikes += 1;
    talker.quietUntil = this.clock + 3 * talker.strikes;
    if (talker.strikes > 2) this.leave(talker, 'Three answers without use.');
  }

  private leave({ name }: Talker, reason: string): void {
    this.talkers.delete(name);
    this.todo.refuse.push({ peer: name, reason });
  }

  /** Tells and asks what there is to tell and to ask, and hands it all out. */
  private settle(extra = 0): Effects {
    const all = this.all();
    if (this.todo.changes.length > 0) all.forEach((talker) => this.tell(talker));
    const ahead = all.filter((talker) => this.hasMore(talker));
    for (const talker of all) if (!ahead.includes(talker)) talker.mark = null;
    const awaited = ahead.filter(({ open }) => open !== null && open.until > this.clock);
    const first = Math.min(...awaited.map(({ speed }) => ranks[speed]));
    const next = ahead
      .filter(({ open, quietUntil }) => open === null && quietUntil <= this.clock)
      .filter(({ speed }) => ranks[speed] < first)
      .sort((one, other) => one.served - other.served)
      .slice(0, Math.max(1, extra));
    for (const talker of next) this.question(talker);
    const { send, changes, taken, refuse } = this.todo;
    this.todo = { send: [], changes: [], taken: [], refuse: [] };
    return { send, changes, taken, refuse };
  }

  private question(talker: Talker): void {
    const locator = this.woods ? this.woods.locator(talker.mark ?? undefined) : [];
    const tips = [this.tip?.hash, this.fresh].flatMap((hash) => hash ?? []);
    const message: Message = {
      type: 'getBlocks',
      locator: [...tips.filter((hash) => !locator.includes(hash)), ...locator],
    };
    talker.served = this.count += 1;
    const patience = talker.delay > 1 ? 5 * talker.delay : 2;
    talker.open = { since: this.clock, until: this.clock + patience };
    this.todo.send.push({ to: talker.name, message });
  }
}
