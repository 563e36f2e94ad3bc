import { describe, expect, it } from '@jest/globals';
import { ownCode } from './own-code.ts';

describe('The code of a node', () => {
  it('is that of the reference where Node was told no conditions', () => {
    expect(ownCode([])).toBeUndefined();
    expect(ownCode(['--import', 'tsx', '-C', 'production'])).toBeUndefined();
  });

  it('names the steps that the conditions choose, in their order', () => {
    expect(ownCode(['-C', 'my-03', '--import', 'tsx', '-C', 'my-01'])).toBe('my 01 03');
    expect(ownCode(['--conditions=my-02'])).toBe('my 02');
  });
});
