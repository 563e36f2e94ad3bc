import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { steps } from '../../scripts/steps.mjs';

const root = join(import.meta.dirname, '..', '..');
const about = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  repository?: string | { url: string };
};
const { repository: found } = about;
const url = typeof found === 'string' ? found : found?.url;

/** Where the project is public, without a slash at the end; undefined where it is not. */
export const repository = url?.replace(/^git\+/, '').replace(/\.git$/, '');

/** What a chapter is about: its folder, and the commands that belong to it. */
export interface Place {
  readonly folder: string;
  readonly demo?: string;
  readonly test: string;
}

/** Finds the place of a chapter by its name: that of the folder that it teaches. */
export function placeOf(page: string): Place | undefined {
  const name = page.replace(/\.md$/, '');
  const step = steps.find(({ folder }) => folder === name);
  if (step !== undefined) {
    return {
      folder: `steps/${name}`,
      demo: `npm run demo ${name.slice(0, 2)}`,
      test: `npm run test:step ${step.number}`,
    };
  }
  if (name === 'final') {
    return { folder: 'final', demo: './pychain', test: 'npm test -- final test/network' };
  }
  return undefined;
}
