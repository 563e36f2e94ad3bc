import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { challengeOf, challenges } from './challenges.ts';

const playgrounds = join(import.meta.dirname, '..');

describe('The challenges', () => {
  it.each(challenges.map(({ name }, i) => ({ name, step: i + 1 })))(
    '$name is the playground of step $step, on the page with all and in a chapter',
    ({ name, step }) => {
      expect(existsSync(join(playgrounds, name))).toBe(true);
      expect(challengeOf(name).challenge).toMatch(/^[A-Z].*\.$/);
      const page = readFileSync(join(playgrounds, '..', 'playgrounds.md'), 'utf8');
      expect(page).toContain(`Step ${step}.`);
      const parts = page.split('\n## ');
      const part = parts.find((one) => one.includes(`<!-- playground: ${name} -->`));
      // The title is what the links to it name.
      expect(part?.split('\n')[0]?.toLowerCase().replace(' ', '-')).toBe(name);
      expect(part).toContain(`Step ${step}.`);
    },
  );
});
