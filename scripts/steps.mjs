import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './install.mjs';

/** Returns the folder of a step, such as 03-proof-of-work, by its number. */
export function stepFolder(number, example) {
  const folders = readdirSync(join(root, 'steps')).sort();
  const folder = folders.find((name) => Number(name.slice(0, 2)) === Number(number));
  if (folder) return folder;
  console.error(`Say which step, 1 to ${folders.length}, for instance: ${example}`);
  process.exit(2);
}
