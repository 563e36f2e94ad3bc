/** The kit in a room without internet: a network of its own, from which no route leads anywhere. */
import type { ChildProcess } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Program, type Result } from '../../final/lab/program.ts';
import { enter, newNamespace } from '../class/room.ts';
import { env } from '../program.ts';
import { makeLittle, Registry } from './little.ts';

const root = join(import.meta.dirname, '../..');

/** Also the name of a folder may be an odd one. */
let scratch: string;
let room: ChildProcess;
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "ada's 100% (1) "));
  room = await newNamespace();
});
afterAll(() => {
  room.kill('SIGKILL');
  rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
});

const at = (...names: readonly string[]) => join(scratch, ...names);

/** Starts a script in the room, where npm has kept nothing. */
function start(script: string, args: readonly string[], cwd: string): Program {
  const [program = '', ...rest] = enter(room);
  const inRoom = { ...env, npm_config_cache: at('nothing kept'), INIT_CWD: undefined };
  const all = [...rest, process.execPath, script, ...args];
  return new Program(program, all, { env: inRoom, cwd });
}

const runIn = async (cwd: string, script: string, ...args: string[]): Promise<Result> =>
  start(join(cwd, script), args, cwd).end;

/** Runs a script outside of the room; npm asks this registry. */
async function prepare(
  script: string,
  args: readonly string[],
  changes: NodeJS.ProcessEnv,
): Promise<Result> {
  const own = { ...env, INIT_CWD: undefined, ...changes };
  return new Program(process.execPath, [script, ...args], { env: own }).end;
}

/** All files in a folder, with slashes. */
const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));

describe('A package of the project, installed in an empty folder', () => {
  const home = () => at('home');
  const installed = () => at('home', 'node_modules', 'pychain');

  beforeAll(async () => {
    const { code, output } = await prepare(join(root, 'scripts/pack.mjs'), [scratch], {});
    expect(output).toMatch(/pychain-\d\S+\.tgz: \d\.\d MB, unpacked \d\.\d MB\n$/);
    expect(code).toBe(0);
    // As npm does it: the package, and beside it what it needs to run, without what tests need.
    mkdirSync(installed(), { recursive: true });
    const [tarball = ''] = readdirSync(scratch).filter((name) => name.endsWith('.tgz'));
    const unpack = ['-xzf', at(tarball), '-C', installed(), '--strip-components=1'];
    expect(await new Program('tar', unpack).end).toEqual({ code: 0, output: '' });
    const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
    const { packages } = JSON.parse(lock) as { packages: Record<string, { dev?: true }> };
    for (const [path, { dev }] of Object.entries(packages)) {
      const isNeeded = path !== '' && dev !== true && existsSync(join(root, path));
      if (isNeeded) cpSync(join(root, path), join(home(), path), { recursive: true });
    }
  }, 120_000);

  it('runs a node there, whose data is in the folder that one is in', async () => {
    const launcher = join(installed(), 'pychain');
    const before = filesIn(home()).length;
    const node = start(launcher, [], home());
    try {
      const [, data] = await node.untilOutput(/"data":"([^"]*)".*"msg":"Ready"/);
      expect(data).toBe(join(home(), '.pychain', '8000'));
      const mined = await start(launcher, ['mine', 'hello'], home()).end;
      expect(mined.output).toMatch(/data +"hello"/);
    } finally {
      node.signal('SIGINT');
      await node.end;
    }
    expect(existsSync(join(installed(), '.pychain'))).toBe(false);
    rmSync(join(home(), '.pychain'), { recursive: true });
    expect(filesIn(home())).toHaveLength(before);
  });

  it('says how to get what it does not have, where somebody wants to learn by it', async () => {
    const { code, output } = await runIn(installed(), 'learn');
    expect(output).toMatch(/^This is the package.* first: npx pychain new my-chain\n$/);
    expect(code).toBe(1);
  });

  it('lays out the whole kit, in which steps are tested and written', async () => {
    const launcher = join(installed(), 'pychain');
    const said = await start(launcher, ['new', 'my chain'], home()).end;
    expect(said.output).toMatch(/^The kit is in my chain\..*\n {2}cd 'my chain'\n/);
    const kit = join(home(), 'my chain');
    for (const name of ['.gitignore', '.npmrc', 'package-lock.json', 'LICENSE-text'])
      expect([name, readFileSync(join(kit, name))]).toEqual([
        name,
        readFileSync(join(root, name)),
      ]);
    expect(existsSync(join(kit, '.npmignore'))).toBe(false);
    symlinkSync(join(root, 'node_modules'), join(kit, 'node_modules'));
    const tests = await runIn(kit, 'scripts/test.mjs', '--step', '1');
    expect(tests.output).toMatch(/Test Suites: 2 passed, 2 total/);
    expect((await runIn(kit, 'learn', 'list')).output).toMatch(/ 1 {2}hashing +0 of 3/);
  }, 120_000);
});

describe('A bundle for a stick', () => {
  const project = () => at('project');
  const stick = () => at('stick');
  const desk = () => at('desk', 'pychain');
  let registry: Registry;
  let lock: string;
  let settings: NodeJS.ProcessEnv;

  const bundle = async (folder: string) =>
    prepare(join(project(), 'scripts/bundle.mjs'), [folder], settings);

  beforeAll(async () => {
    makeLittle(project());
    mkdirSync(at('registry'));
    registry = new Registry(at('registry'));
    await registry.open();
    settings = { npm_config_registry: registry.url, npm_config_cache: at('kept') };
    const lockOnly = ['install', '--package-lock-only'];
    const options = { cwd: project(), env: { ...env, ...settings } };
    expect((await new Program('npm', lockOnly, options).end).code).toBe(0);
    lock = readFileSync(join(project(), 'package-lock.json'), 'utf8');
  }, 120_000);
  afterAll(() => registry.close());

  it('is made in one command, and holds packages for other systems too', async () => {
    const { code, output } = await bundle(stick());
    expect(output).toMatch(
      /^Fetching 3 packages.*\n.*stick: \d+ MB\. README\.txt in it says/,
    );
    expect(code).toBe(0);
    expect(readdirSync(stick()).sort()).toEqual(['README.txt', 'pychain']);
    expect(readdirSync(join(stick(), 'pychain', 'packages')).sort()).toEqual([
      'code-win32-1.0.0.tgz',
      'tool-1.0.0.tgz',
      'tsx-1.0.0.tgz',
    ]);
  });

  it('tells in a few lines what to do, and names no address in a network', () => {
    const text = readFileSync(join(stick(), 'README.txt'), 'utf8');
    expect(text).toMatch(/Node\.js 20\.19 or newer.*[^]*node learn[^]*npm test/);
    expect(text.trim().split('\r\n').length).toBeLessThan(20);
    for (const file of filesIn(stick()))
      expect(readFileSync(file, 'utf8')).not.toContain(registry.url);
    const written = ['README.txt', 'pychain/package-lock.json'];
    for (const name of written)
      expect(readFileSync(join(stick(), name), 'utf8')).not.toMatch(/\w+:\/\//);
  });

  it('installs by the first command that one types, with nothing but the copy', async () => {
    cpSync(join(stick(), 'pychain'), desk(), { recursive: true });
    const first = await runIn(desk(), 'pychain');
    expect(first.output).toMatch(/^Installing the packages\. .*\nIt runs\.\n$/);
    expect(existsSync(join(desk(), 'node_modules/tool'))).toBe(false);
    const second = await runIn(desk(), 'learn');
    expect(second.output).toMatch(/^Installing the packages that .*\nIt runs\.\n$/);
    expect(readdirSync(join(desk(), 'node_modules')).sort()).toEqual([
      '.package-lock.json',
      'tool',
      'tsx',
    ]);
    expect(await runIn(desk(), 'learn')).toEqual({ code: 0, output: 'It runs.\n' });
  });

  it('gives a kit that asks a registry again, where the kit is laid out anew', async () => {
    const anew = at('anew');
    expect((await runIn(desk(), 'scripts/new.mjs', anew)).code).toBe(0);
    expect(readFileSync(join(anew, 'package-lock.json'), 'utf8')).toBe(lock);
    expect(existsSync(join(anew, 'packages'))).toBe(false);
  });

  it('is a package as well: npm installs it, and the kit comes out of it whole', async () => {
    const pack = join(project(), 'scripts/pack.mjs');
    expect((await prepare(pack, [at('project')], settings)).code).toBe(0);
    mkdirSync(at('empty'));
    const options = { cwd: at('empty'), env: { ...env, ...settings } };
    const npx = ['--yes', '../project/little-1.0.0.tgz'];
    const { output } = await new Program('npx', npx, options).end;
    expect(output).toBe('It runs.\n');
    expect(readdirSync(at('empty'))).toEqual([]);
    const learn = ['--yes', '--package', '../project/little-1.0.0.tgz', 'learn'];
    expect((await new Program('npx', learn, options).end).output).toMatch(
      / first: npx \.\.\/project\/little-1\.0\.0\.tgz new my-chain\n$/,
    );
    const [cached = ''] = readdirSync(at('kept', '_npx'));
    const script = at('kept/_npx', cached, 'node_modules/little/scripts/new.mjs');
    expect((await prepare(script, [at('kit')], {})).code).toBe(0);
    const before = filesIn(project()).filter((name) => !name.endsWith('.tgz'));
    expect(
      filesIn(at('kit'))
        .map((name) => name.slice(at('kit').length))
        .sort(),
    ).toEqual(before.map((name) => name.slice(project().length)).sort());
    expect(readFileSync(at('kit', 'package-lock.json'), 'utf8')).toBe(lock);
  }, 120_000);

  it('says what is missing, where npm alone made the package', async () => {
    const options = { cwd: project(), env: { ...env, ...settings } };
    const pack = ['pack', '--pack-destination', at()];
    expect((await new Program('npm', pack, options).end).code).toBe(0);
    const alone = at('alone', 'node_modules', 'little');
    mkdirSync(alone, { recursive: true });
    const unpack = ['-xzf', at('little-1.0.0.tgz'), '-C', alone, '--strip-components=1'];
    await new Program('tar', unpack).end;
    const { code, output } = await runIn(alone, 'scripts/new.mjs', at('half'));
    expect(output).toMatch(
      /^This package lacks \S+, .* makes one .* by: npm run pack\n$/,
    );
    expect(code).toBe(1);
    expect(existsSync(at('half'))).toBe(false);
  });

  it('is refused where it would overwrite something', async () => {
    const { code, output } = await bundle(stick());
    expect(output).toMatch(/stick is there already, and holds something\./);
    expect(code).toBe(1);
  });

  it('is not left half made where a package is another one than was meant', async () => {
    registry.swap('tool', 'tsx');
    settings = { ...settings, npm_config_cache: at('another') };
    const { code, output } = await bundle(at('another stick'));
    expect(output).toMatch(/\nThe registry gave something else for tool@1\.0\.0 than/);
    expect(code).toBe(1);
    expect(existsSync(at('another stick', 'pychain'))).toBe(false);
  });

  it('says so where there is no network to make it from', async () => {
    registry.close();
    settings = {
      ...settings,
      npm_config_cache: at('fresh'),
      npm_config_fetch_retries: '0',
    };
    const { code, output } = await bundle(at('no stick'));
    expect(output).toMatch(/\nnpm cannot reach the registry, .*\n$/);
    expect(code).toBe(1);
    expect(existsSync(at('no stick', 'pychain'))).toBe(false);
  });
});

// With --set PACKAGES=all, by npm run test:travel: it asks a registry for all packages, for minutes.
if (process.env.PACKAGES === 'all') {
  describe('The bundle of the project itself', () => {
    it('installs without a network, and its steps are tested and written', async () => {
      const script = join(root, 'scripts/bundle.mjs');
      const { output } = await prepare(script, [at('whole stick')], {});
      expect(output).toMatch(/stick: \d+ MB\. README\.txt in it says/);
      const kit = at('whole desk', 'pychain');
      cpSync(at('whole stick', 'pychain'), kit, { recursive: true });
      const version = await runIn(kit, 'pychain', '--version');
      expect(version.output).toMatch(/^Installing the packages\. .*\n\d+\.\d+\.\d+\n$/);
      const tests = await runIn(kit, 'scripts/test.mjs', '--step', '1');
      expect(tests.output).toMatch(/Test Suites: 2 passed, 2 total/);
      expect((await runIn(kit, 'learn', 'list')).output).toMatch(/ 1 {2}hashing +0 of 3/);
      expect((await runIn(kit, 'scripts/check.mjs', 'types')).code).toBe(0);
    }, 1_800_000);
  });
}
