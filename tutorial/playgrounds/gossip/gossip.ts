import { sha256 } from '#hashing';
import type { Link } from '../../../final/explorer/components/graph.ts';
import { count, list } from '../../../final/explorer/components/words.ts';
import { runFormat } from '../shared/deeds.ts';
import { Network, type Packet } from '../shared/network.ts';
import { links, names } from '../shared/peers.ts';
import { Timeline } from '../shared/timeline.ts';

/** A message that is passed on. Its id is the hash of the rest. */
export interface Rumor {
  readonly id: string;
  readonly origin: string;
  readonly text: string;
  readonly postedAt: number;
}

/** How a peer came to know a rumor. */
export interface Heard {
  /** Milliseconds after it was posted. */
  readonly after: number;
  /** Who told it first; undefined for the peer that posted it. */
  readonly from: string | undefined;
  /** How many others told it again. */
  readonly again: number;
  /** What it was told. */
  readonly text: string;
}

/** What a peer does with what it hears: the silent one keeps it, the liar changes it. */
export type Role = 'honest' | 'silent' | 'liar';

/** All roles. */
export const roles: readonly [Role, ...Role[]] = ['honest', 'silent', 'liar'];

/** What can be done in the network. */
export type Action =
  | { readonly kind: 'post'; readonly by: string; readonly text: string }
  | {
      readonly kind: 'join';
      readonly a: string;
      readonly b: string;
      readonly latency: number;
    }
  | { readonly kind: 'cut'; readonly a: string; readonly b: string }
  | { readonly kind: 'role'; readonly of: string; readonly role: Role }
  | { readonly kind: 'check'; readonly on: boolean };

/** A message that a peer did not believe. */
export interface Refusal {
  readonly by: string;
  readonly from: string;
}

/** Peers that pass on to all others what is new to them. */
export class Gossip {
  readonly network: Network<Rumor>;
  readonly #roles = new Map<string, Role>();
  #heard = new Map<string, Heard>();
  #refusals: Refusal[] = [];
  #rumor: Rumor | undefined;
  #messages = 0;
  #checks = true;

  /** Makes a network of peers with these links. */
  constructor(links: readonly Link[]) {
    this.network = new Network(new Timeline(), (packet) => this.#receive(packet));
    for (const { a, b, latency } of links) this.network.connect(a, b, latency);
  }

  /** The network's clock. */
  get time(): Timeline {
    return this.network.time;
  }

  /** The rumor that was posted last. */
  get rumor(): Rumor | undefined {
    return this.#rumor;
  }

  /** How many messages were sent to pass the last rumor on. */
  get messages(): number {
    return this.#messages;
  }

  /** What was refused of the last rumor. */
  get refusals(): readonly Refusal[] {
    return this.#refusals;
  }

  /** Whether peers compare what they hear with its id. */
  get checks(): boolean {
    return this.#checks;
  }

  /** What a peer does with what it hears. */
  roleOf(peer: string): Role {
    return this.#roles.get(peer) ?? 'honest';
  }

  /** Does what can be done. */
  act(action: Action): void {
    switch (action.kind) {
      case 'post':
        this.post(action.by, action.text);
        break;
      case 'join':
        this.network.connect(action.a, action.b, action.latency);
        break;
      case 'cut':
        this.network.cut(action.a, action.b);
        break;
      case 'role':
        this.#roles.set(action.of, action.role);
        break;
      case 'check':
        this.#checks = action.on;
        break;
    }
  }

  /** Lets a peer post a text. What is still on its way of the last one is forgotten. */
  post(origin: string, text: string): Rumor {
    const postedAt = this.time.now;
    const rumor = { id: idOf({ origin, text, postedAt }), origin, text, postedAt };
    this.#rumor = rumor;
    this.#heard = new Map();
    this.#refusals = [];
    this.#messages = 0;
    this.#learn(origin, undefined, rumor);
    return rumor;
  }

  /** How a peer came to know the last rumor, or undefined if it does not. */
  heard(peer: string): Heard | undefined {
    return this.#heard.get(peer);
  }

  #receive({ from, to, message }: Packet<Rumor>): void {
    if (message.id !== this.#rumor?.id) return;
    if (this.#checks && idOf(message) !== message.id) {
      this.#refusals.push({ by: to, from });
      return;
    }
    const before = this.#heard.get(to);
    if (before === undefined) this.#learn(to, from, message);
    else this.#heard.set(to, { ...before, again: before.again + 1 });
  }

  #learn(peer: string, from: string | undefined, rumor: Rumor): void {
    const after = this.time.now - rumor.postedAt;
    this.#heard.set(peer, { after, from, again: 0, text: rumor.text });
    const role = from === undefined ? 'honest' : this.roleOf(peer);
    if (role === 'silent') return;
    // A liar cannot make an id that fits: then it would be another rumor, and its own.
    const told = role === 'liar' ? { ...rumor, text: lieOf(rumor.text) } : rumor;
    for (const other of this.network.peersOf(peer)) {
      if (other === from) continue;
      this.network.send(peer, other, told);
      this.#messages += 1;
    }
  }
}

/** Returns the id that a rumor must have. */
function idOf({ origin, text, postedAt }: Omit<Rumor, 'id'>): string {
  return sha256(JSON.stringify([origin, text, postedAt]));
}

/** What a liar makes of a text. */
export function lieOf(text: string): string {
  return `not ${text}`;
}

/** Whether the last rumor has come to all peers as it was posted, with no more messages than it takes. */
export function isThrifty(gossip: Gossip): boolean {
  const { rumor, messages, network } = gossip;
  const isKnown = names.every((name) => gossip.heard(name)?.text === rumor?.text);
  return (
    rumor !== undefined &&
    isKnown &&
    network.packets.length === 0 &&
    messages === names.length - 1
  );
}

/** Tells what has become of the last rumor. */
export function outcome(gossip: Gossip): string {
  const all = names.map((name) => ({ name, heard: gossip.heard(name) }));
  const known = all.flatMap(({ name, heard }) => (heard ? [{ name, heard }] : []));
  const last = Math.round(Math.max(0, ...known.map(({ heard }) => heard.after)));
  const missing = all.filter(({ heard }) => !heard).map(({ name }) => name);
  const fooled = known.filter(({ heard }) => heard.text !== gossip.rumor?.text);
  const again = known.reduce((sum, { heard }) => sum + heard.again, 0);
  const parts = [
    missing.length === 0
      ? `All ${names.length} peers know it after ${last} ms.`
      : `${known.length} of ${names.length} peers know it after ${last} ms. It did not reach ${list(missing)}.`,
  ];
  if (fooled.length > 0) {
    parts.push(
      `${list(fooled.map(({ name }) => name))} ${fooled.length === 1 ? 'believes' : 'believe'} a lie.`,
    );
  }
  if (gossip.refusals.length > 0) {
    const liars = [...new Set(gossip.refusals.map(({ from }) => from))];
    parts.push(
      `${count(gossip.refusals.length, 'message')} of ${list(liars)} did not fit the id, and ${gossip.refusals.length === 1 ? 'was' : 'were'} refused.`,
    );
  }
  if (again > 0) {
    parts.push(
      `${count(again, 'message')} came to a peer that knew it already, and went no further.`,
    );
  }
  return parts.join(' ');
}

const known = (name: string | undefined): name is string =>
  name !== undefined && names.includes(name);

/** Reads what was done from the words of a link. */
function actionOf([kind, one, other, rest]: readonly string[]): Action | undefined {
  if (kind === 'check') return { kind, on: one === 'on' };
  if (!known(one)) return undefined;
  if (kind === 'post' && other !== undefined && other.length <= MOST_TEXT) {
    return { kind, by: one, text: other };
  }
  if (kind === 'role') {
    const role = roles.find((word) => word === other);
    return role && { kind, of: one, role };
  }
  if (!known(other) || one === other) return undefined;
  if (kind === 'cut') return { kind, a: one, b: other };
  const latency = /^\d{2,4}$/.test(rest ?? '') ? Number(rest) : NaN;
  return kind === 'join' && latency > 0 ? { kind, a: one, b: other, latency } : undefined;
}

function wordsOf(action: Action): string[] {
  switch (action.kind) {
    case 'post':
      return ['post', action.by, action.text];
    case 'join':
      return ['join', action.a, action.b, String(action.latency)];
    case 'cut':
      return ['cut', action.a, action.b];
    case 'role':
      return ['role', action.of, action.role];
    case 'check':
      return ['check', action.on ? 'on' : 'off'];
  }
}

/** How long a text may be that a peer posts. */
export const MOST_TEXT = 60;

/** How a run of this network stands in a link. */
export const formatAt = runFormat(wordsOf, actionOf);

/** Makes the network as it is at the start. */
export function newGossip(): Gossip {
  return new Gossip(links);
}
