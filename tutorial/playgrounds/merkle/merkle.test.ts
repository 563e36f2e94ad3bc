import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { merkleRoot, proveLine, rootOf } from '#merkle';
import { LinkError } from '../shared/link.ts';
import {
  MOST_LETTERS,
  MOST_LINES,
  format,
  isForged,
  rootOfTree,
  routeOf,
  start,
  treeOf,
  type Tree,
} from './merkle.ts';

const anyTree: fc.Arbitrary<Tree> = fc
  .record({
    lines: fc.array(fc.string({ maxLength: 20 }), {
      minLength: 1,
      maxLength: MOST_LINES,
    }),
    line: fc.nat(),
    way: fc.constantFrom('alone', 'twice'),
  })
  .map(({ lines, line, way }) => ({ lines, line: line % lines.length, way }));

const doubled = (tree: Tree): Tree => ({
  ...tree,
  lines: [...tree.lines, ...tree.lines.slice(-1)],
});

describe('The tree', () => {
  it('has the root of step 7 at its top, and each line at its bottom', () => {
    fc.assert(
      fc.property(anyTree, (tree) => {
        const nodes = treeOf({ ...tree, way: 'alone' });
        expect(nodes.at(-1)?.hash).toBe(merkleRoot(tree.lines.join('\n')));
        expect(nodes.filter(({ level }) => level === 0)).toHaveLength(tree.lines.length);
      }),
    );
  });

  it('has a fork over each two, and none over one that moves up', () => {
    expect(treeOf(start)).toHaveLength(9);
    expect(treeOf({ ...start, way: 'twice' })).toHaveLength(11);
  });

  it('shows the proof of step 7 beside the way of a line', () => {
    fc.assert(
      fc.property(anyTree, (given) => {
        const tree: Tree = { ...given, way: 'alone' };
        const { on, beside, proof } = routeOf(tree, treeOf(tree));
        expect(proof).toEqual(proveLine(tree.lines.join('\n'), tree.line));
        expect(beside.map(({ hash }) => hash)).toEqual(proof.map(([, hash]) => hash));
        expect(on).toHaveLength(proof.length + 1);
      }),
    );
  });

  it('leads each line to its root in either way', () => {
    fc.assert(
      fc.property(anyTree, (tree) => {
        const { proof } = routeOf(tree, treeOf(tree));
        expect(rootOf(tree.lines[tree.line] ?? '', proof)).toBe(rootOfTree(tree));
      }),
    );
  });
});

describe('A forgery', () => {
  it('is another list of lines with the same root', () => {
    const twice: Tree = { ...start, way: 'twice' };
    expect(isForged(start)).toBe(false);
    expect(isForged(twice)).toBe(false);
    expect(isForged(doubled(twice))).toBe(true);
  });

  it('is none that can be found where a hash without a neighbor moves up', () => {
    fc.assert(
      fc.property(anyTree, (tree) => {
        expect(isForged({ ...tree, way: 'alone' })).toBe(false);
      }),
    );
    expect(isForged(doubled(start))).toBe(false);
  });
});

describe('In a link', () => {
  it('stands every tree, and comes back', () => {
    fc.assert(
      fc.property(anyTree, (tree) => {
        expect(format.read(format.write(tree))).toEqual(tree);
      }),
    );
  });

  it('may stand some of it', () => {
    expect(format.read({})).toBe(start);
    expect(format.read({ way: 'twice' })).toEqual({ ...start, way: 'twice' });
    expect(format.read({ 0: 'one' })).toEqual({ lines: ['one'], line: 0, way: 'alone' });
  });

  it.each([
    { 1: 'a second line, and no first' },
    { 0: 'x'.repeat(MOST_LETTERS + 1) },
    { 0: 'two\nlines' },
    { 0: '\ud83d' },
    { [MOST_LINES]: 'one too many' },
    { other: 'x' },
    { line: '5' },
    { line: '-1' },
    { way: 'both' },
  ])('does not stand what cannot be: %j', (fields) => {
    expect(() => format.read(fields)).toThrow(LinkError);
  });
});
