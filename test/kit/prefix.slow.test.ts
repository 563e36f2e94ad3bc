import { expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadSteps } from '../../tutorial/companion/kit.ts';
import { testPrefixes } from './prefix.ts';

for (const step of loadSteps()) {
  if (existsSync(join(import.meta.dirname, `promises/${step.folder}.ts`)))
    testPrefixes(step);
}

it('Every step', () => {
  expect(loadSteps().length).toBeGreaterThan(0);
});
