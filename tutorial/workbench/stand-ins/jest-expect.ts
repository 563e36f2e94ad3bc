/** For `@jest/expect`, without its snapshots. */
export { expect as jestExpect } from 'expect';
