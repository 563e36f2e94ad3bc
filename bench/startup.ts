/** How long whole commands take, against Node with nothing to do. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { TestNode, cleanUp, easy, newFolder } from '../test/network/harness.ts';
import { median, number, print, type Row } from './table.ts';

const ROUNDS = 5;

const root = join(import.meta.dirname, '..');

/** Runs a program to its end; gives how long that took, in milliseconds. */
async function timeOf(args: readonly string[]): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'ignore' });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${code}.`);
  return performance.now() - start;
}

/** From the start of a node to its first answer, in milliseconds. */
async function firstAnswer(): Promise<number> {
  const folder = await newFolder();
  const start = performance.now();
  const node = await TestNode.start(easy, folder);
  await node.get('/status');
  const time = performance.now() - start;
  await node.stop();
  return time;
}

export async function benchStartup(): Promise<void> {
  const node = await TestNode.start(easy);
  const commands: readonly (readonly [string, number, ...string[]])[] = [
    ['./pychain --help', 4, 'pychain', '--help'],
    ['./pychain status', 4, 'pychain', 'status', '-p', node.httpPort],
    ['./pychain blocks', 4, 'pychain', 'blocks', '-p', node.httpPort],
    ['./learn list', 8, 'learn', 'list'],
  ];
  const empty: number[] = [];
  const times = commands.map((): number[] => []);
  for (let i = 0; i < ROUNDS; i += 1) {
    empty.push(await timeOf(['-e', '0']));
    for (const [j, [, , ...args]] of commands.entries()) {
      times[j]?.push(await timeOf(args));
    }
  }
  const starts: number[] = [];
  for (let i = 0; i < ROUNDS; i += 1) starts.push(await firstAnswer());
  await cleanUp();

  const base = median(empty);
  const rows: Row[] = commands.map(([what, goal], j) => {
    const time = median(times[j] ?? []);
    const result = `${number(time)} ms, ${number(time / base, 1)} times as long`;
    return { what, result, goal: `at most ${goal} times` };
  });
  print(`Whole commands, against node -e 0 (${number(base)} ms; medians of ${ROUNDS})`, [
    ...rows,
    {
      what: './pychain, to its first answer',
      result: `${number(median(starts))} ms`,
      goal: 'at most 1,000 ms',
    },
  ]);
}
