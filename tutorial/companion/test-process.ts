/**
 * A process that runs the tests of a step once. While it waits for its job it loads what steps
 * need, so that a result comes soon after a file was saved.
 *
 * @module
 */
import { AsyncResource } from 'node:async_hooks';
import { readFileSync } from 'node:fs';
import { register } from 'node:module';
import { dirname, join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { framesOf } from './frames.ts';
import { sourcesIn } from './kit.ts';
import { Watch } from './measure.ts';
import type { Job, Report } from './runner.ts';
import type { Places } from './start-process.ts';
import { holdsStub, watchStubs } from './stub-watch.ts';
import { testRunAt } from './test-run.ts';

/** How often to tell that the process is not stuck, in milliseconds. */
const HEARTBEAT = 1_000;

/** After how long without a job to load what only some steps need, in milliseconds. */
const IDLE = 300;

const tell = (report: Report) => void process.send?.(report);
const tellAndExit = (report: Report) => void process.send?.(report, () => process.exit());

const tests = testRunAt({
  tell,
  tellAndExit,
  framesOf,
  load: (file, round) => {
    const url = pathToFileURL(file);
    if (round > 0) url.search = `round=${round}`; // or Node gives what it has loaded
    return import(url.href);
  },
  messageOf: ({ message }) => message,
  bind: (run) => AsyncResource.bind(run),
  turn,
  watch: new Watch(),
});

process.on('message', (job: Job) => void work(job));
process.on('disconnect', () => process.exit());
process.on('uncaughtException', tests.uncaught);
process.on('unhandledRejection', (error, promise) => tests.rejected(promise, error));
process.on('rejectionHandled', tests.handled);
setInterval(() => tell({ type: 'alive' }), HEARTBEAT).unref();

const idle = setTimeout(prepare, IDLE);
tell({ type: 'ready' });

/** Loads the packages of the steps, and makes fast-check's tables of Unicode. */
function prepare(): void {
  for (const name of ['express', 'ws', 'zod']) void import(name);
  fc.string({ unit: 'binary' });
}

async function work(job: Job): Promise<void> {
  clearTimeout(idle);
  if (job.round <= 1) await begin(job);
  await tests.work(job);
  if (job.round > 0) return tell({ type: 'done' });
  await Promise.all([written(process.stdout), written(process.stderr)]);
  tellAndExit({ type: 'done' });
}

/** Waits until all is written that a program has printed. */
async function written(stream: NodeJS.WriteStream): Promise<void> {
  await new Promise<void>((resolve) => stream.write('', () => resolve()));
}

/** Says where the steps are, and what random inputs begin with. */
async function begin({ places, seed }: Job): Promise<void> {
  const globals = new URL('globals.ts', import.meta.url).href;
  const root = new URL('../../package.json', import.meta.url).href;
  const data = { places: { ...places, '@jest/globals': globals }, root };
  register(new URL('resolve.mjs', import.meta.url), { data });
  process.env.SEED = String(seed);
  await import(new URL('../../test/setup.ts', import.meta.url).href);
  if (haveStubs(places)) watchStubs();
}

function haveStubs(places: Places): boolean {
  return Object.values(places)
    .map((url) => dirname(fileURLToPath(url)))
    .some((folder) =>
      sourcesIn(folder).some((name) =>
        holdsStub(readFileSync(join(folder, name), 'utf8')),
      ),
    );
}
