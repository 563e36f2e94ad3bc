/** What may happen to a data folder, and what a node and `pychain verify` say of it. */
import { spawn } from 'node:child_process';
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ClassicLevel } from 'classic-level';
import type { Block } from '#blocks';
import { loadChain } from '../../final/storage/load-chain.ts';
import { openStore } from '../../final/storage/level-store.ts';
import { TestNode, cleanUp, dataOf, easy, newFolder, runCommand } from './harness.ts';

const undo: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
  await cleanUp();
});

/** Runs a program of the system; true if there is one and it did what it should. */
async function succeeds(program: string, ...args: string[]): Promise<boolean> {
  const child = spawn(program, args, { stdio: 'ignore' });
  return new Promise((resolve) => {
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });
}

let original: string;

/** Makes a data folder with a genesis block and two posts, opened twice. */
beforeAll(async () => {
  original = await mkdtemp(join(tmpdir(), 'pychain-original-'));
  for (const data of ['kept', 'kept too']) {
    const node = await TestNode.start(easy, original);
    await node.post(data);
    await node.stop();
  }
});
afterAll(() => rm(original, { recursive: true }));

/** Checks that nothing is missing in a folder. */
async function expectWhole(folder: string): Promise<void> {
  const store = await openStore(folder);
  const sync = await loadChain(store, () => undefined);
  await store.close();
  const chain = sync?.tree?.chain.slice() ?? [];
  expect(dataOf(chain)).toEqual(['Genesis Block', 'kept', 'kept too']);
}

/** Starts a node with one folder and verifies another; both must say the same. */
async function expectRefusal(words: RegExp, ...folders: [string, string]): Promise<void> {
  const results = await Promise.all([
    runCommand('-p', '0', '-w', '0', '--data-dir', folders[0]),
    runCommand('verify', '--data-dir', folders[1]),
  ]);
  for (const [i, { code, output }] of results.entries()) {
    expect(output).toMatch(words);
    expect(output).toContain(folders[i]);
    expect(output.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(1);
  }
}

/** Gives the path of the first file of a kind. */
async function fileOf(folder: string, kind: RegExp): Promise<string> {
  const name = (await readdir(folder)).find((each) => kind.test(each));
  if (name === undefined) throw new Error(`No file like ${kind.source} in ${folder}.`);
  return join(folder, name);
}

describe('A data folder', () => {
  it.each<[string, RegExp, (bytes: Buffer) => Buffer | undefined]>([
    ['whose log has a wrong byte', /\.log$/, (bytes) => bytes.fill(0xaa, 100, 101)],
    ['whose sorted file has wrong bytes', /\.ldb$/, (bytes) => bytes.fill(0xaa, 50, 300)],
    ['whose sorted file was cut', /\.ldb$/, (bytes) => bytes.subarray(0, 100)],
    ['whose sorted file is missing', /\.ldb$/, () => undefined],
    ['whose log is missing', /\.log$/, () => undefined],
    ['whose list of files was cut', /^MANIFEST/, (bytes) => bytes.subarray(0, -3)],
    ['whose list of files is missing', /^MANIFEST/, () => undefined],
    ['without CURRENT', /^CURRENT$/, () => undefined],
    ['with an empty CURRENT', /^CURRENT$/, () => Buffer.alloc(0)],
  ])('%s is called damaged, and nothing is lost', async (_name, kind, spoil) => {
    const folders = [await newFolder(original), await newFolder(original)] as const;
    const good = await readFile(await fileOf(original, kind));
    const bad = spoil(Buffer.from(good));
    for (const folder of folders) {
      const path = await fileOf(folder, kind);
      await (bad === undefined ? rm(path) : writeFile(path, bad));
    }
    await expectRefusal(
      /is damaged: .* Move it away: with -n, .*peers again\.$/m,
      ...folders,
    );
    for (const folder of folders) {
      await writeFile(join(folder, basename(await fileOf(original, kind))), good);
      await expectWhole(folder);
    }
  });

  it('of a later format is refused, and left as it is', async () => {
    const folders = [await newFolder(original), await newFolder(original)] as const;
    const setFormat = async (format: number) => {
      for (const folder of folders) {
        const level = new ClassicLevel<string, number>(folder, { valueEncoding: 'json' });
        await level.put('format', format);
        await level.close();
      }
    };
    await setFormat(99);
    await expectRefusal(
      /has format 99, this version reads format \d+\. Take /,
      ...folders,
    );
    await setFormat(1);
    for (const folder of folders) await expectWhole(folder);
  });

  it('in use is refused, and its node goes on', async () => {
    const node = await TestNode.start(easy);
    const words = /^Another node uses the data folder .*--data-dir/;
    await expectRefusal(words, node.folder, node.folder);
    expect((await node.post('undisturbed')).index).toBe(1);
  });

  it('with other blocks than those of the network to join is kept, and the node says so', async () => {
    const root = await TestNode.start(easy);
    const folder = await newFolder(original);
    const node = await TestNode.start(['-n', root.ws], folder);
    const { msg } = await node.until((line) => line.msg.startsWith('No connection'));
    expect(msg).toMatch(/Different networks: .*empty --data-dir/);
    await node.stop();
    await expectWhole(folder);
  });

  it('without a chain is nothing that could be verified', async () => {
    const folder = await newFolder();
    const { code, output } = await runCommand('verify', '--data-dir', folder);
    expect(output).toMatch(/^There is no chain in .*--data-dir/);
    expect([code, await readdir(folder)]).toEqual([1, []]);
  });

  it('that cannot be written to is refused in words', async () => {
    const folder = await newFolder(original);
    const release = await makeReadOnly(folder);
    undo.push(release);
    const { code, output } = await runCommand('-p', '0', '-w', '0', '--data-dir', folder);
    expect(output).toMatch(/^(The|Cannot create the) data folder .*--data-dir\.\n$/);
    expect([code, output.includes(folder)]).toEqual([1, true]);
    const check = await runCommand('verify', '--data-dir', folder);
    expect([check.code, check.output.trim().split('\n').length]).toEqual([1, 1]);
    await release();
    await expectWhole(folder);
  });
});

/** Forbids to write to a folder in the first way that this machine has; gives what undoes it. */
async function makeReadOnly(folder: string): Promise<() => Promise<unknown>> {
  const isRoot = process.getuid?.() === 0;
  if (process.platform !== 'win32' && !isRoot) {
    await chmod(folder, 0o555);
    return () => chmod(folder, 0o755);
  }
  if (isRoot && (await succeeds('chattr', '+i', folder))) {
    return () => succeeds('chattr', '-i', folder);
  }
  if (isRoot && (await succeeds('mount', '--bind', '-o', 'ro', folder, folder))) {
    return () => succeeds('umount', folder);
  }
  // Whoever may write everywhere can still not make a folder where there is a file.
  const aside = `${folder}-aside`;
  await rename(folder, aside);
  await writeFile(folder, '');
  return async () => {
    await rm(folder, { recursive: true });
    await rename(aside, folder);
  };
}

/** A place with little room: fill it, and make room again. */
interface SmallDisk {
  readonly folder: string;
  /** What the node is to be started by. */
  readonly starter: string[];
  /** Takes the room away; to be called when the node runs. */
  readonly fill: () => Promise<unknown>;
  readonly makeRoom: () => Promise<unknown>;
}

/** Gives a disk that fills up, in the first way that this machine has. */
async function smallDisk(): Promise<SmallDisk> {
  const folder = await newFolder();
  const nothing = () => Promise.resolve();
  const all: SmallDisk = { folder, starter: [], fill: nothing, makeRoom: nothing };
  if (await succeeds('mount', '-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder)) {
    undo.push(() => succeeds('umount', '-l', folder));
    const makeRoom = () => succeeds('mount', '-o', 'remount,size=64m', folder);
    return { ...all, makeRoom };
  }
  if (await succeeds('sh', '-c', 'ulimit -f 2048')) {
    return { ...all, starter: ['sh', '-c', 'ulimit -f 2048; exec "$0" "$@"'] };
  }
  // LevelDB cannot begin its next files where folders have their names.
  const blocks = Array.from({ length: 20 }, (_, i) =>
    join(folder, `${String(i + 4).padStart(6, '0')}.log`),
  );
  return {
    ...all,
    fill: () => Promise.all(blocks.map((name) => mkdir(name))),
    makeRoom: () => Promise.all(blocks.map((name) => rm(name, { recursive: true }))),
  };
}

/** Windows removes and moves no file that is open. */
const whereFilesGo = process.platform === 'win32' ? describe.skip : describe;

whereFilesGo('A data folder that goes away while its node runs', () => {
  const ways: [string, (folder: string) => Promise<unknown>][] = [
    ['removed', (folder) => rm(folder, { recursive: true })],
    ['moved', (folder) => rename(folder, `${folder}-moved`)],
    [
      'emptied',
      async (folder) => {
        for (const name of await readdir(folder)) await rm(join(folder, name));
      },
    ],
    [
      'replaced by a copy',
      async (folder) => {
        await cp(folder, `${folder}-moved`, { recursive: true });
        await rm(folder, { recursive: true });
        await rename(`${folder}-moved`, folder);
      },
    ],
  ];

  it.each(ways)(
    'and is %s keeps the node from acknowledging, and ends it in words',
    async (_what, act) => {
      const node = await TestNode.start(easy);
      const { folder } = node;
      undo.push(() => rm(`${folder}-moved`, { recursive: true, force: true }));
      await node.post('kept');
      await act(folder);
      const refusal = await node
        .request<{ detail: string }>('/blocks', { data: 'lost' })
        // The node may have noticed before, and ended.
        .catch(() => undefined);
      const words = new RegExp(
        `The data folder ${folder} is gone: .*start the node again`,
      );
      if (refusal !== undefined) {
        expect(refusal.status).toBe(507);
        expect(refusal.body.detail).toMatch(words);
      }
      expect(await node.ended()).toBe(1);
      expect(node.output).toMatch(words);
      expect(node.output.match(/is gone/g)).toHaveLength(1);
    },
  );

  it('ends it though nobody posts', async () => {
    const node = await TestNode.start(easy);
    await rm(node.folder, { recursive: true });
    expect(await node.ended()).toBe(1);
    expect(node.output).toMatch(/The data folder .* is gone/);
  });
});

describe('A full disk', () => {
  it('stops the node in words, and nothing that was acknowledged is lost', async () => {
    const { folder, starter, fill, makeRoom } = await smallDisk();
    const node = await TestNode.start(easy, folder, starter);
    await fill();
    const posted: string[] = [];
    let refusal: { status: number; body: unknown } | undefined;
    while (refusal === undefined) {
      const data = `${posted.length} ${'x'.repeat(100_000)}`;
      const answer = await node.request<Block>('/blocks', { data });
      if (answer.status === 201) posted.push(data);
      else refusal = answer;
    }
    expect(refusal.status).toBe(507);
    expect(JSON.stringify(refusal.body)).toMatch(/cannot be written to .*Make room/);
    expect(await node.ended()).toBe(1);
    expect(node.output).toMatch(/^The chain cannot be written to .*Make room/m);
    expect(node.output).not.toMatch(/^ +at /m);

    await makeRoom();
    const verdict = await runCommand('verify', '--data-dir', folder);
    expect(verdict.output).toMatch(/^All \d+ blocks in .* keep the rules/);
    const again = await TestNode.start([], folder);
    expect(dataOf(await again.chain()).slice(1, posted.length + 1)).toEqual(posted);
    expect((await again.post('there is room again')).index).toBeGreaterThan(
      posted.length,
    );
  });
});
