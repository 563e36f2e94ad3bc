/** What a hostile client may say to the port of the HTTP API. */
import fc from 'fast-check';
import { hostileJson, seldom, spoiled } from './json.ts';

/** One connection: its bytes, and how many requests are among them. */
export interface Dialog {
  readonly bytes: Buffer;
  readonly requests: number;
}

/** A body, and the headers that say how long it is. */
interface Framed {
  readonly lines: readonly string[];
  readonly body: string;
}

/** The parts of a request. The texts are in Latin-1: each character is one byte. */
interface Request {
  readonly method: string;
  readonly path: string;
  readonly version: string;
  readonly host: string;
  readonly type: string;
  readonly extra: string;
  readonly framed: Framed;
  readonly newline: string;
}

const json = 'Content-Type: application/json';

const path = fc.constantFrom(
  ...['/', '/blocks', '/blocks?from=0&limit=1', '/blocks/latest', '/blocks/0', '/peers'],
  ...['/status', '/metrics', '/events', '/openapi.json', '/mineBlock', '/addPeer'],
  ...['/payments', '/payments', '/mempool', '/accounts', '/accounts?from=1&limit=1'],
  ...[`/payments/${'ab'.repeat(32)}`, `/accounts/${'ab'.repeat(32)}`],
);

const strangeMethod = fc.oneof(
  fc.constantFrom(
    'HEAD',
    'PUT',
    'DELETE',
    'OPTIONS',
    'PATCH',
    'TRACE',
    'CONNECT',
    'PROPFIND',
  ),
  fc.constantFrom('get', 'BREW', '', 'G\u0000T', 'GET GET', 'PRI', 'X'.repeat(20_000)),
);

const strangePath = fc.oneof(
  fc
    .tuple(fc.constantFrom('from', 'limit', 'x'), hostileJson)
    .map(([name, value]) => `/blocks?${name}=${encodeURIComponent(value.slice(0, 500))}`),
  fc.constantFrom(
    ...[
      '/blocks?from=-1',
      '/blocks?from=1e9',
      '/blocks?from=999999999999999',
      '/blocks?limit=0',
    ],
    ...[
      '/blocks?from=1&from=2',
      '/blocks?from[]=1',
      '/blocks?from[__proto__]=1',
      '/blocks?%',
    ],
    ...[
      '/blocks?from=%00&limit=%ff',
      `/blocks?${'a=1&'.repeat(2_000)}`,
      '/blocks?',
      '/blocks#x',
    ],
    ...[
      '/payments/x',
      '/mempool?limit=1e3',
      '/accounts?from=999999999999999&limit=1001',
      '/accounts/%00?at=x',
      `/accounts/${'ab'.repeat(32)}?at=${'cd'.repeat(32)}`,
    ],
    ...[
      '/blocks/',
      '/BLOCKS',
      '//blocks',
      '/blocks/../status',
      '/blocks/%2e%2e/%2e%2e',
      '/%',
    ],
    ...[
      '/blocks/-1',
      '/blocks/1e5',
      '/blocks/__proto__',
      '/blocks/constructor',
      '/blocks/%00',
    ],
    ...[
      '/blocks/%ff',
      '/blocks/%E0%A4%A',
      '*',
      'blocks',
      'http://example.org/blocks',
      '',
      '/ x',
    ],
    ...['/\u0000', '/\u00ff', `/${'a'.repeat(20_000)}`, '/blocks;x=1'],
  ),
  fc.webPath().map((text) => `/blocks/${text}`),
);

const strangeVersion = fc.constantFrom(
  'HTTP/1.0',
  'HTTP/2.0',
  'HTTP/0.9',
  'http/1.1',
  'X',
  '',
);

const strangeHost = fc.constantFrom(
  'Host: example.org',
  'Host:',
  'Host: [::1',
  'Host: a b',
  'A: b',
);

const strangeHeader = fc.constantFrom(
  ...['Origin: http://example.org', 'Origin: null', 'Cookie: a=b', 'Range: bytes=0-1'],
  ...[
    'If-None-Match: *',
    'If-None-Match: W/"1"',
    'If-Modified-Since: x',
    'Accept: x/y;q=z',
  ],
  ...['Expect: 100-continue', 'Expect: a miracle', 'Upgrade: websocket', 'Upgrade: h2c'],
  ...[
    'Connection: upgrade',
    'Connection: close',
    'Connection: keep-alive',
    'TE: trailers',
  ],
  ...['Content-Encoding: gzip', 'Content-Encoding: x', 'Content-Type: text/plain', json],
  ...[
    'Content-Type: application/json; charset=x',
    'Content-Type: ;;',
    'X-Forwarded-For: x',
  ],
  ...[
    'X-HTTP-Method-Override: DELETE',
    'Host: example.org',
    'no colon',
    ': no name',
    ' fold: x',
  ],
  ...['A: \u0000', 'A: \u00ff', 'A\u0001: b', `A: ${'a'.repeat(20_000)}`, 'Trailer: X'],
  ...[
    'Transfer-Encoding: gzip',
    'Transfer-Encoding: chunked, chunked',
    'Content-Length: 5',
  ],
  `${'A: b\r\n'.repeat(3_000)}C: d`,
);

// Where a node is told to connect to: nothing listens on these ports of this machine.
const url = fc.oneof(
  fc.integer({ min: 1, max: 9 }).map((port) => `ws://127.0.0.1:${port}`),
  fc.constantFrom(
    '',
    'ws://',
    'ws://[',
    'http://127.0.0.1:1',
    'ws://127.0.0.1:99999',
    '\u0000',
  ),
);

// Only its payer could sign it, so of these none is taken.
const hex = (digits: number) =>
  fc.string({
    unit: fc.constantFrom(...Array.from('0123456789abcdef')),
    minLength: digits,
    maxLength: digits,
  });
const payment = fc.record({
  from: hex(64),
  to: hex(64),
  amount: fc.integer({ min: 1 }),
  fee: fc.integer({ min: 1 }),
  count: fc.nat(),
  signature: hex(128),
});

const body = fc.oneof(
  fc
    .record({ data: fc.string({ unit: 'grapheme' }) })
    .map((each) => JSON.stringify(each)),
  fc.record({ data: fc.string() }).chain(spoiled),
  fc.record({ url }).map((each) => JSON.stringify(each)),
  fc.record({ url: fc.constant('ws://127.0.0.1:1') }).chain(spoiled),
  payment.map((each) => JSON.stringify(each)),
  payment.chain(spoiled),
  hostileJson,
  fc.constant(''),
);

const latin1 = (text: string) => Buffer.from(text).toString('latin1');

/** Writes a body in chunks (RFC 9112, section 7.1). */
function inChunks(text: string, size: number): string {
  const chunks: string[] = [];
  for (let i = 0; i < text.length; i += size) {
    const chunk = text.slice(i, i + size);
    chunks.push(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
  }
  return `${chunks.join('')}0\r\n\r\n`;
}

const chunked = ['Transfer-Encoding: chunked'];
const ofLength = (length: number | string) => [`Content-Length: ${length}`];

const framed: fc.Arbitrary<Framed> = fc
  .record({
    text: body.map(latin1),
    size: seldom(5, fc.integer({ min: 1, max: 500 })),
  })
  .map(({ text, size }) =>
    size === undefined
      ? { lines: ofLength(text.length), body: text }
      : { lines: chunked, body: inChunks(text, size) },
  );

const badlyFramed: fc.Arbitrary<Framed> = fc
  .record({
    text: fc.oneof(
      body.map(latin1),
      fc.string({ unit: 'binary', maxLength: 100 }).map(latin1),
    ),
    bad: fc.constantFrom(
      '-1',
      '1e3',
      '',
      'x',
      '+5',
      '0x5',
      '99999999999999999999',
      '7000000',
    ),
    n: fc.integer({ min: 1, max: 20 }),
  })
  .chain(({ text, bad, n }) =>
    fc.constantFrom<Framed>(
      { lines: [], body: text },
      { lines: ofLength(Math.max(0, text.length - n)), body: text },
      { lines: ofLength(text.length + n), body: text },
      { lines: [...ofLength(text.length), ...ofLength(text.length + n)], body: text },
      { lines: [...ofLength(text.length), ...chunked], body: inChunks(text, n) },
      { lines: ofLength(bad), body: text },
      { lines: chunked, body: `${bad}\r\n${text}\r\n0\r\n\r\n` },
      { lines: chunked, body: inChunks(text, n).slice(0, -n) },
    ),
  );

/** Requests of which at most two things are wrong, so that they get as far as they can. */
const request: fc.Arbitrary<Buffer> = fc
  .record({
    honest: fc.record({ method: fc.constantFrom('GET', 'POST', 'POST'), path, framed }),
    wrong: fc.array(
      fc.oneof<fc.Arbitrary<Partial<Request>>[]>(
        fc.record({ method: strangeMethod }),
        fc.record({ path: strangePath }),
        fc.record({ version: strangeVersion }),
        fc.record({ host: strangeHost }),
        fc.record({ type: strangeHeader }),
        fc.record({ extra: strangeHeader }),
        fc.record({ extra: strangeHeader }),
        fc.record({ framed: badlyFramed }),
        fc.record({ newline: fc.constantFrom('\n', '\r') }),
      ),
      { maxLength: 2 },
    ),
  })
  .map(({ honest, wrong }) => {
    const usual = { host: 'Host: localhost', type: json, extra: 'Accept: */*' };
    const all: Request = { ...usual, ...honest, version: 'HTTP/1.1', newline: '\r\n' };
    return write(
      wrong.reduce<Request>((parts, change) => ({ ...parts, ...change }), all),
    );
  });

function write(parts: Request): Buffer {
  const {
    method,
    path: to,
    version,
    host,
    type,
    extra,
    framed: content,
    newline,
  } = parts;
  const head = [
    `${method} ${to} ${version}`,
    host,
    type,
    extra,
    ...content.lines,
    '',
    '',
  ];
  return Buffer.from(head.join(newline) + content.body, 'latin1');
}

/** Connections to the API: one request, several at once, or a part of one. */
export const dialogs: fc.Arbitrary<Dialog> = fc
  .record({
    requests: fc.oneof(
      { weight: 3, arbitrary: fc.tuple(request) },
      fc.array(request, { minLength: 2, maxLength: 5 }),
    ),
    garbage: seldom(15, fc.uint8Array({ minLength: 1, maxLength: 200 })),
    cut: seldom(10, fc.integer({ min: 1, max: 300 })),
  })
  .map(({ requests, garbage, cut }) => {
    const all = Buffer.concat([garbage ?? Buffer.alloc(0), ...requests]);
    const bytes = all.subarray(0, Math.max(0, all.length - (cut ?? 0)));
    return { bytes, requests: requests.length };
  });
