/** How many steps there are to write. */
const STEPS = 6;

/**
 * Tells which steps of this node are a reader's own. Conditions such as `-C my-01` choose
 * them when Node starts.
 *
 * @param args - the options that Node was started with
 * @returns the numbers, as in `my 01 03`; undefined if all steps are the reference's
 */
export function ownCode(args: readonly string[] = process.execArgv): string | undefined {
  const numbers = args.flatMap(
    (arg) => /^(?:--conditions=|-C=?)?my-(0\d)$/.exec(arg)?.[1] ?? [],
  );
  return numbers.length === 0 ? undefined : ['my', ...numbers.sort()].join(' ');
}

/** Says whose code a node runs, where `code` names the steps that are a reader's own. */
export function codeInWords(code: string): string {
  const [, ...own] = code.split(' ');
  return own.length === STEPS ? code : `${code}, and the reference for the other steps`;
}
