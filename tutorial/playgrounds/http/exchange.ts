import type {
  PageAnswer,
  PageRequest,
} from '../../../final/explorer/stand-ins/express.ts';
import { STATUS_CODES } from '../../../final/explorer/stand-ins/http.ts';
import { expectOnly, readText, readWord, type Format } from '../shared/link.ts';

/** What one composes: a request, with its content type by itself. */
export interface Draft {
  readonly method: string;
  readonly target: string;
  readonly contentType: string;
  readonly body: string;
}

/** A request to try, under a name. */
export interface Example extends Draft {
  readonly name: string;
}

const json = 'application/json';
const get = (name: string, target: string): Example => ({
  name,
  method: 'GET',
  target,
  contentType: json,
  body: '',
});
const post = (name: string, body: string, contentType = json): Example => ({
  name,
  method: 'POST',
  target: '/blocks',
  contentType,
  body,
});

/** Requests that show what the API of step 4 does, and what it refuses. */
export const examples: readonly Example[] = [
  get('Read the chain', '/blocks'),
  get('Read the tip', '/blocks/latest'),
  post('Add a block', '{"data":"hello"}'),
  get('A block that is not there', '/blocks/99'),
  post('A number as data', '{"data":42}'),
  post('Broken JSON', '{"data":"hel'),
  post('Not JSON at all', 'data=hello', 'application/x-www-form-urlencoded'),
  { ...get('A wrong method', '/blocks'), method: 'DELETE' },
];

/** Whether a request is other than all that are there to try. */
export function isOwn(draft: Draft): boolean {
  return !examples.some(
    ({ method, target, contentType, body }) =>
      method === draft.method &&
      target === draft.target &&
      contentType === draft.contentType &&
      body === draft.body,
  );
}

/** What the playground begins with. */
export const start: Draft = {
  method: 'GET',
  target: '/blocks/latest',
  contentType: json,
  body: '{"data":"hello"}',
};

/** The methods that can be chosen. */
export const methods: readonly [string, ...string[]] = [
  'GET',
  'POST',
  'PUT',
  'DELETE',
  'HEAD',
];

/** How a draft stands in a link. It is shown, but never sent by itself. */
export const format: Format<Draft> = {
  write: ({ method, target, contentType, body }) => ({
    method,
    path: target,
    ...(carriesBody(method) && { type: contentType, body }),
  }),
  read(fields) {
    expectOnly(fields, ['method', 'path', 'type', 'body']);
    if (Object.keys(fields).length === 0) return start;
    return {
      method: readWord(fields, 'method', methods),
      target: readText(fields, 'path', { most: 300, usual: start.target }),
      contentType: readText(fields, 'type', { most: 100, usual: start.contentType }),
      body: readText(fields, 'body', { most: 4_000, usual: start.body }),
    };
  },
};

/** The methods that can carry a body. */
export const carriesBody = (method: string) => !['GET', 'HEAD'].includes(method);

/** Returns the request that a draft stands for. */
export function requestOf(draft: Draft): PageRequest {
  const { method, contentType } = draft;
  const { pathname, search } = new URL(
    `http://localhost/${draft.target.replace(/^\//, '')}`,
  );
  const target = pathname + search;
  const body = carriesBody(method) ? draft.body : '';
  const headers: Record<string, string> =
    body === '' ? {} : { 'content-type': contentType };
  return { method, target, headers, body };
}

/** Writes a request as it goes over the wire in HTTP/1.1. */
export function rawRequest({ method, target, headers, body }: PageRequest): string {
  const size = new TextEncoder().encode(body).length;
  const lines = [
    `${method} ${target} HTTP/1.1`,
    'Host: localhost:6001',
    ...Object.entries(headers).map(([name, value]) => `${title(name)}: ${value}`),
    ...(size > 0 ? [`Content-Length: ${size}`] : []),
  ];
  return `${lines.join('\n')}\n\n${body}`;
}

/** Writes an answer as it comes over the wire, less the lines about date and connection. */
export function rawAnswer({ status, headers, body }: PageAnswer): string {
  const lines = Object.entries(headers).map(
    ([name, value]) => `${title(name)}: ${value}`,
  );
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`.trim(),
    ...lines,
    '',
    body,
  ].join('\n');
}

/** Writes the command that sends the same request with curl, for a POSIX shell. */
export function curlLine({ method, target, headers, body }: PageRequest): string {
  const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  const type = headers['content-type'];
  const options = [
    ...(method === 'GET' || (method === 'POST' && body !== '') ? [] : [`-X ${method}`]),
    ...(body === ''
      ? []
      : type === json
        ? [`--json ${quote(body)}`]
        : [`-H ${quote(`Content-Type: ${type ?? ''}`)}`, `--data-binary ${quote(body)}`]),
  ];
  const url = `localhost:6001${target}`;
  return ['curl -i', ...options, /[?&'()]/.test(url) ? quote(url) : url].join(' ');
}

/** Returns an answer with the JSON in it on lines of its own, for people to read. */
export function pretty(answer: PageAnswer): PageAnswer {
  try {
    return { ...answer, body: JSON.stringify(JSON.parse(answer.body), undefined, 2) };
  } catch {
    return answer; // it holds no JSON
  }
}

function title(name: string): string {
  return name.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
}
