import type { MarkdownRenderer } from 'vitepress';
import { chapters } from './chapters.ts';
import { readGlossary, termsFor, type Entry, type Term } from './glossary.ts';

type Token = ReturnType<MarkdownRenderer['parse']>[number];
type TokenKind = new (type: string, tag: string, nesting: -1 | 0 | 1) => Token;

/**
 * Links each term of the glossary where a chapter's prose first uses it: not in code, in
 * headings, in tables or in other links. What it means, the page shows on hover and focus.
 */
export function terms(md: MarkdownRenderer): void {
  let entries: Entry[] | undefined;
  md.core.ruler.push('terms', ({ tokens, env, Token }) => {
    const { relativePath = '' } = env as { relativePath?: string };
    const page = relativePath.replace(/\.md$/, '');
    if (!chapters.includes(page)) return;
    entries ??= readGlossary();
    let left = termsFor(page, entries);
    for (const [i, token] of tokens.entries()) {
      if (token.type !== 'inline' || tokens[i - 1]?.type !== 'paragraph_open') continue;
      const linked = new Linking(Token, left).over(token.children ?? []);
      token.children = linked.tokens;
      left = linked.left;
    }
  });
}

/** One walk over the words of a paragraph. */
class Linking {
  readonly #Token: TokenKind;
  #left: Term[];
  #links = 0;
  #bold = 0;

  constructor(Token: TokenKind, left: Term[]) {
    this.#Token = Token;
    this.#left = left;
  }

  /** Returns the tokens with links, and the terms that are still to be found. */
  over(tokens: readonly Token[]): { tokens: Token[]; left: Term[] } {
    const found = joined(tokens).flatMap((token) => {
      if (token.type === 'link_open') this.#links += 1;
      if (token.type === 'link_close') this.#links -= 1;
      if (token.type === 'strong_open') this.#bold += 1;
      if (token.type === 'strong_close') this.#bold -= 1;
      return token.type === 'text' && this.#links === 0 ? this.#split(token) : [token];
    });
    return { tokens: found, left: this.#left };
  }

  #split(token: Token): Token[] {
    const first = this.#first(token.content);
    if (first === undefined) return [token];
    const { id, at, words } = first;
    this.#left = this.#left.filter((term) => term.id !== id);
    const open = new this.#Token('link_open', 'a', 1);
    open.attrs = [
      ['href', `./glossary.md#${id}`],
      ['class', 'term'],
      ['data-term', id],
    ];
    return [
      this.#text(token.content.slice(0, at)),
      open,
      this.#text(words),
      new this.#Token('link_close', 'a', -1),
      ...this.#split(this.#text(token.content.slice(at + words.length))),
    ];
  }

  /** Finds the term that comes first in a text; of two at one place, the longer one. */
  #first(text: string): { id: string; at: number; words: string } | undefined {
    let best: { id: string; at: number; words: string } | undefined;
    for (const { id, pattern, onlyBold } of this.#left) {
      if (onlyBold && this.#bold === 0) continue;
      const match = pattern.exec(text);
      if (match === null) continue;
      const [words] = match;
      const isFirst = best === undefined || match.index < best.at;
      const isLonger = match.index === best?.at && words.length > best.words.length;
      if (isFirst || isLonger) best = { id, at: match.index, words };
    }
    return best;
  }

  #text(content: string): Token {
    const token = new this.#Token('text', '', 0);
    token.content = content;
    return token;
  }
}

/** Joins the lines of a paragraph, since a term may begin on one and end on the next. */
function joined(tokens: readonly Token[]): Token[] {
  const all: Token[] = [];
  for (const token of tokens) {
    const last = all.at(-1);
    const isLine = token.type === 'softbreak';
    if (last?.type === 'text' && (isLine || token.type === 'text')) {
      last.content += isLine ? '\n' : token.content;
    } else {
      all.push(token);
    }
  }
  return all;
}
