import type { Plugin } from 'vite';
import { patched, type Patch } from './patches.ts';

// What VitePress 1.6 gets wrong for those who do not see the page: a dialog that says it is a
// button, links inside of options, and names that are not what stands there.
const repairs: Record<string, readonly Patch[]> = {
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
  return patched('accessible', repairs);
}
