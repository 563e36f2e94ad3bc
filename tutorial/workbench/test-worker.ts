/**
 * A worker that runs the tests of a step once, as a test process of the companion does.
 *
 * @module
 */
import './stand-ins/globals.ts';
import fc, * as fastCheck from 'fast-check';
import * as buffer from 'buffer';
import { write } from '../companion/compare.ts';
import { mostDigestsASecond } from '../companion/digests.ts';
import * as jestGlobals from '../companion/globals.ts';
import { holdsStub, watchStubs } from '../companion/stub-watch.ts';
import { testRunAt } from '../companion/test-run.ts';
import { Linker } from './linker.ts';
import type { Greeting, TestOrder, TestReport } from './messages.ts';
import { bind } from './stand-ins/async-hooks.ts';
import * as crypto from './stand-ins/crypto.ts';
import * as events from './stand-ins/events.ts';
import { onExit } from './stand-ins/globals.ts';
import { sockets } from './stand-ins/sockets.ts';
import { installTimers, later } from './stand-ins/timers.ts';
import * as timersPromises from './stand-ins/timers-promises.ts';
import * as vm from './stand-ins/vm.ts';
import { installWeb } from './stand-ins/web.ts';
import { Stopwatch } from './stopwatch.ts';

/** How often to tell that the worker is not stuck, in milliseconds. */
const HEARTBEAT = 250;

/** How many digests an ordinary machine makes in a second. */
const ORDINARY = 200_000;

/** How much of what a program prints is kept, in characters. */
const MAX_OUTPUT = 20_000;

/** How often to pass on what a program prints, in milliseconds. */
const PRINT_EVERY = 100;

/** What a program for Node does not find, so that it meets the same errors here. */
const NOT_OF_NODE = [
  ...['BroadcastChannel', 'EventSource', 'FileReaderSync', 'SharedWorker', 'WebSocket'],
  ...['WebTransport', 'Worker', 'XMLHttpRequest', 'caches', 'close', 'fetch', 'fonts'],
  ...[
    'importScripts',
    'indexedDB',
    'location',
    'name',
    'navigator',
    'onmessage',
    'origin',
  ],
  ...['postMessage', 'self', 'webkitRequestFileSystem', 'webkitRequestFileSystemSync'],
];

/** Reports go through a port of our own: what a program posts is none. */
let port: MessagePort | undefined;
let linker: Linker | undefined;
let output = '';
let passedOn = 0;

const tell = (report: TestReport) => port?.postMessage(report);

const tests = testRunAt({
  tell,
  tellAndExit: (report) => {
    passOn();
    tell(report);
  },
  load: (file) => theLinker().load(file),
  framesOf: (error) => theLinker().framesOf(error),
  messageOf: ({ message }) => theLinker().named(message),
  bind,
  turn: async () => {
    // A browser tells of a lost promise in a turn of its own.
    for (let i = 0; i < 2; i += 1) await new Promise<void>(later);
  },
  watch: new Stopwatch(),
});

function theLinker(): Linker {
  if (linker === undefined) throw new Error('There is no job yet.');
  return linker;
}

/** Tells of an error; the program cannot go on after one before its first test. */
function uncaught(error: unknown): void {
  try {
    tests.uncaught(error);
  } catch {
    print([`${String(error)}\n\nNode.js v0, as far as this page is one`]);
    end();
  }
}

/** The program is over, in the middle of whatever it did. */
function end(): never {
  passOn();
  tell({ type: 'exit' });
  throw new Error('The program has ended itself.');
}

/** Keeps what a program prints, and passes it on now and then: it may never stop. */
function print(values: readonly unknown[]): void {
  const words = values.map((value) => (typeof value === 'string' ? value : write(value)));
  output = `${output}${words.join(' ')}\n`.slice(-MAX_OUTPUT);
  const now = performance.now();
  if (now - passedOn < PRINT_EVERY) return;
  passedOn = now;
  passOn();
}

function passOn(): void {
  if (output !== '') tell({ type: 'output', text: output });
}

async function work({ job, modules }: TestOrder): Promise<void> {
  linker = new Linker(modules, job.places, {
    '@jest/globals': jestGlobals,
    'fast-check': fastCheck,
    'node:buffer': buffer,
    'node:crypto': crypto,
    'node:events': { ...events, default: events.EventEmitter },
    'node:timers/promises': timersPromises,
    'node:vm': vm,
    ...sockets,
  });
  process.env.SEED = String(job.seed);
  await import('../../test/setup.ts');
  if (Object.entries(modules).some(([path, text]) => isOwn(path) && holdsStub(text)))
    watchStubs();
  await tests.work(job);
  passOn();
  tell({ type: 'done' });
}

const isOwn = (path: string) => path.startsWith('/pychain/my/');

function takeAway(names: readonly string[]): void {
  for (const name of names) {
    let owner: object | null = globalThis;
    while (owner !== null) {
      Reflect.deleteProperty(owner, name);
      owner = Reflect.getPrototypeOf(owner);
    }
  }
}

onExit(end);
for (const kind of ['log', 'info', 'warn', 'error', 'debug'] as const) {
  console[kind] = (...values: unknown[]) => print(values);
}
addEventListener('error', (event) => {
  event.preventDefault();
  uncaught(event.error);
});
addEventListener('unhandledrejection', (event) => {
  event.preventDefault();
  tests.rejected(event.promise, event.reason);
});
addEventListener('rejectionhandled', ({ promise }) => tests.handled(promise));
addEventListener(
  'message',
  ({ ports }) => {
    [port] = ports;
    if (port === undefined) return;
    port.onmessage = ({ data: order }: MessageEvent<TestOrder>) => void work(order);
    fc.string({ unit: 'binary' }); // its tables of Unicode take most of a second
    const slowness = Math.max(1, ORDINARY / mostDigestsASecond());
    port.postMessage({ slowness } satisfies Greeting);
  },
  { once: true },
);
setInterval(() => tell({ type: 'alive' }), HEARTBEAT);
installTimers(uncaught);
installWeb();
takeAway(NOT_OF_NODE);
