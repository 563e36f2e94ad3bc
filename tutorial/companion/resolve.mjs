// Resolves what the tests import: the steps to whichever folder serves them in this run, and
// packages from the project, wherever the importing file lies. Runs in a thread of its own.

let places = {};
let root = '';

export function initialize(data) {
  ({ places, root } = data);
}

export async function resolve(specifier, { parentURL, ...context }, next) {
  const place = places[specifier];
  const isPackage = !/^(\.|\/|node:|file:|data:)/.test(specifier);
  const isOurs = parentURL?.includes('/node_modules/') === false;
  const from = place || (isPackage && isOurs) ? root : parentURL;
  const found = await next(place ?? specifier, { ...context, parentURL: from });
  // What is loaded for one round loads all it needs of the project anew.
  const [round] = /(?<=\?)round=\d+/.exec(parentURL) ?? [];
  const isFixed = /node_modules|companion|round=|^node:/.test(found.url);
  return round && !isFixed ? { ...found, url: `${found.url}?${round}` } : found;
}
