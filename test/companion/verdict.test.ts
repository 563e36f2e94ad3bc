import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadSteps, type Cause, type Step } from '../../tutorial/companion/kit.ts';
import {
  Runner,
  type Outcome,
  type RunOptions,
} from '../../tutorial/companion/runner.ts';
import { judge, type Verdict } from '../../tutorial/companion/verdict.ts';

const [first] = loadSteps();
if (first === undefined) throw new Error('There is no step.');
const step: Step = first;

let folder: string;
const runner = new Runner();
beforeAll(() => {
  runner.prepare();
  folder = mkdtempSync(join(tmpdir(), 'verdict-'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  mkdirSync(join(folder, 'own'));
});
afterAll(() => {
  runner.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

/** What ends of itself leaves nothing behind, so that one process can run many of these. */
const inSeries: Partial<RunOptions> = { isSeries: true };

interface Case {
  /** What the reader has written, as `#hashing`. */
  readonly code: string;
  /** The tests, after their imports. */
  readonly tests: string;
  readonly causes?: readonly Cause[];
  readonly options?: Partial<RunOptions>;
}

/** Runs tests on some code, and gives what comes out, and what it tells. */
async function run(one: Case): Promise<{ verdict: Verdict; outcome: Outcome }> {
  const { code, tests, causes = [], options = {} } = one;
  const file = join(folder, 'some.test.ts');
  const imports = `import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import * as own from '#hashing';
`;
  writeFileSync(file, `${imports}${tests}`);
  writeFileSync(join(folder, 'own', 'index.ts'), code);
  const titles = [...tests.matchAll(/^describe\('(.*?)'/gm)].map(
    ([, title = '']) => title,
  );
  const tasks = titles.map((title) => ({
    title,
    file,
    hints: [],
    causes,
    fingerprint: '',
  }));
  const small: Step = { ...step, tests: [file], tasks };
  const folders = new Map([[step.name, join(folder, 'own')]]);
  const all = { folders, bail: true, seed: 1, ...options } as const;
  const outcome = await runner.run(small, [small], all);
  return { verdict: judge(small, outcome, join(folder, 'own')), outcome };
}

/** One task with one test, of `own`. */
const testing = (body: string) =>
  `describe('Task 1: one', () => {\n  it('holds', async () => {\n    ${body}\n  });\n});\n`;

describe('The task that a failure is put on', () => {
  it('is that of the group whose preparation failed, and no cause of a test is named', async () => {
    const { verdict } = await run({
      code: "export const one = 1; export const two = () => 'x'.repeat(-1);",
      tests: `
describe('Task 1: one', () => { it('holds', () => { expect(own.one).toBe(1); }); });
describe('Task 2: two', () => {
  beforeAll(() => { own.two(); });
  it('holds too', () => { expect(1).toBe(1); });
});
`,
      causes: [{ test: 'holds too', text: 'No cause of this.' }],
    });
    expect(verdict).toMatchObject({
      kind: 'wrong',
      task: { title: 'Task 2: two' },
      test: 'holds too (before this and the tests beside it)',
      steps: ['own.two()'],
      cause: undefined,
    });
  });

  it('is not that of a stub by whose name the test happens to begin', async () => {
    const { verdict } = await run({
      code: "export const peers = () => { throw new Error('TODO step 1: Network.peers'); };\nexport const one = () => 2;",
      tests:
        "describe('Task 1: one', () => {\n  describe('peers that are slow', () => {\n    it('get some seconds', () => {\n      expect(own.one()).toBe(1);\n    });\n  });\n});",
    });
    expect(verdict).toMatchObject({ kind: 'wrong', task: { title: 'Task 1: one' } });
  });

  it('is that of a stub that the test ran into, though the program caught what it threw', async () => {
    const { verdict } = await run({
      code: `
const part = () => { throw new Error('TODO step 1: part'); };
export const one = () => { try { return part(); } catch { return 'The server is broken.'; } };`,
      tests: testing("expect(own.one()).toBe('well');"),
    });
    expect(verdict).toMatchObject({ kind: 'unwritten', names: ['part'] });
  });

  it('is not that of a stub that only what cleans up after a test ran into', async () => {
    const { verdict } = await run({
      code: `
export const close = () => { throw new Error('TODO step 1: close'); };
export const one = () => 2;`,
      tests: `describe('Task 1: one', () => {
  afterEach(() => { try { own.close(); } catch { /* it is of a later task */ } });
  it('holds', () => { expect(own.one()).toBe(1); });
});`,
    });
    expect(verdict).toMatchObject({ kind: 'wrong', task: { title: 'Task 1: one' } });
  });
});

describe('An error that nobody catches', () => {
  it.each([
    [
      'a timer',
      "setTimeout(() => { throw new TypeError('in a timer'); });",
      'TypeError: in a timer',
    ],
    [
      'a promise',
      "void Promise.reject(new Error('in a promise'));",
      'Error: in a promise',
    ],
    [
      'an event',
      "setImmediate(() => new EventEmitter().emit('error', new Error('an event')));",
      'Error: an event',
    ],
  ])('of %s fails its own test, and at once', async (_what, line, words) => {
    const { verdict, outcome } = await run({
      code: `import { EventEmitter } from 'node:events';\nexport const begin = () => {\n  ${line}\n  return new Promise((resolve) => setTimeout(resolve, 50));\n};`,
      tests: testing('await own.begin();'),
      causes: [{ test: 'holds', text: 'No cause of this.' }],
    });
    expect(outcome.tests).toHaveLength(1);
    expect(verdict).toMatchObject({
      kind: 'wrong',
      test: 'holds',
      words: expect.stringContaining(`Nobody caught this: ${words}`),
      cause: undefined,
    });
  });

  it('ends a test that waits for what cannot come any more', async () => {
    const { verdict } = await run({
      code: "export const begin = () => new Promise(() => setTimeout(() => { throw new Error('so soon'); }));",
      tests: testing('await own.begin();'),
      options: { timeout: 100_000 },
    });
    expect(verdict).toMatchObject({ words: expect.stringContaining('so soon') });
  });

  it('and comes late is that of the test that began it, and not of the next one', async () => {
    const { verdict } = await run({
      code: "export const begin = () => void setTimeout(() => { throw new Error('late'); }, 50);\nexport const wait = () => new Promise((resolve) => setTimeout(resolve, 500));",
      tests: `
describe('Task 1: one', () => { it('begins', () => { own.begin(); }); });
describe('Task 2: two', () => { it('waits', async () => { await own.wait(); }); });
`,
    });
    expect(verdict).toMatchObject({
      task: { title: 'Task 1: one' },
      test: 'begins (when it had ended)',
      words: expect.stringContaining('Error: late'),
      steps: [],
    });
  });
});

describe('Code that never finishes loading', () => {
  it('is told of, with what to look for', async () => {
    const { verdict } = await run({
      code: 'export const one = 1;\nawait new Promise(() => undefined);',
      tests: testing('expect(own.one).toBe(1);'),
      options: { timeout: 2_000 },
    });
    expect(verdict).toMatchObject({
      kind: 'uncompilable',
      words: expect.stringContaining('look for an `await` outside of all functions'),
    });
  });
});

describe('A test that has failed', () => {
  it('is told of before all is cleaned up after it', async () => {
    const tests = `
describe('Task 1: one', () => {
  afterEach(() => new Promise(() => undefined));
  it('holds', () => { expect(own.one).toBe(1); });
});
`;
    const told = new Promise<Outcome>((resolve) => {
      const options = { bail: 'task', timeout: 600_000, onFailure: resolve } as const;
      void run({ code: 'export const one = 2;', tests, options });
    });
    expect((await told).tests).toMatchObject([
      { failure: { message: expect.stringContaining('toBe') } },
    ]);
    runner.close();
  });
});

describe('A test that does not end in time', () => {
  const timeout = 2_000;
  const causes = [{ test: 'holds', text: 'No cause of this.' }];

  it('was waiting in vain, or computing; and no cause is named', async () => {
    const waiting = await run({
      code: 'export const begin = () => new Promise(() => undefined);',
      tests: testing('await own.begin();'),
      causes,
      options: { timeout },
    });
    expect(waiting.verdict).toMatchObject({
      words:
        'It did not end within 2 seconds: something that the test waits for does not happen.',
      cause: undefined,
    });
    const computing = await run({
      code: `import { hash } from 'node:crypto';
export const begin = async () => {
  for (;;) {
    for (let i = 0; i < 10_000; i += 1) hash('sha256', String(i));
    await new Promise(setImmediate);
  }
};`,
      tests: testing('await own.begin();'),
      causes,
      options: { timeout },
    });
    const { words } = computing.verdict as { words: string };
    // On a machine that is very busy, it is the machine.
    expect(words).toMatch(/was computing for \d|the machine is busy/);
    expect(computing.verdict).toMatchObject({ cause: undefined });
  });
});

describe('The cause of a failure', () => {
  const causes: Cause[] = [
    { test: 'holds', text: 'By the name alone.' },
    { test: 'holds', failure: 'Received: 7', text: 'By what was found.' },
    { test: '', failure: 'is not a function', text: 'By what was thrown.' },
    { test: '', text: 'For all tests.' },
  ];

  it.each([
    [
      'what was found, before the name alone',
      'export const one = () => 7;',
      'By what was found.',
    ],
    [
      'the name, where nothing else fits',
      'export const one = () => 8;',
      'By the name alone.',
    ],
    [
      'an error that was thrown',
      'export const one = () => (1 as never as () => number)();',
      'By what was thrown.',
    ],
    [
      'nothing, where an error is not the one that is meant',
      "export const one = () => Number('x'.repeat(-1));",
      undefined,
    ],
    [
      'a `throw` of the code itself',
      "export const one = () => {\n  throw new RangeError('no');\n};",
      expect.stringMatching(/own.index\.ts:2 is your own.* refuses what is right/),
    ],
    [
      'a `throw` of what another function has made',
      "export const one = () => {\n  throw no();\n};\nconst no = () => new Error('no');",
      expect.stringMatching(/own.index\.ts:2 is your own/),
    ],
    [
      'nothing, where something else threw within a `throw`',
      "export const one = () => {\n  throw new Error('x'.repeat(-1));\n};",
      undefined,
    ],
    [
      'a field of what is nothing',
      'const none = null as { sum: number } | null;\nexport const one = () => none!.sum;',
      'In this test `none` is null, and has no `sum`: ask for that case before.',
    ],
    [
      'an index of what is nothing',
      "const none = undefined as Record<string, number> | undefined;\nexport const one = () => (none as Record<string, number>)['sum'];",
      'In this test `none` is undefined, and has no `sum`: ask for that case before.',
    ],
    [
      'a `return` that is missing',
      'export function one(): number { 1 + 1; }',
      '`one` gives nothing back: there is no `return` in it.',
    ],
    [
      'a `return` of another function',
      'export function one(): number { [1].forEach((n) => { return n; }); }',
      expect.stringContaining('belongs to a function inside it'),
    ],
    [
      'an `await` that is missing',
      'export const one = async () => 1;',
      expect.stringContaining('`await` is missing'),
    ],
  ])('may be told by %s', async (_what, code, text) => {
    const tests = testing('expect(own.one()).toBe(1);');
    const { verdict } = await run({ code, tests, causes, options: inSeries });
    expect(verdict).toMatchObject({
      kind: 'wrong',
      cause: text === undefined ? undefined : { text },
    });
  });

  it('may be told by what the test expects of a promise', async () => {
    const { verdict } = await run({
      code: "export const one = () => {\n  throw new Error('no');\n};",
      tests: testing('await expect(own.one()).rejects.toThrow();'),
      causes,
      options: inSeries,
    });
    const text = expect.stringContaining('make the function `async`');
    expect(verdict).toMatchObject({ cause: { text } });
  });

  it.each([
    ['2 ** 40', '1 << 40', /went through 32 bits/],
    ['4_000_000_000', '4_000_000_000 | 0', /went through 32 bits/],
    ['65_536n', '16n ^ 4n', /`\^` is no power: 16 \^ 4 is 20\. Write `16 \*\* 4`/],
    ['12', '13', /For all tests/],
  ])(
    'may be told by the numbers: %s, but found was %s',
    async (expected, found, text) => {
      const tests = testing(`expect(own.one()).toBe(${expected});`);
      const code = `export const one = () => ${found};`;
      const all = causes.slice(3);
      const { verdict } = await run({ code, tests, causes: all, options: inSeries });
      expect(verdict).toMatchObject({ cause: { text: expect.stringMatching(text) } });
    },
  );
});

describe('What a test was given', () => {
  it('is told in the order in which the test names it, each on a line, as it would be typed', async () => {
    const { verdict } = await run({
      code: 'export const one = (text: string) => text.length;',
      tests: `
describe('Task 1: one', () => {
  it.each([{ z: '{"a":"b"}', a: 3, what: 'JSON' }])('counts $what', ({ z, a: count }) => {
    expect(own.one(z) + 0).toBe(count);
  });
});
`,
    });
    expect(verdict).toMatchObject({ given: [`z = '{"a":"b"}'`], test: 'counts JSON' });
  });
});
