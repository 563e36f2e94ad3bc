/**
 * Finds the tutorial's site where somebody reads it on this machine.
 *
 * @module
 */

/** Where `npm run site` serves the tutorial. */
const ADDRESS = 'http://localhost:5173';

/** How long to wait for an answer, in milliseconds. */
const PATIENCE = 1_000;

/** Returns the address of the site, or undefined if it does not run. */
export async function findSite(address = ADDRESS): Promise<string | undefined> {
  try {
    // Its pages get their titles only in a browser, but it gives away their Markdown as well.
    const answer = await fetch(`${address}/index.md`, {
      signal: AbortSignal.timeout(PATIENCE),
    });
    return /^titleTemplate: Pychain$/m.test(await answer.text()) ? address : undefined;
  } catch {
    return undefined;
  }
}
