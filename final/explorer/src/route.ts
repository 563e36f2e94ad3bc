import { computed, ref } from 'vue';

const hash = ref(location.hash);
addEventListener('hashchange', () => (hash.value = location.hash));

/** What the part of the url after `#/` says: the view, and what it is to show. */
export const route = computed(() => {
  const path = hash.value.replace(/^#\/?/, '');
  const [view = ''] = path.split('/');
  return { view: view === '' ? 'chain' : view, id: decode(path.slice(view.length + 1)) };
});

/** Leads to a view of the page, as a link does. */
export function go(view: string, id: string | number = ''): void {
  location.hash = `#/${view}${id === '' ? '' : `/${encodeURIComponent(id)}`}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
