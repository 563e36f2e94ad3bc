/**
 * What a page cannot do.
 *
 * @module
 */

/** Says so, to a program that wants a socket; to one that says `new` before it, too. */
export function refuse(): never {
  throw new Error(
    'A page opens no sockets: what needs one runs in Node. Save your files, unpack them in the ' +
      'project, and go on with ./learn.',
  );
}
