/**
 * Where the tests find what the step under test exports, once it has run.
 *
 * @module
 */
let exported: object | undefined;

/** Says what the step under test exports. */
export function setOwn(found: object): void {
  exported = found;
}

/** Returns what the step under test exports. */
export function own(): object {
  if (exported === undefined) throw new Error('The step under test has not run yet.');
  return exported;
}
