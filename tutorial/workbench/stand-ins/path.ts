/**
 * For `node:path`, with paths as the disk in memory has them.
 *
 * @module
 */

/** As in Node. */
export const sep = '/';

/** As in Node. */
export function normalize(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '.' && part !== '' && !(part === '..' && path.startsWith('/')))
      parts.push(part);
  }
  const end = path.endsWith('/') && parts.length > 0 ? '/' : '';
  return (path.startsWith('/') ? '/' : '') + parts.join('/') + end || '.';
}

/** As in Node. */
export const isAbsolute = (path: string): boolean => path.startsWith('/');

/** As in Node. */
export const join = (...parts: readonly string[]): string =>
  normalize(parts.filter((part) => part !== '').join('/'));

/** As in Node; paths that are not absolute are in the root. */
export function resolve(...parts: readonly string[]): string {
  const path = parts.reduce(
    (all, part) => (isAbsolute(part) ? part : `${all}/${part}`),
    '',
  );
  return normalize(`/${path}`).replace(/(.)\/$/, '$1');
}

/** As in Node. */
export const dirname = (path: string): string => path.replace(/\/[^/]*$/, '') || '/';

/** As in Node. */
export function basename(path: string, extension = ''): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const isCut = extension !== '' && name.endsWith(extension) && name !== extension;
  return isCut ? name.slice(0, -extension.length) : name;
}

/** As in Node. */
export function extname(path: string): string {
  const name = basename(path);
  const at = name.lastIndexOf('.');
  return at < 1 || name === '..' ? '' : name.slice(at);
}

/** As in Node, for absolute paths. */
export function relative(from: string, to: string): string {
  const [one, other] = [from, to].map((path) =>
    resolve(path)
      .split('/')
      .filter((part) => part !== ''),
  );
  if (one === undefined || other === undefined) return '';
  let same = 0;
  while (same < one.length && one[same] === other[same]) same += 1;
  return [...one.slice(same).map(() => '..'), ...other.slice(same)].join('/');
}

/** Asked for by what wants to know how Windows writes paths. */
export const win32 = { sep: '\\' };

export default {
  sep,
  normalize,
  isAbsolute,
  join,
  resolve,
  dirname,
  basename,
  extname,
  relative,
};
