import { describe, expect, it } from '@jest/globals';
import type { ClassState } from './api.ts';
import { cardsOf, summaryOf, titleOf, todosOf, treeOf } from './class.ts';

const hash = (digit: string) => digit.repeat(64);
const id = (digit: string) => digit.repeat(32);

type Pupil = ClassState['nodes'][number];
type Entry = ClassState['blocks'][number];

function pupil(change: Partial<Pupil> = {}): Pupil {
  const usual = { id: id('a'), name: 'Ada', url: 'ws://192.168.1.21:8000', self: false };
  return {
    ...usual,
    code: null,
    tip: { hash: hash('2'), index: 2 },
    found: 0,
    ...change,
  };
}

const self = pupil({ id: id('0'), name: 'Room 12', url: null, self: true });

function state(nodes: Pupil[], change: Partial<ClassState> = {}): ClassState {
  const usual = { since: 0, network: null, lines: [], gone: 0, blocks: [], tasks: [] };
  return { ...usual, nodes, ...change };
}

function entry(index: number, change: Partial<Entry> = {}): Entry {
  const hashes = { hash: hash(String(index)), previousHash: hash(String(index - 1)) };
  return { ...hashes, index, timestamp: 0, best: true, arrived: null, ...change };
}

describe('The nodes on the page of a class', () => {
  it('stand in the order of their names, the one of the page first, those without one last', () => {
    const nodes = [
      pupil({ id: id('1'), name: null }),
      pupil({ name: 'Zoe' }),
      pupil(),
      self,
    ];
    expect(cardsOf(state(nodes)).map(({ name }) => name)).toEqual([
      'Room 12',
      'Ada',
      'Zoe',
      '192.168.1.21:8000',
    ]);
  });

  it('say how far each is, and nothing of who is where the page is', () => {
    const tips = [{ hash: hash('1'), index: 1 }, { hash: hash('b'), index: 2 }, null];
    const nodes = tips.map((tip, i) => pupil({ id: id(String(i)), name: `N${i}`, tip }));
    const words = cardsOf(state([self, pupil(), ...nodes])).map(({ tip, lag }) => [
      tip,
      lag,
    ]);
    expect(words).toEqual([
      ['block 2', ''],
      ['block 2', ''],
      ['block 1', '1 block behind'],
      ['block 2', 'another branch'],
      ['no chain yet', ''],
    ]);
  });

  it('have the color of their tip, the first that of the page', () => {
    const other = pupil({ id: id('1'), name: 'B', tip: { hash: hash('b'), index: 2 } });
    expect(cardsOf(state([self, pupil(), other])).map(({ color }) => color)).toEqual([
      0, 0, 1,
    ]);
  });

  it('say which steps are their owners’', () => {
    const own = (code: string | null) => cardsOf(state([self, pupil({ code })]))[1]?.own;
    expect(own(null)).toBe('');
    expect(own('my 06')).toBe('own step 06');
    expect(own('my 01 06')).toBe('own steps 01, 06');
    expect(own('my 01 02 03')).toBe('own steps 01–03');
  });

  it('hide nothing of a name that cannot be seen', () => {
    const [, card] = cardsOf(state([self, pupil({ name: 'A\u200bda' })]));
    expect(card?.name).toBe('A\\u200bda');
    expect(titleOf(state([{ ...self, name: '\u2066x' }]))).toBe('\\u2066x');
  });
});

describe('The chain on the page of a class', () => {
  const from = { id: id('a'), url: 'ws://192.168.1.21:8000', name: 'Ada' };
  const blocks = [
    entry(0, { origin: { time: 0, from: null } }),
    entry(1, { origin: { time: 0, from: null } }),
    entry(2, { origin: { time: 0, from } }),
    entry(2, { hash: hash('b'), best: false }),
  ];
  const tree = treeOf(state([self, pupil()], { blocks }));

  it('names whom each block was heard of first from, and nobody for the first', () => {
    expect(tree.map(({ data }) => data)).toEqual(['the first', 'Room 12', 'Ada', '']);
    expect(tree[2]?.words).toBe('Block 2 (…2222), first heard from Ada');
    expect(tree[3]?.words).toBe('Block 2 (…bbbb), off the best chain');
  });

  it('says how many nodes are at a tip, or who is there alone', () => {
    expect(tree.map(({ tips }) => tips?.map(({ name }) => name))).toEqual([
      ...[undefined, undefined],
      ['2 nodes'],
      undefined,
    ]);
    const alone = treeOf(state([self], { blocks }));
    expect(alone[2]?.tips).toEqual([{ name: 'Room 12', color: 0 }]);
  });
});

describe('What there is to do', () => {
  const tasks = (change: Partial<ClassState['tasks'][number]>) =>
    todosOf(
      state([self, pupil({ code: 'my 06' })], {
        tasks: [{ id: 'joined', done: false, have: 3, of: 10, ...change }],
      }),
    )[0];

  it('says how far it is', () => {
    expect(tasks({})).toMatchObject({ title: '10 have joined', words: '3 of 10' });
    expect(tasks({ id: 'blocks' })?.words).toBe('3 of 10');
    const fork = (have: number) => tasks({ id: 'fork', have, of: 2 })?.words;
    expect([0, 1, 2].map(fork)).toEqual([
      'no fork yet',
      'two branches now',
      'it is over',
    ]);
  });

  it('names who runs their own step 6', () => {
    expect(tasks({ id: 'own', have: 1, of: 1 })?.words).toBe('Ada');
  });
});

describe('The head of the page', () => {
  it('says how many nodes there are, and how far the chain is', () => {
    expect(summaryOf(state([self, pupil()]))).toBe('2 nodes · block 2');
    expect(summaryOf(state([{ ...self, tip: null }]))).toBe('1 node · no chain yet');
    expect(titleOf(state([{ ...self, name: null }]))).toBe('');
  });
});
