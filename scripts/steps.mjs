// The one place that knows which steps there are: it reads them from the folders in steps/.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './install.mjs';

/** These open sockets. Every other step also runs in browsers, and the lint holds it to that. */
const OPEN_SOCKETS = ['04-http', '05-peers'];

/** The last step of part one, a blockchain of texts. Part two makes a currency of it. */
const LAST_OF_PART_ONE = 6;

/** The numbered steps in their order. A step is a folder of steps/, and has its `#name`. */
export const steps = readdirSync(join(root, 'steps'))
  .filter((folder) => /^\d\d-/.test(folder))
  .sort()
  .map((folder) => ({
    number: Number(folder.slice(0, 2)),
    folder,
    name: `#${folder.slice('00-'.length)}`,
    condition: `my-${folder.slice(0, 2)}`,
    part: Number(folder.slice(0, 2)) <= LAST_OF_PART_ONE ? 1 : 2,
    opensSockets: OPEN_SOCKETS.includes(folder),
  }));

const numbers = `1 to ${steps.length}`;
const tutorial = join(root, 'tutorial');

/** Returns the step with a number, or ends the program with a sentence. */
export function findStep(number, example) {
  const found = steps.find((step) => step.number === Number(number));
  if (found) return found;
  console.error(`Say which step, ${numbers}, for instance: ${example}`);
  process.exit(2);
}

/**
 * Returns the demonstration of a step, by its number, or of a chapter that has its own, by its
 * name. If there is none, it ends the program with a sentence.
 */
export function demoFile(wanted, example) {
  const step = steps.find(({ number }) => number === Number(wanted));
  if (step) return join(root, 'steps', step.folder, 'demo.ts');
  const chapters = readdirSync(tutorial).filter((name) =>
    existsSync(join(tutorial, name, 'demo.ts')),
  );
  if (chapters.includes(wanted)) return join(tutorial, wanted, 'demo.ts');
  const names = [numbers, ...chapters].join(', or ');
  console.error(`Say which demonstration, ${names}, for instance: ${example}`);
  process.exit(2);
}
