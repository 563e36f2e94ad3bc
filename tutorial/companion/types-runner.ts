/**
 * Checks types in a process of its own.
 *
 * @module
 */
import type { ChildProcess } from 'node:child_process';
import type { Step } from './kit.ts';
import { startProcess } from './start-process.ts';
import type { TypeJob, TypeReport } from './types-process.ts';
import type { TypeProblem } from './types.ts';

/** Checks types again and again; the process starts with the first check. */
export class TypesRunner {
  #child: ChildProcess | undefined;
  #checks = 0;

  /**
   * Looks for the first type error in the reader's files of a step.
   *
   * @param own - the steps that the reader's own code serves
   * @param found - told it, or that there is none, unless there is another check meanwhile
   */
  check(
    step: Step,
    own: readonly Step[],
    found: (problem: TypeProblem | undefined) => void,
  ): void {
    this.#checks += 1;
    const id = this.#checks;
    const numbers = own.map(({ number }) => number);
    const job: TypeJob = { id, step: step.number, own: numbers };
    const child = this.#start();
    const listen = (report: TypeReport) => {
      if (report.id !== id) return;
      child.off('message', listen);
      if (id === this.#checks) found(report.problem);
    };
    child.on('message', listen).send(job, () => undefined);
  }

  /** Ends the process. */
  close(): void {
    this.#child?.kill('SIGKILL');
  }

  #start(): ChildProcess {
    if (this.#child?.exitCode === null && this.#child.signalCode === null)
      return this.#child;
    this.#child = startProcess('types-process.ts', {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    }).on('error', () => undefined); // without types there is still the verdict
    this.#child.setMaxListeners(0);
    return this.#child;
  }
}
