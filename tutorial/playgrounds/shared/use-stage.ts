import { ref, watch } from 'vue';
import { useFrames } from '../../../final/explorer/components/composables.ts';
import { noRun, type Run } from './deeds.ts';
import type { Format } from './link.ts';
import { usePlay } from './play.ts';
import { Stage, type World } from './stage.ts';

/**
 * Keeps a world on the page: lets its time pass before each repaint, and keeps what is done in
 * it in the url and for undoing.
 *
 * @param name - the playground's folder
 * @param make - makes the world as it is at the start
 * @param formatAt - how a run stands in a link, given what tells the time of the world
 * @param speed - how many milliseconds pass in the world in one of the page; 0 if none do
 * @param show - puts what has changed on the page
 */
export function useStage<A, W extends World<A>>(options: {
  name: string;
  make: () => W;
  formatAt: (now: () => number) => Format<Run<A>>;
  speed: (world: W, now: number) => number;
  show: () => void;
}) {
  const stage = new Stage<A, W>(options.make);
  const format = options.formatAt(() => stage.now);
  const play = usePlay<Run<A>>(options.name, format, noRun);
  const isPaused = ref(false);
  const isReplay = ref(false);
  stage.show(play.state.value.deeds, play.state.value.until);

  function show(): void {
    isReplay.value = stage.isReplay;
    options.show();
  }

  useFrames((elapsed) => {
    const speed = options.speed(stage.world, stage.now);
    if (isPaused.value || (speed === 0 && !stage.isReplay)) return;
    stage.advance(elapsed * (speed === 0 ? 1 : speed));
    show();
  });

  watch(play.state, ({ deeds, until }) => {
    if (deeds === stage.deeds) return;
    // Whoever undoes a deed is back at the moment before it.
    const undone = stage.deeds[deeds.length];
    stage.show(deeds, play.isStart.value ? 0 : Math.max(until, undone?.at ?? 0));
    show();
  });

  return {
    stage,
    play,
    isPaused,
    isReplay,
    /** Does something; further deeds of the same `kind` are undone together. */
    act(action: A, kind?: string): void {
      play.change({ deeds: stage.act(action), until: stage.now }, kind);
      show();
    },
    /** Lets time pass until something happens, and stops there. */
    step(duration: number): void {
      isPaused.value = true;
      stage.advance(duration);
      show();
    },
    /** Plays all that was done once more. */
    replay(): void {
      isPaused.value = false;
      stage.rewind();
      show();
    },
  };
}
