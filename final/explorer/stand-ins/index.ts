import { fileURLToPath } from 'node:url';

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/**
 * For `resolve.alias` of Vite: what stands in for Node where the files of the steps run in a
 * page. The steps themselves are imported as they are.
 */
export const standIns = [
  { find: /^node:crypto$/, replacement: here('crypto.ts') },
  { find: /^node:http$/, replacement: here('http.ts') },
  { find: /^node:stream(\/promises)?$/, replacement: here('stream.ts') },
  { find: /^express$/, replacement: here('express.ts') },
];
