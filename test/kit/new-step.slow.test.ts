import { mkdirSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { steps } from '../../scripts/steps.mjs';
import { Project } from '../companion/project.ts';

// A step after the last one, of which nothing in the project can know yet.
const number = steps.length + 1;
const digits = String(number).padStart(2, '0');
const folder = `${digits}-toy`;

/** What a new step consists of, beside its name in package.json. */
const files: Readonly<Record<string, string>> = {
  [`steps/${folder}/index.ts`]: "export { double } from './double.ts';\n",
  [`steps/${folder}/double.ts`]: `/** Returns twice a number. */
export function double(n: number): number {
  return n + n;
}
`,
  [`steps/${folder}/double.test.ts`]: `import { describe, expect, it } from '@jest/globals';
import { double } from '#toy';

describe('Task 1: double', () => {
  it('gives twice as much', () => {
    expect(double(21)).toBe(42);
  });
});
`,
  [`steps/${folder}/demo.ts`]: `import { double } from '#toy';

console.log(\`Twice 21 is \${double(21)}.\`);
`,
  [`steps/${folder}/hints.md`]: `# Hints for step ${number}

## Task 1: double

1. What is twice as much?
2. Add it.
3. To itself.

- otherwise: it is not twice as much.
`,
  [`tutorial/${folder}.md`]: `# ${number}. Toy: what is twice as much?

### Task 1: double
`,
};

const project = new Project([
  'eslint.config.mjs',
  'final/explorer/stand-ins',
  'jest.config.mjs',
  'test/browser',
  'test/class/namespaces.mjs',
  'test/mutation',
  'tutorial/.vitepress',
  'tutorial/slides',
  'tutorial/workbench',
]);

beforeAll(() => {
  for (const [file, text] of Object.entries(files)) project.write(file, text);
  const about = JSON.parse(project.read('package.json')) as { imports: object };
  const toy = {
    [`my-${digits}`]: `./my/${folder}/index.ts`,
    default: `./steps/${folder}/index.ts`,
  };
  const imports = { ...about.imports, '#toy': toy };
  project.write('package.json', JSON.stringify({ ...about, imports }));
});

afterAll(() => project.remove());

describe('A new step, its name and its chapter are all that is needed, so that', () => {
  it('its tests run by its number', async () => {
    const { code, output } = await project.run('scripts/test.mjs', '--step', `${number}`);
    expect(output).toContain('✓ gives twice as much');
    expect(output).toMatch(/^Tests: +1 passed, 1 total$/m);
    expect(code).toBe(0);
  });

  it('its demo runs by its number', async () => {
    const { code, output } = await project.run('scripts/demo.mjs', digits);
    expect(output).toBe('Twice 21 is 42.\n');
    expect(code).toBe(0);
  });

  it('sentences that name the steps count it', async () => {
    const { code, output } = await project.run('scripts/demo.mjs', '99');
    expect(output).toContain(`1 to ${number}, for instance:`);
    expect(code).toBe(2);
  });

  it('its mutants are listed, and those of no other step', async () => {
    const args = [`${number}`, '--list'];
    const { code, output } = await project.run('scripts/mutation.mjs', ...args);
    expect(output).toMatch(new RegExp(`^${folder}: \\d+ mutants\n`));
    expect(output).toContain('  double.ts:3  n + n → n - n\n');
    expect(output.match(/^\S.*mutants$/gm)).toHaveLength(1);
    expect(code).toBe(0);
  });

  it('the site lists it after the other steps, and its API', async () => {
    project.write(
      'sidebar.mjs',
      `import { register } from 'tsx/esm/api';
register();
const { default: site } = await import('./tutorial/.vitepress/config.ts');
console.log(JSON.stringify(site.themeConfig.sidebar));
`,
    );
    const { output } = await project.run('sidebar.mjs');
    const [one, two, reference] = JSON.parse(output) as { items: Item[] }[];
    const linksOf = (part?: { items: Item[] }) =>
      part?.items.map(({ link }) => link) ?? [];
    expect(linksOf(one).slice(0, 2)).toEqual(['/before-you-start', '/01-hashing']);
    expect(linksOf(one).slice(-2)).toEqual(['/final', '/mining-faster']);
    expect(linksOf(two).slice(-3)).toEqual([
      `/${steps.at(-1)?.folder}`,
      `/${folder}`,
      '/where-to-go-next',
    ]);
    const titles = two?.items.map(({ text }) => text);
    expect(titles).toContain(`${number}. Toy`);
    const api = reference?.items.find(({ link }) => link === '/api/');
    expect(api?.items?.at(-1)).toEqual({ text: folder, link: `/api/${folder}` });
  });

  it('the lint tells what it must not import', async () => {
    const later = `${String(number + 1).padStart(2, '0')}-later`;
    mkdirSync(project.path(`steps/${later}`));
    const planted = {
      'steps/06-consensus/planted.ts': "export type * from '#toy';\n",
      [`steps/${folder}/planted.ts`]: [
        "export * from '#later';",
        "export * from '#peers';",
        "export type * from '#peers';",
        "export * from 'node:net';\n",
      ].join('\n'),
    };
    for (const [path, text] of Object.entries(planted)) project.write(path, text);
    const eslint = 'node_modules/eslint/bin/eslint.js';
    const args = ['--format', 'json', ...Object.keys(planted)];
    const { code, output } = await project.run(eslint, ...args);
    for (const path of Object.keys(planted)) rmSync(project.path(path));
    rmSync(project.path(`steps/${later}`), { recursive: true });
    const found = (
      JSON.parse(output) as { messages: { line: number; message: string }[] }[]
    ).map(({ messages }) => messages.map(({ line, message }) => `${line}: ${message}`));
    const isPortable = 'This step runs in a browser too';
    expect(found).toEqual([
      [expect.stringMatching(/^1: .* Step 06-consensus imports only steps that come/)],
      [
        expect.stringMatching(
          `^1: .* Step ${folder} imports only steps that come before`,
        ),
        expect.stringMatching(`^2: .* ${isPortable}`),
        expect.stringMatching(`^4: .* ${isPortable}`),
      ],
    ]);
    expect(code).toBe(1);
  }, 180_000);

  it('the companion lists it, checks it, and runs a node with it, which says so', async () => {
    project.solve(folder);
    const list = await project.learn('list');
    expect(list.output).toMatch(new RegExp(`^ +○ ${number} +toy +0 of 1 tasks$`, 'm'));
    const check = await project.learn('check', digits);
    expect(check.output).toContain(`✓ Step ${number} passes all its tests.`);
    const node = project.start('run', '--', '-p', '0', '-w', '0', '-d', '1');
    const [url = ''] = await node.untilOutput(/http:\/\/127\.0\.0\.1:\d+/);
    const status = await fetch(`${url}/status`);
    expect(await status.json()).toMatchObject({ code: `my ${digits}` });
    node.signal('SIGINT');
    expect((await node.end).code).toBe(0);
  }, 180_000);
});

/** An entry of the sidebar. */
interface Item {
  readonly text: string;
  readonly link: string;
  readonly items?: readonly Item[];
}
