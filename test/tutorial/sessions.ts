import { describe, expect, it } from '@jest/globals';
import { at, examplesOf, type Page } from '../../tutorial/sync/markdown.ts';
import { masked } from '../../tutorial/sync/masks.ts';
import {
  isSession,
  missingPrograms,
  parseSession,
  runSession,
} from '../../tutorial/sync/sessions.ts';
import { root } from './project.ts';

/** Tests that the terminal sessions of some pages show what a terminal shows today. */
export function testSessions(pages: readonly Page[]): void {
  const sessions = pages.flatMap((page) =>
    page.fences
      .filter(isSession)
      .map((fence) => ({ where: at(page, fence), fence, programs: examplesOf(page) })),
  );
  const missing = new Set(sessions.flatMap(({ fence }) => missingPrograms(fence.text)));
  const runnable = sessions.filter(
    ({ fence }) => missingPrograms(fence.text).length === 0,
  );

  if (missing.size > 0 && process.env.REQUIRE_ALL !== undefined) {
    throw new Error(`The sessions of the chapters need ${[...missing].join(', ')}.`);
  } else if (missing.size > 0) {
    const [count, names] = [sessions.length - runnable.length, [...missing].join(', ')];
    process.stderr.write(
      `Left out: ${count} sessions of the chapters, without ${names}.\n`,
    );
  }

  if (runnable.length > 0) {
    describe('The terminal shows what the chapters say', () => {
      it.each(runnable)(
        'at $where',
        async ({ fence, programs }) => {
          const now = parseSession(await runSession(fence.text, root, programs));
          for (const [i, { command, output }] of parseSession(fence.text).entries()) {
            // An equal output comes back as it was; npm run tutorial:sync takes over another.
            const mask = (text = '') => `$ ${command}\n${masked(text)}`;
            expect(mask(now[i]?.output)).toBe(mask(output));
          }
        },
        400_000,
      );
    });
  }
}
