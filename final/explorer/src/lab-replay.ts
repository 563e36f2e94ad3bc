import { computed, onUnmounted, ref, type ComputedRef, type Ref } from 'vue';
import { linesOf, type StoryLine } from '../../lab/story-words.ts';
import { sceneOf, type Scene, type Story } from '../../lab/story.ts';

/** How long each line is shown while the story plays, in milliseconds. */
const PACE = 1_600;

/** Goes back and forth in a story. */
export interface Replay {
  /** The story in sentences, oldest first. */
  readonly lines: ComputedRef<readonly StoryLine[]>;
  /** After how many lines the network is shown. */
  readonly step: ComputedRef<number>;
  /** The line that was told last there; undefined before the first. */
  readonly line: ComputedRef<StoryLine | undefined>;
  /** Whether an earlier time is shown than now. */
  readonly isPast: ComputedRef<boolean>;
  readonly isPlaying: Ref<boolean>;
  /** The network at that time. */
  readonly scene: ComputedRef<Scene>;
  /** Shows the network after some lines; after all of them, as it is now. */
  go: (step: number) => void;
  /** Shows one line after the other, from the beginning unless an earlier time is shown. */
  play: () => void;
  pause: () => void;
}

/** @param told - is handed each line that is gone forward to */
export function useReplay(
  story: ComputedRef<Story>,
  told: (line: StoryLine) => void,
): Replay {
  /** The id of the line that is shown last, 0 for none; undefined for now. */
  const at = ref<number>();
  const isPlaying = ref(false);
  let timer: ReturnType<typeof setInterval> | undefined;

  const lines = computed(() => linesOf(story.value));
  const step = computed(() => {
    if (at.value === undefined) return lines.value.length;
    return lines.value.findIndex(({ id }) => id === at.value) + 1;
  });
  const line = computed(() => lines.value[step.value - 1]);
  const isPast = computed(() => at.value !== undefined);
  const scene = computed(() => {
    if (at.value === undefined) return sceneOf(story.value);
    const events = lines.value.slice(0, step.value).flatMap(({ events }) => events);
    return sceneOf({ ...story.value, events });
  });

  function go(to: number): void {
    const isForward = to === step.value + 1;
    const last = lines.value[to - 1];
    at.value = to >= lines.value.length ? undefined : (last?.id ?? 0);
    if (isForward && last !== undefined) told(last);
  }

  function play(): void {
    if (!isPast.value) go(0);
    isPlaying.value = true;
    clearInterval(timer);
    timer = setInterval(() => {
      go(step.value + 1);
      if (!isPast.value) pause();
    }, PACE);
  }

  function pause(): void {
    isPlaying.value = false;
    clearInterval(timer);
  }

  onUnmounted(pause);
  return { lines, step, line, isPast, isPlaying, scene, go, play, pause };
}
