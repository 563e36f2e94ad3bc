// Runs beside the pages of a reader who wants the course to be there without network. It keeps what
// belongs to this site, and nothing of any other place. A new state of the site is taken over as a
// whole: until all pages of the old one are closed, these go on with what they began with.

/** Which state of the site this is. */
declare const VERSION: string;
/** The addresses of all that belongs to it, from the folder of the site. */
declare const FILES: readonly string[];

/** How long a page may keep its reader waiting before the kept one is shown, in milliseconds. */
const PATIENCE = 4_000;

/** How many files are fetched at a time. */
const AT_ONCE = 12;

/** What such a worker has; the types of a page know it under another name. */
interface Surroundings {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  addEventListener(type: string, listener: (event: WorkerEvent) => void): void;
}

interface WorkerEvent {
  readonly request: Request;
  waitUntil(promise: Promise<unknown>): void;
  respondWith(answer: Promise<Response>): void;
}

const here = globalThis as unknown as Surroundings;
const { scope } = here.registration;
const own = `pychain ${scope} `;
const current = own + VERSION;

async function keepAll(): Promise<void> {
  const cache = await caches.open(current);
  const left = [...FILES];
  const work = async () => {
    for (let path = left.pop(); path !== undefined; path = left.pop()) {
      const url = new URL(path, scope).href;
      const answer = await fetch(url, { cache: 'no-cache' });
      if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
      // Some servers lead to another address of the same page, which no page may be shown by.
      await cache.put(url, answer.redirected ? await copyOf(answer) : answer);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function copyOf(answer: Response): Promise<Response> {
  const { status, headers } = answer;
  return new Response(await answer.blob(), { status, headers });
}

async function forgetOthers(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter((one) => one.startsWith(own) && one !== current);
  await Promise.all(old.map(async (one) => caches.delete(one)));
}

/** What is kept for an address, whichever way a server writes that of a page. */
async function kept(url: URL): Promise<Response | undefined> {
  const cache = await caches.open(current);
  const plain = url.origin + url.pathname;
  const ways = [url.origin + url.pathname + url.search, plain];
  if (plain.endsWith('/')) ways.push(`${plain}index.html`);
  else ways.push(`${plain}.html`, `${plain}/index.html`);
  for (const way of ways) {
    const found = await cache.match(way);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A page comes from the site as long as that answers, so that it is the newest. */
async function page(request: Request): Promise<Response> {
  const url = new URL(request.url);
  const fresh = fetch(request);
  const late = new Promise<undefined>((resolve) =>
    setTimeout(() => resolve(undefined), PATIENCE),
  );
  try {
    const answer = await Promise.race([fresh, late]);
    return answer ?? (await kept(url)) ?? (await fresh);
  } catch (error) {
    const found = (await kept(url)) ?? (await kept(new URL('404.html', scope)));
    if (found === undefined) throw error;
    return found;
  }
}

async function file(request: Request): Promise<Response> {
  const cache = await caches.open(current);
  return (await cache.match(request.url)) ?? fetch(request);
}

here.addEventListener('install', (event) => event.waitUntil(keepAll()));
here.addEventListener('activate', (event) => {
  event.waitUntil(forgetOthers().then(() => here.clients.claim()));
});
here.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(scope)) return;
  event.respondWith(request.mode === 'navigate' ? page(request) : file(request));
});

export {};
