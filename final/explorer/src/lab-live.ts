import { onMounted, onUnmounted, ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import type { LabNews } from '../../lab/api.ts';
import type { Flight } from '../../lab/lab.ts';
import { continued, type Story } from '../../lab/story.ts';
import { at } from './api.ts';

/** How long to wait before asking a silent laboratory again, in milliseconds. */
const RETRY = 1_000;

/** After how long without a sign of life it counts as silent, in milliseconds. */
const PATIENCE = 7_000;

/** The laboratory as the page knows it. */
export interface Lab extends Pick<LabNews, 'nodes' | 'links'> {
  readonly story: Story;
}

/**
 * Follows the laboratory for as long as the page is open.
 *
 * @param onFlights - is told of blocks that have gone through links just now
 */
export function useLab(onFlights: (flights: readonly Flight[]) => void): {
  lab: ShallowRef<Lab | undefined>;
  isGone: Ref<boolean>;
} {
  const lab = shallowRef<Lab>();
  const isGone = ref(false);
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let watchdog: ReturnType<typeof setTimeout> | undefined;

  function connect(): void {
    source?.close();
    source = new EventSource(at('/lab/events'));
    source.onmessage = ({ data }: MessageEvent<string>) => {
      alive();
      take(JSON.parse(data) as LabNews);
    };
    source.addEventListener('alive', alive);
    source.onerror = gone;
    clearTimeout(watchdog);
    watchdog = setTimeout(gone, PATIENCE);
  }

  function alive(): void {
    isGone.value = false;
    clearTimeout(watchdog);
    watchdog = setTimeout(gone, PATIENCE);
  }

  function gone(): void {
    isGone.value = true;
    source?.close();
    clearTimeout(watchdog);
    clearTimeout(retry);
    retry = setTimeout(connect, RETRY);
  }

  function take({ nodes, links, events, flights, ...news }: LabNews): void {
    const story = news.story ?? (lab.value && continued(lab.value.story, events));
    if (story === undefined) return;
    lab.value = { nodes, links, story };
    if (flights.length > 0) onFlights(flights);
  }

  onMounted(connect);
  onUnmounted(() => {
    source?.close();
    clearTimeout(retry);
    clearTimeout(watchdog);
  });
  return { lab, isGone };
}
