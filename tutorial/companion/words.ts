/**
 * The words of what came out of a run, as the terminal and the pages of the site say them.
 *
 * @module
 */

/** What a task's line begins and ends with, by how it stands. */
export const states = {
  passed: { mark: '✓', state: 'passes' },
  unwritten: { mark: '○', state: 'not written yet' },
  wrong: { mark: '✗', state: 'wrong' },
} as const;

/** What is said of code that cannot be run. */
export const uncompilable = {
  mark: '✗',
  title: 'This does not compile',
  state: 'so no test was run',
} as const;

/** What stands above the parts of a verdict. */
export const labels = {
  given: 'With',
  example: 'With the random input',
  steps: (isLastStep: boolean) => `What the test ${isLastStep ? 'did' : 'does'}`,
  cause: (test: string) => (test === '' ? 'A frequent mistake here' : 'The usual cause'),
  promises: (kept: number, all: number) => `It promises (${kept} of ${all} hold)`,
  printed: 'Your program printed',
} as const;
