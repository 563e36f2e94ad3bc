import { columnsOf, padded, widthOf, wrapped, clipped } from './width.ts';
import { colors } from './colors.ts';

/** What stands between two columns. */
const GAP = '  ';

/** A column of a table. */
export interface Column<Row> {
  /**
   * What it shows of a row. The one column that is elastic is told how many columns of the
   * terminal it has, and shows no more than fits into them.
   */
  readonly cell: (row: Row, room: number) => string;
  /** How much room it takes what it needs to make sense; undefined if it is not elastic. */
  readonly least?: number;
  /** Whether its cells stand on the right, as numbers do. */
  readonly right?: boolean;
  /** Whether it is there for those who look for it. */
  readonly dim?: boolean;
}

/** The columns of a table, one of them elastic. */
export type Layout<Row> = readonly Column<Row>[];

/**
 * Writes rows below each other so that none is wider than the terminal.
 *
 * @param layouts - what to show, from the widest to the narrowest: the first that has room is taken
 */
export function table<Row>(
  rows: readonly Row[],
  layouts: readonly [Layout<Row>, ...Layout<Row>[]],
  width = columnsOf(process.stdout),
): string[] {
  const fits = layouts.find((layout) => {
    return layout.every((column) => {
      const { least } = column;
      return (
        least === undefined || room(rows, layout, width) >= wish(rows, column, least)
      );
    });
  });
  const layout = fits ?? layouts.at(-1) ?? layouts[0];
  const left = Math.max(1, room(rows, layout, width));
  const widths = layout.map((column) => widest(rows, column, left));
  return rows.map((row) => {
    const cells = layout.map(({ cell, right, dim = false }, i) => {
      const text = padded(cell(row, left), widths[i] ?? 0, right);
      return dim ? colors.dim(text) : text;
    });
    return cells.join(GAP).trimEnd();
  });
}

/** How many columns of the terminal the elastic column has; less than none if the others have too few. */
function room<Row>(rows: readonly Row[], layout: Layout<Row>, width: number): number {
  const others = layout.filter(({ least }) => least === undefined);
  const taken = others.map((column) => widest(rows, column, Infinity) + GAP.length);
  return width - taken.reduce((sum, one) => sum + one, 0);
}

/** How much room the elastic column wants: no more than its cells have to show. */
const wish = <Row>(rows: readonly Row[], column: Column<Row>, least: number): number =>
  Math.min(least, widest(rows, column, Infinity));

function widest<Row>(
  rows: readonly Row[],
  { cell }: Column<Row>,
  available: number,
): number {
  return rows.reduce((most, row) => Math.max(most, widthOf(cell(row, available))), 0);
}

/** A name and what it stands for. */
export interface Field {
  readonly name: string;
  readonly value: string;
  /** Whether a beginning of it will do where there is no room, as of a hash. */
  readonly mayBeCut?: boolean;
}

/** How fields are to look. */
interface FieldsLook {
  readonly width?: number;
  /** What stands before each name. */
  readonly indentation?: string;
  /** What stands between names and values. */
  readonly gap?: string;
}

/** Writes names with their values behind them; what is too long goes on below its beginning. */
export function fields(
  all: readonly Field[],
  { width = columnsOf(process.stdout), indentation = '', gap = ' ' }: FieldsLook = {},
): string[] {
  const widthOfNames = Math.max(...all.map(({ name }) => name.length));
  const left = indentation.length + widthOfNames + gap.length;
  const available = Math.max(1, width - left);
  return all.flatMap(({ name, value, mayBeCut = false }) => {
    const [first = '', ...others] = mayBeCut
      ? [clipped(value, available)]
      : wrapped(value, available);
    const title = colors.dim(name.padEnd(widthOfNames));
    return [
      indentation + title + gap + first,
      ...others.map((line) => ' '.repeat(left) + line),
    ];
  });
}
