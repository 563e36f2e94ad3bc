import express, { type RequestHandler } from 'express';
import { MAX_DATA_BYTES } from '#blocks';
import { Problem } from './problem.ts';

/** JSON writes some characters as six (`\u0000`), so a body may be that much larger. */
const MAX_BODY_BYTES = 6 * MAX_DATA_BYTES + 1_024;

/**
 * Makes the middleware that reads the body of a request, if it has one, and puts the JSON that
 * it holds into `req.body`: any JSON, of which a block's data of 1 MiB fits in however it is
 * written. A request without a body, or with an empty one, passes.
 *
 * It throws a `Problem` 415 that names JSON if the `Content-Type` of a body is not that of it, and
 * the errors of `express.json` if the body is no JSON, too large (more than 7 MiB are, unpacked),
 * or written in a character set or an encoding that is unknown.
 */
export function jsonBody(): RequestHandler {
  const read: RequestHandler = express.json({ limit: MAX_BODY_BYTES, strict: false });
  return (req, res, next) => {
    if (req.is('json') === false && req.get('Content-Length') !== '0') {
      const words = 'Send JSON, with the header "Content-Type: application/json".';
      throw new Problem(415, words);
    }
    read(req, res, next);
  };
}
