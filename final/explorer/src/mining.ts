/**
 * The block that this page has the node mine. It goes on while other views are looked at.
 *
 * @module
 */
import { computed, ref, shallowRef, watch } from 'vue';
import { ask, wordsOf, type Block, type SearchEvent } from './api.ts';
import { isText, kept } from './kept.ts';
import { log, refreshStatus, search, status } from './live.ts';

type Sample = NonNullable<SearchEvent['search']>['samples'][number];

/** How many nonces that were tried are shown. */
const SHOWN = 6;

/** How often the clock is drawn, in milliseconds. */
const TICK = 100;

/** What is typed for the next block. It stays when the view is left, and over a reload. */
export const draft = kept('draft', '', isText);

/** What the block that is being mined is to carry; undefined while there is none. */
export const wanted = ref<string>();
/** For how long it has been mined, or was, in milliseconds. */
export const elapsed = ref(0);
export const mined = shallowRef<Block>();
export const problem = ref('');
/** The nonces that the node tried last, the newest first. */
export const samples = shallowRef<readonly Sample[]>([]);

/** The node's search, if it is for the block that this page wants; it may have others first. */
export const ownSearch = computed(() => {
  const { value: current } = search;
  if (wanted.value === undefined || current === null) return undefined;
  const isOfCoins = Boolean(status.value?.coin);
  return isOfCoins || wanted.value.startsWith(current.data) ? current : undefined;
});

let request: AbortController | undefined;
/** How fast the node was when it last searched. */
const lastRate = ref(0);
/** Hashes a second: of the search under way, or else of the last one; 0 if there was none. */
export const rate = computed(() => {
  const rates = [search.value?.hashRate, lastRate.value, status.value?.hashRate];
  return rates.find((rate) => rate !== undefined && rate > 0) ?? 0;
});

watch(search, (current) => {
  if (current === null) return;
  if (current.hashRate > 0) lastRate.value = current.hashRate;
  const known = new Set(samples.value.map(({ nonce }) => nonce));
  const fresh = current.samples.filter(({ nonce }) => !known.has(nonce)).reverse();
  if (fresh.length > 0) samples.value = [...fresh, ...samples.value].slice(0, SHOWN);
});

/** Has the node mine what is typed. */
export async function mine(): Promise<void> {
  const data = status.value?.coin ? '' : draft.value;
  const started = performance.now();
  const { signal } = (request = new AbortController());
  wanted.value = data;
  elapsed.value = 0;
  mined.value = undefined;
  problem.value = '';
  samples.value = [];
  const timer = setInterval(() => (elapsed.value = performance.now() - started), TICK);
  try {
    mined.value = await ask<Block>('/blocks', { data }, { signal });
    if (draft.value === data) draft.value = '';
  } catch (error) {
    if (signal.aborted) log('The search was called off.');
    problem.value = signal.aborted
      ? 'You called it off: the node has stopped searching, and no block came of it.'
      : wordsOf(error);
  }
  clearInterval(timer);
  elapsed.value = performance.now() - started;
  wanted.value = undefined;
  await refreshStatus();
  if (search.value === null) lastRate.value = status.value?.hashRate ?? lastRate.value;
}

/** Ends the search. */
export function abort(): void {
  request?.abort();
}
