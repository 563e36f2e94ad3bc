import { PROGRESS_PORT } from '../../companion/progress-port.ts';
import { readTasks, type Tasks } from './progress.ts';

/** Where `./learn` answers while it runs. */
const ADDRESS = `http://127.0.0.1:${PROGRESS_PORT}/progress`;

/** How long to wait for an answer, in milliseconds. */
const PATIENCE = 3_000;

/** Asks `./learn` on this machine which tasks have passed; undefined if it does not answer. */
export async function askLearn(address = ADDRESS): Promise<Tasks | undefined> {
  try {
    const response = await fetch(address, {
      credentials: 'omit',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.timeout(PATIENCE),
    });
    const answer: unknown = await response.json();
    if (typeof answer !== 'object' || answer === null || !('passed' in answer))
      return undefined;
    return readTasks(answer.passed);
  } catch {
    return undefined;
  }
}
