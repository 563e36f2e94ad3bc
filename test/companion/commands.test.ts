import { readdirSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { steps } from '../../scripts/steps.mjs';
import { loadSteps } from '../../tutorial/companion/kit.ts';
import { codeOf, noted, readNotes, writeNotes } from '../../tutorial/workbench/notes.ts';
import { Project } from './project.ts';

let project: Project;
beforeAll(() => {
  project = new Project();
});
afterEach(() => project.clear());
afterAll(() => project.remove());

const sha256 = 'my/01-hashing/sha256.ts';

describe('Without a terminal, `learn`', () => {
  it('makes the stubs of the first step, and says where to write and how to go on', async () => {
    const { code, output } = await project.learn();
    expect(output).toContain('Write in my/01-hashing/, read tutorial/01-hashing.md');
    expect(output).toContain('learn check');
    expect(code).toBe(0);
    expect(readdirSync(project.path('my/01-hashing')).sort()).toEqual([
      'fields.ts',
      'index.ts',
      'sha256.ts',
    ]);
    expect(project.read(sha256)).toContain('TODO step 1: sha256');
    // All that an editor may open in my/ has the settings of the project.
    const settings: unknown = JSON.parse(project.read('my/tsconfig.json'));
    const include = ['*-*', '*.ts', 'attacks', 'exercises'];
    expect(settings).toMatchObject({ extends: '../tsconfig.json', include });
  });

  it('goes on with the step that was begun last, and overwrites nothing', async () => {
    project.write('my/tsconfig.json', '{ "include": ["."] }');
    project.write('my/03-proof-of-work/index.ts', '// mine\n');
    await project.learn('3');
    const { output } = await project.learn();
    expect(output).toContain('Write in my/03-proof-of-work/');
    expect(project.read('my/03-proof-of-work/index.ts')).toBe('// mine\n');
    expect(project.read('my/tsconfig.json')).toBe('{ "include": ["."] }');
  });

  it('goes on with files that were written in pages, and with what has passed there', async () => {
    project.solve('01-hashing');
    const [step] = loadSteps();
    if (step === undefined) throw new Error('There are steps.');
    const files = step.sources.map(
      (name) => [`my/01-hashing/${name}`, project.read(`my/01-hashing/${name}`)] as const,
    );
    const passed = step.tasks.map(({ title }) => title);
    const code = codeOf(Object.fromEntries(files));
    const notes = noted(readNotes(''), step, { passed, failed: [], code });
    project.write('my/progress.json', writeNotes(notes));
    const { output } = await project.learn('list');
    expect(output).toMatch(/✓ +1 {2}hashing +3 of 3 tasks/);
    expect(readNotes(project.read('my/progress.json'))).toEqual(notes);
  });

  it.each([
    [['99'], `There is no step 99: say a number from 1 to ${steps.length}.`],
    [['check', 'hash'], 'A step is a number, such as 3. learn -h names the commands.'],
  ])('refuses %j in a sentence', async (args, words) => {
    const { code, output } = await project.learn(...args);
    expect(output).toContain(words);
    expect(output).not.toMatch(/^ +at /m);
    expect(code).toBe(1);
  });
});

describe('`learn check`', () => {
  it('shows what is wrong, the usual cause, and the place where an error was thrown', async () => {
    project.solve('01-hashing');
    const broken =
      "export function sha256(): string {\n  throw new Error('not mine');\n}\n";
    project.write(sha256, broken);
    const { code, output } = await project.learn('check', '1');
    expect(output).toContain('✗ Task 1: sha256  wrong');
    expect(output).toContain('It threw an Error: not mine');
    expect(output).toContain('my/01-hashing/sha256.ts:2:9');
    // What threw may be anything: no cause is guessed.
    expect(output).not.toContain('A frequent mistake here');
    expect(output).toContain('The test: steps/01-hashing/sha256.test.ts:');
    expect(code).toBe(1);
  });
});
