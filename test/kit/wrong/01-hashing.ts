import type { WrongProgram } from './program.ts';

const check = `  if (typeof input === 'string' && !input.isWellFormed()) {
    throw new TypeError('Cannot hash text with a lone surrogate: it has no UTF-8 form.');
  }
`;

export const programs: readonly WrongProgram[] = [
  {
    name: 'writes the digest as base64',
    file: 'sha256.ts',
    replace: [`'hex'`, `'base64'`],
  },
  {
    name: 'writes the digits in capitals',
    file: 'sha256.ts',
    replace: [`'hex')`, `'hex').toUpperCase()`],
  },
  {
    name: 'takes SHA-1',
    file: 'sha256.ts',
    replace: [`hash('sha256'`, `hash('sha1'`],
  },
  {
    name: 'hashes half a character',
    file: 'sha256.ts',
    replace: [check, ''],
  },
  {
    name: 'throws another kind of error',
    file: 'sha256.ts',
    replace: ['new TypeError(', 'new Error('],
  },
  {
    name: 'writes text as Latin-1',
    file: 'sha256.ts',
    replace: [
      `'sha256', input`,
      `'sha256', typeof input === 'string' ? Buffer.from(input, 'latin1') : input`,
    ],
  },
  {
    name: 'normalizes text',
    file: 'sha256.ts',
    replace: [
      `'sha256', input`,
      `'sha256', typeof input === 'string' ? input.normalize() : input`,
    ],
  },
  {
    name: 'hashes the whole memory behind a view',
    file: 'sha256.ts',
    replace: [
      `'sha256', input`,
      `'sha256', typeof input === 'string' ? input : new Uint8Array(input.buffer)`,
    ],
  },
  {
    name: 'glues the fields together',
    file: 'fields.ts',
    replace: ['JSON.stringify(fields)', `fields.join('')`],
  },
  {
    name: 'writes spaces',
    file: 'fields.ts',
    replace: ['JSON.stringify(fields)', `JSON.stringify(fields, null, 1)`],
  },
  {
    name: 'sorts the list that it is given',
    file: 'fields.ts',
    replace: ['JSON.stringify(fields)', 'JSON.stringify((fields as Field[]).sort())'],
  },
  {
    name: 'takes any number',
    file: 'fields.ts',
    replace: ['Number.isSafeInteger(field)', `typeof field === 'number'`],
  },
  {
    name: 'looks at the first field only',
    file: 'fields.ts',
    replace: ['of fields)', 'of fields.slice(0, 1))'],
  },
  {
    name: 'hashes the glued fields',
    file: 'fields.ts',
    replace: ['sha256(canonicalJson(fields))', `sha256(fields.join(','))`],
  },
];
