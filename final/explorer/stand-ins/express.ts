// What step 4 uses of express, for a node that lives in a page: the same routes and handlers
// run here, and answer as they do behind a socket. test/browser compares the two.

/** A request, as a client writes it. Header names are in lower case. */
export interface PageRequest {
  readonly method: string;
  /** The path with its query, such as `/blocks?limit=2`. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer, with header names as they are usually written. */
export interface PageAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

type Next = (error?: unknown) => void;
type Handler = (req: Request, res: Response, next: Next) => unknown;
type ErrorHandler = (error: unknown, req: Request, res: Response, next: Next) => unknown;

interface Layer {
  readonly method?: string | undefined;
  readonly path?: string | undefined;
  readonly handler: Handler | ErrorHandler;
}

/** An error that carries its status, as those of express's body parser do. */
class RequestError extends Error {
  readonly status: number;
  readonly type: string;

  constructor(status: number, type: string) {
    super(type);
    this.status = status;
    this.type = type;
  }
}

const sizeOf = (text: string) => new TextEncoder().encode(text).length;

// Step 4 measures texts with `Buffer.byteLength`, the one global of Node that it uses.
if (!('Buffer' in globalThis)) {
  Object.assign(globalThis, { Buffer: { byteLength: sizeOf } });
}

class Request {
  readonly method: string;
  readonly path: string;
  readonly query: Record<string, string | string[]> = {};
  readonly text: string;
  params: Record<string, string> = {};
  body: unknown;
  readonly #headers: Readonly<Record<string, string>>;

  constructor({ method, target, headers, body }: PageRequest) {
    const [path = '', query] = target.split('?', 2);
    this.method = method;
    this.path = path;
    this.text = body;
    this.#headers = { ...headers, ...(body && { 'content-length': `${sizeOf(body)}` }) };
    for (const [name, value] of new URLSearchParams(query)) {
      const before = this.query[name];
      this.query[name] = before === undefined ? value : [before, value].flat();
    }
  }

  get(name: string): string | undefined {
    return this.#headers[name.toLowerCase()];
  }

  /** As in express: null without a body, false if the body is something else. */
  is(type: 'json'): string | false | null {
    if (this.get('content-length') === undefined) return null;
    const [media = ''] = (this.get('content-type') ?? '').split(';');
    return media.trim().toLowerCase() === `application/${type}` ? type : false;
  }
}

class Response {
  readonly ended: Promise<PageAnswer>;
  readonly #headers: Record<string, string> = {};
  #resolve: (answer: PageAnswer) => void = () => undefined;
  #status = 200;
  #body = '';
  headersSent = false;

  constructor() {
    this.ended = new Promise((resolve) => (this.#resolve = resolve));
  }

  status(code: number): this {
    this.#status = code;
    return this;
  }

  set(name: string, value: string): this {
    this.#headers[name] = value;
    return this;
  }

  location(url: string): this {
    return this.set('Location', url);
  }

  type(type: string): this {
    const full = type === 'json' ? 'application/json' : type;
    return this.set('Content-Type', `${full}; charset=utf-8`);
  }

  json(value: unknown): this {
    return this.type('json').send(JSON.stringify(value));
  }

  send(body: string): this {
    this.set('Content-Length', String(sizeOf(body)));
    this.write(body);
    return this.end();
  }

  write(piece: string): void {
    if (!this.headersSent && this.#headers['Content-Length'] === undefined) {
      this.set('Transfer-Encoding', 'chunked');
    }
    this.headersSent = true;
    this.#body += piece;
  }

  end(): this {
    const [status, headers, body] = [this.#status, this.#headers, this.#body];
    this.#resolve({ status, headers, body });
    return this;
  }

  destroy(): void {
    this.end();
  }
}

/** The parameters in `path` that match `pattern`, such as `/blocks/:id`; or undefined. */
function match(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.replace(/(.)\/$/, '$1').split('/');
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [i, part] of wanted.entries()) {
    const value = given[i] ?? '';
    if (part.startsWith(':') && value !== '') params[part.slice(1)] = decode(value);
    else if (part.toLowerCase() !== value.toLowerCase()) return undefined;
  }
  return params;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new RequestError(400, 'path.malformed');
  }
}

/** An app of express, which is asked by a call instead of over a socket. */
export class PageApp {
  readonly #layers: Layer[] = [];

  disable(): this {
    return this;
  }

  use(handler: Handler | ErrorHandler): this {
    this.#layers.push({ handler });
    return this;
  }

  get(path: string, handler: Handler): this {
    this.#layers.push({ method: 'GET', path, handler });
    return this;
  }

  route(path: string) {
    const add = (method: string | undefined) => (handler: Handler) => {
      this.#layers.push({ method, path, handler });
      return routes;
    };
    const routes = { get: add('GET'), post: add('POST'), all: add(undefined) };
    return routes;
  }

  /** Answers a request. */
  async handle(request: PageRequest): Promise<PageAnswer> {
    const [req, res] = [new Request(request), new Response()];
    const layers = this.#layers.values();
    const next = (error?: unknown): void => {
      const { value: layer, done } = layers.next();
      if (done) return void res.status(500).send('');
      this.#run(layer, error, req, res, next).catch(next);
    };
    next();
    const answer = await res.ended;
    return request.method === 'HEAD' ? { ...answer, body: '' } : answer;
  }

  async #run(layer: Layer, error: unknown, req: Request, res: Response, next: Next) {
    const { handler, method, path } = layer;
    const asked = req.method === 'HEAD' ? 'GET' : req.method;
    if (handler.length === 4) {
      if (error === undefined) return next();
      return (handler as ErrorHandler)(error, req, res, next);
    }
    if (error !== undefined) return next(error);
    if (method !== undefined && method !== asked) return next();
    const params = path === undefined ? {} : match(path, req.path);
    if (params === undefined) return next();
    req.params = params;
    return (handler as Handler)(req, res, next);
  }
}

function readJson({ limit }: { limit: number }): Handler {
  return (req, _res, next) => {
    if (req.text === '') return next();
    if (sizeOf(req.text) > limit) throw new RequestError(413, 'entity.too.large');
    try {
      req.body = JSON.parse(req.text);
    } catch {
      throw new RequestError(400, 'entity.parse.failed');
    }
    next();
  };
}

/** Stands where step 4 says `express()` and `express.json()`. */
export default Object.assign(() => new PageApp(), { json: readJson });
