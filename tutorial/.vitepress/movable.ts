import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder that a site is built for; {@link makeMovable} takes it out again. */
export const ANY_FOLDER = '/folder-of-the-site/';

// Pages name each other relative to themselves. Scripts learn the folder from the page that
// was loaded first. Its links become absolute, since they stay when another page takes over.
const findFolder = `<script>
__VP_SITE_DATA__.base = new URL(__VP_SITE_DATA__.base, location.href).pathname;
for (const link of document.querySelectorAll('a[href^="."]')) {
  link.setAttribute("href", link.pathname + link.hash);
}
</script>`;
const FOLDER = '__VP_SITE_DATA__.base';

/** Lets a built site work in any folder of any server, which VitePress alone cannot do. */
export function makeMovable(outDir: string): void {
  for (const path of readdirSync(outDir, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(html|js|css)$/.test(path)) continue;
    const file = join(outDir, path);
    const text = readFileSync(file, 'utf8');
    if (!text.includes(ANY_FOLDER)) continue;
    const up = '../'.repeat(path.split(/[\\/]/).length - 1) || './';
    const moved = path.endsWith('.js') ? script(text) : text.replaceAll(ANY_FOLDER, up);
    if (moved.includes(ANY_FOLDER)) throw new Error(`${file} still names its folder.`);
    writeFileSync(file, moved.replace('</body>', `${findFolder}</body>`));
  }
}

function script(text: string): string {
  // The index of the search is one long text.
  if (/^const \w+='/.test(text)) return text.replaceAll(ANY_FOLDER, `'+${FOLDER}+'`);
  const literal = new RegExp(`(["'])${ANY_FOLDER}([^"'\\\\\\n]*)\\1`, 'g');
  return text.replace(literal, `(${FOLDER}+"$2")`);
}
