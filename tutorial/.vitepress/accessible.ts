import type { Plugin } from 'vite';

// What VitePress 1.6 gets wrong for those who do not see the page: a dialog that says it is a
// button, links inside of options, and names that are not what stands there.
const repairs: Record<string, readonly (readonly [RegExp, string])[]> = {
  'VPLocalSearchBox.vue': [
    [
      /role="button"\s+:aria-owns="[^"]*"\s+aria-expanded="true"\s+aria-haspopup="listbox"\s+aria-labelledby="localsearch-label"/,
      'role="dialog" aria-modal="true" aria-label="Search"',
    ],
    [/:role="results\?\.length \? 'listbox' : undefined"/, ''],
    [/:aria-labelledby="results\?\.length \? 'localsearch-label' : undefined"/, ''],
    [/:aria-selected="[^"]*"\s+role="option"/, ''],
    [/<kbd :aria-label="[^"]*">/g, '<kbd>'],
    [/:aria-label="\[\.\.\.p\.titles, p\.title\]\.join\(' > '\)"/, ''],
  ],
  'VPNavBarSearchButton.vue': [
    [/:aria-label="translate\('button\.buttonAriaLabel'\)"/, ''],
    [/class="DocSearch-Button-Keys"/, 'class="DocSearch-Button-Keys" aria-hidden="true"'],
  ],
};

/** Repairs the parts of the default theme that axe finds fault with. */
export function accessible(): Plugin {
  return {
    name: 'accessible',
    enforce: 'pre',
    transform(code, id) {
      const name = Object.keys(repairs).find((file) => id.endsWith(`/${file}`));
      let repaired = code;
      for (const [broken, right] of repairs[name ?? ''] ?? []) {
        if (repaired.search(broken) < 0)
          throw new Error(`${id} holds no ${broken.source} now.`);
        repaired = repaired.replace(broken, right);
      }
      return repaired === code ? undefined : { code: repaired, map: null };
    },
  };
}
