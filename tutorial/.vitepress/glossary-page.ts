import type { MarkdownRenderer } from 'vitepress';

type Token = ReturnType<MarkdownRenderer['parse']>[number];
type TokenKind = new (type: string, tag: string, nesting: -1 | 0 | 1) => Token;

/** On the site the glossary is one list: a heading for each letter, and the terms below it. */
export function glossaryPage(md: MarkdownRenderer): void {
  md.core.ruler.push('glossary page', (state) => {
    const { relativePath } = state.env as { relativePath?: string };
    if (relativePath === 'glossary.md')
      state.tokens = inLetters(state.tokens, state.Token);
  });
}

function inLetters(tokens: readonly Token[], Token: TokenKind): Token[] {
  const html = (content: string) => {
    const token = new Token('html_block', '', 0);
    token.content = content;
    return token;
  };
  const titles = tokens.filter((_, i) => tokens[i - 1]?.tag === 'h2');
  const letters = [...new Set(titles.flatMap(({ content }) => letterOf(content)))];
  let letter = '';
  const list = tokens.flatMap((token, i) => {
    if (token.tag !== 'h2') return [token];
    token.tag = 'h3';
    if (token.type === 'heading_close') return [token];
    const own = letterOf(tokens[i + 1]?.content ?? '');
    const isNext = own !== letter;
    const end = letter === '' ? '' : `</div>${isNext ? '</section>' : ''}`;
    const begin = isNext
      ? `<section class="letter" aria-labelledby="letter-${own}"><h2 id="letter-${own}" tabindex="-1">${own}</h2>`
      : '';
    letter = own;
    return [html(`${end}${begin}<div class="entry">\n`), token];
  });
  const first = list.findIndex(({ content }) => content.includes('class="letter"'));
  list.splice(first, 0, html(`<GlossaryFilter letters="${letters.join('')}" />\n`));
  return [...list, html('</div></section>\n')];
}

const letterOf = (title: string) => title.charAt(0).toUpperCase();
