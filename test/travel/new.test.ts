/** Where the kit can be laid out, and what is said where it cannot. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startProgram } from '../program.ts';

// Nobody can make a folder there; on other systems that of a file stands for it.
const nowhere = process.platform === 'linux' ? '/proc/kit' : 'full/file/kit';

const root = join(import.meta.dirname, '..', '..');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'new kit '));
  mkdirSync(join(folder, 'full'));
  writeFileSync(join(folder, 'full', 'file'), 'mine');
});
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

const layOut = (place: string) =>
  startProgram(join(root, 'scripts', 'new.mjs'), [place], { cwd: folder }).end;

describe('A place for the kit', () => {
  it.each([
    ['holds something', 'full', /^full is there already, and holds something\. Name a/],
    ['is a file', 'full/file', /^The kit .* in full\/file: a file has that name, or/],
    [
      'is below a file',
      'full/file/kit',
      /: a file has that name, or that of a folder above/,
    ],
    [
      'has too long a name',
      'x'.repeat(300),
      /: (its name is too long|there is no such place)\. Name/,
    ],
    [
      'is in the project',
      join(root, 'kit'),
      /kit is in the project itself\. Name a folder/,
    ],
    ['is the project', root, / is in the project itself\. Name a folder/],
    ['cannot be', nowhere, /: (there is no such place|a file has .*)\. Name another/],
  ])('that %s is refused in a sentence', async (_what, place, words) => {
    const { code, output } = await layOut(place);
    expect(output).toMatch(words);
    expect(output.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(1);
    expect(readdirSync(folder)).toEqual(['full']);
    expect(readdirSync(join(folder, 'full'))).toEqual(['file']);
  });
});
