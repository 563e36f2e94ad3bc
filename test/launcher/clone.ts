/** A little project that is started as this one is, with packages that lie beside it. */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Result } from '../../final/lab/program.ts';
import { env, startProgram } from '../program.ts';

const original = join(import.meta.dirname, '../..');
const onWindows = process.platform === 'win32';

/** Stands for tsx: whatever TypeScript is loaded says that it runs. */
const tsx = `
exports.register = () => {
  require.extensions['.ts'] = () => console.log('It runs.');
};
`;

const files = {
  'tsx/package.json': {
    name: 'tsx',
    version: '1.0.0',
    exports: { './cjs/api': './api.cjs' },
  },
  'tsx/api.cjs': tsx,
  'final/cli.ts': '',
  'tutorial/companion/cli.ts': '',
  'tool/package.json': { name: 'tool', version: '1.0.0' },
  'package.json': {
    name: 'little',
    version: '1.0.0',
    type: 'module',
    engines: { node: '>=20.19' },
    dependencies: { tsx: 'file:tsx-1.0.0.tgz' },
    devDependencies: { tool: 'file:tool-1.0.0.tgz' },
  },
};

/** A fresh clone of the little project: nothing is installed. */
export class Clone {
  readonly root = join(
    realpathSync(mkdtempSync(join(tmpdir(), 'clone-'))),
    'pychain (1)',
  );

  constructor() {
    for (const part of ['learn', 'pychain', 'scripts', '.npmrc'])
      cpSync(join(original, part), this.path(part), { recursive: true });
    for (const [name, content] of Object.entries(files)) this.write(name, content);
    for (const name of ['tsx', 'tool']) this.#npm('pack', `./${name}`);
    this.#npm('install', '--package-lock-only');
  }

  path(name: string): string {
    return join(this.root, name);
  }

  has(name: string): boolean {
    return existsSync(this.path(name));
  }

  /** Writes a file: a text, or anything as JSON. */
  write(name: string, content: unknown): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    writeFileSync(this.path(name), text);
  }

  readJson(name: string): Record<string, unknown> {
    return JSON.parse(readFileSync(this.path(name), 'utf8')) as Record<string, unknown>;
  }

  remove(...names: readonly string[]): void {
    for (const name of names)
      rmSync(this.path(name), { recursive: true, force: true, maxRetries: 3 });
  }

  /** Removes the clone, and the folder that is around it. */
  delete(): void {
    this.remove('..');
  }

  /** Makes a program `npm` that only complains; returns the folder that it is in. */
  complainingNpm(words: string): string {
    this.write(
      'bin/npm.mjs',
      `console.error(${JSON.stringify(words)}); process.exit(1);`,
    );
    const run = `"${process.execPath}" "${this.path('bin/npm.mjs')}"`;
    this.write('bin/npm', `#!/bin/sh\nexec ${run}\n`);
    this.write('bin/npm.cmd', `@${run}\r\n`);
    if (!onWindows) execFileSync('chmod', ['+x', this.path('bin/npm')]);
    return this.path('bin');
  }

  /** Runs `learn` or `pychain` to its end. No npm that it starts asks a registry. */
  async start(
    name: 'learn' | 'pychain',
    changes: NodeJS.ProcessEnv = {},
  ): Promise<Result> {
    const offline = { ...env, npm_config_offline: 'true', NODE_ENV: undefined };
    return startProgram(this.path(name), [], { env: { ...offline, ...changes } }).end;
  }

  #npm(...args: readonly string[]): void {
    const options = { cwd: this.root, stdio: 'ignore' } as const;
    execFileSync('npm', [...args, '--offline'], { ...options, shell: onWindows });
  }
}
