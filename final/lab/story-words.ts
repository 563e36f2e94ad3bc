import { beginningOf, visible } from '../terminal/escapes.ts';
import { list } from '../terminal/list.ts';
import { blocksOf, type Story, type StoryBlock, type StoryEvent } from './story.ts';

/** How many characters of a block's data a sentence quotes. */
const MAX_QUOTED = 40;

/** Of how many blocks a sentence quotes the data. */
const MAX_NAMED = 3;

/** How far back a line is looked for that news belong to. */
const MAX_BACK = 30;

/** A line of a story: one event, or some that are told together. */
export interface StoryLine {
  /** The id of its first event. */
  readonly id: number;
  readonly time: number;
  readonly kind: StoryEvent['kind'];
  readonly words: string;
  readonly events: readonly StoryEvent[];
}

type Told<K extends StoryEvent['kind']> = Extract<StoryEvent, { kind: K }>;

/** Tells a story in sentences, oldest first. What several nodes did alike is told together. */
export function linesOf(story: Story): StoryLine[] {
  const groups: StoryEvent[][] = [];
  for (const event of story.events) {
    const group = groupFor(groups, event);
    if (group === undefined) groups.push([event]);
    else group.push(event);
  }
  const words = new Words(story);
  return groups.flatMap((events) => {
    const [first] = events;
    if (first === undefined) return [];
    const { id, time, kind } = first;
    return { id, time, kind, words: words.of(first, events), events };
  });
}

/**
 * Tells a story as plain text, a line each.
 *
 * @param told - its sentences, where somebody has them already
 */
export function textOf(
  story: Story,
  told: readonly StoryLine[] = linesOf(story),
): string {
  const lines = told.map(
    ({ time, words }) => `${new Date(time).toISOString().slice(11, 19)}  ${words}`,
  );
  const before = droppedWords(story);
  return `${(before === '' ? lines : [before, ...lines]).join('\n')}\n`;
}

/** Says that earlier events are forgotten; nothing if none are. */
export function droppedWords({ dropped }: Story): string {
  if (dropped === 0) return '';
  const events = dropped === 1 ? 'event is' : 'events are';
  return `${dropped.toLocaleString('en')} earlier ${events} forgotten.`;
}

/** The line that an event is told in, if not in one of its own. */
function groupFor(
  groups: readonly StoryEvent[][],
  event: StoryEvent,
): StoryEvent[] | undefined {
  for (let i = groups.length - 1; i >= 0 && groups.length - i < MAX_BACK; i -= 1) {
    const group = groups[i];
    const [first] = group ?? [];
    if (group === undefined || first === undefined) return undefined;
    if (belongs(group, first, event)) return group;
    if (!mayPass(group, first, event)) return undefined;
  }
  return undefined;
}

function belongs(
  group: readonly StoryEvent[],
  first: StoryEvent,
  event: StoryEvent,
): boolean {
  switch (event.kind) {
    case 'heard':
      if (first.kind === 'started')
        return group.length === 1 && first.node === event.node;
      return (
        first.kind === 'heard' && first.tip === event.tip && first.count === event.count
      );
    case 'gave way':
      return (
        first.kind === 'gave way' &&
        first.tip === event.tip &&
        first.removed.join() === event.removed.join()
      );
    case 'again':
      return first.kind === 'mined' && first.tip === event.hash;
    default:
      return false;
  }
}

/** Whether an event may be told before a line that it came after: the order of each node stays. */
function mayPass(
  group: readonly StoryEvent[],
  first: StoryEvent,
  event: StoryEvent,
): boolean {
  if (event.kind === 'again') return true; // it only says more of what was told
  if (event.kind !== 'heard' && event.kind !== 'gave way') return false;
  if (!['heard', 'gave way', 'mined'].includes(first.kind)) return false;
  return group.every((other) => !('node' in other) || other.node !== event.node);
}

/** Finds the words for events, with what is known of their blocks. */
class Words {
  readonly #blocks: ReadonlyMap<string, StoryBlock>;
  /** How many nodes there are. */
  readonly #size: number;

  constructor(story: Story) {
    this.#blocks = blocksOf(story);
    this.#size = story.base.nodes.length;
  }

  of(first: StoryEvent, events: readonly StoryEvent[]): string {
    switch (first.kind) {
      case 'started':
        return this.#started(first, events);
      case 'stopped':
        return `${first.node} stopped.`;
      case 'silent':
        return `${first.node} does not answer any more.`;
      case 'back':
        return `${first.node} answers again.`;
      case 'mined':
        return this.#mined(first, events);
      case 'heard':
        return this.#heard(first, events.filter(isHeard));
      case 'gave way':
        return this.#gaveWay(first, events.filter(isGaveWay));
      case 'again':
        return `${first.node} mined ${this.#name(first.was)} again, as ${this.#short(first.hash)}.`;
      case 'cut':
      case 'healed':
        return linked(first);
      case 'paid':
      case 'settled':
      case 'void':
        return paymentWords(first);
      case 'agreed':
        return first.nodes.length === this.#size
          ? `All ${this.#size} nodes have ${this.#name(first.tip)}.`
          : `${list(first.nodes)}, which run, all have ${this.#name(first.tip)}.`;
    }
  }

  #started({ node, tip }: Told<'started'>, events: readonly StoryEvent[]): string {
    const heard = events.find(isHeard);
    const had = this.#blocks.get(tip ?? '');
    if (heard !== undefined) {
      return `${node} started and heard of ${this.#news(heard)} from ${sender(heard)}.`;
    }
    if (had === undefined) return `${node} started.`;
    return had.index === 0
      ? `${node} started the network with block 0.`
      : `${node} started again with ${this.#name(had.hash)}.`;
  }

  #mined({ node, tip }: Told<'mined'>, events: readonly StoryEvent[]): string {
    const again = events.find((event) => event.kind === 'again');
    if (again === undefined) return `${node} mined ${this.#name(tip)}.`;
    const data = quoted(this.#blocks.get(tip)?.data ?? '');
    return `${node} mined ${data || 'a lost block'} again, as ${this.#short(tip)}: it had lost ${this.#short(again.was)}.`;
  }

  #heard(first: Told<'heard'>, events: readonly Told<'heard'>[]): string {
    const senders = [...new Set(events.map(sender))];
    const of = (from: string) =>
      namesOf(events.filter((event) => sender(event) === from));
    const [from = '', ...others] = senders;
    const rest = others.map((other) => `; ${of(other)} from ${other}`);
    return `${of(from)} heard of ${this.#news(first)} from ${from}${rest.join('')}.`;
  }

  #gaveWay(first: Told<'gave way'>, events: readonly Told<'gave way'>[]): string {
    const { removed, added, counts } = first;
    const who = namesOf(events);
    const lost = this.#branch(removed, counts.removed);
    const won = this.#branch(added, counts.added);
    return `On ${who}, ${lost} gave way to ${won}. ${this.#reason(first)}`;
  }

  #reason({ removed, added, counts }: Told<'gave way'>): string {
    if (counts.added > counts.removed) return 'More work wins.';
    const [loser = '', winner = ''] = [removed.at(-1), added.at(-1)];
    let same = 0;
    while (same < loser.length && loser[same] === winner[same]) same += 1;
    const digits = Math.max(same + 1, 8);
    const hashes = `${winner.slice(0, digits)}… is smaller than ${loser.slice(0, digits)}…`;
    return `Both have as much work, and then the smaller hash wins: ${hashes}.`;
  }

  /** As in `block 4 “x” of D`, or `2 blocks of D (4 “x” and 5 “y”)`. */
  #branch(hashes: readonly string[], count: number): string {
    const blocks = hashes.flatMap((hash) => this.#blocks.get(hash) ?? []);
    const miners = [...new Set(blocks.flatMap(({ miner }) => miner ?? []))].sort();
    const owners = miners.length === 0 ? '' : ` of ${list(miners)}`;
    const [only] = blocks;
    if (count === 1 && only !== undefined) return `${this.#name(only.hash)}${owners}`;
    const names = blocks.map(({ index, data }) => `${index} ${quoted(data)}`.trim());
    const isShort = count <= MAX_NAMED && blocks.length === count;
    const which = isShort ? ` (${list(names)})` : '';
    return `${count === 1 ? '1 block' : `${count} blocks`}${owners}${which}`;
  }

  #news({ count, tip }: Told<'heard'>): string {
    return count === 1 ? this.#name(tip) : `${count} blocks, up to ${this.#name(tip)},`;
  }

  #name(hash: string): string {
    const { index = 0, data = '' } = this.#blocks.get(hash) ?? {};
    const quote = index === 0 ? '' : quoted(data);
    return quote === '' ? this.#short(hash) : `${this.#short(hash)} ${quote}`;
  }

  #short(hash: string): string {
    const block = this.#blocks.get(hash);
    return block === undefined ? 'a block' : `block ${block.index}`;
  }
}

const isHeard = (event: StoryEvent) => event.kind === 'heard';
const isGaveWay = (event: StoryEvent) => event.kind === 'gave way';
const namesOf = (events: readonly { readonly node: string }[]) =>
  list(events.map(({ node }) => node).sort());
const sender = ({ from }: Told<'heard'>) => from ?? 'elsewhere';

function quoted(data: string): string {
  if (data === '') return '';
  const short = beginningOf(data, MAX_QUOTED).replace(/…$/, '');
  return `“${visible(short)}${short.length < data.length ? '…' : ''}”`;
}

function paymentWords(event: Told<'paid' | 'settled' | 'void'>): string {
  const { payer, payee, amount } = event;
  const coins = amount === 1 ? '1 coin' : `${amount} coins`;
  if (event.kind === 'paid')
    return `${payer} paid ${payee} ${coins}, by a payment given to ${event.at}. It waits for a block.`;
  if (event.kind === 'settled')
    return `The ${coins} from ${payer} to ${payee} are in block ${event.index}, on all who run.`;
  return `The ${coins} from ${payer} to ${payee} can never be paid: another payment used their count, in block ${event.index}.`;
}

function linked({ kind, links, sides }: Told<'cut' | 'healed'>): string {
  const names = links.map((link) => [...link].sort().join('–')).sort();
  const what = `the ${names.length === 1 ? 'link' : 'links'} ${list(names)}`;
  const [one = [], other = []] = sides;
  if (kind === 'healed') {
    const whole = sides.length === 1 ? ': all who run can reach each other' : '';
    return `Healed ${what}${whole}.`;
  }
  if (sides.length < 2) return `Cut ${what}: all who run can still reach each other.`;
  if (sides.length === 2)
    return `Cut ${what}: ${list(one)} cannot reach ${list(other)} any more.`;
  const parts = sides.map(list).join(' | ');
  return `Cut ${what}: the network is in ${sides.length} parts now, ${parts}.`;
}
