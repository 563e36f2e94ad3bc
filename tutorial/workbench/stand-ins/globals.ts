/**
 * What programs for Node find without importing it.
 *
 * @module
 */
import { Buffer } from 'buffer';
import { activeResources } from './timers.ts';

/** Says that a program has ended itself. */
let exit: (code: number) => void = () => undefined;

/** Says whom to tell when a program ends itself. */
export function onExit(listener: (code: number) => void): void {
  exit = listener;
}

const nothing = () => undefined;
const began = performance.now();

const process = {
  argv: ['node'],
  browser: true, // or TypeScript takes this for Node
  cwd: () => '/pychain',
  emit: nothing,
  env: {} as Record<string, string | undefined>,
  execArgv: [],
  getActiveResourcesInfo: activeResources,
  exit: (code = 0) => exit(code),
  listeners: () => [],
  nextTick: (run: (...args: readonly unknown[]) => void, ...args: readonly unknown[]) =>
    queueMicrotask(() => run(...args)),
  off: nothing,
  on: nothing,
  once: nothing,
  platform: 'browser',
  rawListeners: () => [],
  removeAllListeners: nothing,
  removeListener: nothing,
  stderr: {},
  stdout: {},
  uptime: () => (performance.now() - began) / 1_000,
  version: 'v22.0.0',
  versions: {},
};

Object.assign(globalThis, { Buffer, global: globalThis, process });
