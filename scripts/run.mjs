import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './install.mjs';

/** Returns the path of a program that an installed package brings. */
export function bin(name, program = name) {
  const folder = join(root, 'node_modules', name);
  const { bin: programs } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  return join(folder, typeof programs === 'string' ? programs : programs[program]);
}

/** Runs a JavaScript program with Node in the project's folder; gives its exit code. */
export function node(args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
    child.on('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
  });
}
