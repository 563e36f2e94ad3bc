import { root } from './install.mjs';

/**
 * What Vite takes for signs of its own where it stands in the path of a file. Only while it serves
 * a site it stumbles over the last one.
 */
const forbidden = { build: /[#?{}]/, dev: /[#?{}%]/ };

/**
 * Says why the site, or the pages of a node, cannot be made where the project is.
 *
 * @param {'build' | 'dev'} command - whether the site is built or served
 * @returns undefined if they can be
 */
export function problemOfPath(command) {
  const [character] = forbidden[command].exec(root) ?? [];
  if (character === undefined) return undefined;
  return `Vite, which makes the site, fails where a path holds "${character}", as in ${root}.`;
}

/** Ends the program with that sentence, and what to do. */
export function checkPath(command) {
  const problem = problemOfPath(command);
  if (problem === undefined) return;
  console.error(`${problem} Rename that folder, or clone the project elsewhere.`);
  process.exit(1);
}
