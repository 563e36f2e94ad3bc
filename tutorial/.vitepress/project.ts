import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { steps } from '../../scripts/steps.mjs';

const root = join(import.meta.dirname, '..', '..');
const about = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  homepage?: string;
  repository?: string | { url: string };
};
const { repository: found } = about;
const url = typeof found === 'string' ? found : found?.url;

/** Where the project is public, without a slash at the end; undefined where it is not. */
export const repository = url?.replace(/^git\+/, '').replace(/\.git$/, '');

/**
 * Where the site is public, with a slash at the end: what SITE_ADDRESS says when it is built, or
 * package.json. Undefined where it is not known; then the pages name no address of their own.
 */
export const siteAddress = (process.env.SITE_ADDRESS ?? about.homepage)?.replace(
  /\/*$/,
  '/',
);

/** What a chapter is about: its folder, the commands that belong to it, and how long it takes. */
export interface Place {
  readonly folder: string;
  readonly demo?: string;
  readonly test: string;
  /** How long writing it takes, roughly: `1 hour`. */
  readonly writing?: string | undefined;
  /** How many minutes reading it takes, roughly. */
  readonly reading: number;
  /** Whether there are slides for it. */
  readonly slides: boolean;
  /** The view of a node's explorer in which it can be seen, and what is seen there. */
  readonly explorer?: readonly [view: string, what: string] | undefined;
}

/** What people read in a minute: of a text like this, rather few. */
const WORDS_PER_MINUTE = 180;

/** How long writing a step takes, as the chapter before them estimates it. */
const writing: Readonly<Record<string, string>> = {
  '01-hashing': '1 hour',
  '02-blocks': '2 hours',
  '03-proof-of-work': '2 hours',
  '04-http': '4 hours',
  '05-peers': '8 to 12 hours',
  '06-consensus': '8 to 12 hours',
  '07-merkle': '2 hours',
  '08-signatures': '3 hours',
  '09-accounts': '8 hours',
  '10-mempool': '6 hours',
};

/** Where the explorer of a node shows what a chapter is about. */
const explorer: Readonly<Record<string, readonly [view: string, what: string]>> = {
  '01-hashing': ['block/0', 'the fingerprints of a block'],
  '02-blocks': ['tamper', 'a forged block, and the rule that finds it'],
  '03-proof-of-work': ['mine', 'a search for a nonce'],
  '04-http': ['chain', 'blocks that came by HTTP'],
  '05-peers': ['network', 'the peers of your node'],
  '06-consensus': ['forks', 'branches, and which one won'],
  final: ['numbers', 'what the node counts'],
};

/** Finds the place of a chapter by its name: that of the folder that it teaches. */
export function placeOf(page: string): Place | undefined {
  const name = page.replace(/\.md$/, '');
  const more = {
    writing: writing[name],
    explorer: explorer[name],
    slides: existsSync(join(root, 'tutorial', 'slides', page)),
    reading: minutesFor(join(root, 'tutorial', page)),
  };
  const step = steps.find(({ folder }) => folder === name);
  if (step !== undefined) {
    return {
      folder: `steps/${name}`,
      demo: `npm run demo ${name.slice(0, 2)}`,
      test: `npm run test:step ${step.number}`,
      ...more,
    };
  }
  if (name === 'final') {
    return {
      folder: 'final',
      demo: './pychain',
      test: 'npm test -- final test/network',
      ...more,
    };
  }
  return undefined;
}

/** Estimates how long reading a chapter takes, without its code, in steps of five minutes. */
function minutesFor(file: string): number {
  if (!existsSync(file)) return 0;
  const prose = readFileSync(file, 'utf8').replaceAll(/^```.*?^```$/gms, '');
  const minutes = prose.split(/\s+/).length / WORDS_PER_MINUTE;
  return Math.max(5, Math.round(minutes / 5) * 5);
}
