/** What the tests need that run these files with Debian's programs: `npm run test:deploy`. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The project's folder. */
export const root = join(import.meta.dirname, '..', '..');

/** Reads a file of the project. */
export const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Debian's packages, by the programs in them. */
const packages = {
  debootstrap: 'debootstrap',
  nginx: 'nginx-light',
  prometheus: 'prometheus',
  promtool: 'prometheus',
  ip: 'iproute2',
};

/** Throws an Error that says what to install, where one of these programs is missing. */
export function need(...programs: (keyof typeof packages)[]): void {
  const missing = programs.filter((program) => {
    return spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0;
  });
  if (missing.length === 0) return;
  const names = [...new Set(missing.map((program) => packages[program]))];
  throw new Error(
    `${missing.join(' and ')} cannot be found. These tests need Debian, or a system like it: ` +
      `apt-get install ${names.join(' ')}`,
  );
}

/** Throws an Error where this is not root, whom these tests need for `reason`. */
export function needRoot(reason: string): void {
  if (process.getuid?.() === 0) return;
  throw new Error(`Start this as root: ${reason}.`);
}

/** Asks another program again and again, until it gives what is waited for. */
export async function eventually<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await sleep(250);
  }
}
