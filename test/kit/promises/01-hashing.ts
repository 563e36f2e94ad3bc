import type { Promises } from './promises.ts';

export const promises: Promises = {
  'Task 1: sha256': [
    [
      'Returns the SHA-256 digest of `input` as 64 lowercase hex digits (FIPS 180-4).',
      [
        'gives the published digest of %s',
        'gives 64 lowercase hex digits for any bytes, and the same ones each time',
      ],
    ],
    [
      'Bytes are hashed as they are: those that a view shows, and no others.',
      [
        'gives the published digest of a message of bytes, %d long',
        'hashes only the bytes that a view shows, not the whole memory behind it',
      ],
    ],
    [
      'Text, which may be empty, is hashed as its UTF-8 bytes, with nothing changed before.',
      [
        'gives the published digest of %s',
        'hashes text with %s as its UTF-8 bytes, nothing changed',
        'gives any text and its UTF-8 bytes one and the same digest',
      ],
    ],
    ['`input` stays as it was.', ['leaves the bytes that it is given as they were']],
    [
      'TypeError that says why, if the text holds half a character (a lone surrogate)',
      ['refuses %j, %s, with a TypeError'],
    ],
  ],
  'Task 2: canonicalJson': [
    [
      'Writes a list of fields as canonical JSON (RFC 8785): no spaces, and one way to write each value.',
      ['writes a list with $what as Python does', 'writes zero in one way only'],
    ],
    [
      'What is escaped inside a text, and how, is as `JSON.stringify` does it.',
      ['writes a list with $what as Python does'],
    ],
    [
      'Different lists give different texts',
      [
        'writes %j otherwise than %j',
        'writes different lists as different texts',
        'writes one text cut in two at different places as different texts',
      ],
    ],
    [
      'each text reads back as its list, which stays as it was.',
      [
        'writes JSON that reads back as the same list',
        'leaves the list that it is given as it was',
      ],
    ],
    [
      'TypeError that says why, if any field is a number that is not a safe integer, or a text that holds a lone surrogate',
      ['refuses a field that is %s (%p), wherever it stands'],
    ],
  ],
  'Task 3: hashFields': [
    [
      'Returns the SHA-256 digest of a list of fields as 64 hex digits: the hash of its {@link canonicalJson}.',
      [
        'hashes a list with $what as sha256sum does',
        'tells apart what Pychain could not',
        'is the digest of the canonical text of any list',
      ],
    ],
    [
      'TypeError if a field is one that {@link canonicalJson} refuses',
      ['refuses what canonicalJson refuses: %p'],
    ],
  ],
};
