import { performance } from 'node:perf_hooks';
import { describe, expect, it } from '@jest/globals';
import { withWorkbench, type TestWindow } from './harness.ts';

const { check, checkApart, page, troubles } = withWorkbench();

/** How long a program that never ends may keep its reader waiting, in milliseconds. */
const PATIENCE = 10_000;

/** The tests of the first task, on a `sha256` with this body. */
const checkOf = (body: string, more = '') => ({
  step: 1,
  task: 'Task 1: sha256',
  seed: 1,
  files: {
    '/pychain/my/01-hashing/sha256.ts': `import { hash } from 'node:crypto';
${more}
export function sha256(input: string | Uint8Array): string {
  ${body}
}
`,
    '/pychain/my/01-hashing/fields.ts': `import { sha256 } from './sha256.ts';
export type Field = string | number;
export const canonicalJson = (fields: readonly Field[]): string => JSON.stringify(fields);
export const hashFields = (fields: readonly Field[]): string => sha256(canonicalJson(fields));
`,
    '/pychain/my/01-hashing/index.ts': `export { sha256 } from './sha256.ts';
export { canonicalJson, hashFields, type Field } from './fields.ts';
`,
  },
});

/** Runs them. */
const run = (body: string, more = '') => check(checkOf(body, more));

/** What is right, behind something that is not. */
const right = `if (typeof input === 'string' && !input.isWellFormed())
    throw new TypeError('This text holds half a character.');
  return hash('sha256', input, 'hex');`;

describe('A program in the page', () => {
  it('passes where it is right', async () => {
    const { verdict, outcome, promises } = await run(right);
    expect(verdict).toEqual({ kind: 'passed' });
    expect(promises.every(({ isKept }) => isKept)).toBe(true);
    expect(outcome.tests.every(({ task }) => task === 'Task 1: sha256')).toBe(true);
  });

  it.each([
    ['an endless loop', 'for (;;);'],
    ['an endless loop that prints', "for (;;) console.log('again and again');"],
    [
      'promises that follow each other without end',
      `const again = (): void => void Promise.resolve().then(again); again(); ${right}`,
    ],
    [
      'an endless recursion of timers and promises',
      `setTimeout(() => { for (;;); }); ${right}`,
    ],
  ])('is ended where it is %s, with a sentence', async (_what, body) => {
    const begin = performance.now();
    const { verdict } = await run(body);
    expect(verdict).toMatchObject({
      kind: 'ended',
      words: expect.stringContaining('look for a loop that does not end'),
    });
    // The worker's own start is no part of it, but a busy machine's is not told apart.
    expect(performance.now() - begin).toBeLessThan(6 * PATIENCE);
  });

  it('is ended where it takes all memory, and the next one runs', async () => {
    const greedy = `const all: unknown[] = [];
  const again = (): void => {
    all.push(new Array(1e5).fill(1));
    void Promise.resolve().then(again);
  };
  again(); ${right}`;
    const [first, second] = await checkApart([checkOf(greedy), checkOf(right)]);
    expect(first?.verdict).toMatchObject({
      kind: 'ended',
      words: expect.stringMatching(/a loop that does not end|eat all memory/),
    });
    expect(second?.verdict).toEqual({ kind: 'passed' });
  });

  it('shows what it printed last, even if it never stops printing', async () => {
    const { outcome } = await run("for (let i = 0; ; i += 1) console.log('line', i);");
    expect(outcome.output).toMatch(/line \d+\n$/);
    expect(outcome.output.length).toBeLessThanOrEqual(20_000);
  });

  it('is told of a promise that nobody handles, in the test that made it', async () => {
    const { verdict } = await run(
      `void Promise.reject(new RangeError('lost')); ${right}`,
    );
    expect(verdict).toMatchObject({
      kind: 'wrong',
      test: 'gives the published digest of the text "abc"',
      words: expect.stringContaining('Nobody caught this: RangeError: lost'),
    });
  });

  it('is told of what a timer throws, in the test that set it', async () => {
    const { verdict } = await run(
      `setTimeout(() => { throw new RangeError('late'); }); ${right}`,
    );
    expect(verdict).toMatchObject({
      kind: 'wrong',
      words: expect.stringContaining('Nobody caught this: RangeError: late'),
    });
  });

  it.each([
    ['process.exit', 'process.exit(1); return "";', /Does it call process\.exit/],
    [
      'a recursion without end',
      'return sha256(input);',
      /RangeError: Maximum call stack/,
    ],
  ])('is told in words of %s', async (_what, body, words) => {
    const { verdict } = await run(body);
    expect(verdict).toMatchObject({ words: expect.stringMatching(words) });
  });

  it.each([
    'close',
    'postMessage',
    'fetch',
    'importScripts',
    'indexedDB',
    'WebSocket',
    'XMLHttpRequest',
    'Worker',
  ])('does not find %s, as in Node or in a step', async (name) => {
    const { verdict } = await run(
      `const value: unknown = Reflect.get(globalThis, '${name}');
  if (value !== undefined) throw new Error('It is there.');
  ${right}`,
    );
    expect(verdict).toEqual({ kind: 'passed' });
  });

  it('cannot say by itself that it has passed', async () => {
    const { verdict } = await run(
      `const scope = Object.getPrototypeOf(Object.getPrototypeOf(globalThis)) as object;
  for (const owner of [globalThis, scope])
    (Reflect.get(owner, 'postMessage') as ((message: unknown) => void) | undefined)?.({ type: 'done' });
  return '';`,
    );
    expect(verdict).toMatchObject({ kind: 'wrong' });
  });

  it('is stopped by the next one, and by its reader', async () => {
    const verdicts = await page().evaluate(async () => {
      const { workbench } = window as unknown as TestWindow;
      const { files } = await workbench.kit();
      const own = (change: (text: string) => string) =>
        Object.fromEntries(
          files.flatMap(({ path, text, stub }) =>
            path.includes('/01-hashing/') && stub !== undefined
              ? [[path.replace('/steps/', '/my/'), change(text)]]
              : [],
          ),
        );
      const endless = own((text) =>
        text.replace('return hash(', 'for (;;); return hash('),
      );
      const first = workbench.check({ step: 1, files: endless });
      const second = workbench.check({ step: 1, files: own((text) => text) });
      const before = [await first, (await second)?.verdict.kind];
      const third = workbench.check({ step: 1, files: endless });
      workbench.stop();
      return [...before, await third];
    });
    expect(verdicts).toEqual([undefined, 'passed', undefined]);
  });
});

describe('A step that opens sockets', () => {
  it('says that a page opens none, to a program that needs one at once', async () => {
    const { verdict } = await check({
      step: 4,
      task: 'Task 2: taking turns',
      files: {
        '/pychain/my/04-http/index.ts': `import { createServer } from 'node:http';
createServer();
export const [Problem, Turns] = [Error, Array];`,
      },
    });
    expect(verdict).toMatchObject({
      kind: 'uncompilable',
      words: expect.stringContaining('A page opens no sockets'),
    });
  });
});

describe('What the page cannot load', () => {
  it.each([
    ['a syntax error', 'return (;', 'Expression expected.'],
    [
      'code that types alone are not',
      right,
      'Node leaves out the types',
      'enum Kind { One }',
    ],
    [
      'a parameter that is a property',
      right,
      'write out a field with its assignment',
      'export class Pair { constructor(readonly left: number) {} }',
    ],
    [
      'a file that is not there',
      right,
      "Cannot find module 'my/01-hashing/missing.ts' imported from my/01-hashing/sha256.ts",
      "import './missing.ts';",
    ],
    [
      'a part of Node that a page has not',
      right,
      "This page has no 'node:fs'",
      "import 'node:fs';",
    ],
    [
      'a name that is not exported',
      right,
      "The requested module './fields.ts' does not provide an export named 'other'",
      "import { other } from './fields.ts'; void other;",
    ],
  ])('is told in words: %s', async (_what, body, words, more = '') => {
    const { verdict } = await run(body, more);
    expect(verdict).toMatchObject({
      kind: 'uncompilable',
      words: expect.stringContaining(words),
    });
  });
});

describe('The page', () => {
  it('asks no other host, and nothing goes wrong in it', () => {
    expect(troubles).toEqual([]);
  });
});
