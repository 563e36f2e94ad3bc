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
    const found =
      path === '404.html'
        ? fromAnywhere(moved)
        : moved.replace('</body>', `${findFolder}</body>`);
    writeFileSync(file, found);
  }
}

/**
 * A server shows the page of what does not exist at any address, so it cannot name files relative
 * to itself. It looks where its own script is, from its folder upwards, and loads them from there.
 */
function fromAnywhere(page: string): string {
  const app = /<script type="module" src="\.\/([^"]*)"><\/script>/.exec(page)?.[1];
  if (app === undefined) throw new Error('404.html loads no script now.');
  const links =
    /<link rel="[^"]*(?:stylesheet|preload)[^"]*" href="\.\/([^"]*)"[^>]*>\s*/g;
  const styles = [...page.matchAll(links)]
    .map(([, href = '']) => href)
    .filter((href) => href.endsWith('.css'));
  const search = `<noscript>
  <h1>404: no block at this address</h1>
  <p>The page is not part of this site. Cut the address off after one of its slashes.</p>
</noscript>
<script>
(async () => {
  const app = ${JSON.stringify(app)};
  const folders = location.pathname.split('/').slice(1, -1);
  for (let count = folders.length; count >= 0; count -= 1) {
    const folder = ['', ...folders.slice(0, count), ''].join('/');
    const answer = await fetch(folder + app).catch(() => undefined);
    await answer?.text();
    if (!answer?.ok || !/javascript/.test(answer.headers.get('content-type'))) continue;
    ${FOLDER} = folder;
    for (const style of ${JSON.stringify(styles)}) {
      const link = document.createElement('link');
      document.head.append(Object.assign(link, { rel: 'stylesheet', href: folder + style }));
    }
    await import(folder + app);
    return;
  }
})();
</script>`;
  return page
    .replace(/<script type="module" src="[^"]*"><\/script>\s*/, '')
    .replaceAll(links, '')
    .replace('</body>', `${search}</body>`);
}

function script(text: string): string {
  // The index of the search is one long text.
  if (/^const \w+='/.test(text)) return text.replaceAll(ANY_FOLDER, `'+${FOLDER}+'`);
  const literal = new RegExp(`(["'])${ANY_FOLDER}([^"'\\\\\\n]*)\\1`, 'g');
  return text.replace(literal, `(${FOLDER}+"$2")`);
}
