import { mkdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { loadSteps } from '../../tutorial/companion/kit.ts';
import { Project } from './project.ts';
import { fooling, smallPractice, twice } from './small-practice.ts';

const attackFile = 'my/attacks/01-same-length.ts';
const exerciseFile = 'my/exercises/1.2-twice.ts';

let project: Project;
beforeAll(() => {
  project = new Project();
  project.write('tutorial/practice/01-hashing.ts', smallPractice);
});
afterEach(() => project.clear());
afterAll(() => project.remove());

/** What must never be shown: where a program of the project threw. */
const STACK = /^ +at /m;

describe('`learn attack`', () => {
  it('says that nobody believes an attack that does not work yet', async () => {
    await project.learn('attack', '1');
    const { code, output } = await project.learn('attack', '1');
    expect(output).toContain(
      '✗ The naive program does not believe it. The hashes are 6 and 8.',
    );
    expect(code).toBe(1);
  });

  it("runs on the reader's own step once that has passed", async () => {
    project.solve('01-hashing');
    await project.learn('check', '1');
    project.write(attackFile, fooling);
    const stopped = await project.learn('attack', '1');
    expect(stopped.output).toContain('✓ Your step 1 stops it.');
    expect(stopped.output).not.toContain("the reference's");

    // A step that was passed and changed since is not taken; this one is noted as passed anew.
    const wrong = "export const sha256 = () => '1234';\n";
    project.write('my/01-hashing/sha256.ts', wrong);
    const changed = await project.learn('attack', '1');
    expect(changed.output).toContain("Step 1 is the reference's");
    expect(changed.output).toContain("✓ The reference's step 1 stops it.");
  });

  it.each([
    [
      'does not compile',
      'export const payments = [;\n',
      /does not compile, at my\/.*ts:1:\d+: Expression/,
    ],
    [
      'throws',
      "\nthrow new TypeError('no');\n",
      /It threw at my\/.*\.ts:2:7: TypeError: no/,
    ],
    [
      'throws later',
      "setTimeout(() => { throw new Error('late'); });\nawait new Promise(() => setInterval(() => 0, 9));\n",
      /It threw at my\/.*\.ts:1:26: late/,
    ],
    [
      'needs what is not there',
      "import { none } from '#hashing';\nexport const payments = [none];\n",
      /It cannot be loaded: .*'none'/,
    ],
    [
      'needs a file that is not there',
      "import './none.ts';\n",
      /It cannot be loaded: .*my\/attacks\/none\.ts'/,
    ],
    [
      'exports something else',
      'export const other = 1;\n',
      /Export payments, a list of two texts\./,
    ],
    [
      'ends the program',
      'process.exit(0);\n',
      /ended before it was judged\. Does it call process\.exit/,
    ],
  ])('says in a sentence that a file %s', async (_what, text, words) => {
    project.write(attackFile, text);
    const { code, output } = await project.learn('attack', '1');
    expect(output).toMatch(words);
    expect(output).not.toMatch(STACK);
    expect(output).not.toContain(project.root);
    expect(code).toBe(1);
  });

  it('says that a step has none', async () => {
    const { code, output } = await project.learn('attack', '2');
    expect(output).toContain('Step 2 has nothing to attack, and no checked exercise.');
    expect(code).toBe(1);
  });

  it('ends a program that hangs, and says what to look for', async () => {
    project.write(attackFile, 'for (;;);\n');
    const { href } = pathToFileURL(project.path('tutorial/companion/practice.ts'));
    const load = (await import(
      href
    )) as typeof import('../../tutorial/companion/practice.ts');
    const steps = loadSteps();
    const [step] = steps;
    if (step === undefined) throw new Error('There is no step 1.');
    const options = { steps, own: [], patience: 3_000 };
    const result = await load.judgeFile(step, project.path(attackFile), options);
    expect(result).toEqual({
      type: 'problem',
      words: expect.stringContaining('did not come to an end within 3 seconds'),
    });
  });
});

describe('`learn exercise`', () => {
  it('makes the file to write, and says what is wrong with it', async () => {
    const first = await project.learn('exercise', '1.2');
    expect(first.output).toContain('Write your solution in my/exercises/1.2-twice.ts');
    expect(first.output).toContain('tutorial/01-hashing.md');
    expect(first.code).toBe(0);
    const second = await project.learn('exercise', '1.2');
    expect(second.output).toContain('✗ The hash of the hash of "a" is another one.');
    expect(second.code).toBe(1);
    project.write(exerciseFile, 'export const once = 1;\n');
    const third = await project.learn('exercise', '1.2');
    expect(third.output).toContain('✗ Export a function named twice.');
    project.write(exerciseFile, twice.replace('=> sha256', '=> nothing'));
    const fourth = await project.learn('exercise', '1.2');
    expect(fourth.output).toMatch(
      /✗ It threw at my\/exercises\/.*ReferenceError: nothing/,
    );
    expect(fourth.output).not.toMatch(STACK);
  });

  it.each([
    ['1.1', 'Exercise 1.1 is not checked by this. These are: 1.2.'],
    ['2.1', 'Step 2 has nothing to attack, and no checked exercise.'],
    ['99.1', 'There is no step 99'],
    ['1', 'An exercise is named by its step and its number, such as 2.1.'],
  ])('refuses %s in a sentence', async (name, words) => {
    const { code, output } = await project.learn('exercise', name);
    expect(output).toContain(words);
    expect(output).not.toMatch(STACK);
    expect(code).toBe(1);
  });
});

describe('`learn try`', () => {
  const program = `
import { sha256 } from '#hashing';
console.log(sha256('').slice(0, 6), process.argv.slice(2).join('+'));
process.exitCode = 3;
`;

  it('runs a program on the passed steps, with its arguments, and ends with its exit code', async () => {
    project.write('my/crash.ts', program);
    const reference = await project.learn(
      'try',
      project.path('my/crash.ts'),
      '-n',
      '--help',
    );
    expect(reference.output).toBe('e3b0c4 -n+--help\n');
    expect(reference.code).toBe(3);

    project.solve('01-hashing');
    const text = project.read('my/01-hashing/sha256.ts');
    project.write(
      'my/01-hashing/sha256.ts',
      text.replace('\n  return', "\n  console.log('mine');\n  return"),
    );
    await project.learn('check', '1');
    const own = await project.learn('try', project.path('my/crash.ts'));
    expect(own.output).toContain('mine\ne3b0c4');
  });

  it('ends quietly where nobody reads any more what the program prints', async () => {
    const lines = "const line = () => console.log('a line');\nsetInterval(line, 1);\n";
    project.write('my/talk.ts', lines);
    const talking = project.start('try', project.path('my/talk.ts'));
    await talking.untilOutput(/a line/);
    talking.stopReading();
    expect((await talking.end).output).not.toMatch(/EPIPE|Error/);
  });

  it('says that there is no such file', async () => {
    const { code, output } = await project.learn('try', 'my/none.ts');
    expect(output).toContain('There is no file my/none.ts.');
    expect(code).toBe(1);
  });
});

describe('A folder where a file is to be', () => {
  it.each([
    ['attack', '1', 'my/attacks/01-same-length.ts'],
    ['exercise', '1.2', 'my/exercises/1.2-twice.ts'],
    ['check', '1', 'my/01-hashing/sha256.ts'],
  ])('is named by `learn %s %s`', async (command, what, file) => {
    mkdirSync(project.path(file), { recursive: true });
    const { code, output } = await project.learn(command, what);
    expect(output).toContain(`${file} is a folder, and a file is to be there.`);
    expect(output).not.toContain('    at ');
    expect(code).toBe(1);
  });

  it('is named by `learn try`', async () => {
    mkdirSync(project.path('my/race.ts'), { recursive: true });
    const { code, output } = await project.learn('try', project.path('my/race.ts'));
    expect(output).toContain('my/race.ts is a folder, and a file is to be there.');
    expect(code).toBe(1);
  });
});
