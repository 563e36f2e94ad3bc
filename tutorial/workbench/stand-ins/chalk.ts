/**
 * For `chalk`, which jest's parts color their words with: no colors.
 *
 * @module
 */

/** Gives back the text as it is, whatever color is asked for. */
const chalk: object = new Proxy((...texts: readonly unknown[]) => texts.join(' '), {
  get: (_target, name) => (name === 'level' ? 0 : chalk),
});

export default chalk;
