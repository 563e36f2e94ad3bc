import * as node from 'node:path/posix';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as page from './path.ts';

const part = fc.constantFrom('a', 'b.test.ts', '..', '.', 'c.ts');
const path = fc
  .array(part, { minLength: 1, maxLength: 6 })
  .map((parts) => `/${parts.join('/')}`);

describe('The paths of a page', () => {
  it('are joined, taken apart and compared as in Node', () => {
    fc.assert(
      fc.property(path, path, part, (one, other, name) => {
        expect(page.join(one, '..', name)).toBe(node.join(one, '..', name));
        expect(page.resolve(one, name)).toBe(node.resolve(one, name));
        expect(page.relative(one, other)).toBe(node.relative(one, other));
        expect(page.dirname(one)).toBe(node.dirname(one));
        expect(page.basename(one, '.ts')).toBe(node.basename(one, '.ts'));
        expect(page.extname(one)).toBe(node.extname(one));
      }),
    );
  });
});
