/**
 * Shows a deck one slide at a time: keys, buttons, notes, full screen, and the slide's number in the
 * address. Without it, on paper and on narrow screens a deck is a page with all slides.
 *
 * @module
 */
const root = document.documentElement;
const frames = [...document.querySelectorAll<HTMLElement>('.frame')];
const place = element('place');
const help = element('help') as HTMLDialogElement;
/** Where slides are shown one at a time; slides.css asks the same. */
const isWide = matchMedia('(min-width: 800px)');
let current = 0;

/** Shows a slide, by its place counted from 0. */
function show(index: number): void {
  current = Math.max(0, Math.min(frames.length - 1, index));
  for (const [i, frame] of frames.entries())
    frame.classList.toggle('current', i === current);
  place.textContent = `${current + 1} / ${frames.length}`;
}

/** Goes to a slide: its number is in the address then, and who listens hears its title. */
function go(index: number): void {
  show(index);
  history.replaceState(null, '', `#${current + 1}`);
  frames[current]?.querySelector('section')?.focus({ preventScroll: true });
}

/** Goes where the address says. */
function follow(): void {
  const number = Number(location.hash.slice(1));
  show(Number.isInteger(number) && number > 0 ? number - 1 : 0);
}

function toggleNotes(): void {
  const isOn = root.toggleAttribute('data-notes');
  element('notes').setAttribute('aria-pressed', String(isOn));
}

function toggleFullScreen(): void {
  const turn = document.fullscreenElement
    ? document.exitFullscreen()
    : root.requestFullscreen();
  turn.catch(() => undefined); // a browser may refuse
}

function toggleDark(): void {
  const isDark = root.dataset.scheme ?? (systemIsDark() ? 'dark' : 'light');
  root.dataset.scheme = isDark === 'dark' ? 'light' : 'dark';
}

const systemIsDark = () => matchMedia('(prefers-color-scheme: dark)').matches;
const next = () => go(current + 1);
const back = () => go(current - 1);

const keys: Readonly<Record<string, () => void>> = {
  ArrowRight: next,
  ArrowDown: next,
  PageDown: next,
  ArrowLeft: back,
  ArrowUp: back,
  PageUp: back,
  Home: () => go(0),
  End: () => go(frames.length - 1),
  n: toggleNotes,
  f: toggleFullScreen,
  d: toggleDark,
  '?': () => help.showModal(),
};

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || help.open) return;
  if (!isWide.matches) return;
  const target = event.target as HTMLElement;
  // What has the focus is pressed or scrolled by its own keys.
  if (event.key === ' ' && target.closest('button, a, summary') === null) {
    event.preventDefault();
    (event.shiftKey ? back : next)();
  }
  if (target.closest('.notes') !== null && /^(Arrow|Page|Home|End)/.test(event.key))
    return;
  const { key } = event;
  const turn = keys[key.length === 1 ? key.toLowerCase() : key];
  if (turn === undefined) return;
  event.preventDefault();
  turn();
});

for (const [id, press] of Object.entries({
  back,
  next,
  notes: toggleNotes,
  full: toggleFullScreen,
  keys: () => help.showModal(),
}))
  element(id).addEventListener('click', press);

addEventListener('hashchange', follow);
follow();
root.classList.add('plays');

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`There is no #${id} on this page.`);
  return found;
}

export {}; // a module, so that its names are its own
