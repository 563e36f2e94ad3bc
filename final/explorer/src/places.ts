/**
 * Where somebody was on the page, for each entry of the browser's history: so that Back and a
 * reload lead to the place that was left, though what stood there has to be asked for again.
 *
 * @module
 */
import { kept } from './kept.ts';

/** How far the page was scrolled, in pixels: from its top, and from its end. */
interface Place {
  readonly top: number;
  readonly bottom: number;
}

/** Of how many entries of the history the place is kept: the newest. */
const MAX_PLACES = 50;

/** How long it is tried to come back to a place, in milliseconds. */
const PATIENCE = 3_000;

/** From where on somebody looks at old blocks, which new ones push down, in pixels. */
const DEEP = 200;

const isPlaces = (value: unknown): value is Readonly<Record<string, Place>> =>
  typeof value === 'object' && value !== null;

const places = kept<Readonly<Record<string, Place>>>('places', {}, isPlaces);
let entries = 0;
let entry = '';
let here: Place = { top: 0, bottom: 0 };
let giveUp: (() => void) | undefined;

/** Begins to keep places, for as long as the page is open. */
export function keepPlaces(): void {
  history.scrollRestoration = 'manual'; // the browser would scroll before there is anything
  enter();
  addEventListener('scroll', () => (here = look()), { passive: true });
  addEventListener('pagehide', leave);
  addEventListener('hashchange', () => {
    leave();
    enter();
  });
}

function look(): Place {
  return { top: scrollY, bottom: document.documentElement.scrollHeight - scrollY };
}

function leave(): void {
  const others = Object.entries(places.value).filter(([name]) => name !== entry);
  const newest = others.slice(1 - MAX_PLACES);
  places.value = { ...Object.fromEntries(newest), [entry]: here };
}

function enter(): void {
  giveUp?.();
  entry = nameOfEntry();
  const place = places.value[entry];
  here = place ?? { top: 0, bottom: 0 };
  if (place === undefined) scrollTo(0, 0);
  else comeBack(place, location.hash);
}

/** What tells this entry of the history from others. One that has no name yet gets one. */
function nameOfEntry(): string {
  const { name } = (history.state ?? {}) as { name?: unknown };
  if (typeof name === 'string') return name;
  entries += 1;
  const given = `${Date.now()}.${entries}`;
  history.replaceState({ name: given }, '');
  return given;
}

/** Scrolls to a place as soon as the page is long enough, unless the reader scrolls first. */
function comeBack({ top, bottom }: Place, hash: string): void {
  const isList = /^(#\/?(chain)?)?$/.test(hash) && top > DEEP;
  const observer = new ResizeObserver(() => {
    const { scrollHeight } = document.documentElement;
    const wanted = isList ? scrollHeight - bottom : top;
    if (wanted < (isList ? DEEP : 0) || wanted > scrollHeight - innerHeight + 1) return;
    scrollTo(0, wanted);
    giveUp?.();
  });
  const timer = setTimeout(() => giveUp?.(), PATIENCE);
  const signs = ['wheel', 'touchstart', 'keydown', 'pointerdown'] as const;
  giveUp = () => {
    giveUp = undefined;
    observer.disconnect();
    clearTimeout(timer);
    for (const sign of signs) removeEventListener(sign, stop);
  };
  const stop = () => giveUp?.();
  for (const sign of signs) addEventListener(sign, stop, { passive: true });
  observer.observe(document.body);
}
