import MarkdownIt from 'markdown-it';
import { readGlossary } from '../glossary.ts';

/** A term with what it means, as the page shows it. */
export interface Meaning {
  readonly title: string;
  readonly html: string;
}

declare const data: Record<string, Meaning>;
export { data };

export default {
  watch: ['../../glossary.md'],
  /** Reads the glossary: its terms by the names of their anchors. */
  load(): Record<string, Meaning> {
    const md = new MarkdownIt({ html: true });
    const entries = readGlossary().map(({ id, title, meaning }) => [
      id,
      { title, html: md.renderInline(meaning) },
    ]);
    return Object.fromEntries(entries) as Record<string, Meaning>;
  },
};
