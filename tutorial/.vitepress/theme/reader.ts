// What the pages share of their reader; it is filled when a page has come to life in a browser.
import { computed, ref } from 'vue';
import { keep, kept } from './kept.ts';
import { askLearn } from './learn.ts';
import {
  changed,
  readPlace,
  readTasks,
  union,
  type Place,
  type Tasks,
} from './progress.ts';

/** The names under which the browser keeps it. */
const DONE = 'pychain-progress';
const PLACE = 'pychain-place';
const ASKS = 'pychain-asks-learn';

/** How often `./learn` is asked while the page is looked at, in milliseconds. */
const PACE = 5_000;

/** Whether a page has come to life; without scripts none of this is shown. */
export const isAlive = ref(false);
/** The tasks that the reader has marked. */
const marked = ref<Tasks>({});
/** The tasks of which `./learn` says that they pass; undefined if it does not answer. */
export const passed = ref<Tasks>();
/** Whether the reader wants `./learn` to be asked. */
export const asksLearn = ref(false);
/** Where the reader was when the site was last read. */
export const place = ref<Place>();
/** All tasks that are done. */
export const done = computed(() => union(marked.value, passed.value ?? {}));

/** Marks a task as done, or not done. */
export function mark(chapter: string, number: number, isDone: boolean): void {
  // Another tab may have marked something meanwhile.
  marked.value = changed(readTasks(kept(DONE) ?? marked.value), chapter, number, isDone);
  keep(DONE, marked.value);
}

/** Notes where the reader is. */
export function notePlace(here: Place): void {
  keep(PLACE, here);
}

/** Lets `./learn` be asked, or not. */
export function setAsksLearn(asks: boolean): void {
  asksLearn.value = asks;
  keep(ASKS, asks);
  if (asks) void ask();
  else passed.value = undefined;
}

/** Reads what the browser has kept, and follows what changes. To be called once. */
export function startReading(): void {
  const read = () => {
    marked.value = readTasks(kept(DONE));
    asksLearn.value = kept(ASKS) === true;
  };
  read();
  place.value = readPlace(kept(PLACE));
  isAlive.value = true;
  window.addEventListener('storage', read);
  document.addEventListener('visibilitychange', () => void ask());
  setInterval(() => void ask(), PACE);
  void ask();
}

async function ask(): Promise<void> {
  const isWanted = () => asksLearn.value && document.visibilityState !== 'hidden';
  if (!isWanted()) return;
  const answer = await askLearn();
  if (isWanted()) passed.value = answer; // or it was switched off meanwhile
}
