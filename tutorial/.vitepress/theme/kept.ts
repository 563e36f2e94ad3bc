/** Returns what the browser has kept under a name; undefined if there is nothing to be read. */
export function kept(name: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(name) ?? 'null') ?? undefined;
  } catch {
    return undefined; // a browser may keep nothing, and others may have written there
  }
}

/** Keeps a value in the browser; where it keeps nothing, the value holds for this page. */
export function keep(name: string, value: unknown): void {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Then it holds for this page.
  }
}
