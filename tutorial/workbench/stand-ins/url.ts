/**
 * For `node:url`, for paths on the disk in memory.
 *
 * @module
 */

/** As in Node. */
export const fileURLToPath = (url: string | URL): string =>
  decodeURIComponent(new URL(url).pathname);

/** As in Node. */
export const pathToFileURL = (path: string): URL => new URL(`file://${path}`);
