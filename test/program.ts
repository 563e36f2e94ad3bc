/** Programs for tests: processes, with what they have written so far. */
import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';

/** What a program wrote, and how it ended. */
export interface Result {
  readonly code: number | null;
  readonly output: string;
}

/** A program that runs. */
export interface Program {
  /** Its end. */
  readonly end: Promise<Result>;
  /** Waits until it has written this, and gives the match. */
  until(words: RegExp): Promise<RegExpExecArray>;
  /** Closes its standard output, as `head` does when it has seen enough. */
  stopReading(): void;
  /** Ends it as Ctrl-C does. */
  interrupt(): void;
}

/** Programs write without colors. */
export const env = { ...process.env, FORCE_COLOR: undefined, NO_COLOR: '1' };

/**
 * Starts a program of the project.
 *
 * @param path - the script that Node is to run
 * @param options.cwd - the folder that it runs in, unless it is that of the tests
 * @param options.asGroup - has `interrupt` tell all processes that it started, as a terminal does
 */
export function startProgram(
  path: string,
  args: readonly string[],
  { cwd, asGroup = false }: { cwd?: string; asGroup?: boolean } = {},
): Program {
  const isGroup = asGroup && process.platform !== 'win32';
  const child = spawn(process.execPath, [path, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd,
    detached: isGroup, // so that it leads a group of processes
    env,
  });
  let output = '';
  const events = new EventEmitter();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      events.emit('output');
    });
  }
  const end = once(child, 'close').then(([code]) => {
    return { code: code as number | null, output };
  });
  return {
    end,
    async until(words) {
      for (;;) {
        const found = words.exec(output);
        if (found !== null) return found;
        const next = await Promise.race([once(events, 'output'), end]);
        if ('code' in next) throw new Error(`It ended without ${words}:\n${output}`);
      }
    },
    stopReading: () => child.stdout.destroy(),
    interrupt() {
      if (isGroup) process.kill(-(child.pid ?? 0), 'SIGINT');
      else child.kill('SIGINT');
    },
  };
}
