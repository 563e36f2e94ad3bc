import {
  computed,
  onMounted,
  onUnmounted,
  ref,
  shallowRef,
  type ComputedRef,
  type Ref,
} from 'vue';
import { LinkError, fieldsOf, withFields, type Format } from './link.ts';
import { beginning, changed, undone } from './past.ts';

/** The browser refuses pages that change their url all the time. */
const WAIT = 300;

/** What a playground and the frame around it share: its state, and the way back. */
export interface Play<S> {
  /** What has been set and done so far. It is never changed, but replaced. */
  readonly state: ComputedRef<S>;
  /** What is wrong with the link that the page was opened with; else nothing. */
  readonly problem: Ref<string>;
  readonly canUndo: ComputedRef<boolean>;
  readonly isStart: ComputedRef<boolean>;
  /** Sets another state; further changes of the same `kind` are undone together. */
  change(next: S, kind?: string): void;
  undo(): void;
  startAgain(): void;
  /** Returns the url that shows the state to others. */
  link(): string;
}

/**
 * Keeps the state of a playground in the url of the page, so that it is there again after
 * Back and for others, and keeps the states before it.
 *
 * @param name - the playground's folder, which its fields in the url begin with
 */
export function usePlay<S>(name: string, format: Format<S>, start: S): Play<S> {
  const problem = ref('');
  const past = shallowRef(beginning(opened()));
  const { pathname } = location;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function opened(): S {
    try {
      const fields = fieldsOf(location.search, name);
      return Object.keys(fields).length === 0 ? start : format.read(fields);
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      problem.value = `The link to this does not fit: ${error.message}. So it begins as usual.`;
      return start;
    }
  }

  function address(): URL {
    const url = new URL(location.href);
    const { now } = past.value;
    url.search = withFields(url.search, name, now === start ? {} : format.write(now));
    return url;
  }

  function later(): void {
    clearTimeout(timer);
    timer = setTimeout(keep, WAIT);
  }

  function keep(): void {
    if (timer === undefined && past.value.now === start) return;
    clearTimeout(timer);
    timer = undefined;
    // Another page may have taken over already.
    if (location.pathname === pathname)
      history.replaceState(history.state, '', address());
  }

  // Before anything leads away, the url must be as the page is.
  const events = ['pointerdown', 'keydown', 'pagehide'] as const;
  onMounted(() => {
    for (const event of events) addEventListener(event, keep, { capture: true });
  });
  onUnmounted(() => {
    for (const event of events) removeEventListener(event, keep, { capture: true });
    clearTimeout(timer);
  });

  function set(next: typeof past.value): void {
    past.value = next;
    problem.value = '';
    later();
  }

  return {
    state: computed(() => past.value.now),
    problem,
    canUndo: computed(() => past.value.before.length > 0),
    isStart: computed(() => past.value.now === start),
    change: (next, kind) => set(changed(past.value, next, kind)),
    undo: () => set(undone(past.value)),
    startAgain: () => set(changed(past.value, start)),
    link() {
      const url = address();
      url.hash = name;
      return url.href;
    },
  };
}
