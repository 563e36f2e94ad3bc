/** The page on which the reader has gone somewhere; there nothing must jump any more. */
let movedOn: string | undefined;

if (typeof window !== 'undefined') {
  const moved = () => (movedOn = location.pathname);
  for (const event of ['wheel', 'touchmove', 'pointerdown', 'keydown']) {
    window.addEventListener(event, moved, { capture: true, passive: true });
  }
}

/**
 * Brings the place that the url names into view. Playgrounds come after the page, and push
 * what is below them away.
 */
export function keepPlace(): void {
  const name = location.hash.slice(1);
  if (name === '' || movedOn === location.pathname) return;
  document.getElementById(name)?.scrollIntoView();
}
