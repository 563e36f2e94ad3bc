import { onContentUpdated, useData } from 'vitepress';
import { onBeforeUnmount, onMounted } from 'vue';
import { notePlace } from './reader.ts';

/** How long after the last move a place is noted, in milliseconds. */
const REST = 300;

/** Notes, in a chapter, which heading the reader is below. */
export function useFollowPlace(): void {
  const { frontmatter, page } = useData();
  let resting: ReturnType<typeof setTimeout> | undefined;

  const note = () => {
    clearTimeout(resting);
    const { chapter: name } = frontmatter.value as { chapter?: string };
    if (name === undefined) return;
    const headings = [
      ...document.querySelectorAll<HTMLElement>('.vp-doc :is(h2, h3)[id]'),
    ];
    const here = headings.findLast(
      (one) => one.getBoundingClientRect().top < innerHeight / 3,
    );
    const [chapter] = page.value.title.split(':');
    const title = here?.firstChild?.textContent?.trim();
    const words = title === undefined ? chapter : `${chapter}, ${title}`;
    notePlace({ page: name, anchor: here?.id ?? '', words: words ?? name });
  };
  const move = () => {
    clearTimeout(resting);
    resting = setTimeout(note, REST);
  };
  onContentUpdated(move);
  onMounted(() => {
    window.addEventListener('scroll', move, { passive: true });
    window.addEventListener('pagehide', note);
  });
  onBeforeUnmount(() => {
    clearTimeout(resting);
    window.removeEventListener('scroll', move);
    window.removeEventListener('pagehide', note);
  });
}
