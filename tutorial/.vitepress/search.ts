import type { DefaultTheme } from 'vitepress';

/**
 * The search of the site. What the chapters and the glossary say of a word comes before the pages of
 * the API that hold it.
 */
export const search: DefaultTheme.Config['search'] = {
  provider: 'local',
  options: {
    miniSearch: {
      searchOptions: {
        // This runs in the browser, as the text that it is here: it uses nothing around it.
        boostDocument: (id: string) => (id.includes('/api/') ? 0.001 : 1),
      },
    },
  },
};
