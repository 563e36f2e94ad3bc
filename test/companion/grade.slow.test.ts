/** Grades submissions whose right result is known, and lets programs attack what judges them. */
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { root, type Step } from '../../tutorial/companion/kit.ts';
import { findContainment } from '../../tutorial/companion/grading/containment.ts';
import { toCsv, toJunit } from '../../tutorial/companion/grading/formats.ts';
import {
  grade,
  type Grade,
  type GradeOptions,
} from '../../tutorial/companion/grading/grade.ts';
import {
  findSubmissions,
  type Submission,
} from '../../tutorial/companion/grading/submissions.ts';
import { stubOf } from '../../tutorial/companion/workspace.ts';
import {
  Room,
  folders,
  inside,
  program,
  reference,
  stepAt,
  steps,
  zipped,
  type Files,
} from './submissions.ts';
import { Project } from './project.ts';

const containment = findContainment();

/** Grades step 1, or another one. */
const gradeAll = (submissions: readonly Submission[], more: Partial<GradeOptions> = {}) =>
  grade(submissions, {
    steps,
    wanted: [stepAt(1)],
    timeout: 100,
    memory: 512,
    jobs: 2,
    containment,
    ...more,
  });

const submission = (name: string, files: Files): Submission => ({
  name,
  files: new Map(Object.entries(files)),
  notes: [],
});

/** What became of the tasks, in a letter each: `p` for one that passes. */
const lettersOf = ({ tasks }: Grade) => tasks.map(({ status }) => status[0]).join('');

const right = reference(1);
const second = readFileSync(join(root, 'test/kit/second/01-hashing/index.ts'), 'utf8');
const stubs = Object.fromEntries(
  stepAt(1).sources.map((name) => [`01-hashing/${name}`, stubOf(stepAt(1), name)]),
);
const wrong = (...change: [string, string, string]) => inside('my', reference(1, change));

/** Submissions as they come, and what each is worth: a letter for each task of step 1. */
const known: Readonly<Record<string, readonly [string, Files | Uint8Array]>> = {
  'the reference': ['ppp', inside('my', right)],
  'a second solution': ['ppp', program(second)],
  'a zip file.zip': ['ppp', zipped(inside('my', right))],
  'a zip file in a folder': ['ppp', { 'Ada/my/01-hashing/index.ts': second }],
  'Zoë 李 🦊 «&<>"': ['ppp', program(second)],
  Windows: ['ppp', program(`\ufeff${second.replaceAll('\n', '\r\n')}`)],
  'an enum': ['ppp', program(`enum Kind { One, Two }\nvoid Kind.Two;\n${second}`)],
  'prints very much': [
    'ppp',
    program(
      `for (let i = 0; i < 20_000; i += 1) console.log('x'.repeat(100));\n${second}`,
    ),
  ],
  'brings tests and settings': [
    'ppp',
    {
      ...inside('my', right),
      'my/01-hashing/sha256.test.ts': 'process.exit(0);',
      'my/package.json': '{"imports":{"#hashing":"./none.js"}}',
      'my/jest.config.js': 'process.exit(0);',
    },
  ],
  'slips.zip': [
    'ppp',
    zipped({ ...inside('my', right), '../../../my/01-hashing/index.ts': 'none' }),
  ],
  'uses more than one file': [
    'ppp',
    {
      ...right,
      '01-hashing/more/a.ts': '',
      '01-hashing/index.ts':
        "export { sha256 } from './sha256.js';\nexport * from './fields';\nimport './more/a.ts';\n",
    },
  ],
  'another digest': ['fpf', wrong('sha256.ts', "hash('sha256'", "hash('sha1'")],
  base64: ['fpf', wrong('sha256.ts', "'hex'", "'base64'")],
  'half characters': ['fpp', wrong('sha256.ts', 'new TypeError(', 'new Error(')],
  spaces: [
    'pff',
    wrong('fields.ts', 'JSON.stringify(fields)', 'JSON.stringify(fields, null, 1)'),
  ],
  'any number': [
    'pff',
    wrong('fields.ts', 'Number.isSafeInteger(field)', "typeof field === 'number'"),
  ],
  'other hashes of lists': [
    'ppf',
    wrong('fields.ts', 'sha256(canonicalJson(fields))', "sha256(fields.join(','))"),
  ],
  'a function that is not there': [
    'ppf',
    {
      ...right,
      '01-hashing/index.ts':
        "export { sha256 } from './sha256.ts';\nexport { canonicalJson } from './fields.ts';\n",
    },
  ],
  stubs: ['uuu', inside('my', stubs)],
  'does not compile': ['fff', { ...right, '01-hashing/fields.ts': 'export function (' }],
  'imports what is not there': ['fff', program("import './none.ts';\nexport {};")],
  'another step only': ['mmm', reference(2)],
  nothing: ['mmm', {}],
  'two folders': ['mmm', { ...inside('a/my', right), ...inside('b/my', right) }],
  'a bomb.zip': [
    'mmm',
    zipped({ 'my/01-hashing/x.ts': '0'.repeat(400_000), 'x.txt': '' }),
  ],
  'ends with 0': ['fff', program(`process.exit(0);\n${second}`)],
  'ends with 0 later': [
    'ppf',
    {
      ...right,
      '01-hashing/index.ts':
        "export { sha256 } from './sha256.ts';\nexport { canonicalJson } from './fields.ts';\nexport const hashFields = () => process.exit(0);\n",
    },
  ],
  'never loads': ['fff', program(`await new Promise(() => undefined);\n${second}`)],
  'never answers': [
    'fff',
    program(
      'export const sha256 = () => new Promise(() => undefined);\nexport const canonicalJson = sha256;\nexport const hashFields = sha256;',
    ),
  ],
  'never ends': [
    'pff',
    {
      ...right,
      '01-hashing/fields.ts':
        'export const canonicalJson = () => { for (;;); };\nexport const hashFields = canonicalJson;\n',
    },
  ],
  'eats memory': [
    'fff',
    program(`const all = []; for (;;) all.push(Buffer.alloc(10_000_000, 1));\n${second}`),
  ],
  'eats the heap': [
    'fff',
    program(
      `const all = []; for (;;) all.push(Array.from({ length: 1_000 }, (_, i) => 'x' + i));\n${second}`,
    ),
  ],
  forks: [
    'ppp',
    program(
      `${second}\nfor (const name of ['node:child_process', 'node:cluster', 'node:worker_threads'])\n  await import(name).then(({ fork, Worker }) => (fork ?? Worker)(import.meta.url), () => undefined);\n`,
    ),
  ],
  'says so itself': [
    'fff',
    program(
      "console.log('{\"type\":\"done\"}');\nconsole.log('✓ all tests pass');\nexport const sha256 = () => '';\nexport const canonicalJson = sha256;\nexport const hashFields = sha256;",
    ),
  ],
};

describe('Of submissions whose result is known', () => {
  const room = new Room();
  let grades: readonly Grade[];
  const impatient = ['never loads', 'never answers', 'never ends'];
  beforeAll(async () => {
    for (const [name, [, files]] of Object.entries(known)) {
      if (files instanceof Uint8Array) room.write(`class/${name}`, files);
      else if (Object.keys(files).length > 0) room.fill(`class/${name}`, files);
      else mkdirSync(join(room.path, 'class', name), { recursive: true });
    }
    symlinkSync(join(root, 'steps'), join(room.path, 'class', 'a link'), 'junction');
    const all = findSubmissions(join(room.path, 'class'), folders);
    const isSlow = ({ name }: Submission) => impatient.includes(name);
    // Who never ends is not waited for as long as others are.
    const parts = await Promise.all([
      gradeAll(all.filter((one) => !isSlow(one))),
      gradeAll(all.filter(isSlow), { timeout: 16, jobs: 1 }),
    ]);
    grades = parts.flat();
  }, 300_000);
  afterAll(() => room.remove());

  it('there are at least thirty', () => {
    expect(grades.length).toBe(Object.keys(known).length + 1);
    expect(grades.length).toBeGreaterThan(30);
  });

  it.each(Object.entries(known))('%s gets what it is worth', (name, [letters]) => {
    const found = grades.find((one) => one.name === name.normalize('NFC'));
    expect(
      found && [lettersOf(found), ...found.tasks.map(({ details }) => details)],
    ).toEqual([letters, ...Array.from(letters, () => expect.any(String))]);
  });

  it('a link is not followed', () => {
    expect(grades.find(({ name }) => name === 'a link')).toMatchObject({
      notes: ['It is a symbolic link, and may lead anywhere.'],
    });
  });

  it('the reports name files as their authors know them, and say what is wrong', () => {
    const detailsOf = (name: string, task: number) =>
      grades.find((one) => one.name === name)?.tasks[task]?.details;
    expect(detailsOf('base64', 0)).toContain(
      'The test: steps/01-hashing/sha256.test.ts:',
    );
    expect(detailsOf('base64', 0)).toContain('Expected  "');
    expect(detailsOf('does not compile', 0)).toMatch(
      /^my\/01-hashing\/fields\.ts:1:\d+: /,
    );
    expect(detailsOf('eats memory', 0)).toBe('It took more than 512 MB of memory.');
    expect(
      JSON.stringify(grades.map((one) => one.tasks.map(({ details }) => details))),
    ).not.toMatch(/pychain-grade|submission:/);
  });

  it('the same ones give the same table again, byte for byte', async () => {
    const names = ['the reference', 'base64', 'spaces', 'ends with 0 later', 'stubs'];
    const some = findSubmissions(join(room.path, 'class'), folders).filter(({ name }) =>
      names.includes(name),
    );
    const before = grades.filter(({ name }) => names.includes(name));
    const again = await gradeAll(some, { jobs: 1 });
    expect(toCsv(again)).toBe(toCsv(before));
    expect(toJunit(again)).toBe(toJunit(before));
  }, 120_000);
});

/** Tests that nothing passes: whatever does is believed, and has not done what is asked. */
const impossible: Readonly<Record<string, string>> = {
  'is it': 'expect(sha256()).toBe(nothing);',
  'is like it': 'expect(sha256()).toEqual({ a: nothing });',
  'is just like it': 'expect(sha256()).toStrictEqual([nothing]);',
  'holds it': 'expect(sha256()).toMatchObject({ a: nothing });',
  'has it': 'expect([sha256()]).toContainEqual({ a: nothing });',
  'is like a matcher': "expect(sha256()).toEqual(expect.stringContaining('nothing'));",
  'brings it': 'await expect(sha256()).resolves.toBe(nothing);',
  'fails with it': "await expect(sha256()).rejects.toThrow('nothing');",
  'brings it in the end': 'expect(await sha256()).toBe(nothing);',
  'is called':
    'const call = jest.fn(); sha256(call); expect(call).toHaveBeenCalledWith(nothing);',
  'is it for all':
    'fc.assert(fc.property(fc.string(), (text) => { expect(sha256(text)).toBe(nothing); }));',
  'says so': "sha256(); throw new Error('no');",
  'does not end': 'sha256(); await new Promise(() => undefined);',
};

const taskOf = (name: string, i: number) => `Task ${i + 1}: ${name}`;
const impossibleTests = `
import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import * as own from '#hashing';

const sha256 = own.sha256 as (...args: unknown[]) => any;
const nothing = Symbol('nothing');
${Object.entries(impossible)
  .map(
    ([name, body], i) =>
      `describe('${taskOf(name, i)}', () => { it('holds', async () => { ${body} }, 500); });`,
  )
  .join('\n')}
`;

const rest = 'export const canonicalJson = sha256;\nexport const hashFields = sha256;\n';
const tampering = `const attempt = (change) => { try { change(); } catch {} };
attempt(() => { Object.is = () => true; });
attempt(() => { Object.defineProperty(Object, 'is', { value: () => true }); });
attempt(() => { globalThis.Object = { ...Object, is: () => true }; });
attempt(() => { Object.prototype.asymmetricMatch = () => true; });
attempt(() => { Array.prototype.push = () => 0; });
attempt(() => { Array.prototype[Symbol.iterator] = function* () {}; });
attempt(() => { Function.prototype.call = () => true; });
attempt(() => { Function.prototype.apply = () => true; });
attempt(() => { globalThis.Promise = class {}; });
attempt(() => { Promise.prototype.then = function () { return this; }; });
attempt(() => { JSON.stringify = () => '{"type":"done"}'; });
attempt(() => { JSON.parse = () => ({}); });
attempt(() => { globalThis.setTimeout = () => 0; });
attempt(() => { Set.prototype.has = () => true; });
attempt(() => { WeakSet.prototype.has = () => true; });
attempt(() => { Buffer.prototype.toString = () => ''; });
attempt(() => { globalThis[Symbol.for('$$jest-matchers-object')].matchers.toBe = () => ({ pass: true }); });
attempt(() => { for (const key of Object.getOwnPropertySymbols(globalThis)) globalThis[key].rootDescribeBlock.children.length = 0; });
attempt(() => { process.emit('message', { type: 'done' }); });
attempt(() => { process.on('uncaughtException', () => {}); process.removeAllListeners(); });
attempt(() => { EventEmitter.prototype.emit = () => true; });
attempt(() => { Hash.prototype.digest = () => ''; });
attempt(() => { process.stdout.write = () => true; });
`;

/** Programs that know nothing, and want to be believed. */
const attacks: Readonly<Record<string, string>> = {
  'gives what looks like a matcher':
    "const yes = { asymmetricMatch: () => true, $$typeof: Symbol.for('jest.asymmetricMatcher'), toAsymmetricMatcher: () => 'yes' };\nexport const sha256 = () => yes;\n",
  'gives a promise of its own kind':
    'export const sha256 = () => ({ then: (told) => { told?.(1); return Promise.resolve(); } });\n',
  'gives a promise whose `then` is another':
    'export const sha256 = () => { const one = Promise.resolve(1); one.then = () => Promise.resolve(); return one; };\n',
  'throws what skips a random input':
    "export const sha256 = () => { throw { footprint: Symbol.for('fast-check/PreconditionFailure') }; };\n",
  'throws nothing': 'export const sha256 = () => { throw undefined; };\n',
  'gives what says yes to all':
    'const yes = new Proxy(function () {}, { get: (_, key) => (key === Symbol.toPrimitive ? () => 1 : yes), apply: () => yes, has: () => true, getPrototypeOf: () => Object.prototype });\nexport const sha256 = () => yes;\n',
  'replaces what all use': `import { EventEmitter } from 'node:events';\nimport { Hash } from 'node:crypto';\n${tampering}export const sha256 = () => 1;\n`,
  'replaces it when it is called': `import { EventEmitter } from 'node:events';\nimport { Hash } from 'node:crypto';\nexport const sha256 = () => {\n${tampering}return 1; };\n`,
  'changes how errors are told':
    'export const sha256 = () => { Error.prepareStackTrace = () => { throw 1; }; Error.stackTraceLimit = 0; return 1; };\n',
  'looks for its test on a timer': `export const sha256 = () => {
  const timer = setTimeout(() => undefined, 20_000);
  const seen = new Set();
  const look = (one) => {
    if ((typeof one !== 'object' && typeof one !== 'function') || one === null || seen.has(one)) return;
    seen.add(one);
    if (one.fn !== undefined && one.mode !== undefined) Object.assign(one, { fn: () => undefined, errors: [] });
    for (const key of Reflect.ownKeys(one)) try { look(one[key]); } catch {}
  };
  look(timer);
  clearTimeout(timer);
  return 1;
};
`,
  'tells results by the pipe':
    "import { Socket } from 'node:net';\nconst names = ['is it'];\nnew Socket({ fd: 3, readable: false, writable: true }).write(names.map((name) => JSON.stringify({ type: 'test', name: ['Task 1: sha256', name], row: [] }) + '\\n').join(''));\nexport const sha256 = () => 1;\n",
  'ends when it is asked':
    'export const sha256 = () => { process.exitCode = 0; process.exit(0); };\n',
};

describe('No point gets a program that knows nothing, but', () => {
  const room = new Room();
  let grades: readonly Grade[];
  beforeAll(async () => {
    const file = room.write('impossible.test.ts', impossibleTests);
    const step: Step = {
      ...stepAt(1),
      tests: [file],
      tasks: Object.keys(impossible).map((name, i) => {
        const title = taskOf(name, i);
        return { title, file, hints: [], causes: [], fingerprint: '' };
      }),
    };
    const submissions = Object.entries(attacks).map(([name, text]) =>
      submission(name, program(text + rest)),
    );
    grades = await gradeAll(submissions, { wanted: [step] });
  }, 300_000);
  afterAll(() => room.remove());

  it.each(Object.keys(attacks))('%s', (name) => {
    const found = grades.find((one) => one.name === name);
    expect(found && lettersOf(found)).toMatch(/^(f{13}|v{13})$/);
  });
});

describe('From all that a submission can reach', () => {
  it('no way leads to files, processes, or what judges it', async () => {
    const names = [
      ...[
        'readFileSync',
        'openSync',
        'spawn',
        'execFile',
        'Worker',
        'createRequire',
        'compileFunction',
      ],
      ...[
        'runInThisContext',
        'getHeapSnapshot',
        '_getActiveHandles',
        'reallyExit',
        'getBuiltinModule',
      ],
      ...[
        'binding',
        'mainModule',
        'rootDescribeBlock',
        'currentlyRunningTest',
        'matchers',
        'asyncError',
      ],
      ...['customEqualityTesters', 'secret', 'require', '_load', '_cache'],
    ];
    const modules = [
      ...[
        'assert',
        'buffer',
        'crypto',
        'events',
        'http',
        'net',
        'os',
        'path',
        'perf_hooks',
        'querystring',
      ],
      ...[
        'stream',
        'stream/promises',
        'string_decoder',
        'timers',
        'timers/promises',
        'url',
        'util',
        'zlib',
      ],
      ...['express', 'picocolors', 'ws', 'zod'],
    ];
    const explorer = `
${modules.map((name, i) => `import * as module${i} from '${name}';`).join('\n')}
const names = ${JSON.stringify(names)};
export const sha256 = () => {
  const seen = new Set();
  const found = [];
  const queue = [[globalThis, 'globalThis'], [import.meta, 'meta'], [new Error('x'), 'error']];
  ${modules.map((name, i) => `queue.push([module${i}, '${name}']);`).join('\n  ')}
  const { createServer } = module4;
  const { Socket } = module5;
  const timer = setTimeout(() => undefined, 20_000);
  queue.push([createServer(() => undefined), 'server'], [new Socket(), 'socket'], [timer, 'timer']);
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const [one, path] = next;
    if ((typeof one !== 'object' && typeof one !== 'function') || one === null || seen.has(one)) continue;
    seen.add(one);
    queue.push([Reflect.getPrototypeOf(one), path + '.__proto__']);
    for (const key of Reflect.ownKeys(one)) {
      if (names.includes(key)) found.push(path + '.' + key);
      const { value, get, set } = Reflect.getOwnPropertyDescriptor(one, key) ?? {};
      for (const part of [value, get, set]) queue.push([part, path + '.' + String(key)]);
      try { queue.push([one[key], path + '.' + String(key)]); } catch {}
    }
    if (one instanceof Map || one instanceof Set) for (const entry of one) queue.push([entry, path + '[…]']);
  }
  clearTimeout(timer);
  throw new TypeError(seen.size > 5_000 && found.length === 0 ? 'nothing' : seen.size + found.join());
};
`;
    const [found] = await gradeAll([submission('explorer', program(explorer + rest))]);
    expect(found?.tasks[0]?.details).toContain('It threw TypeError: nothing');
  }, 120_000);
});

describe('`learn grade`', () => {
  const project = new Project(['tutorial/workbench/stand-ins']);
  afterAll(() => project.remove());

  it('grades a folder wherever the project is, and writes all that it says', async () => {
    for (const [path, text] of Object.entries(inside('ada', reference(1))))
      project.write(`class/${path}`, text);
    for (const [path, text] of Object.entries(
      inside('grace/my', { ...reference(1), ...reference(2) }),
    ))
      project.write(`class/${path}`, text);
    const { code, output } = await project.learn(
      'grade',
      project.path('class'),
      '--steps',
      '1-2',
      '--out',
      project.path('out'),
    );
    expect(output).toMatch(/Not contained\. /);
    expect(output).toContain('"ada": 3 of 13');
    expect(output).toContain('"grace": 13 of 13');
    expect(code).toBe(0);
    expect(
      project
        .read('out/grades.csv')
        .split('\r\n')
        .map((line) => line.split(',').slice(0, 3).join()),
    ).toEqual(['submission,points,of', 'ada,3,13', 'grace,13,13', '']);
    for (const file of [
      'report.html',
      'grade.json',
      'results.json',
      'result.json',
      'autolab.txt',
    ])
      expect(existsSync(project.path(`out/ada/${file}`))).toBe(true);
  }, 120_000);

  it.each([
    [['grade', 'nowhere'], /There is no folder nowhere/],
    [['grade', '.', '--steps', '99'], /There is no step 99/],
    [['grade', '.', '--steps', '3-1'], /Steps are numbers, such as 2, or 1-3,6/],
    [['grade', '.', '--timeout', '0'], /It is a whole number/],
    [['grade', '.', '--out', './grades'], /The grades would lie among the submissions/],
  ])('refuses %j in a sentence', async (args, words) => {
    const { code, output } = await project.learn(...args);
    expect(output).toMatch(words);
    expect(output).not.toMatch(/^ +at /m);
    expect(code).toBe(1);
  });
});
