/**
 * Notes which stubs a test runs into. A program may catch what they throw, as servers do, and then
 * a test fails for what looks like another reason.
 *
 * @module
 */
import { noteStub } from './globals.ts';

const TODO = /TODO step \d+: ([\w.]+)/;

/** Whether there is a stub in the text of a file. */
export const holdsStub = (text: string): boolean => TODO.test(text);

/** Begins to note stubs. Whatever makes an Error then goes through this. */
export function watchStubs(): void {
  globalThis.Error = new Proxy(globalThis.Error, {
    construct: (target, args: unknown[], made) => {
      const [, name] = TODO.exec(String(args[0])) ?? [];
      if (name !== undefined) noteStub(name);
      return Reflect.construct(target, args, made) as Error;
    },
  });
}
