/**
 * What a page cannot do.
 *
 * @module
 */

/** Says so, to a program that wants a socket. */
export function refuse(): never {
  throw new Error(
    'A page opens no sockets: what needs one runs in Node. Save your files, unpack them in the ' +
      'project, and go on with ./learn.',
  );
}

/** A class of which there can be no object. */
export class Refused {
  constructor() {
    refuse();
  }
}
