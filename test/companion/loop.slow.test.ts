import { once } from 'node:events';
import { mkdirSync, readdirSync, renameSync, rmSync, watch } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { withLoop } from './open-loop.ts';
import type { TestTerminal } from './terminal.ts';

const { project, open, openSession, openSolved, untilEnded } = withLoop();
let terminal: TestTerminal;

const sha256 = 'my/01-hashing/sha256.ts';
const wrongCode = (digest: string) => `export const sha256 = () => '${digest}';\n`;
const rightCode = () => project.read('steps/01-hashing/sha256.ts');

describe('The loop', () => {
  it('shows a new result after each save, whichever way the editor saves', async () => {
    terminal = open(1);
    await terminal.until(/not written yet/);
    project.write(sha256, wrongCode('one'));
    const first = await terminal.until(/✗ Task 1: sha256 {2}wrong/);
    expect(first).toContain('Found     "one"');

    project.write('my/01-hashing/sha256.ts.new', wrongCode('two'));
    renameSync(project.path('my/01-hashing/sha256.ts.new'), project.path(sha256));
    await terminal.until(/✗ Task 1(.|\n)*Found {5}"two"/); // what came of "one" may go on before

    rmSync(project.path(sha256));
    project.write(sha256, 'export const sha256 = (;\n');
    await terminal.until(/✗ This does not compile/);

    project.write(sha256, rightCode());
    expect(await terminal.until(/not written yet/)).toContain('Write canonicalJson');
  });

  it('looks at no hidden file, such as those by which editors lock and keep copies', async () => {
    terminal = open(1);
    await terminal.until(/not written yet/);
    mkdirSync(project.path('my/01-hashing/.#sha256.ts')); // cannot be read, like a lock
    project.write('my/01-hashing/._sha256.ts', '\0 no program \0');
    project.write(sha256, wrongCode('one'));
    expect(await terminal.until(/✗ Task 1/)).toContain('Found     "one"');
  });

  it('begins with the tests of what was changed, and judges the tasks before it all the same', async () => {
    project.solve('02-blocks');
    const session = openSession();
    const step = session.step(2);
    const begun: string[] = [];
    const check = () => {
      begun.length = 0;
      return session.check(step, { onStart: (task) => begun.push(task) });
    };
    expect((await check()).verdict).toEqual({ kind: 'passed' });

    const chain = 'my/02-blocks/chain.ts';
    const block = 'my/02-blocks/block.ts';
    project.write(chain, project.read(chain).replace('this.#blocks[index]', 'undefined'));
    const { verdict } = await check();
    expect(begun[0]).toMatch(/^Task 9: /);
    expect(begun).toContain(step.tasks[0]?.title);
    expect(verdict).toMatchObject({ kind: 'wrong', task: { title: begun[0] } });

    project.write(block, project.read(block).replace("'Genesis Block'", "'Block'"));
    expect((await check()).verdict).toMatchObject({
      kind: 'wrong',
      task: { title: expect.stringMatching(/^Task [123]: /) },
    });
    expect(begun[0]).toMatch(/^Task 9: /); // it is in work now
    session.close();
  });

  it('shows nothing of a run during which the files were saved again', async () => {
    project.solve('01-hashing');
    project.write('signs/first', '');
    const sign = JSON.stringify(project.path('signs/second'));
    project.write(
      sha256,
      `import { writeFileSync } from 'node:fs';\nwriteFileSync(${sign}, '');\nfor (;;);\nexport const sha256 = 0;\n`,
    );
    const watcher = watch(project.path('signs'));
    const begun = once(watcher, 'change');
    terminal = open(1);
    await begun;
    watcher.close();
    project.write(sha256, rightCode());
    await terminal.until(/✓ Step 1 passes all its tests/);
    expect(terminal.screens.join('\n')).not.toContain('✗');
  });

  it('says after a result where the types do not fit', async () => {
    terminal = await openSolved();
    project.write(sha256, `${rightCode()}export const two: string = 2;\n`);
    const screen = await terminal.until(/The types do not fit/);
    expect(screen).toContain('✓ Step 1 passes all its tests');
    expect(screen).toMatch(/my\/01-hashing\/sha256\.ts:\d+:14/);
    expect(screen).toContain("Type 'number' is not assignable to type 'string'.");
  });
});

describe('What the program prints', () => {
  it('is shown below the result, its last lines, and without what would spoil the screen', async () => {
    project.solve('01-hashing');
    const prints = [
      "console.log('first of all');",
      "process.stdout.write('x'.repeat(1_000_000) + '\\n');",
      "process.stdout.write('\\u001b[2J\\u001b[1;1Hcleared\\rback\\u0007\\n');",
      "for (let i = 0; i < 20; i += 1) console.log('line', i);",
      "console.error('last');",
    ];
    project.write(sha256, `${rightCode()}${prints.join('\n')}\n`);
    terminal = open(1);
    const screen = await terminal.until(/✓ Step 1 passes all its tests/);
    expect(screen).toContain('Your program printed');
    expect(screen).toContain('… and more before this');
    expect(screen).toContain('    line 19\n');
    expect(screen).not.toContain('first of all');

    project.write(sha256, `${rightCode()}${prints.slice(0, 3).join('\n')}\n`);
    const other = await terminal.until(/✓ Step 1 passes all its tests/);
    expect(other).toMatch(/^ {4}x{50,}…$/m);
    expect(other).toContain('    cleared back \n');
  });
});

describe('A program that ends itself', () => {
  it('is reported, with the test that was under way', async () => {
    project.solve('01-hashing');
    project.write(sha256, `process.exit(0);\n${rightCode()}`);
    terminal = open(1);
    await terminal.until(/The program ended in the middle of the test/);
    project.write(sha256, 'export const sha256 = () => process.exit(0);\n');
    const screen = await terminal.until(/gives the published digest of the text/);
    expect(screen).toContain('✗ Task 1: sha256  wrong');
    expect(screen).toContain('The program ended in the middle of the test');
    expect(screen).toContain('step 1: 0 of 3 tasks');
  });
});

describe('The keys', () => {
  it('n goes on only after passing, and then to the next step, wherever one has begun', async () => {
    terminal = open(3);
    await terminal.until(/not written yet/);
    await terminal.shows('n', /Step 3 has not passed yet\. r shows where it stands/);
    project.solve('03-proof-of-work');
    const passed = await terminal.until(/✓ Step 3 passes all its tests/);
    expect(passed).toContain('Next: step 4, http');
    expect(passed).toContain('n next step');
    await terminal.shows('n', /Step 4 {2}http[^]*not written yet/);
    expect(readdirSync(project.path('my'))).toContain('04-http');
    expect(project.progress()).toMatchObject({ current: '04-http' });
  });

  it('h opens one hint more; d, l and o show differences, list and paths; r the result again', async () => {
    terminal = open(1);
    await terminal.until(/not written yet/);
    for (const hint of [1, 2, 3]) {
      const screen = await terminal.shows('h', new RegExp(`Hint ${hint} of 3`));
      expect(screen).not.toContain(`Hint ${hint + 1} of 3`);
      expect(screen).not.toContain('```');
    }
    const screen = await terminal.shows('h', /These were all hints/);
    expect(screen).toMatch(/tutorial\/01-hashing\.md:\d+/);
    expect(project.progress()).toMatchObject({
      steps: { '01-hashing': { tasks: { 'Task 1: sha256': { hints: 3 } } } },
    });

    await terminal.shows('d', /- {3}throw new Error\('TODO step 1: sha256'\);/);
    await terminal.shows('l', /○ +1 {2}hashing +0 of 3 tasks {2}\(you are here\)/);
    const paths = await terminal.shows('o', /The reference\n +steps\/01-hashing/);
    expect(paths).toContain(project.path(sha256));
    await terminal.shows('r', /not written yet/);
  });

  it('d shows the difference of one task alone; w another way, once it has passed', async () => {
    terminal = open(1);
    const stub = await terminal.until(/It promises \(0 of \d+ hold\)/);
    expect(stub).toMatch(/✗ gives the published digest of …|✗ hashes …/);
    expect(stub).toContain('The way: see the demo (npm run demo 01)');
    const early = await terminal.shows('w', /shown when it has passed/);
    expect(early).not.toContain('w another way');
    project.write(sha256, rightCode());
    const green = await terminal.until(/✓ Task 1: sha256 {2}passes/);
    expect(green).toContain('Compare, and read why: w shows another way');
    expect(green).toContain('w another way');
    expect(green).not.toContain('The way: ');
    const other = await terminal.shows('w', /Task 1: sha256 {2}another way/);
    expect(other).toContain('export const sha256');
    expect(other).not.toContain('hashFields');
    const diff = await terminal.shows('d', /Task 2: canonicalJson[^]*TODO step 1/);
    expect(diff).not.toContain('hashFields');
  });

  it('t runs all tests, and shows each task with what failed in it', async () => {
    project.solve('01-hashing');
    project.write(sha256, wrongCode('one'));
    terminal = open(1);
    await terminal.until(/✗ Task 1/);
    const screen = await terminal.shows('t', /✗ Task 3: hashFields/);
    expect(screen).toContain('  ✗ Task 1: sha256\n      ');
    expect(screen).toContain('  ✓ Task 2: canonicalJson\n');
  });

  it('x begins the step anew, after y alone, and keeps the files', async () => {
    terminal = await openSolved();
    await terminal.shows('x', /Begin step 1 anew\? Your files are kept in my\/old\//);
    await terminal.shows('c', /✓ Step 1 passes all its tests/);
    await terminal.shows('x', /Begin step 1 anew\?/);
    const screen = await terminal.shows('y', /not written yet/);
    const [, old = ''] =
      /Your files are now in (my\/old\/01-hashing-\S+)\./.exec(screen) ?? [];
    expect(project.read(`${old}/sha256.ts`)).toBe(rightCode());
    expect(screen).toContain('step 1: 0 of 3 tasks');
  });

  it('q ends the loop, even while tests run, and what has passed stays so', async () => {
    terminal = await openSolved();
    await terminal.shows('r', /Running the tests/);
    await terminal.shows('r', /Running the tests/);
    terminal.press('q');
    await untilEnded();
    expect(terminal.stdin.isPaused()).toBe(true);
    const { output } = await project.learn('list');
    expect(output).toMatch(/✓ +1 {2}hashing +3 of 3 tasks\n/);
  });

  it('Ctrl-C ends the loop, also where it waits for an answer', async () => {
    terminal = open(1);
    await terminal.shows('x', /Begin step 1 anew\?/);
    terminal.press('\u0003');
    await untilEnded();
    expect(terminal.stdin.isPaused()).toBe(true);
  });
});
