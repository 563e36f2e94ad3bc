import { onMounted, onUnmounted, ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { ask, type ClassState } from './api.ts';

/** How often the node is asked, in milliseconds. */
const PACE = 1_000;

/** Asks the node about its class for as long as the page is open. */
export function useClass(): {
  state: ShallowRef<ClassState | undefined>;
  isGone: Ref<boolean>;
} {
  const state = shallowRef<ClassState>();
  const isGone = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function look(): Promise<void> {
    try {
      state.value = await ask<ClassState>('/class', undefined, {
        signal: AbortSignal.timeout(5 * PACE),
      });
      isGone.value = false;
    } catch {
      isGone.value = true;
    }
    timer = setTimeout(() => void look(), PACE);
  }

  onMounted(() => void look());
  onUnmounted(() => clearTimeout(timer));
  return { state, isGone };
}
