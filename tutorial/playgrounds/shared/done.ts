import { shallowRef } from 'vue';
import { challenges, type Name } from './challenges.ts';

/** Where the browser remembers which challenges are done. */
const KEY = 'pychain-challenges';

/** The challenges that are done, whichever page it was on. */
export const done = shallowRef<readonly Name[]>(remembered());

/** Remembers that a challenge is done. */
export function markDone(name: Name): void {
  const before = remembered();
  done.value = [...new Set([...done.value, ...before, name])];
  write(done.value);
}

/** Forgets all that is done, so that the next one at this computer can begin. */
export function forgetDone(): void {
  done.value = [];
  write([]);
}

// Another tab may have done one.
if (typeof window !== 'undefined') {
  window.addEventListener('storage', ({ key }) => {
    if (key === KEY) done.value = remembered();
  });
}

function write(names: readonly Name[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(names));
  } catch {
    // Then it holds for this page.
  }
}

/** Whatever stands there, only names of challenges come out. */
function remembered(): Name[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    const list: readonly unknown[] = Array.isArray(found) ? found : [];
    return challenges.map(({ name }) => name).filter((name) => list.includes(name));
  } catch {
    return []; // a browser may keep nothing
  }
}
