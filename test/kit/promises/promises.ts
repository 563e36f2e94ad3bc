/**
 * What the tests of a step ask for, and where its chapter promises it: under the title of each
 * task the sentences of its contract, each with the tests that hold one to it. A test is named by
 * the groups that it is in and by its own title, joined with ` › `, as the source has them.
 */
export type Promises = Readonly<
  Record<string, readonly (readonly [sentence: string, tests: readonly string[]])[]>
>;
