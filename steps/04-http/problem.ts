import { STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler } from 'express';
import { MAX_DATA_BYTES } from '#blocks';

/** An error for the client of a request: what it is told if it cannot be served. */
export class Problem extends Error {
  /** The HTTP status code of the answer. */
  readonly status: number;

  /**
   * Makes a problem to be thrown in a route.
   *
   * @param status - the HTTP status code
   * @param detail - a sentence that says what is wrong and what to do; it is the error's message
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

/**
 * Answers whatever a route throws with a problem document (RFC 9457): a body of the type
 * `application/problem+json`, an object with `status`, the `title` that HTTP gives to this status,
 * and a sentence as `detail`. A `type`, if there is one, is not empty.
 *
 * - A `Problem` gives its own status, and its message as `detail`.
 * - Errors of express and its body parsers have a `status` from 400 to 499, which the answer takes
 *   over. The `detail` is in words for the client, not those of the error: that JSON is wanted, how
 *   many bytes are allowed (413), that UTF-8 is read (an unknown character set), that the body is to
 *   be sent as it is (an unknown encoding), or of all others that the request is malformed.
 * - All else is a mistake of the node itself: 500, with a sentence that gives nothing away of what
 *   was thrown, which goes to `console.error` as it is. Of the others nothing is logged.
 *
 * If an answer has begun already, the error is handed on as it is, and express breaks the answer off.
 */
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
  if (typeof status !== 'number' || status < 400 || status > 499) {
    return { status: 500, detail: 'The node made a mistake. Its log says more.' };
  }
  return { status, detail: bodyErrors[String(type)] ?? 'The request is malformed.' };
}
