import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fields, table, type Column, type Layout } from './table.ts';
import { clipped, widthOf } from './width.ts';

interface Row {
  readonly count: number;
  readonly name: string;
  readonly place: string;
}

const count: Column<Row> = { cell: (row) => String(row.count), right: true };
const place: Column<Row> = { cell: (row) => row.place };
const name: Column<Row> = { cell: (row, room) => clipped(row.name, room), least: 6 };
const layouts: [Layout<Row>, ...Layout<Row>[]] = [
  [count, place, name],
  [count, name],
];
const rows: Row[] = [
  { count: 7, name: 'a name of some length', place: 'here' },
  { count: 1_000, name: '漢字', place: 'elsewhere' },
];

describe('A table', () => {
  it('has its columns below each other, the numbers on the right', () => {
    expect(table(rows, layouts, 80)).toEqual([
      '   7  here       a name of some length',
      '1000  elsewhere  漢字',
    ]);
  });

  it('shortens the one elastic column first', () => {
    expect(table(rows, layouts, 24)).toEqual([
      '   7  here       a name…',
      '1000  elsewhere  漢字',
    ]);
  });

  it('loses columns where that would leave too little', () => {
    expect(table(rows, layouts, 20)).toEqual(['   7  a name of som…', '1000  漢字']);
  });

  it('shows all of it where there is no terminal', () => {
    expect(table(rows, layouts, Infinity)).toEqual(table(rows, layouts, 200));
  });

  it('is never wider than the terminal, whatever is in it', () => {
    const row = fc.record({
      count: fc.nat(99_999),
      name: fc.string({ unit: 'grapheme' }),
      place: fc.string({ unit: 'grapheme', maxLength: 9 }),
    });
    fc.assert(
      fc.property(fc.array(row), fc.integer({ min: 12, max: 60 }), (some, width) => {
        for (const line of table(some, layouts, width))
          expect(widthOf(line)).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('A list of fields', () => {
  const all = [
    { name: 'hash', value: '0123456789abcdef', mayBeCut: true },
    { name: 'words', value: 'two or three of them' },
  ];

  it('has the values below each other', () => {
    expect(fields(all, { width: Infinity })).toEqual([
      'hash  0123456789abcdef',
      'words two or three of them',
    ]);
  });

  it('cuts what may be cut, and breaks the rest into lines', () => {
    expect(fields(all, { width: 18, indentation: '  ' })).toEqual([
      '  hash  012345678…',
      '  words two or',
      '        three of',
      '        them',
    ]);
  });
});
