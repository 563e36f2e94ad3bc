import { describe, expect, it } from '@jest/globals';
import { loadSteps } from '../../tutorial/companion/kit.ts';
import { makeStub } from '../../tutorial/companion/stubs.ts';
import { testStub } from './stubs.ts';

// That of the first step here, those of all others in stubs.slow.test.ts.
for (const step of loadSteps().slice(0, 1)) testStub(step);

describe('A stub', () => {
  it('leaves out private functions, and keeps the limits and the types', () => {
    const source = [
      '/** A limit. */',
      'const LIMIT = 2 * 1_024;',
      '',
      'const isOdd = (n: number) => n % 2 === 1;',
      '',
      'interface Entry {',
      '  readonly key: string;',
      '}',
      '',
      '/** A box. */',
      'export class Box extends Set {',
      '  readonly #entries: Entry[] = [];',
      '',
      '  /** Makes one. */',
      '  constructor() {',
      '    super();',
      '    this.#fill();',
      '  }',
      '',
      '  #fill(): void {',
      '    while (this.#entries.length < LIMIT) this.#entries.push({ key: "" });',
      '  }',
      '}',
      '',
      '/** Counts. */',
      'export function count(n: number): number {',
      '  return isOdd(n) ? help(n) : n;',
      '}',
      '',
      'function help(n: number): number {',
      '  return n + 1;',
      '}',
      '',
    ];
    expect(makeStub(source.join('\n'), 9).split('\n')).toEqual([
      ...source.slice(0, 2),
      '',
      ...source.slice(5, 16),
      "    throw new Error('TODO step 9: Box.constructor');",
      '  }',
      '}',
      '',
      '/** Counts. */',
      'export function count(n: number): number {',
      "  throw new Error('TODO step 9: count');",
      '}',
      '',
    ]);
  });
});
