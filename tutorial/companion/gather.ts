/**
 * Gathers what a run of tests tells.
 *
 * @module
 */
import type { Bail, Outcome, Report, RunOptions, TestResult } from './runner.ts';

/** How long the rest of a task may take after its first failure, in milliseconds. */
export const REST = 8_000;

/** What a run has told so far. */
export class Gathering {
  readonly #bail: Bail;
  readonly #options: Pick<RunOptions, 'onStart' | 'onFailure'>;
  readonly #tests: TestResult[] = [];
  #during: string[] | undefined;
  #broken: Outcome['broken'];
  #end: Outcome['end'] = 'died';
  #waited: number | undefined;
  #output = '';

  constructor(bail: Bail, options: Pick<RunOptions, 'onStart' | 'onFailure'>) {
    this.#bail = bail;
    this.#options = options;
  }

  /** Takes a report; returns whether what is left to run has only some time yet. */
  take(report: Report): boolean {
    if (report.type === 'done') {
      if (this.#end === 'died') this.#end = 'done';
    } else if (report.type === 'broken') {
      if (this.#end === 'stopped') return false;
      this.#end = 'broken';
      this.#broken ??= report;
    } else if (report.type === 'start') {
      this.#during = report.name;
      if (this.#end !== 'stopped') this.#options.onStart?.(split(report.name).task);
    } else if (report.type === 'test') {
      this.#during = undefined;
      const { place, failure, row } = report;
      this.#tests.push({ ...split(report.name), place, failure, row });
      if (this.#bail === false || failure === undefined || this.#end === 'stopped')
        return false;
      this.#end = 'stopped';
      if (this.#bail === true) return false;
      this.#options.onFailure?.(this.outcome());
      return true;
    }
    return false;
  }

  /** Takes what the program has printed, as far as it is kept. */
  print(output: string): void {
    this.#output = output;
  }

  /** Notes that there was no sign of life for so long, in milliseconds. */
  stuck(waited: number): void {
    if (this.#end === 'stopped') return;
    this.#end = 'stuck';
    this.#waited = waited;
  }

  /** Returns what came out. */
  outcome(): Outcome {
    return {
      tests: [...this.#tests],
      ...(this.#broken && { broken: this.#broken }),
      ...(this.#during && { during: split(this.#during) }),
      end: this.#end,
      output: this.#output,
      ...(this.#waited !== undefined && { waited: this.#waited }),
    };
  }
}

function split(name: readonly string[]): { task: string; name: string } {
  const [task = '', ...rest] = name;
  return { task, name: rest.join(' ') };
}
