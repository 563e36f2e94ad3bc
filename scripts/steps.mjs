import { existsSync, readdirSync } from 'node:fs';
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

/** Returns the demonstration of a step, or of a chapter that has its own, by the number. */
export function demoFile(number, example) {
  const chapters = join(root, 'tutorial');
  const chapter = readdirSync(chapters).find(
    (name) =>
      Number(name.slice(0, 2)) === Number(number) &&
      existsSync(join(chapters, name, 'demo.ts')),
  );
  const folder = chapter
    ? join(chapters, chapter)
    : join(root, 'steps', stepFolder(number, example));
  return join(folder, 'demo.ts');
}
