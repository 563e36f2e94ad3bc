import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { sha256 } from '#hashing';

/** How many bytes the first load may have, compressed, with the font. */
const BUDGET = 80_000;

/** A number that whatever signs in a page has in it: that of the field of its curve. */
const CURVE = '7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed';
const library = fileURLToPath(import.meta.resolve('@noble/curves/ed25519.js'));

const shipped = join(import.meta.dirname, 'dist');
const script = join(import.meta.dirname, '../../scripts/explorer.mjs');

/** The digests of all files in a folder, by their paths. */
async function filesOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const contents = files.map(async ({ parentPath, name }) => {
    const path = join(parentPath, name);
    const key = path.slice(folder.length + 1).replaceAll('\\', '/');
    return [key, sha256(await readFile(path))];
  });
  return Object.fromEntries((await Promise.all(contents)) as [string, string][]);
}

describe('The pages that are shipped', () => {
  it('are what their source builds, byte for byte (npm run explorer:build)', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pychain-pages-'));
    try {
      const child = spawn(process.execPath, [script, '--outDir', folder], {
        stdio: 'inherit',
      });
      expect(await once(child, 'close')).toEqual([0, null]);
      expect(await filesOf(folder)).toEqual(await filesOf(shipped));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }, 180_000);

  it.each(['index.html', 'lab.html', 'class.html'])(
    'hold no script and no style within %s, and load little at first',
    async (name) => {
      const page = await readFile(join(shipped, name), 'utf8');
      expect(page).not.toMatch(/<style|style=|<script(?![^>]* src=)|\son\w+=/);
      const loaded = [...page.matchAll(/(?:src|href)="\.\/(.*?)"/g)].map(
        ([, path = '']) => path,
      );
      expect(loaded.join()).not.toContain('NumbersView');
      const styles = loaded.filter((path) => path.endsWith('.css'));
      for (const style of styles) {
        const text = await readFile(join(shipped, style), 'utf8');
        const urls = [...text.matchAll(/url\((.*?)\)/g)].map(([, url = '']) => url);
        loaded.push(...urls.map((url) => join('assets', url)));
      }
      expect(loaded.join()).toContain('woff2');
      const files = await Promise.all(
        loaded.map((path) => readFile(join(shipped, path))),
      );
      // What signs is loaded by those who sign.
      expect(await readFile(library, 'utf8')).toContain(CURVE);
      expect(files.join()).not.toContain(CURVE);
      const bytes = [Buffer.from(page), ...files].map((file) => gzipSync(file).length);
      expect(bytes.reduce((sum, size) => sum + size)).toBeLessThan(BUDGET);
    },
  );
});
