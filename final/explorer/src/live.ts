import { ref, shallowReactive, shallowRef } from 'vue';
import type { AgainEvent, ChainEvent, PaymentsEvent } from '../../api/schemas.ts';
import { visible } from '../../terminal/escapes.ts';
import { count, number } from '../components/words.ts';
import {
  ApiError,
  ask,
  at,
  wordsOf,
  type Block,
  type NetworkState,
  type SearchEvent,
  type Status,
} from './api.ts';
import type { PeerName } from './peers.ts';

/** How long changes are gathered before the page follows them, in milliseconds. */
const GATHER = 250;

/** How long to wait before asking a silent node again, in milliseconds. */
const RETRY = 1_000;

/** After how long without a sign of life a node hangs. It gives one every two seconds. */
const PATIENCE = 6_000;

/** How long a page waits for a node that hangs before it dials it anew, in milliseconds. */
const DIAL_AGAIN = 20_000;

/** How often peers are asked for anew while somebody looks, in milliseconds. */
const LOOK_AGAIN = 2_000;

/** How many lines of the log are kept, and of which a flood of blocks leaves the newest. */
const MAX_LINES = 200;

/** How many blocks are kept in the page. */
const MAX_BLOCKS = 5_000;

/** A line of the log. */
export interface Line {
  readonly id: number;
  readonly time: number;
  readonly text: string;
  readonly kind: 'plain' | 'good' | 'warn';
}

/**
 * `live` while signs of life come, `silent` while the node hangs, `gone` while nobody is there.
 */
export const state = ref<'starting' | 'live' | 'silent' | 'gone'>('starting');

/** When the node last gave a sign of life, in milliseconds since the epoch. */
export const heard = ref(Date.now());

/** The search for a block that the node is at; null while there is none. */
export const search = shallowRef<SearchEvent['search']>(null);

export const status = shallowRef<Status>();
export const network = shallowRef<NetworkState>();
export const lines = shallowRef<readonly Line[]>([]);

/** Counts the changes of the best chain that this page has followed. */
export const version = ref(0);

/** Counts the times that other payments waited than before. */
export const waiting = ref(0);

/** How many blocks the last reorganization took off and put on; undefined before one. */
export const reorganization = shallowRef<{ removed: number; added: number }>();

/** The time, kept up to date to the second. */
export const now = ref(Date.now());

const blocks = shallowReactive(new Map<number, Block>());
let generation = 0;
let logged = 0;
let pending: ChainEvent[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;
let isLooking = false;
let dialed = 0;
let events: EventSource | undefined;

/** Begins to follow the node, for as long as the page is open. */
export function follow(): void {
  setInterval(() => {
    now.value = Date.now();
    checkAlive();
  }, 1_000);
  setInterval(() => {
    if (state.value !== 'live' || document.visibilityState !== 'visible') return;
    void lookAround();
    void awaitChain();
  }, LOOK_AGAIN);
  connect();
}

/** Writes a line into the log. */
export function log(text: string, kind: Line['kind'] = 'plain'): void {
  const line = { id: (logged += 1), time: Date.now(), text, kind };
  lines.value = [line, ...lines.value].slice(0, MAX_LINES);
}

/** Returns a block of the best chain if the page has it. */
export function blockAt(index: number): Block | undefined {
  return blocks.get(index);
}

/** Sees to it that the page has the blocks from `first` to `last`. */
export async function load(first: number, last: number): Promise<void> {
  const tip = status.value?.tip?.index ?? -1;
  let from = Math.max(0, first);
  let to = Math.min(last, tip);
  while (from <= to && blocks.has(from)) from += 1;
  while (to >= from && blocks.has(to)) to -= 1;
  if (from > to) return;
  const asked = generation;
  const found = await ask<Block[]>(`/blocks?from=${from}&limit=${to - from + 1}`);
  if (asked !== generation) return load(first, last); // the chain has changed meanwhile
  for (const block of found) blocks.set(block.index, block);
  for (const index of blocks.keys()) {
    if (blocks.size <= MAX_BLOCKS) break;
    if (index < first || index > last) blocks.delete(index);
  }
}

/** Asks the node how it is. While it does not answer, it is as it was. */
export async function refreshStatus(): Promise<void> {
  status.value = await ask<Status>('/status').catch(() => status.value);
}

/** Follows a node that has no chain yet: one that starts reads its own, and tells no change of it. */
async function awaitChain(): Promise<void> {
  const isWaiting = () => status.value?.tip === null;
  if (!isWaiting()) return;
  await refreshStatus();
  if (!isWaiting()) version.value += 1;
}

/** Asks the node for its peers, unless it has yet to answer that. */
export async function lookAround(): Promise<void> {
  if (isLooking) return;
  isLooking = true;
  const after = await ask<NetworkState>('/network').catch(() => undefined);
  isLooking = false;
  const before = network.value;
  if (after === undefined) return;
  const old = new Map(before?.peers.map((peer) => [peer.id, peer]));
  for (const { id, direction, ...peer } of after.peers) {
    if (!old.delete(id) && before !== undefined) {
      const name = nameOf({ id, ...peer });
      const words =
        direction === 'outbound'
          ? `Connected to ${name}`
          : `${name} connected to this node`;
      log(`${words}.`, 'good');
    }
  }
  for (const peer of old.values()) log(`Lost ${nameOf(peer)}.`, 'warn');
  network.value = after;
}

/** Names a peer by its url, or by its id where it does not listen, and as it calls itself. */
export function nameOf({ id, url, name }: PeerName): string {
  const place = url ?? `${id.slice(0, 8)}…`;
  return name ? `“${visible(name)}” (${place})` : place;
}

/** A node that is stopped for a while keeps its connections, and says nothing on them. */
function checkAlive(): void {
  if (state.value === 'gone' || Date.now() - heard.value < PATIENCE) return;
  if (state.value !== 'silent') log('The node does not answer.', 'warn');
  state.value = 'silent';
  search.value = null;
  if (Date.now() - dialed < DIAL_AGAIN) return;
  events?.close();
  connect(); // the line may be dead, and nobody may ever have said so
}

/** Notes a sign of life. */
function hear(): void {
  heard.value = Date.now();
  if (state.value !== 'silent') return;
  log('The node answers again.', 'good');
  state.value = 'live';
  version.value += 1;
}

function connect(): void {
  const source = new EventSource(at('/events?live=yes'));
  events = source;
  dialed = Date.now();
  source.onopen = () => void begin(source);
  source.onerror = () => {
    source.close();
    if (source !== events) return;
    if (state.value !== 'gone') log('The node does not answer.', 'warn');
    state.value = 'gone';
    search.value = null;
    setTimeout(connect, RETRY);
  };
  const on = (name: string, take: (data: unknown) => void) => {
    source.addEventListener(name, ({ data }: MessageEvent<string>) => {
      hear();
      take(JSON.parse(data));
    });
  };
  on('chain', (event) => {
    pending.push(event as ChainEvent);
    timer ??= setTimeout(() => void settle(), GATHER);
  });
  on('peers', () => void lookAround());
  on('again', (event) => {
    const { index } = (event as AgainEvent).block;
    log(`A lost post was mined again, as block ${number(index)}.`, 'good');
  });
  on('payments', (event) => {
    const { value: before } = status;
    const { waiting: now } = event as PaymentsEvent;
    if (before?.coin)
      status.value = { ...before, coin: { ...before.coin, waiting: now } };
    waiting.value += 1;
  });
  on('search', (event) => (search.value = (event as SearchEvent).search));
  on('alive', () => undefined);
}

/** Takes in how things are. What was before may have gone on unseen. */
async function begin(source: EventSource): Promise<void> {
  try {
    const before = status.value;
    const after = await ask<Status>('/status');
    forget(0);
    status.value = after;
    heard.value = Date.now();
    if (state.value === 'gone') log('The node is back.', 'good');
    else if (before === undefined) log('This page follows the node from here on.');
    state.value = 'live';
    version.value += 1;
    await lookAround();
  } catch {
    source.dispatchEvent(new Event('error'));
  }
}

/** Follows all changes that have come in since the last time, at once. */
async function settle(): Promise<void> {
  const events = pending;
  pending = [];
  for (const { tip, counts } of events) {
    // What was removed began where what was added begins.
    if (tip !== null && counts.removed > 0) forget(tip.index + 1 - counts.added);
  }
  await refreshStatus();
  for (const event of events) tell(event);
  const added = events.reduce((sum, { counts }) => sum + counts.added, 0);
  const last = events.at(-1)?.tip;
  if (added > 0 && last) {
    log(
      added === 1
        ? `Block ${number(last.index)}.`
        : `${count(added, 'block')}, to block ${number(last.index)}.`,
    );
  }
  version.value += 1;
  timer = pending.length > 0 ? setTimeout(() => void settle(), GATHER) : undefined;
}

function tell({ counts: { removed, added } }: ChainEvent): void {
  if (removed === 0) return;
  reorganization.value = { removed, added };
  log(reorganizationWords(removed, added), 'warn');
}

/** Says what a reorganization did. */
export function reorganizationWords(removed: number, added: number): string {
  return `Reorganization: ${count(removed, 'block')} gave way to ${number(added)}.`;
}

/** Forgets the blocks from an index on. */
function forget(from: number): void {
  generation += 1;
  for (const index of blocks.keys()) if (index >= from) blocks.delete(index);
}

/** Returns what an answer says that is no success; undefined if the node is only silent. */
export function refusalOf(error: unknown): string | undefined {
  return error instanceof ApiError && error.status === 0 ? undefined : wordsOf(error);
}
