// Draws how many packages have come while npm installs them. It runs in a process of its own, as
// npm is waited for, and without dependencies, as there are none yet. scripts/install.mjs ends it.
import { existsSync, readFileSync } from 'node:fs';
import { setInterval } from 'node:timers';
import { join } from 'node:path';

const WIDTH = 24;

/** How often to look, in milliseconds. */
const PAUSE = 500;

const [, , root, withTools] = process.argv;
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const wanted = Object.entries(packages)
  .filter(([path, { dev, optional }]) => path && !optional && (withTools || !dev))
  .map(([path]) => join(root, path, 'package.json'));

setInterval(() => {
  const there = wanted.filter((path) => existsSync(path)).length;
  const length = Math.floor((there / wanted.length) * WIDTH);
  const bar = '█'.repeat(length) + '░'.repeat(WIDTH - length);
  process.stderr.write(`\r${bar}  ${there} of ${wanted.length} packages`);
}, PAUSE);
process.on('disconnect', () => process.exit()); // the installation is over, or was ended
