import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Project } from './project.ts';

let project: Project;
beforeAll(() => {
  project = new Project();
});
afterAll(() => project.remove());

const sha256 = 'my/01-hashing/sha256.ts';

describe('`learn check`', () => {
  afterEach(() => project.clear());

  it('names what is not written yet', async () => {
    const { code, output } = await project.learn('check');
    expect(output).toContain('○ Task 1: sha256  not written yet');
    expect(output).toContain('Write sha256 in my/01-hashing/sha256.ts');
    expect(output).toContain('step 1: 0 of 3 tasks');
    expect(code).toBe(1);
  });

  it('shows the line that does not compile, and only that', async () => {
    project.solve('01-hashing');
    project.write(
      sha256,
      'export function sha256(input: string) {\n  return input + oops(;\n}\n',
    );
    const { code, output } = await project.learn('check', '1');
    expect(output).toContain('✗ This does not compile  so no test was run');
    expect(output).toContain('my/01-hashing/sha256.ts:2:23');
    expect(output).not.toContain('The types do not fit');
    expect(code).toBe(1);
  });

  it('names a file that is missing', async () => {
    project.solve('01-hashing');
    project.write(sha256, `import './none.ts';\n${project.read(sha256)}`);
    const { code, output } = await project.learn('check', '1');
    expect(output).toContain('✗ This does not compile');
    expect(output).toContain("Cannot find module 'my/01-hashing/none.ts' imported from");
    expect(output).not.toContain(project.root);
    expect(code).toBe(1);
  });

  it('says what to do about a name that is not exported, and about files that import each other', async () => {
    project.solve('02-blocks');
    const block = 'my/02-blocks/block.ts';
    const good = project.read(block);
    project.write(block, good.replace('export function nextBlock', 'function nextBlock'));
    const first = await project.learn('check', '2');
    expect(first.output).toContain("does not provide an export named 'nextBlock'");
    expect(first.output).toContain('Write `export` before `nextBlock` there');

    project.write(block, `import './chain.ts';\n${good}`);
    mkdirSync(project.path('my/02-blocks/notes.ts')); // a folder is no source
    const { output } = await project.learn('check', '2');
    expect(output).toContain('✗ This does not compile');
    expect(output).toContain('before initialization');
    expect(output).toContain('Do two files import each other?');
  });

  it('finds what went wrong in tasks that had passed, before the task in work', async () => {
    project.solve('02-blocks');
    const [block, chain] = ['my/02-blocks/block.ts', 'my/02-blocks/chain.ts'];
    const goodBlock = project.read(block);
    project.write(
      chain,
      project.read(chain).replace('this.#blocks[index]', 'this.#blocks[0]'),
    );
    const first = await project.learn('check', '2');
    expect(first.output).toContain('✗ Task 9: at, find and slice');
    expect(first.output).toContain('step 2: 8 of 10 tasks');

    project.write(block, goodBlock.replace(`data = 'Genesis Block'`, `data = 'Block'`));
    const { code, output } = await project.learn('check', '2');
    expect(output).toMatch(/✗ Task [123]: /);
    expect(output).not.toContain('✗ Task 9');
    expect(code).toBe(1);
  });

  it('finds that a task which had passed is wrong now, though the next is not written', async () => {
    project.solve('01-hashing');
    const fields = 'my/01-hashing/fields.ts';
    const good = project.read(fields);
    const stub = good.replace(
      /(function hashFields.*)[^]*/,
      "$1 throw new Error('TODO step 1: hashFields'); }\n",
    );
    project.write(fields, stub);
    const first = await project.learn('check', '1');
    expect(first.output).toContain('○ Task 3: hashFields  not written yet');
    const text = project.read(sha256);
    project.write(sha256, text.replace("'hex'", "'base64'"));
    const { output } = await project.learn('check', '1');
    expect(output).toContain('✗ Task 1: sha256  wrong');
    expect(output).toContain('step 1: 0 of 3 tasks');
  });

  it('takes files that are put back as they passed for passed, and no others', async () => {
    project.solve('01-hashing');
    expect((await project.learn('check', '1')).output).toContain('✓ Step 1 passes');
    const good = project.read(sha256);
    const list = async () => (await project.learn('list')).output;
    project.write(sha256, good.replace("'hex'", "'base64'"));
    await project.learn('check', '1');
    expect(await list()).toMatch(
      /1 {2}hashing +0 of 3 .*your code changed since it passed/,
    );
    project.write(sha256, good);
    expect(await list()).toMatch(/✓ +1 {2}hashing +3 of 3/);
    project.write(sha256, `${good}\n`);
    expect(await list()).not.toMatch(/✓ +1 /);
  });

  it('says of code that passes when its types do not fit', async () => {
    project.solve('01-hashing');
    project.write(sha256, `${project.read(sha256)}export const two: string = 2;\n`);
    const { code, output } = await project.learn('check', '1');
    expect(output).toContain('✓ Step 1 passes all its tests.');
    expect(output).toMatch(/The types do not fit at my\/01-hashing\/sha256\.ts:\d+:14/);
    expect(code).toBe(0);
  });

  it('says what to write in place of what is more than a type', async () => {
    project.solve('01-hashing');
    const box = 'export class Box {\n  constructor(readonly size: number) {}\n}\n';
    project.write(sha256, `${project.read(sha256)}${box}`);
    const { output } = await project.learn('check', '1');
    expect(output).toMatch(
      /The types do not fit[^]*write\s+out a field with its assignment/,
    );
  });
});

describe('`learn hint`', () => {
  afterEach(() => project.clear());

  it('opens one more hint each time, and notes how many', async () => {
    const first = await project.learn('hint');
    expect(first.output).toContain('Hint 1 of 3');
    expect(first.output).not.toContain('Hint 2 of 3');
    const second = await project.learn('hint', '1');
    expect(second.output).toContain('Hint 1 of 3');
    expect(second.output).toContain('Hint 2 of 3');
    expect(second.code).toBe(0);
    expect(project.progress()).toMatchObject({
      steps: { '01-hashing': { tasks: { 'Task 1: sha256': { hints: 2 } } } },
    });
    expect(second.output).toContain('./learn hint shows the next hint.');
    const third = await project.learn('hint', '1');
    const words = third.output.replace(/\s+/g, ' ');
    expect(words).toContain(
      'These were all hints. The chapter explains the whole of it:',
    );
    expect(words).toContain('./learn diff 1 shows how your files differ');
  });
});

describe('`learn diff` and `learn solution`', () => {
  afterEach(() => project.clear());

  it('show where the reader and the reference differ, and note that they were opened', async () => {
    project.solve('01-hashing');
    const text = project.read(sha256);
    project.write(sha256, text.replaceAll('\n', '\r\n').replace("'hex'", "'base64'"));
    const { output } = await project.learn('diff', '1');
    expect(output).toContain('- yours, my/01-hashing/sha256.ts');
    expect(output).toContain("-   return hash('sha256', input, 'base64');");
    expect(output).toContain("+   return hash('sha256', input, 'hex');");
    expect(output.match(/^[-+] /gm)).toHaveLength(4);
    const solution = await project.learn('solution', '1');
    expect(solution.output).toContain(text);
    expect(project.progress()).toMatchObject({
      steps: {
        '01-hashing': { diff: expect.any(String), solution: expect.any(String) },
      },
    });
  });
});

describe('`learn reset`', () => {
  afterEach(() => project.clear());

  it('begins a step anew, and keeps the old files, however often', async () => {
    project.solve('01-hashing');
    const [mine, others] = [project.read(sha256), 'export const other = 1;\n'];
    const { output } = await project.learn('reset', '1');
    expect(output).toContain('Your files are now in my/old/01-hashing-');
    expect(project.read(sha256)).toContain('TODO step 1: sha256');
    project.write(sha256, others);
    await project.learn('reset', '1');
    const kept = readdirSync(project.path('my/old')).sort();
    const texts = kept.map((name) => project.read(`my/old/${name}/sha256.ts`));
    expect(texts).toEqual([mine, others]);
  });
});

describe('`learn doctor`', () => {
  afterEach(() => project.clear());

  it('says what is well, and what to do about what is not', async () => {
    const { code, output } = await project.learn('doctor');
    expect(output).toContain(`✓ Node ${process.versions.node}`);
    expect(output).toContain(`✓ Your code goes to ${project.path('my')}`);
    expect(output).toContain('NODE_OPTIONS');
    // The kit works in any folder, but the site does not.
    expect(output).toMatch(
      /! Vite, .* "#", as in .*\. Rename that folder, to read the site/,
    );
    expect(code).toBe(0);
    expect(existsSync(project.path('my'))).toBe(true);
  });
});

describe('A reader whose my/ is a link to another place', () => {
  beforeAll(() => project.linkMy());
  afterAll(() => project.clear());

  it('learns as others do: tests, types, and a node with the own steps in it', async () => {
    await project.learn();
    expect(readdirSync(project.path('../elsewhere'))).toContain('01-hashing');
    project.solve('01-hashing');
    project.solve('02-blocks');
    for (const step of ['1', '2']) {
      const { output } = await project.learn('check', step);
      expect(output).toContain(`✓ Step ${step} passes all its tests.`);
      expect(output).not.toContain('The types do not fit');
    }
    const block = 'my/02-blocks/block.ts';
    project.write(block, `${project.read(block)}export const two: string = 2;\n`);
    const { output } = await project.learn('check', '2');
    expect(output).toMatch(/The types do not fit at my\/02-blocks\/block\.ts:\d+:14/);

    const node = project.start('run', '-p', '0', '-w', '0', '-d', '1');
    const [url = ''] = await node.untilOutput(/http:\/\/127\.0\.0\.1:\d+/);
    const answer = await fetch(`${url}/status`);
    expect(await answer.json()).toMatchObject({ code: 'my 01 02' });
    node.signal('SIGINT');
    expect((await node.end).code).toBe(0);
  }, 180_000);

  it('is told where the link leads if nothing is there', async () => {
    rmSync(project.path('../elsewhere'), { recursive: true });
    const { output } = await project.learn('doctor');
    expect(output).toMatch(
      /! .*my is a link to .*elsewhere.*, which is not there\. Make/,
    );
    const { code, output: words } = await project.learn('check', '1');
    expect(words).not.toMatch(/^\s+at /m);
    expect(code).toBe(1);
  });
});

describe('A reader who has passed steps', () => {
  beforeAll(async () => {
    project.solve('01-hashing');
    project.solve('02-blocks');
    const { code, output } = await project.learn('check', '1');
    expect(output).toContain('✓ Step 1 passes all its tests.');
    expect(output).toContain('Next: step 2, blocks  (tutorial/02-blocks.md)');
    expect(code).toBe(0);
  }, 60_000);
  afterAll(() => project.clear());

  it('tests the next one on their own code, or on the reference alone if they say so', async () => {
    const only = await project.learn('check', '2', '--only');
    expect(only.output).toContain("on your steps: 2, the reference's: 1");
    const all = await project.learn('check', '2');
    expect(all.output).toContain('on your steps: 1 2\n');
    expect([only.code, all.code]).toEqual([0, 0]);
  });

  it('runs a node with the steps in it that pass as they stand, and the node tells whose they are', async () => {
    // A node that mines needs some time to end, in which a second signal would break it off.
    const mining = ['--mine', '--threads', '1', '--data-dir', project.path('data')];
    const free = ['-p', '0', '-w', '0', ...mining];
    const node = project.start('run', '--', ...free);
    const [url = ''] = await node.untilOutput(/http:\/\/127\.0\.0\.1:\d+/);
    const answer = await fetch(`${url}/status`);
    expect(await answer.json()).toMatchObject({ code: 'my 01 02' });
    node.signal('SIGINT');
    expect((await node.end).code).toBe(0);

    const text = project.read('my/02-blocks/chain.ts');
    project.write('my/02-blocks/chain.ts', `${text}// changed\n`);
    const other = project.start('run', ...free);
    await other.untilOutput(/Step 2 is the reference's: .* \(.\/learn check 2\)/);
    const [changed = ''] = await other.untilOutput(/http:\/\/127\.0\.0\.1:\d+/);
    const now = await fetch(`${changed}/status`);
    expect(await now.json()).toMatchObject({ code: 'my 01' });
    other.signal('SIGINT');
    expect((await other.end).code).toBe(0);

    const list = await project.learn('list');
    expect(list.output).toMatch(/✓ +1 {2}hashing +3 of 3 tasks\n/);
    expect(list.output).toMatch(/◐ +2 {2}blocks +10 of 10 tasks {2}\(your code changed/);
  });

  it('hears after an update which task is another one now, and loses nothing', async () => {
    const test = 'steps/01-hashing/fields.test.ts';
    const text = project.read(test);
    const before = project.progress();
    project.write(test, text.replace(/(describe\('Task 2.*\n)/, '$1  // new\n'));
    const { output } = await project.learn('list');
    project.write(test, text);
    expect(output.match(/changed by an update.*/g)).toEqual([
      'changed by an update since you passed it: Task 2: canonicalJson',
    ]);
    expect(output).toMatch(/✓ +1 {2}hashing +3 of 3 tasks/);
    expect(project.progress()).toEqual(before);
  });

  it('keeps what another version of the kit has noted', async () => {
    const noted = project.progress() as { steps: Record<string, { tasks: object }> };
    const first = noted.steps['01-hashing'];
    const strange = {
      ...noted,
      theme: 'dark',
      steps: {
        ...noted.steps,
        '01-hashing': {
          ...first,
          mood: 'good',
          tasks: { ...first?.tasks, 'Task 9: none': { hints: 1, color: 'blue' } },
        },
        '07-no-more': { tasks: {} },
      },
    };
    project.write('my/progress.json', JSON.stringify(strange));
    const { code, output } = await project.learn('hint', '3');
    expect(output).toContain('Hint 1 of 3');
    expect(code).toBe(0);
    expect(project.progress()).toMatchObject(strange);
  });

  it('hears where notes went that cannot be read, and can go on', async () => {
    project.write('my/progress.json', '{ "steps": ');
    const { code, output } = await project.learn('list');
    const [, aside = ''] =
      /It is now (my\/progress-\S+\.json)\. Your code/.exec(output) ?? [];
    expect(project.read(aside)).toBe('{ "steps": ');
    expect(output).toMatch(/○ +1 {2}hashing +0 of 3 tasks/);
    expect(code).toBe(0);
  });
});
