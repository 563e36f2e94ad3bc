/**
 * Writes results as JUnit XML, which the usual services of continuous integration show.
 *
 * @module
 */

/** A test, or what is told like one. */
export interface Case {
  readonly name: string;
  readonly classname: string;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  /** Why it failed; undefined if it passed. */
  readonly failure?: { readonly message: string; readonly text: string } | undefined;
  /** Whether it was not run. */
  readonly isSkipped?: boolean;
}

/** Some tests. */
export interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
}

/** Writes suites of tests. */
export function junit(name: string, suites: readonly Suite[]): string {
  const body = suites.map(suiteLines).join('');
  const all = suites.flatMap(({ cases }) => cases);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${escaped(name)}" ${countsOf(all)}>\n${body}</testsuites>\n`;
}

function suiteLines({ name, cases }: Suite): string {
  const body = cases.map(caseLines).join('');
  return `  <testsuite name="${escaped(name)}" ${countsOf(cases)}>\n${body}  </testsuite>\n`;
}

function countsOf(cases: readonly Case[]): string {
  const failures = cases.filter(({ failure }) => failure !== undefined).length;
  const skipped = cases.filter(({ isSkipped }) => isSkipped === true).length;
  return `tests="${cases.length}" failures="${failures}" errors="0" skipped="${skipped}"`;
}

function caseLines({ name, classname, file, line, failure, isSkipped }: Case): string {
  const place = [
    ...(file === undefined ? [] : [` file="${escaped(file)}"`]),
    ...(line === undefined ? [] : [` line="${line}"`]),
  ].join('');
  const head = `    <testcase name="${escaped(name)}" classname="${escaped(classname)}"${place}`;
  if (failure !== undefined) {
    const { message, text } = failure;
    return `${head}>\n      <failure message="${escaped(message)}">${escaped(text)}</failure>\n    </testcase>\n`;
  }
  return isSkipped === true
    ? `${head}>\n      <skipped/>\n    </testcase>\n`
    : `${head}/>\n`;
}

/** Writes a text so that it stays one in XML 1.0, which has no form for some characters. */
function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;');
}
