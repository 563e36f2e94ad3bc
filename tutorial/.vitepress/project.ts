import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

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

/** Finds the place of a chapter by its name: that of a step is named like its folder. */
export function placeOf(page: string): Place | undefined {
  const name = page.replace(/\.md$/, '');
  const number = name.slice(0, 2);
  if (existsSync(join(root, 'steps', name))) {
    return {
      folder: `steps/${name}`,
      demo: `npm run demo ${number}`,
      test: `npm run test:step ${Number(number)}`,
    };
  }
  if (name.startsWith('07-')) {
    return { folder: 'final', demo: './pychain', test: 'npm test -- final test/network' };
  }
  return undefined;
}
