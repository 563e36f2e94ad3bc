// Which run was under way in this tab when its page ended: a program may take so much memory that a
// browser ends the whole page.

/** The name under which the tab keeps it. */
const RUN = 'pychain-run';

/** Notes that the tests of a task run from now on. */
export function noteRun(task: string): void {
  try {
    sessionStorage.setItem(RUN, task);
    addEventListener('pagehide', forgetRun); // the reader left, and nothing ended
  } catch {
    // Then nobody will know.
  }
}

/** Forgets it: the run is over. */
export function forgetRun(): void {
  removeEventListener('pagehide', forgetRun);
  try {
    sessionStorage.removeItem(RUN);
  } catch {
    // There was nothing to forget.
  }
}

/** Whether the page did not survive a run of a task's tests; forgets it. */
export function lostRun(task: string): boolean {
  try {
    if (sessionStorage.getItem(RUN) !== task) return false;
    forgetRun();
    return true;
  } catch {
    return false;
  }
}
