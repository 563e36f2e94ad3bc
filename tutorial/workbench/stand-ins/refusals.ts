/**
 * The words in which Node refuses what it is given.
 *
 * @module
 */

/** As Node checks it. */
export function checkText(name: string, value: unknown): asserts value is string {
  if (typeof value === 'string') return;
  throw wrongType(`The "${name}" argument must be of type string.`, value);
}

/** As Node says that a value is of a wrong type. */
export function wrongType(words: string, value: unknown): Error {
  return refusal(TypeError, `${words} Received ${kindOf(value)}`, 'ERR_INVALID_ARG_TYPE');
}

/** As Node says what it was given. */
function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'function') return `function ${value.name}`;
  if (typeof value === 'object') {
    const { constructor } = value as { constructor?: { name?: string } };
    const name = constructor?.name ?? '';
    return name === '' ? '[Object: null prototype] {}' : `an instance of ${name}`;
  }
  // eslint-disable-next-line @typescript-eslint/no-base-to-string -- it is no object
  const text = String(value);
  const short = text.length > 28 ? `${text.slice(0, 25)}...` : text;
  const shown = typeof value === 'string' ? `'${short}'` : short;
  return `type ${typeof value} (${shown}${typeof value === 'bigint' ? 'n' : ''})`;
}

/** An error of Node's. */
export function refusal(
  kind: ErrorConstructor | TypeErrorConstructor,
  words: string,
  code: string,
): Error {
  return Object.assign(new kind(words), { code });
}
