/**
 * For `node:assert`: jest asks of every error whether it is one of these.
 *
 * @module
 */
export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

export default { AssertionError };
