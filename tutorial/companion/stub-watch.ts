/**
 * Notes which stubs a test runs into. A program may catch what they throw, as servers do, and then
 * a test fails for what looks like another reason.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { noteStub } from './globals.ts';
import { sourcesIn } from './kit.ts';
import type { Places } from './start-process.ts';

const TODO = /TODO step \d+: ([\w.]+)/;

/**
 * Begins to note stubs, if there are any. Whatever makes an Error then goes through this.
 *
 * @param places - the urls of the files that serve the steps
 */
export function watchStubs(places: Places): void {
  const folders = Object.values(places).map((url) => dirname(fileURLToPath(url)));
  if (!folders.some(hasStubs)) return;
  globalThis.Error = new Proxy(globalThis.Error, {
    construct: (target, args: unknown[], made) => {
      const [, name] = TODO.exec(String(args[0])) ?? [];
      if (name !== undefined) noteStub(name);
      return Reflect.construct(target, args, made) as Error;
    },
  });
}

function hasStubs(folder: string): boolean {
  return sourcesIn(folder).some((name) =>
    TODO.test(readFileSync(join(folder, name), 'utf8')),
  );
}
