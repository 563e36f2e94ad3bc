import { afterAll, describe, expect, it } from '@jest/globals';
import { Sync } from '#consensus';
import { plant, removePlanted } from '../plant.ts';
import { simulate, type SyncClass } from './simulation.ts';

/** How many seeds are run: SEEDS=5000, or SEED=17 for one alone. */
const only = process.env.SEED === undefined ? undefined : Number(process.env.SEED);
const count = Number(process.env.SEEDS ?? 40);
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
  afterAll(removePlanted);

  /** Plants a bug in the step, and gives its `Sync`. */
  async function plantIn(file: string, line: string, bug: string): Promise<SyncClass> {
    const { Sync: Planted } = (await plant('06-consensus', file, line, bug)) as {
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
    const planted = await plantIn(
      'fork-choice.ts',
      'a.hash < b.hash',
      'a.hash !== b.hash',
    );
    expect(firstFault(planted)).toMatch(/different tips|went on/);
  });

  it('that claimed work is believed', async () => {
    const planted = await plantIn(
      'rules.ts',
      '[...blockRules, ...workRules]',
      'blockRules',
    );
    expect(firstFault(planted)).toMatch(/breaks the rules/);
  });

  it('that a node does not ask on after a batch', async () => {
    const planted = await plantIn(
      'sync.ts',
      'peer.asked = undefined;',
      'peer.asked = peer.claim = undefined;',
    );
    expect(firstFault(planted)).toMatch(/different tips/);
  });

  it('that a node asks on from its own tip, not from the last block that it got', async () => {
    const planted = await plantIn(
      'sync.ts',
      '[...this.#newest, ...(this.#tree?.locator(peer.last) ?? [])]',
      'this.#tree?.locator() ?? []',
    );
    expect(firstFault(planted)).toMatch(/different tips/);
  });

  it('that a node waits for whom it has asked, however long that is silent', async () => {
    const planted = await plantIn(
      'sync.ts',
      'return this.#ticks < other.hope && other.pace <= 2 * peer.pace;',
      'return other !== peer;',
    );
    expect(firstFault(planted)).toMatch(/it took \d+ s to agree|different tips/);
  });

  it('that a peer is never given up that owes an answer', async () => {
    const planted = await plantIn('sync.ts', '>= MAX_SILENCE', '>= Infinity');
    expect(firstFault(planted)).toMatch(/different tips/);
  });

  it('that what is mined while two nodes say hello is told to neither', async () => {
    const planted = await plantIn('sync.ts', 'this.#tell(state, false);', '');
    expect(firstFault(planted)).toMatch(/it took \d+ s to agree/);
  });

  it('that a block of the future is never asked for again', async () => {
    const planted = await plantIn(
      'sync.ts',
      'Math.min(Math.ceil(wait / 1_000), MAX_REST)',
      'Infinity',
    );
    expect(firstFault(planted)).toMatch(/different tips/);
  });

  it('that a block of the future is taken at once', async () => {
    const planted = await plantIn('tree.ts', 'if (until > now)', 'if (until > Infinity)');
    expect(firstFault(planted)).toMatch(/of the future/);
  });

  it('that blocks are taken which nobody asked for', async () => {
    const planted = await plantIn(
      'sync.ts',
      'if (peer.asked === undefined) return this.#fail(peer);',
      'peer.asked ??= this.#ticks;',
    );
    expect(firstFault(planted)).toMatch(/not asked for/);
  });

  it('that the tip is told only once', async () => {
    const planted = await plantIn(
      'sync.ts',
      'this.#ticks % REPEAT === 0',
      'this.#ticks < 0',
    );
    expect(firstFault(planted)).toMatch(/different tips/);
  });
});
