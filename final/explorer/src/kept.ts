import { shallowRef, watch, type ShallowRef } from 'vue';

const PREFIX = 'pychain-';

/** What the browser keeps for this tab, or undefined: storage may be forbidden, or full. */
function stored(key: string): unknown {
  try {
    const text = sessionStorage.getItem(PREFIX + key);
    return text === null ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

function store(key: string, value: unknown): void {
  try {
    sessionStorage.setItem(PREFIX + key, JSON.stringify(value));
  } catch {
    forget(key); // what is too long to be kept must not come back in an older form
  }
}

function forget(key: string): void {
  try {
    sessionStorage.removeItem(PREFIX + key);
  } catch {
    // Then nothing is kept anyway.
  }
}

/**
 * A value that outlives the view that shows it, and a reload of the page: what somebody typed, or
 * where they were. Each key is to be used once, in a module.
 *
 * @param isIt - whether what was kept has the form that is wanted
 */
export function kept<T>(
  key: string,
  initial: T,
  isIt: (value: unknown) => value is T,
): ShallowRef<T> {
  const found = stored(key);
  const value = shallowRef<T>(isIt(found) ? found : initial);
  watch(value, (value) => store(key, value));
  return value;
}

/** Whether a value is a text. */
export const isText = (value: unknown): value is string => typeof value === 'string';
