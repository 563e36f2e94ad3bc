/**
 * Writes text from elsewhere so that it cannot drive the terminal: in quotes, with control
 * characters as escapes, cut after `length` characters.
 */
export function quote(text: string, length = 60): string {
  const short = text.length > length ? `${text.slice(0, length)}…` : text;
  return JSON.stringify(short).replace(
    /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
