import { EventEmitter, once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
  type FSWatcher,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { loadSteps, pathOf, root } from '../../tutorial/companion/kit.ts';
import { Runner } from '../../tutorial/companion/runner.ts';
import { findSite } from '../../tutorial/companion/site.ts';
import { judge } from '../../tutorial/companion/verdict.ts';
import { watchFolder } from '../../tutorial/companion/watch-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'companion-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What stands for a watcher of the system that reports nothing. */
const silent = () =>
  Object.assign(new EventEmitter(), { close: () => undefined }) as unknown as FSWatcher;

describe('Watching a folder', () => {
  it.each([
    ['reports nothing', silent],
    [
      'cannot watch it',
      () => {
        throw new Error('ENOSPC: no more watchers');
      },
    ],
    [
      'fails later',
      () => {
        const watcher = silent();
        setImmediate(() => watcher.emit('error', new Error('EPERM')));
        return watcher;
      },
    ],
  ])('notices a change by looking, where the system %s', async (_what, listen) => {
    const events = new EventEmitter();
    const stop = watchFolder(folder, () => events.emit('changed'), listen);
    const changed = once(events, 'changed');
    writeFileSync(join(folder, 'one.ts'), 'export {};\n');
    await changed;
    stop();
  });

  it('reports each change once, and nothing where a file is saved as it was', () => {
    jest.useFakeTimers();
    let heard: () => void = () => undefined;
    const listen = (_folder: string, hear: () => void) => {
      heard = hear;
      return silent();
    };
    let count = 0;
    writeFileSync(join(folder, 'one.ts'), 'one');
    const stop = watchFolder(folder, () => (count += 1), listen);
    for (const [text, expected] of [
      ['one', 0],
      ['two', 1],
      ['two', 1],
      ['three', 2],
    ] as const) {
      writeFileSync(join(folder, 'one.ts'), text);
      heard();
      heard();
      jest.advanceTimersByTime(100);
      expect(count).toBe(expected);
      jest.advanceTimersByTime(5_000);
      expect(count).toBe(expected);
    }
    stop();
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });
});

describe('A loop that does not end', () => {
  it('is stuck, and the reader hears in which test', async () => {
    const [step] = loadSteps();
    if (step === undefined) throw new Error('There is no step.');
    // This loop rests in each turn, so that it takes no time from other tests.
    const text = `
      const turn = new Int32Array(new SharedArrayBuffer(4));
      export const canonicalJson = JSON.stringify;
      export const hashFields = canonicalJson;
      export const sha256 = () => { for (;;) Atomics.wait(turn, 0, 0, 100); };`;
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    writeFileSync(join(folder, 'index.ts'), text);
    const runner = new Runner();
    const folders = new Map([[step.name, folder]]);
    const outcome = await runner.run(step, [step], { folders, bail: true, stuck: 8_000 });
    runner.close();
    expect(judge(step, outcome, folder)).toEqual({
      kind: 'ended',
      task: step.tasks[0],
      test: expect.stringMatching(/./),
      words: expect.stringContaining('look for a loop that does not end'),
    });
  });

  it('is the fault of the task whose tests it keeps from beginning', async () => {
    const steps = loadSteps();
    const [, step] = steps;
    if (step === undefined) throw new Error('There is no step 2.');
    const reference = pathToFileURL(join(pathOf.reference(step), 'index.ts')).href;
    // The tests of task 2 begin with a block that they share.
    const text = `
      export * from '${reference}';
      const turn = new Int32Array(new SharedArrayBuffer(4));
      export const genesisBlock = () => {
        for (;;) Atomics.wait(turn, 0, 0, 100);
      };`;
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    writeFileSync(join(folder, 'index.ts'), text);
    const runner = new Runner();
    const folders = new Map([[step.name, folder]]);
    const outcome = await runner.run(step, steps, { folders, bail: true, stuck: 8_000 });
    runner.close();
    expect(judge(step, outcome, folder)).toMatchObject({
      kind: 'ended',
      task: { title: 'Task 2: genesisBlock' },
      test: 'before its first test',
    });
  });
});

describe('The folder my/', () => {
  it('is ignored by git, so that no update touches it', () => {
    const ignored = readFileSync(join(root, '.gitignore'), 'utf8').split(/\r?\n/);
    expect(ignored).toContain('my/');
  });
});

describe('The site', () => {
  /** Serves a folder on a free port, as the site's server does, and tells what is found. */
  async function find(
    served: string,
  ): Promise<{ found: string | undefined; url: string }> {
    const page = '<script type="module" src="/home/you/pychain/client.js"></script>';
    const server = createServer(({ url = '' }, res) => {
      const file = join(served, url);
      res.end(url.endsWith('.md') && existsSync(file) ? readFileSync(file) : page);
    }).listen(0, 'localhost');
    await once(server, 'listening');
    const url = `http://localhost:${(server.address() as AddressInfo).port}`;
    const found = await findSite(url);
    server.close();
    return { found, url };
  }

  it('is found where it runs', async () => {
    const { found, url } = await find(join(root, 'tutorial'));
    expect(found).toBe(url);
  });

  it('is not taken for another one, nor found where nothing listens', async () => {
    const { found, url } = await find(folder);
    expect(found).toBeUndefined();
    expect(await findSite(url)).toBeUndefined();
  });
});
