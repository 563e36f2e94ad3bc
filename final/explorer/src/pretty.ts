/** Up to how many characters data is read as JSON: more is slow to show, and to no use. */
const MAX_TEXT = 200_000;

/**
 * Returns data that is a JSON object or list with line breaks and indents, to be read by people;
 * undefined for all other data. What counts is the data as it is: other spaces, other hash.
 */
export function prettyJson(data: string): string | undefined {
  if (!/^\s*[[{]/.test(data) || data.length > MAX_TEXT) return undefined;
  try {
    const pretty = JSON.stringify(JSON.parse(data), null, 2);
    return pretty === data ? undefined : pretty;
  } catch {
    return undefined;
  }
}
