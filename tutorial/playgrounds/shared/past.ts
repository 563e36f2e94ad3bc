/** How many steps back one can go. */
const MOST = 200;

/** A state and those before it. */
export interface Past<S> {
  readonly now: S;
  readonly before: readonly S[];
  /** What the last change was of; a further one of the same is taken back with it. */
  readonly kind: string;
}

/** Returns a past without steps. */
export function beginning<S>(now: S): Past<S> {
  return { now, before: [], kind: '' };
}

/**
 * Returns the past with a further step.
 *
 * @param kind - what is changed, as the name of a field, so that its letters are taken back
 * together; nothing for a change that stands alone
 */
export function changed<S>(past: Past<S>, next: S, kind = ''): Past<S> {
  const goesOn = kind !== '' && kind === past.kind;
  const before = goesOn ? past.before : [...past.before.slice(1 - MOST), past.now];
  return { now: next, before, kind };
}

/** Returns the past without its last step. */
export function undone<S>(past: Past<S>): Past<S> {
  const now = past.before.at(-1);
  if (now === undefined) return past;
  return { now, before: past.before.slice(0, -1), kind: '' };
}
