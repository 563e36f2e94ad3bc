import { onContentUpdated } from 'vitepress';
import { onBeforeUnmount, onMounted } from 'vue';

/** What tells that readers move on their own. */
const MOVES = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const;

/**
 * Keeps the place in sight that the url names, while things above it load and grow, until the
 * reader moves.
 */
export function useHoldPlace(): void {
  let isHeld = false;
  let observer: ResizeObserver | undefined;

  const scroll = () => {
    if (isHeld)
      document
        .getElementById(decodeURIComponent(location.hash.slice(1)))
        ?.scrollIntoView();
  };
  const hold = () => {
    isHeld = location.hash.length > 1;
    scroll();
  };
  const release = () => {
    isHeld = false;
  };
  onContentUpdated(hold);
  onMounted(() => {
    observer = new ResizeObserver(scroll);
    observer.observe(document.body);
    window.addEventListener('hashchange', hold);
    for (const move of MOVES) window.addEventListener(move, release, { passive: true });
  });
  onBeforeUnmount(() => {
    observer?.disconnect();
    window.removeEventListener('hashchange', hold);
    for (const move of MOVES) window.removeEventListener(move, release);
  });
}
