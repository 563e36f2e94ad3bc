import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { FOLDER as WORKBENCH, query } from './workbench.ts';

/** The script that keeps the site on a reader's machine, as it stands beside the pages. */
export const OFFLINE_SCRIPT = 'offline.js';

/**
 * Writes the script that keeps the site on the machine of a reader who asks for that, with the list
 * of all that is to be kept. Each state of the site has a version of its own.
 */
export function writeOffline(outDir: string): void {
  const files = readdirSync(outDir, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(outDir, path)).isFile())
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path !== OFFLINE_SCRIPT && !path.endsWith('.map'))
    .sort();
  const digest = createHash('sha256');
  for (const path of files) digest.update(path).update(readFileSync(join(outDir, path)));
  const addresses = files.map((path) =>
    path.startsWith(WORKBENCH) ? path + query() : path,
  );
  const { outputFiles } = buildSync({
    entryPoints: [join(import.meta.dirname, 'offline-worker.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    define: {
      VERSION: JSON.stringify(digest.digest('hex').slice(0, 12)),
      FILES: JSON.stringify(addresses),
    },
  });
  writeFileSync(join(outDir, OFFLINE_SCRIPT), outputFiles[0]?.text ?? '');
}
