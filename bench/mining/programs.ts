import { spawn, spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { headerText } from '#blocks';
import { batchOf, midstatesOf, prefixesOf } from '../../final/mining/kernel.ts';
import { block, type Candidate } from './candidate.ts';

const source = (name: string) => join(import.meta.dirname, name);
const canRun = (program: string) => spawnSync(program, ['--version']).status === 0;

/** Python's hashlib in two ways, as `pychain.py` says; or why it cannot be measured. */
export function python(way: 'pychain' | 'ready', name: string): Candidate | string {
  const program = ['python3', 'python'].find(canRun);
  if (program === undefined) return `Python is not here: "${name}" is left out.`;
  const { index, timestamp, previousHash, dataHash, difficulty } = block;
  const child = start(program, [source('pychain.py'), way]);
  child.tell(JSON.stringify([index, timestamp, previousHash, dataHash, difficulty]));
  return { name, run: child.run, close: child.close };
}

/** The ways to hash in C: how the processor is used, and what the compiler is told for it. */
const ways = [
  {
    name: 'C, 16 lanes (AVX-512)',
    hasher: 'lanes.h',
    flags: ['-mavx512f', '-DLANES=16'],
  },
  { name: 'C, SHA instructions', hasher: 'sha-ni.h', flags: ['-msha', '-msse4.1'] },
  { name: 'C, 4 lanes (128 bits)', hasher: 'lanes.h', flags: ['-msse4.1', '-DLANES=4'] },
];

/** Programs in C for what processors have; for each that cannot be measured, why not. */
export async function native(): Promise<(Candidate | string)[]> {
  if (process.arch !== 'x64')
    return ['This is no x64 processor: the rows of C are left out.'];
  if (!canRun('gcc')) return ['gcc is not here: the rows of C are left out.'];
  return Promise.all(ways.map(compiled));
}

async function compiled(way: (typeof ways)[number]): Promise<Candidate | string> {
  const { name, hasher, flags } = way;
  const folder = mkdtempSync(join(tmpdir(), 'pychain-bench-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const program = join(folder, 'native.exe');
  const what = ['-O3', ...flags, `-DHASHER="${hasher}"`, source('native.c')];
  const { status } = spawnSync('gcc', [...what, '-o', program], { stdio: 'inherit' });
  if (status !== 0) {
    remove();
    return `gcc cannot compile "${name}": its row is left out.`;
  }
  const child = start(program, []);
  const close = () => {
    child.close();
    remove();
  };
  const [prefix] = prefixesOf(block);
  const batch = batchOf(block, midstatesOf(block, [block.timestamp]), prefix);
  const input = [...(batch.midstates[0] ?? []), ...batch.words].map((word) => word >>> 0);
  child.tell(`${input.join(' ')} ${batch.at}`);
  const words = await child.ask('0');
  if (words === undefined) {
    close();
    return `This processor lacks what "${name}" takes: its row is left out.`;
  }
  for (const [i, word] of words.entries()) {
    const digest = hash('sha256', headerText({ ...block, nonce: 10_000 * prefix + i }));
    if (word !== parseInt(digest.slice(0, 8), 16)) throw new Error(`${hasher} is wrong.`);
  }
  return { name, run: child.run, close };
}

/** Starts a program that answers each line with a line of numbers. */
function start(program: string, args: string[]) {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.on('error', () => undefined); // it has ended: there will be no answer
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const tell = (line: string) => child.stdin.write(`${line}\n`);
  const ask = async (line: string) => {
    tell(line);
    const answer: IteratorResult<string, undefined> = await lines.next();
    return answer.value?.split(' ').map(Number);
  };
  const run = async (milliseconds: number) => {
    const answer = await ask(String(milliseconds));
    const [hashes = NaN, seconds = NaN, cpu = NaN] = answer ?? [];
    return { hashes, seconds, cpu };
  };
  return { tell, ask, run, close: () => child.kill() };
}
