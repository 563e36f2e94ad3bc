import { computed, ref } from 'vue';

const hash = ref(location.hash);
addEventListener('hashchange', () => (hash.value = location.hash));

/** What the part of the url after `#/` says: the view, and what it is to show. */
export const route = computed(() => {
  const [view = '', id = ''] = hash.value.replace(/^#\/?/, '').split('/');
  return { view: view === '' ? 'chain' : view, id: decode(id) };
});

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
