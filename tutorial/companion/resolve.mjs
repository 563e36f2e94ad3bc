// Resolves what the tests import: the steps to whichever folder serves them in this run, and
// packages from the project, wherever the importing file lies. Runs in a thread of its own.

let places = {};
let root = '';

export function initialize(data) {
  ({ places, root } = data);
}

export function resolve(specifier, context, next) {
  const place = places[specifier];
  if (place !== undefined) return next(place, { ...context, parentURL: root });
  const isPackage = !/^(\.|\/|node:|file:|data:)/.test(specifier);
  const isOurs = context.parentURL?.includes('/node_modules/') === false;
  return next(specifier, isPackage && isOurs ? { ...context, parentURL: root } : context);
}
