import { STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler } from 'express';
import { MAX_DATA_BYTES } from '#blocks';

/** What an HTTP client is told when its request cannot be served (RFC 9457). */
export class Problem extends Error {
  /** The HTTP status code of the answer. */
  readonly status: number;

  /**
   * Makes a problem to be thrown in a route.
   *
   * @param status - the HTTP status code
   * @param detail - a sentence that says what is wrong and what to do
   */
  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

/** Words for the errors of express's own body parser, by their `type`. */
const bodyErrors: Record<string, string> = {
  'entity.parse.failed': 'The body is not valid JSON. Send one such as {"data":"hello"}.',
  'entity.too.large': `The body is too large: a block carries at most ${MAX_DATA_BYTES} bytes of data.`,
  'charset.unsupported': 'The body is in an unknown character set. Send UTF-8.',
  'encoding.unsupported': 'The body has an unknown Content-Encoding. Send it as it is.',
};

/** Turns whatever a route throws into an `application/problem+json` answer. */
export const problemHandler: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  if (res.headersSent) return next(error);
  const { status, detail } = explain(error);
  if (status === 500) console.error(error);
  const problem = { type: 'about:blank', title: STATUS_CODES[status], status, detail };
  res.status(status).type('application/problem+json').send(JSON.stringify(problem));
};

function explain(error: unknown): { status: number; detail: string } {
  if (error instanceof Problem) return { status: error.status, detail: error.message };
  const { status, type } = error as { status?: unknown; type?: unknown };
  if (typeof status !== 'number' || status < 400 || status >= 500) {
    return { status: 500, detail: 'The node made a mistake. Its log says more.' };
  }
  return { status, detail: bodyErrors[String(type)] ?? 'The request is malformed.' };
}
