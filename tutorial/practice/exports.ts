import type { Exports } from './practice.ts';

/** Takes a function out of what the reader's file exports. */
export function functionIn(
  exports: Exports,
  name: string,
): (...args: unknown[]) => unknown {
  const value = exports[name];
  if (typeof value !== 'function') {
    throw new Error(`Export a function named "${name}" from the file.`);
  }
  return value as (...args: unknown[]) => unknown;
}
