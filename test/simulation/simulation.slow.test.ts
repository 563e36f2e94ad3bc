import { afterAll, describe, expect, it } from '@jest/globals';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Sync } from '#consensus';
import { simulate, type SyncClass } from './simulation.ts';

/** How many seeds are run: SEEDS=5000, or SEED=17 for one alone. */
const only = process.env.SEED === undefined ? undefined : Number(process.env.SEED);
const count = Number(process.env.SEEDS ?? 80);
const seeds =
  only === undefined ? Array.from({ length: count }, (_, i) => i + 1) : [only];

describe('A network under storm', () => {
  it(`agrees on the chain with the most work when it calms down, in ${seeds.length} runs`, () => {
    const faults: string[] = [];
    let height = 0;
    let messages = 0;
    for (const seed of seeds) {
      const outcome = simulate(seed, Sync);
      if (outcome.fault !== undefined) faults.push(`SEED=${seed}: ${outcome.fault}`);
      height += outcome.height;
      messages = Math.max(messages, outcome.messages);
    }
    expect(faults).toEqual([]);
    expect(height / seeds.length).toBeGreaterThan(10); // the runs are not trivial
  }, 1_800_000);

  it('follows from its seed alone', () => {
    expect(simulate(7, Sync)).toEqual(simulate(7, Sync));
  });
});

describe('The simulation finds', () => {
  const source = join(import.meta.dirname, '../../steps/06-consensus');
  const folders: string[] = [];
  afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

  /** Copies the step, changes one line of it, and gives its `Sync`. */
  async function plant(file: string, line: string, bug: string): Promise<SyncClass> {
    const folder = await mkdtemp(join(import.meta.dirname, 'planted-'));
    folders.push(folder);
    await cp(source, folder, {
      recursive: true,
      filter: (name) => !name.endsWith('test.ts'),
    });
    const text = await readFile(join(folder, file), 'utf8');
    if (text.split(line).length !== 2)
      throw new Error(`${file} does not have once: ${line}`);
    await writeFile(join(folder, file), text.replace(line, bug));
    const { Sync: Planted } = (await import(join(folder, 'index.ts'))) as {
      Sync: SyncClass;
    };
    return Planted;
  }

  /** Runs seeds until one shows a fault. */
  function firstFault(Planted: SyncClass): string | undefined {
    for (let seed = 1; seed <= 200; seed += 1) {
      const { fault } = simulate(seed, Planted);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  it('that ties go to the branch seen last', async () => {
    const planted = await plant('fork-choice.ts', 'a.hash < b.hash', 'a.hash !== b.hash');
    expect(firstFault(planted)).toMatch(/different tips|went on/);
  });

  it('that claimed work is believed', async () => {
    const planted = await plant(
      'rules.ts',
      '[...blockRules, ...workRules]',
      'blockRules',
    );
    expect(firstFault(planted)).toMatch(/breaks the rules/);
  });

  it('that a node does not ask on after a batch', async () => {
    const planted = await plant(
      'sync.ts',
      'peer.asked = undefined;',
      'peer.asked = peer.claim = undefined;',
    );
    expect(firstFault(planted)).toMatch(/different tips/);
  });

  it('that a node asks on from its own tip, not from the last block that it got', async () => {
    const planted = await plant(
      'sync.ts',
      '[...this.#newest, ...(this.#tree?.locator(peer.last) ?? [])]',
      'this.#tree?.locator() ?? []',
    );
    expect(firstFault(planted)).toMatch(/different tips/);
  });

  it('that a node waits for whom it has asked, however long that is silent', async () => {
    const planted = await plant(
      'sync.ts',
      'return this.#ticks < other.hope && other.pace <= 2 * peer.pace;',
      'return other !== peer;',
    );
    expect(firstFault(planted)).toMatch(/it took \d+ s to agree|different tips/);
  });

  it('that a peer is never given up that owes an answer', async () => {
    const planted = await plant('sync.ts', '>= MAX_SILENCE', '>= Infinity');
    expect(firstFault(planted)).toMatch(/different tips/);
  });

  it('that what is mined while two nodes say hello is told to neither', async () => {
    const planted = await plant('sync.ts', 'this.#tell(state, false);', '');
    expect(firstFault(planted)).toMatch(/it took \d+ s to agree/);
  });

  it('that a block of the future is never asked for again', async () => {
    const planted = await plant(
      'sync.ts',
      'Math.min(Math.ceil(wait / 1_000), MAX_REST)',
      'Infinity',
    );
    expect(firstFault(planted)).toMatch(/different tips/);
  });

  it('that a block of the future is taken at once', async () => {
    const planted = await plant('tree.ts', 'if (until > now)', 'if (until > Infinity)');
    expect(firstFault(planted)).toMatch(/of the future/);
  });

  it('that blocks are taken which nobody asked for', async () => {
    const planted = await plant(
      'sync.ts',
      'if (peer.asked === undefined) return this.#fail(peer);',
      'peer.asked ??= this.#ticks;',
    );
    expect(firstFault(planted)).toMatch(/not asked for/);
  });

  it('that the tip is told only once', async () => {
    const planted = await plant(
      'sync.ts',
      'this.#ticks % REPEAT === 0',
      'this.#ticks < 0',
    );
    expect(firstFault(planted)).toMatch(/different tips/);
  });
});
