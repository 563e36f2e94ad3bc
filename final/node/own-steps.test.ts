import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { codeInWords, ownCode } from './own-steps.ts';

describe('The code of a node', () => {
  it('is that of the reference where Node was told no conditions', () => {
    expect(ownCode([])).toBeUndefined();
    expect(ownCode(['--import', 'tsx', '-C', 'production'])).toBeUndefined();
  });

  it('names the steps that the conditions choose, in their order', () => {
    expect(ownCode(['-C', 'my-03', '--import', 'tsx', '-C', 'my-01'])).toBe('my 01 03');
    expect(ownCode(['--conditions=my-02', '-C', 'my-12'])).toBe('my 02 12');
  });

  it('is said to be the reference for the other steps, as far as there are others', () => {
    expect(codeInWords('my 01 03')).toBe(
      'my 01 03, and the reference for the other steps',
    );
    const steps = readdirSync(join(import.meta.dirname, '../../steps'));
    const all = ['my', ...steps.map((folder) => folder.slice(0, 2))].join(' ');
    expect(codeInWords(all)).toBe(all);
  });
});
