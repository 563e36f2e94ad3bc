import { onMounted, onUnmounted, ref, type Ref } from 'vue';

/** The width of an element in pixels, kept up to date; `initial` until it is on the page. */
export function useWidth(element: Ref<HTMLElement | null>, initial = 640): Ref<number> {
  const width = ref(initial);
  let observer: ResizeObserver | undefined;
  onMounted(() => {
    observer = new ResizeObserver(([entry]) => {
      if (entry && entry.contentRect.width > 0) width.value = entry.contentRect.width;
    });
    if (element.value) observer.observe(element.value);
  });
  onUnmounted(() => observer?.disconnect());
  return width;
}

/** Calls `frame` before each repaint with the milliseconds since the last one, at most 250. */
export function useFrames(frame: (elapsed: number) => void): void {
  let last: number | undefined;
  let handle = 0;
  const step = (now: number) => {
    frame(Math.min(now - (last ?? now), 250));
    last = now;
    handle = requestAnimationFrame(step);
  };
  onMounted(() => (handle = requestAnimationFrame(step)));
  onUnmounted(() => cancelAnimationFrame(handle));
}

/** Whether the reader asked for less motion. */
export function useReducedMotion(): Ref<boolean> {
  const query = matchMedia('(prefers-reduced-motion: reduce)');
  const reduced = ref(query.matches);
  const update = () => (reduced.value = query.matches);
  onMounted(() => query.addEventListener('change', update));
  onUnmounted(() => query.removeEventListener('change', update));
  return reduced;
}
