import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashFields, sha256, type Field } from '#hashing';
import { functionIn } from './exports.ts';
import type { Attack, Exercise, Exports } from './practice.ts';

/** The naive way: glue the fields together, with a comma between them. */
export function hashWithCommas(fields: readonly Field[]): string {
  return sha256(fields.join(','));
}

/** Takes a payment out of what the reader's file exports. */
function paymentIn(exports: Exports, name: string): readonly Field[] {
  const value = exports[name];
  if (!Array.isArray(value)) throw new Error(`Export a list of fields named "${name}".`);
  for (const field of value as readonly unknown[]) {
    const isField =
      typeof field === 'string' ? field.isWellFormed() : Number.isSafeInteger(field);
    if (!isField) throw new Error(`"${name}" holds something that is no field.`);
  }
  return value as readonly Field[];
}

/** Takes the two payments, which must not be the same. */
function paymentsIn(exports: Exports): [readonly Field[], readonly Field[]] {
  const [one, other] = [paymentIn(exports, 'one'), paymentIn(exports, 'other')];
  if (JSON.stringify(one) === JSON.stringify(other)) {
    throw new Error('The two lists are the same, so that is no forgery: change one.');
  }
  return [one, other];
}

const short = (hash: string) => `${hash.slice(0, 8)}…`;

export const attack: Attack = {
  file: '01-one-hash.ts',
  goal: 'Make two payments, which are different lists, with one hash.',
  start: `import type { Field } from '#hashing';

/** What Bob was promised: a time, a name, and what for. */
export const one: readonly Field[] = [15, 'Bob', 'apples and pears'];

/** What you would rather have promised. */
export const other: readonly Field[] = [15, 'Bob', 'apples'];
`,
  naive: (exports) => {
    const [a, b] = paymentsIn(exports).map(hashWithCommas);
    return a === b
      ? { believes: true, words: `Both payments have the hash ${short(a ?? '')}` }
      : { believes: false, words: 'With commas between, the two have different hashes.' };
  },
  own: (exports) => {
    const [one, other] = paymentsIn(exports);
    const [a, b] = [hashFields(one), hashFields(other)];
    return a === b
      ? { believes: true, words: `Both payments have the hash ${short(a)}` }
      : {
          believes: false,
          words: `They have the hashes ${short(a)} and ${short(b)}: canonicalJson puts each text in quotes, and a comma inside of them ends no field.`,
        };
  },
};

/** Compares the digest of a file with the one that Node computes. */
function checkDownload(exports: Exports): void {
  const fingerprint = functionIn(exports, 'fingerprint');
  const folder = mkdtempSync(join(tmpdir(), 'exercise-'));
  try {
    const file = join(folder, 'download');
    const contents = {
      'some text': Buffer.from('Grüße'),
      'no bytes at all': Buffer.alloc(0),
      'bytes that are no text': Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10]),
    };
    for (const [what, bytes] of Object.entries(contents)) {
      writeFileSync(file, bytes);
      const expected = createHash('sha256').update(bytes).digest('hex');
      const found = fingerprint(file);
      if (found !== expected) {
        throw new Error(
          `Of a file with ${what} it gives ${String(found)}, and sha256sum ${expected}.`,
        );
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Looks for two texts whose digests begin alike. */
function checkPair(exports: Exports): void {
  const pair = functionIn(exports, 'findPair')(5);
  const [one, other] = Array.isArray(pair) ? (pair as unknown[]) : [];
  if (typeof one !== 'string' || typeof other !== 'string') {
    throw new Error('findPair(5) must give a list of two texts.');
  }
  if (one === other) throw new Error('The two texts are the same one.');
  const [a, b] = [sha256(one).slice(0, 5), sha256(other).slice(0, 5)];
  if (a !== b) {
    throw new Error(
      `The digest of "${one}" begins with ${a}, that of "${other}" with ${b}.`,
    );
  }
}

/** Lists of all kinds that could confuse a reader: signs of a format, digits, nothing. */
function confusingLists(): Field[][] {
  const pieces: Field[] = [
    '',
    'a',
    '1',
    1,
    15,
    0,
    -1,
    ',',
    ':',
    '"',
    '\\',
    's1:a',
    'n1:1',
  ];
  const odd: Field[] = ['\n', '[]', 'é', '😀', Number.MAX_SAFE_INTEGER];
  const all = [...pieces, ...odd];
  return [[], ...all.map((a) => [a]), ...all.flatMap((a) => all.map((b) => [a, b]))];
}

/** Writes lists in the reader's format, and reads them back. */
function checkFormat(exports: Exports): void {
  const write = functionIn(exports, 'write');
  const read = functionIn(exports, 'read');
  const written = new Map<string, string>();
  for (const list of confusingLists()) {
    const text = write(list);
    const json = JSON.stringify(list);
    if (typeof text !== 'string') throw new Error(`write(${json}) gives no text.`);
    const other = written.get(text);
    if (other !== undefined)
      throw new Error(`${other} and ${json} give one text: ${text}`);
    written.set(text, json);
    const back = JSON.stringify(read(text));
    if (back !== json)
      throw new Error(`${json} is written as ${text}, and read as ${back}.`);
  }
}

export const exercises: readonly Exercise[] = [
  {
    number: 1,
    file: '1.1-download.ts',
    start: `/** Returns the SHA-256 digest of the file with this path. */
export function fingerprint(path: string): string {
  throw new Error('TODO: read the file, and hash its bytes.');
}
`,
    check: checkDownload,
  },
  {
    number: 2,
    file: '1.2-pair.ts',
    start: `/** Returns two texts whose digests begin with the same hex digits, so many of them. */
export function findPair(digits: number): [string, string] {
  throw new Error('TODO: look for two.');
}
`,
    check: checkPair,
  },
  {
    number: 3,
    file: '1.3-format.ts',
    start: `import type { Field } from '#hashing';

/** Writes a list of fields as a text, in a format of your own. */
export function write(fields: readonly Field[]): string {
  throw new Error('TODO');
}

/** Reads such a text. */
export function read(text: string): Field[] {
  throw new Error('TODO');
}
`,
    check: checkFormat,
  },
];
