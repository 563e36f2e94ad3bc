import type { Plugin } from 'vite';

/** What to replace in a file of the default theme, and by what. */
export type Patch = readonly [RegExp, string];

/**
 * Changes parts of the default theme where it has no slot for that, by the names of their files.
 * A new version of it in which a place is not found ends the build.
 */
export function patched(
  name: string,
  patches: Readonly<Record<string, readonly Patch[]>>,
): Plugin {
  return {
    name,
    enforce: 'pre',
    transform(code, id) {
      const part = Object.keys(patches).find((file) => id.endsWith(`/${file}`));
      let changed = code;
      for (const [found, instead] of patches[part ?? ''] ?? []) {
        if (changed.search(found) < 0)
          throw new Error(`${id} holds no ${found.source} now.`);
        changed = changed.replace(found, instead);
      }
      return changed === code ? undefined : { code: changed, map: null };
    },
  };
}
