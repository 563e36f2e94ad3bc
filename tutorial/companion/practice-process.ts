/**
 * A process that judges one attack, or the solution of one exercise.
 *
 * @module
 */
import { register } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Answer, Exports, Practice } from '../practice/practice.ts';
import { framesOf } from './frames.ts';
import { toPath } from './kit.ts';
import type { PracticeJob, PracticeReport } from './practice.ts';

const tell = (report: PracticeReport) => process.send?.(report);
const tellAndExit = (report: PracticeReport) =>
  process.send?.(report, () => process.exit());

let ownFile = '';
process.on('disconnect', () => process.exit());
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
process.once('message', (job: PracticeJob) => void work(job).catch(fail));

async function work(job: PracticeJob): Promise<void> {
  ownFile = job.file;
  const data = {
    places: job.places,
    root: new URL('../../package.json', import.meta.url).href,
  };
  register(new URL('resolve.mjs', import.meta.url), { data });
  const { attack, exercises } = (await import(job.practice)) as Practice;
  tell({ type: 'alive' });
  const exports = (await import(pathToFileURL(job.file).href)) as Exports;
  tell({ type: 'alive' });
  if (job.exercise !== undefined) {
    await exercises.find(({ number }) => number === job.exercise)?.check(exports);
    return void tellAndExit({ type: 'solved' });
  }
  const naive = plain(await attack.naive(exports));
  tell({ type: 'alive' });
  const own = plain(await attack.own(exports));
  tellAndExit({ type: 'attack', naive, own });
}

const plain = ({ believes, words }: Answer): Answer => ({
  believes,
  words: asSentence(words),
});

/** Makes a sentence of the words of a rule, such as "its index is 2, not 3". */
function asSentence(words: string): string {
  const text = words.charAt(0).toUpperCase() + words.slice(1);
  return /[.…?!)]$/.test(text) ? text : `${text}.`;
}

function fail(thrown: unknown): void {
  tellAndExit({ type: 'problem', words: sentenceFor(thrown) });
}

/** Says what is wrong: in the words of the check, or where the reader's own code threw. */
function sentenceFor(thrown: unknown): string {
  if (!(thrown instanceof Error))
    return `It threw something that is no Error: ${String(thrown)}`;
  const words = thrown.message.split('\n', 1)[0] ?? '';
  const place = placeOf(thrown);
  const named = thrown.name === 'Error' ? words : `${thrown.name}: ${words}`;
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const short = named.replaceAll(pathToFileURL(root).href, '').replaceAll(root, '');
  if (place !== undefined && words.startsWith('TODO'))
    return `It is not written yet, at ${place}.`;
  if (place !== undefined) return `It threw at ${place}: ${short}`;
  if (/^(SyntaxError|TransformError)/.test(named) || 'code' in thrown)
    return `It cannot be loaded: ${short}`;
  return short;
}

/** Where in the reader's own code an error was thrown; undefined if it was elsewhere. */
function placeOf(error: Error): string | undefined {
  const [frame] = framesOf(error);
  if (frame === undefined) return undefined;
  const path = toPath(frame.file);
  const isOwn = frame.file === ownFile || path.startsWith('my/');
  return isOwn ? `${path}:${frame.line}:${frame.column}` : undefined;
}
