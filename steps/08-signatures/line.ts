import { canonicalJson, type Field } from '#hashing';

/** How many characters a line has at most. Longer ones are not even read as JSON. */
export const MAX_LINE = 400;

/**
 * Reads a line of at most {@link MAX_LINE} characters as the list of fields that it is. Returns
 * undefined for any text that `canonicalJson` does not write in just this way, even if it means
 * the same: so there is one line for each list. The function never throws.
 */
export function parseLine(line: string): readonly Field[] | undefined {
  if (line.length > MAX_LINE) return undefined;
  try {
    const fields: unknown = JSON.parse(line);
    if (!Array.isArray(fields)) return undefined;
    return canonicalJson(fields as Field[]) === line ? (fields as Field[]) : undefined;
  } catch {
    return undefined;
  }
}
