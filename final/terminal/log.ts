import { Writable } from 'node:stream';
import { pino, type Logger } from 'pino';
import pretty from 'pino-pretty';
import { canRedraw } from './plain.ts';

/**
 * Creates the log: lines for people on a terminal, JSON elsewhere. Both go to standard output.
 *
 * @param level - the least important level to log: debug, info, warn, error or silent
 */
export function createLog(level: string): Logger {
  const options = { level, base: null };
  if (!process.stdout.isTTY) return pino(options, process.stdout);
  const colorize = canRedraw(process.stdout);
  // A progress bar may stand on the last line: it is wiped, and drawn again below.
  const wipe = colorize ? '\r\u001b[K' : '';
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      process.stdout.write(wipe + chunk.toString());
      done();
    },
  });
  const look = { colorize, translateTime: 'SYS:HH:MM:ss', hideObject: true };
  return pino(options, pretty({ ...look, sync: true, destination }));
}
