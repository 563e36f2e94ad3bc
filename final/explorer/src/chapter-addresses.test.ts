import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { chapterPattern, chapters } from './chapter-addresses.ts';

describe('The chapters that the pages lead to', () => {
  it('exist', () => {
    const folder = join(import.meta.dirname, '../../../tutorial');
    for (const [, name] of Object.values(chapters)) {
      expect([name, existsSync(join(folder, `${name}.md`))]).toEqual([name, true]);
    }
  });

  it('are on the site of the project, or else where its source is', () => {
    const homepage = 'https://example.org/chain/';
    const url = 'git+https://example.org/some/project.git';
    const inSource = 'https://example.org/some/project/blob/HEAD/tutorial/*.md';
    expect(chapterPattern({ homepage, repository: url })).toBe(
      'https://example.org/chain/*.html',
    );
    expect(chapterPattern({ repository: url })).toBe(inSource);
    expect(chapterPattern({ repository: { url } })).toBe(inSource);
  });

  it('have no address where the project has none', () => {
    expect(chapterPattern({})).toBe('');
  });
});
