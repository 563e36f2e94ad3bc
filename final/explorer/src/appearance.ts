import { ref, watchEffect } from 'vue';

const KEY = 'pychain-appearance';

const prefersDark = matchMedia('(prefers-color-scheme: dark)');

/** What was chosen by hand, if anything was: storage may be forbidden. */
function chosen(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** Whether the page is dark: as it was chosen, or else as the system says. */
export const isDark = ref(
  (chosen() ?? (prefersDark.matches ? 'dark' : 'light')) === 'dark',
);

prefersDark.addEventListener('change', ({ matches }) => {
  if (chosen() === null) isDark.value = matches;
});

watchEffect(() => {
  document.documentElement.classList.toggle('dark', isDark.value);
  document.documentElement.classList.toggle('light', !isDark.value);
});

/** Changes between light and dark, and remembers it: a projector may need the other one. */
export function switchAppearance(): void {
  isDark.value = !isDark.value;
  try {
    localStorage.setItem(KEY, isDark.value ? 'dark' : 'light');
  } catch {
    // Then it holds for as long as the page is open.
  }
}
