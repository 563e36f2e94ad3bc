// Runs npm, with arguments that may hold spaces, on every system.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { explainNpm } from './npm-errors.mjs';
import { root } from './install.mjs';

/** On Windows npm is a .cmd file, which takes a shell; the program behind it does not. */
function programOf(args) {
  if (process.platform !== 'win32') return ['npm', args];
  const folders = (process.env.PATH ?? '').split(delimiter);
  const files = folders.map((folder) => join(folder, 'node_modules/npm/bin/npm-cli.js'));
  const cli = [process.env.npm_execpath ?? '', ...files].find(
    (file) => file.endsWith('npm-cli.js') && existsSync(file),
  );
  return cli === undefined ? ['npm', args] : [process.execPath, [cli, ...args]];
}

/**
 * Runs npm to its end.
 *
 * @param {readonly string[]} args - what it is to do
 * @param {{ cwd?: string }} options - where; unless given, in the project's folder
 * @returns {Promise<string>} what it prints
 * @throws Error with a sentence where npm fails
 */
export async function npm(args, { cwd = root } = {}) {
  const [program, all] = programOf([...args, '--ignore-scripts']);
  const result = await new Promise((resolve) => {
    const child = spawn(program, all, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'])
      child[name].setEncoding('utf8').on('data', (text) => (said[name] += text));
    child.on('error', (error) => resolve({ ...said, error }));
    child.on('close', (status) => resolve({ ...said, status }));
  });
  if (result.status !== 0) throw new Error(explainNpm(result));
  return result.stdout;
}
