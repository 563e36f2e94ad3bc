/** What the grader reads and writes, and that a submission stays where it is put. */
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { strToU8, zipSync } from 'fflate';
import { z } from 'zod';
import { root } from '../../tutorial/companion/kit.ts';
import { writeAll } from '../../tutorial/companion/grading/command.ts';
import { findContainment } from '../../tutorial/companion/grading/containment.ts';
import {
  toAutolab,
  toClassroom,
  toCsv,
  toGradescope,
  toJson,
  toJunit,
} from '../../tutorial/companion/grading/formats.ts';
import {
  grade,
  type Grade,
  type Status,
} from '../../tutorial/companion/grading/grade.ts';
import { checkJunit } from '../../tutorial/companion/grading/check-report.ts';
import { overviewPage, reportPage } from '../../tutorial/companion/grading/pages.ts';
import {
  autolabSchema,
  checkSchema,
  classroomSchema,
  gradeSchema,
  gradescopeSchema,
  schemaFiles,
} from '../../tutorial/companion/grading/schemas.ts';
import {
  findSubmissions,
  readSubmission,
} from '../../tutorial/companion/grading/submissions.ts';
import {
  Room,
  folders,
  inside,
  program,
  reference,
  stepAt,
  steps,
  zipped,
} from './submissions.ts';

const room = new Room();
afterAll(() => room.remove());

const right = reference(1);
const read = (path: string) => readSubmission(path, folders);

describe('A submission', () => {
  it.each([
    ['is a folder my/ in a folder', inside('my', right)],
    ['is the folders of steps', right],
    ['has its my/ in a folder of its own', inside('pychain/my', right)],
    [
      'is the whole project',
      {
        ...inside('my', right),
        ...inside('steps', program('none')),
        ...inside('test/kit/second', program('none')),
      },
    ],
    [
      'has folders of others beside it',
      { ...inside('my', right), ...inside('__MACOSX/my', program('none')) },
    ],
  ])('is read if it %s, in a folder as in a zip file', (what, files) => {
    const folder = room.fill(`read/${what.replaceAll('/', '')}`, files);
    const zip = room.write(`read/${what.replaceAll('/', '')}.zip`, zipped(files));
    for (const path of [folder, zip])
      expect(read(path)).toMatchObject({
        files: new Map(Object.entries(right).sort()),
        notes: [],
      });
  });

  it('may be a zip file alone in a folder, as services hand them out', () => {
    room.write('moodle/Ada_12_file/work.zip', zipped(inside('my', right)));
    const [one] = findSubmissions(join(room.path, 'moodle'), folders);
    expect(one).toMatchObject({
      name: 'Ada_12_file',
      files: new Map(Object.entries(right).sort()),
    });
  });

  it('may come from any editor: with a mark of its encoding, and line ends of Windows', () => {
    const text = 'export const one = "Grüße";\n';
    const wide = new Uint8Array([0xff, 0xfe, ...Buffer.from(text, 'utf16le')]);
    room.write('editors/01-hashing/a.ts', `\ufeff${text.replace('\n', '\r\n')}`);
    room.write('editors/01-hashing/b.ts', wide);
    expect([...read(join(room.path, 'editors')).files.values()]).toEqual([text, text]);
  });

  it('is read without tests, settings and links that it brings, and a note says so', () => {
    const folder = room.fill('brings', {
      ...inside('my', right),
      'my/01-hashing/sha256.test.ts': 'none',
      'my/01-hashing/words-for-test.ts': 'none',
      'my/package.json': '{}',
      'jest.config.js': 'none',
    });
    symlinkSync(join(root, 'steps'), join(folder, 'my', '02-blocks'), 'junction');
    const { files, notes } = read(folder);
    expect([...files.keys()]).toEqual(Object.keys(right).sort());
    expect(notes).toEqual([
      'Tests that it brings were left out (2).',
      'Settings that it brings were left out (1).',
      'Symbolic links were left out (1).',
    ]);
  });

  it('cannot write or read beside itself by the names in a zip file', () => {
    const zip = room.write(
      'slip.zip',
      zipped({
        ...right,
        '../../01-hashing/evil.ts': 'a',
        '/01-hashing/evil.ts': 'b',
        '..\\01-hashing\\evil.ts': 'c',
      }),
    );
    const { files, notes } = read(zip);
    expect([...files.keys()]).toEqual(Object.keys(right).sort());
    expect(notes).toEqual(['Paths that lead out of it were left out (3).']);
  });

  it('takes no memory for files that are too large, whatever their headers say', () => {
    const bomb = zipSync({
      '01-hashing/bomb.ts': new Uint8Array(5_000_000),
      '01-hashing/index.ts': strToU8('export {};'),
    });
    expect(bomb.length).toBeLessThan(50_000);
    const honest = read(room.write('bomb.zip', bomb));
    expect([...honest.files.keys()]).toEqual(['01-hashing/index.ts']);
    expect(honest.notes).toEqual(['Files that are too large were left out (1).']);
    // Now its headers say that it is small: then no more than that is taken of it.
    const view = new DataView(bomb.buffer, bomb.byteOffset);
    for (let at = 0; at + 4 < bomb.length; at += 1) {
      if (view.getUint32(at, true) === 5_000_000) view.setUint32(at, 100, true);
    }
    const liar = read(room.write('liar.zip', bomb));
    expect(liar.files.get('01-hashing/bomb.ts')).toHaveLength(100);
  });

  it.each([
    ['no zip file', 'x.zip', strToU8('no zip'), /no zip file, or it is damaged/],
    [
      'nothing of the steps',
      'none.zip',
      zipped({ 'a.txt': 'a' }),
      /holds no folder my\//,
    ],
    [
      'two folders that may be meant',
      'two.zip',
      zipped({ ...inside('a/my', right), ...inside('b/my', right) }),
      /more than one folder with steps: a\/my\/ and b\/my\//,
    ],
  ])('is refused in words if it is, or holds, %s', (_what, name, bytes, words) => {
    expect(read(room.write(name, bytes)).problem).toMatch(words);
  });
});

describe('A folder of submissions', () => {
  it('is read in the order of the names, whatever else lies there', () => {
    const folder = room.fill('class', { ...inside('Zoë', right), 'notes.txt': '' });
    room.write('class/ada.zip', zipped(right));
    room.write('class/.DS_Store', '');
    mkdirSync(join(folder, 'none'));
    symlinkSync(root, join(folder, 'link'), 'junction');
    const found = findSubmissions(folder, folders);
    expect(found.map(({ name, problem }) => [name, problem === undefined])).toEqual([
      ['Zoë', true],
      ['ada.zip', true],
      ['link', false],
      ['none', false],
    ]);
  });

  it.each([
    ['is not there', 'nowhere', /There is no folder/],
    ['is empty', 'hollow', /There is no submission in/],
    ['is one submission itself', 'single', /looks like one submission/],
  ])('is refused in words if it %s', (_what, name, words) => {
    mkdirSync(join(room.path, 'hollow'), { recursive: true });
    room.fill('single', inside('my', right));
    expect(() => findSubmissions(join(room.path, name), folders)).toThrow(words);
  });
});

/** A grade of step 1, by what became of its tasks. */
function gradeOf(name: string, ...statuses: Status[]): Grade {
  const step = stepAt(1);
  const tasks = statuses.map((status, i) => {
    const task = step.tasks[i];
    if (task === undefined) throw new Error('There is no such task.');
    const words = status === 'passed' ? '' : 'Fails: <b> & "c"\u0007';
    return { step, task, status, words, details: words };
  });
  return { name, tasks, notes: [] };
}

describe('The grades', () => {
  const grades = [
    gradeOf('Ada', 'passed', 'passed', 'failed'),
    gradeOf('=1+1,"x"', 'failed'),
  ];
  const [ada = gradeOf('')] = grades;

  it('are a table that a spreadsheet reads, and computes nothing of', () => {
    expect(toCsv(grades)).toBe(
      'submission,points,of,1.1 sha256,1.2 canonicalJson,1.3 hashFields,notes\r\n' +
        'Ada,2,3,1,1,0,\r\n' +
        `"'=1+1,""x""",0,1,0,\r\n`,
    );
  });

  it('are JUnit XML, whatever words they hold', () => {
    expect(toJunit([ada])).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="grades" tests="3" failures="1" errors="0" skipped="0">
  <testsuite name="Ada" tests="3" failures="1" errors="0" skipped="0">
    <testcase name="1.1 sha256" classname="Ada"/>
    <testcase name="1.2 canonicalJson" classname="Ada"/>
    <testcase name="1.3 hashFields" classname="Ada">
      <failure message="Fails: &lt;b&gt; &amp; &quot;c&quot;\ufffd">Fails: &lt;b&gt; &amp; &quot;c&quot;\ufffd</failure>
    </testcase>
  </testsuite>
</testsuites>
`);
  });

  it('are of the forms that are documented', () => {
    expect(gradeSchema.parse(toJson(ada))).toMatchObject({ points: 2, of: 3 });
    expect(gradescopeSchema.parse(toGradescope(ada))).toMatchObject({
      score: 2,
      tests: [
        { name: 'sha256', number: '1.1', score: 1, max_score: 1, status: 'passed' },
        { status: 'passed' },
        { status: 'failed', score: 0 },
      ],
    });
    expect(autolabSchema.parse(toAutolab(ada))).toEqual({ scores: { step1: 2 } });
  });

  it('say of Classroom 50 what its runner says, and invent nothing where it says nothing', () => {
    const runner = {
      CLASSROOM: 'cs',
      ASSIGNMENT: 'hashing',
      SUBMISSION_TAG: 'submit/2026-06-01T14-32-05Z-a1b2c3d',
      COMMIT_URL: 'https://example.org/commit',
      RELEASE_URL: 'https://example.org/release',
    };
    expect(classroomSchema.parse(toClassroom(ada, runner))).toEqual({
      schema: 'classroom50/result/v1',
      classroom: 'cs',
      assignment: 'hashing',
      submission: 'submit/2026-06-01T14-32-05Z-a1b2c3d',
      commit: 'https://example.org/commit',
      release: 'https://example.org/release',
      review: 'https://example.org/commit',
      datetime: '2026-06-01T14:32:05Z',
      score: 2,
      'max-score': 3,
      tests: [
        { 'test-name': '1.1 sha256', passed: true, score: 1, 'max-score': 1 },
        { 'test-name': '1.2 canonicalJson', passed: true, score: 1, 'max-score': 1 },
        { 'test-name': '1.3 hashFields', passed: false, score: 0, 'max-score': 1 },
      ],
    });
    expect(Object.keys(classroomSchema.parse(toClassroom(ada, {})))).toEqual([
      'schema',
      'score',
      'max-score',
      'tests',
    ]);
  });

  it('are pages that run nothing and load nothing', () => {
    const evil = gradeOf('<script>alert(1)</script>', 'failed');
    for (const text of [reportPage(evil), overviewPage([evil], () => 'a b')]) {
      expect(text).toContain("default-src 'none'");
      expect(text).not.toMatch(/<script|src=|url\(|@import/);
      expect(text).toContain('&lt;script&gt;');
    }
  });

  it('lie in folders of names that every system has', () => {
    const out = join(room.path, 'out');
    const names = ['Zoë 李', 'a/b', 'a\\b', 'CON', '..', 'x'.repeat(300)];
    writeAll(
      out,
      names.map((name) => gradeOf(name, 'passed')),
    );
    const made = [
      'Zoë-李',
      'a-b',
      'a-b-2',
      'submission-CON',
      'submission-',
      'x'.repeat(80),
    ];
    for (const name of made)
      expect(existsSync(join(out, name, 'report.html'))).toBe(true);
    expect(readFileSync(join(out, 'grades.csv'), 'utf8')).toContain('Zoë 李,1,1,1');
  });
});

describe('The JSON Schemas beside the site', () => {
  it.each([...schemaFiles])('%s is the one that the program checks by', (name, text) => {
    const file = join(root, 'tutorial', 'public', 'schemas', name);
    if (process.env.UPDATE !== undefined) writeFileSync(file, text);
    expect(readFileSync(file, 'utf8').replaceAll('\r\n', '\n')).toBe(text);
  });
});

describe('A report of `learn check`', () => {
  const report: z.infer<typeof checkSchema> = {
    schema: 'pychain/check/1',
    step: 1,
    folder: '01-hashing',
    passed: false,
    own: [1],
    tasks: [
      {
        number: 1,
        title: 'Task 1: a',
        status: 'passed',
        tests: [{ name: 'one', status: 'passed' }],
      },
      {
        number: 2,
        title: 'Task 2: b',
        status: 'failed',
        tests: [
          {
            name: 'two',
            status: 'failed',
            message: 'no\nmore',
            file: 'a.test.ts',
            line: 3,
          },
        ],
      },
      { number: 3, title: 'Task 3: c', status: 'untested', tests: [] },
    ],
  };

  it('is JUnit XML too: what was not run is skipped', () => {
    expect(checkJunit(checkSchema.parse(report)))
      .toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="Step 1" tests="3" failures="1" errors="0" skipped="1">
  <testsuite name="Task 1: a" tests="1" failures="0" errors="0" skipped="0">
    <testcase name="one" classname="Step 1, Task 1: a"/>
  </testsuite>
  <testsuite name="Task 2: b" tests="1" failures="1" errors="0" skipped="0">
    <testcase name="two" classname="Step 1, Task 2: b" file="a.test.ts" line="3">
      <failure message="no">no
more</failure>
    </testcase>
  </testsuite>
  <testsuite name="Task 3: c" tests="1" failures="0" errors="0" skipped="1">
    <testcase name="Task 3: c" classname="Step 1, Task 3: c">
      <skipped/>
    </testcase>
  </testsuite>
</testsuites>
`);
  });
});

describe('A submission that runs', () => {
  it('gets its points, and reaches no file, no process, no variable and no other machine', async () => {
    const tried = [
      'fs',
      'child_process',
      'worker_threads',
      'module',
      'vm',
      'v8',
      'inspector',
      'process',
      'dns',
    ];
    const curious = `
export * from './sha256.ts';
export * from './fields.ts';
import { connect, Socket } from 'node:net';
for (const name of ${JSON.stringify(tried)}) {
  const found = await import('node:' + name).then(() => name, () => undefined);
  if (found !== undefined) throw new Error('It imports ' + found);
}
if (Object.keys(process.env).length > 0) throw new Error('It sees variables.');
for (const host of ['192.0.2.1', 'example.org']) {
  const socket = connect({ host, port: 80 });
  const error = await new Promise<Error>((resolve) => socket.on('error', resolve));
  if (!error.message.includes('its own machine only')) throw error;
}
`;
    const submissions = [
      { name: 'curious', files: { ...right, '01-hashing/index.ts': curious } },
      { name: 'right', files: right },
    ].map(({ name, files }) => ({
      name,
      files: new Map(Object.entries(files)),
      notes: [],
    }));
    const grades = await grade(submissions, {
      steps,
      wanted: [stepAt(1)],
      timeout: 100,
      memory: 512,
      jobs: 2,
      containment: findContainment(),
    });
    const told = grades.map(({ tasks }) =>
      tasks.map(({ status, details }) => status + details),
    );
    expect(told).toEqual([
      ['passed', 'passed', 'passed'],
      ['passed', 'passed', 'passed'],
    ]);
  }, 120_000);
});
