/** Where a tooltip stands, in CSS pixels from the left upper corner of the window. */
export interface Place {
  readonly left: number;
  readonly top: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** What it keeps from its word, and from the edges of the window. */
const GAP = 6;
const EDGE = 12;

/**
 * Finds the place of a tooltip: below its word, above it where there is no room below, and never
 * beyond the edge of the window.
 */
export function placeOf(
  word: Place & { readonly bottom: number },
  tip: Size,
  page: Size,
): Place {
  const below = word.bottom + GAP;
  const above = word.top - GAP - tip.height;
  const fits = below + tip.height + EDGE <= page.height || above < EDGE;
  const rightmost = page.width - EDGE - tip.width;
  return {
    left: Math.max(EDGE, Math.min(word.left, rightmost)),
    top: fits ? below : above,
  };
}
