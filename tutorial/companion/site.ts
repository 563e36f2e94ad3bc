/**
 * Finds the tutorial's site where somebody reads it on this machine.
 *
 * @module
 */

/** Where `npm run site` serves the tutorial. */
const ADDRESS = 'http://localhost:5173';

/** How long to wait for an answer, in milliseconds. */
const PATIENCE = 150;

/** Returns the address of the site, or undefined if it does not run. */
export async function findSite(): Promise<string | undefined> {
  try {
    const answer = await fetch(ADDRESS, { signal: AbortSignal.timeout(PATIENCE) });
    return /pychain/i.test(await answer.text()) ? ADDRESS : undefined;
  } catch {
    return undefined;
  }
}
