/** The variables of an environment that say what a terminal is to get. */
type Environment = Readonly<Partial<Record<string, string>>>;

/**
 * Whether a terminal is to get nothing but lines of text: no colors, and nothing that moves the
 * cursor or clears the screen. So want those who set NO_COLOR (https://no-color.org), and a
 * terminal that calls itself dumb can do no more.
 */
export function isPlain({ NO_COLOR, TERM }: Environment = process.env): boolean {
  return (NO_COLOR ?? '') !== '' || TERM === 'dumb';
}

/** Whether a line that was written can be drawn anew: on a terminal that is not plain. */
export function canRedraw({ isTTY }: { readonly isTTY?: boolean }): boolean {
  return isTTY === true && !isPlain();
}
