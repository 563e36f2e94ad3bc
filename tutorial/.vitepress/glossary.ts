import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { slug } from 'github-slugger';

/** A term of the glossary. */
export interface Entry {
  /** What `glossary.md#…` is followed by. */
  readonly id: string;
  /** Its heading, which may hold two terms: `Bit, byte`. */
  readonly title: string;
  /** What it means, as Markdown without the link to its chapter. */
  readonly meaning: string;
}

const file = join(import.meta.dirname, '..', 'glossary.md');

/** Reads the entries of a glossary, which is a heading and a paragraph for each. */
export function parseGlossary(text: string): Entry[] {
  const sections = text.replaceAll('\r\n', '\n').split(/^## /m).slice(1);
  return sections.map((section) => {
    const [title = '', ...lines] = section.split('\n');
    const words = lines.join(' ').replaceAll(/\s+/g, ' ').trim();
    const meaning = words.replace(/ ?\[[^\]]*\]\([^)]*\)$/, '');
    return { id: slug(title), title, meaning };
  });
}

/** Reads the project's glossary. */
export function readGlossary(): Entry[] {
  return parseGlossary(readFileSync(file, 'utf8'));
}

// Where a word is more than a term, this says in what form or on which pages it is one.

/** Forms of a term other than its own and its plural, as regular expressions. */
const forms: Record<string, string> = {
  base64: '[Bb]ase64(?:url)?',
  'async-function-promise':
    '[Aa]sync functions?|[Pp]romises?(?= (?:that|which|is|of|for))',
  'bit-byte': '[Bb]its|[Bb]ytes?', // not "a bit more"
  compiler: '(?<!no )compilers?', // who needs none means one for C
  dial: '[Dd]ial(?:s|ed|ing)?',
  gossip: '[Gg]ossip',
  'inbound-outbound': '[Ii]nbound|[Oo]utbound',
  'http-header': '[Hh]eaders?',
  node: 'nodes?', // with a capital it is Node.js
  'ping-pong': '[Pp](?:ing|ong)s?',
  rfc: 'RFCs?(?= \\d)',
  'root-to-join': '[Rr]oots?',
  'sans-io': '[Ss]ans-I/O',
  'server-sent-events': '[Ss]erver-sent\\sevents?',
  work: '(?<=\\b(?:most|more|less|much|claimed|their|the)\\s)work(?! of| with)',
};

/** Terms that are looked for on some pages only, since elsewhere the word means something else. */
const pages: Record<string, RegExp> = {
  address: /^(08|09|10)/,
  api: /^0[45]|^final/,
  'async-function-promise': /^0[3-6]/,
  branch: /^0[569]|^10|^final/,
  condition: /^before/,
  fork: /^0[^7]|^final/, // that of a Merkle tree is another
  header: /^0[^45]|^mining|^where/,
  'http-header': /^04/,
  'request-response': /^0[45]|^final/,
  'root-to-join': /^final/,
  account: /^09|^10/,
  state: /^09|^10|^where/,
  tree: /^06|^final/,
  work: /^0[36]|^final|^where/,
};

/** Common words: only where the text sets them in bold is it the term that is meant. */
const onlyBold = new Set([
  ...['batch', 'body', 'condition', 'data', 'generic', 'getter', 'interface', 'method'],
  ...['narrowing', 'root-to-join', 'rule', 'seed', 'state', 'target', 'type'],
  ...['http-header', 'port'],
]);

/** A term that a page's prose is searched for. */
export interface Term {
  readonly id: string;
  readonly pattern: RegExp;
  readonly onlyBold: boolean;
}

/** Returns the terms that the prose of a page may use, the longest first. */
export function termsFor(page: string, entries: readonly Entry[]): Term[] {
  return entries
    .filter(({ id }) => id !== 'unknown' && pages[id]?.test(page) !== false)
    .toSorted((a, b) => b.title.length - a.title.length)
    .map(({ id, title }) => {
      const source =
        forms[id] ??
        title
          .split(/, (?:to )?/)
          .map(formOf)
          .join('|');
      return {
        id,
        pattern: new RegExp(`(?<![\\w-])(?:${source})(?![\\w-])`),
        onlyBold: onlyBold.has(id),
      };
    });
}

/** A term in the singular or plural, also at the beginning of a sentence. */
function formOf(title: string): string {
  const [first = ''] = title;
  const rest = title.slice(1).replaceAll(' ', '\\s'); // a line may end in between
  const isName = /[A-Z]/.test(rest); // API, HTTP, LevelDB
  const start = isName ? first : `[${first.toUpperCase()}${first.toLowerCase()}]`;
  if (/[^aeiou]y$/.test(rest)) return `${start}${rest.slice(0, -1)}(?:y|ies)`;
  return `${start}${rest}(?:${/(?:s|sh|ch|x)$/.test(rest) ? 'es' : 's'})?`;
}
