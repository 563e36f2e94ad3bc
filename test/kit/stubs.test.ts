import { describe, expect, it } from '@jest/globals';
import { loadSteps } from '../../tutorial/companion/kit.ts';
import { makeStub } from '../../tutorial/companion/stubs.ts';
import { testStub } from './stubs.ts';

// That of the first step here, those of all others in stubs.slow.test.ts.
for (const step of loadSteps().slice(0, 1)) testStub(step);

describe('A stub', () => {
  it('leaves out all that is private, and what only that needs', () => {
    const source = `
import { readFileSync } from 'node:fs';
import { z, type ZodError } from 'zod';

/** A limit that a contract names. */
export const LIMIT = 2 * 1_024;

const ROOM = LIMIT / 2;

const isOdd = (n: number) => n % 2 === 1;

interface Entry {
  readonly key: string;
}

/** What a box takes. */
export const thing: z.ZodType<string> = z.string().max(ROOM);

/** A box. */
export class Box extends Set {
  /** What it is called. */
  readonly name: string = readFileSync('name', 'utf8');
  readonly #entries: Entry[] = [];

  /** Makes one. */
  constructor() {
    super();
    this.#fill();
  }

  #fill(): void {
    while (this.#entries.length < LIMIT) this.#entries.push({ key: '' });
  }
}

/** Counts. */
export function count(n: number, error?: ZodError): number {
  return isOdd(n) ? help(n) : n;
}

function help(n: number): number {
  return n + 1;
}
`;
    expect(makeStub(source, 9)).toBe(`import { z, type ZodError } from 'zod';

/** A limit that a contract names. */
export const LIMIT = 2 * 1_024;

/** What a box takes. */
export const thing: z.ZodType<string> = z.custom<string>(() => {
  throw new Error('TODO step 9: thing');
});

/** A box. */
export class Box extends Set {
  /** What it is called. */
  readonly name: string;

  /** Makes one. */
  constructor() {
    super();
    throw new Error('TODO step 9: Box.constructor');
  }
}

/** Counts. */
export function count(n: number, error?: ZodError): number {
  throw new Error('TODO step 9: count');
}
`);
  });
});
