import { describe, expect, it } from '@jest/globals';
import { strToU8, zipSync } from 'fflate';
import { pack, unpack } from './zip.ts';

const path = '/pychain/my/01-hashing/sha256.ts';
const other = '/pychain/my/01-hashing/index.ts';
const isKnown = (one: string) => one === path || one === other;

describe('A zip file of the reader’s files', () => {
  it('holds them as they are in the terminal, and gives them back', () => {
    const files = { [path]: 'export const one = "Grüße";\n', [other]: '' };
    expect(unpack(pack(files), isKnown)).toEqual({ files, others: [] });
  });

  it('may hold my/ in a folder of its own, and line ends of Windows', () => {
    const zip = zipSync({
      'pychain/my/01-hashing/sha256.ts': strToU8('\ufeffone\r\ntwo\r\n'),
    });
    expect(unpack(zip, isKnown).files).toEqual({ [path]: 'one\ntwo\n' });
  });

  it('tells what of it is none of the kit’s files', () => {
    const zip = zipSync({
      'my/01-hashing/sha256.ts': strToU8('one'),
      'my/progress.json': strToU8('{}'),
      'my/07-toy/toy.ts': strToU8('two'),
      'my/01-hashing/index.ts': new Uint8Array(2_000_000),
    });
    const { files, others } = unpack(zip, isKnown);
    expect(files).toEqual({ [path]: 'one' });
    expect([...others].sort()).toEqual([
      'my/01-hashing/index.ts',
      'my/07-toy/toy.ts',
      'my/progress.json',
    ]);
  });

  it.each([
    [
      'holds nothing of the reader’s',
      zipSync({ 'a.txt': strToU8('a') }),
      /holds nothing of yours/,
    ],
    ['is none', strToU8('no zip file'), /This is no zip file/],
  ])('is refused in words if it %s', (_what, zip, words) => {
    expect(() => unpack(zip, isKnown)).toThrow(words);
  });
});
