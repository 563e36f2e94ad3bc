import { Writable } from 'node:stream';
import { SingleBar } from 'cli-progress';
import { pino, type Logger } from 'pino';
import pretty from 'pino-pretty';

/** How often progress is logged where there is no terminal to draw on, in milliseconds. */
const LOG_INTERVAL = 5_000;

/**
 * Creates the log: lines for people on a terminal, JSON elsewhere. Both go to standard output.
 *
 * @param level - the least important level to log: debug, info, warn, error or silent
 */
export function createLog(level: string): Logger {
  const options = { level, base: null };
  if (!process.stdout.isTTY) return pino(options, process.stdout);
  // A progress bar may stand on the last line: it is wiped, and drawn again below.
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      process.stdout.write(`\r\u001b[K${chunk.toString()}`);
      done();
    },
  });
  const look = { colorize: true, translateTime: 'SYS:HH:MM:ss', hideObject: true };
  return pino(options, pretty({ ...look, sync: true, destination }));
}

/** Shows how far something long has come: a bar on a terminal, log lines elsewhere. */
export class Progress {
  readonly #log: Logger;
  readonly #what: string;
  #bar: SingleBar | undefined;
  #logged = Date.now();

  /**
   * @param log - where to write without a terminal
   * @param what - what is going on, such as "Loading blocks"
   */
  constructor(log: Logger, what: string) {
    this.#log = log;
    this.#what = what;
  }

  /** Shows that `done` of `total` are done. */
  update(done: number, total: number): void {
    if (process.stdout.isTTY) {
      this.#bar ??= this.#draw(total);
      this.#bar.setTotal(total);
      this.#bar.update(done);
    } else if (Date.now() - this.#logged > LOG_INTERVAL) {
      this.#logged = Date.now();
      this.#log.info({ done, total }, this.#what);
    }
  }

  /** Takes the bar away. */
  stop(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }

  #draw(total: number): SingleBar {
    const format = `${this.#what} {bar} {value}/{total} ({eta_formatted} to go)`;
    const bar = new SingleBar({ format, stream: process.stdout, clearOnComplete: true });
    bar.start(total, 0);
    return bar;
  }
}

/**
 * Writes text from elsewhere so that it cannot drive the terminal: in quotes, with control
 * characters as escapes, cut after `length` characters.
 */
export function quote(text: string, length = 60): string {
  const short = text.length > length ? `${text.slice(0, length)}…` : text;
  return JSON.stringify(short).replace(
    /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
