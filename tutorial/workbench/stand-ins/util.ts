/**
 * For `node:util`: what jest's parts and the companion use of it.
 *
 * @module
 */
import { write } from '../../companion/compare.ts';

/** As in Node, for colors. */
export const stripVTControlCharacters = (text: string): string =>
  // eslint-disable-next-line no-control-regex
  text.replaceAll(/\u001b\[[0-9;]*m/g, '');

export const types = {
  isPromise: (value: unknown) => value instanceof Promise,
  isProxy: () => false, // nothing tells a proxy here
  isNativeError: (value: unknown) => value instanceof Error,
  isDate: (value: unknown) => value instanceof Date,
  isRegExp: (value: unknown) => value instanceof RegExp,
  isMap: (value: unknown) => value instanceof Map,
  isSet: (value: unknown) => value instanceof Set,
};
export const { isPromise } = types;

/** Writes a value for people, in one line. */
export const inspect = (value: unknown): string => write(value);

const asText = (value: unknown) => {
  if (typeof value === 'bigint') return `${value}n`;
  if (Object.is(value, -0)) return '-0';
  return typeof value === 'object' && value !== null ? inspect(value) : String(value);
};

const asNumber = (value: unknown) => {
  if (typeof value === 'bigint') return `${value}n`;
  return typeof value === 'object' ? 'NaN' : String(Number(value));
};

/** How `%s` and its like are written. */
const signs: Readonly<Record<string, (value: unknown) => string>> = {
  s: asText,
  d: asNumber,
  i: (value) => String(Number.parseInt(String(value), 10)),
  f: (value) => String(Number.parseFloat(String(value))),
  j: (value) => JSON.stringify(value),
  o: inspect,
  O: inspect,
};

/** As in Node: puts values where a text asks for them, and the others behind it. */
export function format(first: unknown, ...rest: readonly unknown[]): string {
  const others = [...rest];
  const plain = (value: unknown) => (typeof value === 'string' ? value : inspect(value));
  if (typeof first !== 'string') return [first, ...rest].map(plain).join(' ');
  const text = first.replaceAll(/%([sdifjoO%])/g, (sign, kind: string) => {
    if (kind === '%') return rest.length > 0 ? '%' : sign;
    return others.length === 0 ? sign : (signs[kind]?.(others.shift()) ?? sign);
  });
  return [text, ...others.map(plain)].join(' ');
}

export default { types, isPromise, inspect, format, stripVTControlCharacters };
