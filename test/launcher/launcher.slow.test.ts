import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Clone } from './clone.ts';

let clone: Clone;
beforeAll(() => {
  clone = new Clone();
});
afterEach(() => clone.remove('node_modules', 'bin', '../package.json'));
afterAll(() => clone.delete());

const empty = { PATH: '' };
const packages = 'node_modules/.package-lock.json';

describe('The first start in a fresh clone', () => {
  it.each([
    ['NODE_ENV is production', { NODE_ENV: 'production' }],
    ['npm is told to leave things out', { npm_config_omit: 'dev\n\noptional' }],
    ['npm is told to keep no lock file', { npm_config_package_lock: 'false' }],
    ['npm is told to link packages', { npm_config_install_strategy: 'linked' }],
  ])('installs the tools for `learn` where %s, and once', async (_what, env) => {
    const first = await clone.start('learn', env);
    expect(first.output).toMatch(/^Installing the packages\. .*\nIt runs\.\n$/);
    expect(clone.has('node_modules/tool')).toBe(true);
    expect(await clone.start('learn', env)).toEqual({ code: 0, output: 'It runs.\n' });
  });

  it('leaves the tools out for `pychain`, which `learn` then adds', async () => {
    const first = await clone.start('pychain', { npm_config_include: '' });
    expect(first.output).toMatch(/^Installing the packages\. .*\nIt runs\.\n$/);
    expect(clone.has('node_modules/tool')).toBe(false);
    expect((await clone.start('pychain')).output).toBe('It runs.\n');
    const { output } = await clone.start('learn');
    expect(output).toMatch(/^Installing the packages that are missing.*\nIt runs\.\n$/);
    expect(clone.has('node_modules/tool')).toBe(true);
  });

  it('is its own, where a folder above takes it for a part of a workspace', async () => {
    clone.write('../package.json', { private: true, workspaces: ['*'] });
    const { output } = await clone.start('learn');
    expect(output).toMatch(/It runs\.\n$/);
    expect(clone.has('node_modules/tool')).toBe(true);
    expect(clone.has('../node_modules')).toBe(false);
  });
});

describe('Packages that do not work here', () => {
  it('are installed anew if they are of another system, which is said', async () => {
    await clone.start('learn');
    const found = clone.readJson(packages);
    const foreign = { version: '1.0.0', os: ['plan9'], cpu: [process.arch] };
    const all = found.packages as object;
    const withForeign = { ...all, 'node_modules/@esbuild/plan9-x64': foreign };
    clone.write(packages, { ...found, packages: withForeign });
    const { output } = await clone.start('learn');
    expect(output).toMatch(/^Installing the packages anew: .* \(@esbuild\/plan9-x64\)\./);
    expect(output).toMatch(/It runs\.\n$/);
    expect((await clone.start('learn')).output).toBe('It runs.\n');
  });

  it('are installed anew if a folder of them is gone', async () => {
    await clone.start('learn');
    clone.remove('node_modules/tool');
    expect((await clone.start('pychain')).output).toBe('It runs.\n');
    const { output } = await clone.start('learn');
    expect(output).toMatch(/^Installing the packages that are missing.*\nIt runs\.\n$/);
  });

  it.each([
    ['lack a file', 'x', "Cannot find module '.*api\\.cjs'"],
    [
      'lack machine code',
      "throw new Error('No native build was found for plan9')",
      'No nat',
    ],
    [
      'have machine code for another system',
      "throw Object.assign(new Error('wrong ELF class'), { code: 'ERR_DLOPEN_FAILED' })",
      'wrong ELF class',
    ],
  ])('and %s lead to a sentence with the remedy', async (_what, text, words) => {
    await clone.start('learn');
    if (text === 'x') clone.remove('node_modules/tsx/api.cjs');
    else clone.write('node_modules/tsx/api.cjs', text);
    const { code, output } = await clone.start('pychain');
    expect(output).toMatch(new RegExp(`do not work on this system \\(.*\\): ${words}`));
    expect(output).toMatch(
      /\nRemove the folder .*node_modules, then start this again\.\n$/,
    );
    expect(output).not.toMatch(/^\s+at /m);
    expect(code).toBe(1);
  });

  it('are not blamed for an error of the program, whose stack is shown', async () => {
    await clone.start('learn');
    const text = "exports.register = () => { throw new TypeError('a bug'); };";
    clone.write('node_modules/tsx/api.cjs', text);
    const { code, output } = await clone.start('pychain');
    expect(output).toMatch(/TypeError: a bug\n\s+at .*register /);
    expect(code).toBe(1);
  });
});

describe('Where packages cannot be installed', () => {
  it('says so if there is no npm', async () => {
    const { code, output } = await clone.start('pychain', empty);
    expect(output).toMatch(/\nThere is no npm, which installs the packages\. .*\n$/);
    expect(code).toBe(1);
  });

  it.each([
    ['ENOTFOUND', /Is the network up\?/],
    ['ECONNREFUSED', /Is the network up\?.*https-proxy/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /certificate.*npm config set cafile/],
    ['E401', /The registry refuses.*log in/],
    ['ETARGET', /The registry lacks a package/],
    ['EACCES', /^\/some\/place: npm may not write there/m],
    ['ENOSPC', /The disk is full/],
    ['ENOTCACHED', /npm config delete offline/],
    ['EINTEGRITY', /npm cache clean --force/],
    ['EUSAGE', /git checkout package\.json package-lock\.json/],
  ])('says what %s means, and what to do', async (code, words) => {
    const complaint = [
      'npm warn deprecated something',
      `npm error code ${code}`,
      ...(code === 'EACCES' ? ['npm error path /some/place'] : []),
      'npm error     at Object.<anonymous> (file.js:1:1)',
    ];
    const folder = clone.complainingNpm(complaint.join('\n'));
    const { output, code: exit } = await clone.start('learn', { PATH: folder });
    expect(output).toMatch(words);
    expect(output.trim().split('\n')).toHaveLength(2);
    expect(output).toMatch(/Then start this again\.\n$/);
    if (!/ENOTFOUND|ECONN/.test(code)) expect(output).not.toContain('Is the network up');
    expect(exit).toBe(1);
  });

  it('shows the words of npm for what it does not know, without the stack', async () => {
    const words =
      'npm error Exit handler never called!\nnpm error     at run (cli.js:1:1)';
    const folder = clone.complainingNpm(words);
    const { output } = await clone.start('learn', { PATH: folder });
    expect(output).toContain(
      'could not install the packages:\n  Exit handler never called!\n',
    );
    expect(output).not.toMatch(/ at run|Is the network up/);
  });
});
