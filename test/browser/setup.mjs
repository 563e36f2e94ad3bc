// Before the tests in a browser: builds the site in an odd place, and serves it as any file
// server would.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { ODD, copyProject } from '../odd-place.mjs';

const FOLDER = '/some/folder/'; // the site has to work in any

const types = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

async function build(folder) {
  const root = copyProject(ODD);
  const script = join(root, 'scripts', 'site.mjs');
  const child = spawn(process.execPath, [script, 'build', '--outDir', folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (output += text));
  }
  const [code] = await once(child, 'close');
  rmSync(dirname(root), { recursive: true, force: true, maxRetries: 3 });
  if (code !== 0) throw new Error(`The site could not be built:\n${output}`);
}

async function serve(folder) {
  const server = createServer(async (request, response) => {
    try {
      const { pathname } = new URL(request.url, 'http://localhost');
      if (!pathname.startsWith(FOLDER)) throw new Error('This is outside of the site.');
      let file = join(folder, decodeURIComponent(pathname.slice(FOLDER.length)));
      if ((await stat(file)).isDirectory()) file = join(file, 'index.html');
      const content = await readFile(file);
      response.writeHead(200, { 'content-type': types[extname(file)] ?? 'text/plain' });
      response.end(content);
    } catch {
      const page = await readFile(join(folder, '404.html')); // as many servers do
      response.writeHead(404, { 'content-type': types['.html'] }).end(page);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

export default async function setup() {
  const folder = mkdtempSync(join(tmpdir(), 'pychain-site-'));
  await build(folder);
  const server = await serve(folder);
  process.env.SITE_FOLDER = folder;
  process.env.SITE_URL = `http://127.0.0.1:${server.address().port}${FOLDER}`;
  globalThis.siteServer = server;
}
