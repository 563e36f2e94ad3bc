import { readdirSync } from 'node:fs';

/** How many steps there are to write: each has a folder with a number. */
const countSteps = (): number =>
  readdirSync(new URL('../../steps', import.meta.url)).filter((name) =>
    /^\d\d-/.test(name),
  ).length;

/**
 * Tells which steps of this node are a reader's own. Conditions such as `-C my-01` choose
 * them when Node starts.
 *
 * @param args - the options that Node was started with
 * @returns the numbers, as in `my 01 03`; undefined if all steps are the reference's
 */
export function ownCode(args: readonly string[] = process.execArgv): string | undefined {
  const numbers = args.flatMap(
    (arg) => /^(?:--conditions=|-C=?)?my-(\d\d)$/.exec(arg)?.[1] ?? [],
  );
  return numbers.length === 0 ? undefined : ['my', ...numbers.sort()].join(' ');
}

/** Says whose code a node runs, where `code` names the steps that are a reader's own. */
export function codeInWords(code: string): string {
  const [, ...own] = code.split(' ');
  return own.length === countSteps()
    ? code
    : `${code}, and the reference for the other steps`;
}
