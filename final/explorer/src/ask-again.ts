import { onUnmounted, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { ask } from './api.ts';
import { refusalOf, state, version, waiting } from './live.ts';

/** What a node answers, kept up to date while a view looks at it. */
export interface Followed<T> {
  readonly value: ShallowRef<T | undefined>;
  /** Why there is no answer; empty while there is one, or the node is gone. */
  readonly problem: Ref<string>;
}

/** Asks a path of the API, and again whenever blocks or payments have come, or the path is another. */
export function followed<T>(path: () => `/${string}`): Followed<T> {
  const value = shallowRef<T>();
  const problem = ref('');
  let isOpen = true;
  onUnmounted(() => (isOpen = false));
  watch(
    [path, version, waiting, state],
    async ([wanted], [before]) => {
      if (wanted !== before) value.value = undefined;
      try {
        const answer = await ask<T>(wanted);
        if (!isOpen || wanted !== path()) return;
        value.value = answer;
        problem.value = '';
      } catch (error) {
        const words = refusalOf(error);
        if (!isOpen || wanted !== path() || words === undefined) return;
        value.value = undefined;
        problem.value = words;
      }
    },
    { immediate: true },
  );
  return { value, problem };
}
