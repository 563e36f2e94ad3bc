import { describe, expect, it } from '@jest/globals';
import type { Block } from '#blocks';
import { Recorder, type Move } from './recorder.ts';
import { linesOf, textOf } from './story-words.ts';
import { MAX_EVENTS, sceneOf, type Pair, type Scene } from './story.ts';

const hashOf = (name: string) => name.padStart(64, '0');
const blockOf = (name: string, parent: string, index: number, data = name): Block => ({
  index,
  timestamp: index,
  previousHash: hashOf(parent),
  dataHash: hashOf('d'),
  difficulty: 8,
  nonce: 0,
  data,
  hash: hashOf(name),
});
const genesis = blockOf('g', 'none', 0);

const sceneFor = (names: readonly string[], links: readonly Pair[]): Scene => ({
  nodes: names.map((name) => ({ name, state: 'stopped', tip: null })),
  links: links.map(([from, to]) => ({ from, to, whole: true })),
  blocks: [],
});

const moveTo = (added: Block[], removed: Block[] = []): Move => ({
  tip: added.at(-1)?.hash ?? '',
  removed: removed.map(({ hash }) => hash),
  added: added.map(({ hash }) => hash),
  counts: { removed: removed.length, added: added.length },
});

/** A ring of three, all with the first block. */
function ring(knowsAll = true): Recorder {
  const links = [
    ['B', 'A'],
    ['C', 'B'],
    ['C', 'A'],
  ] as const;
  const recorder = new Recorder(
    sceneFor(['A', 'B', 'C'], links),
    () => knowsAll,
    () => 0,
  );
  recorder.started('A', [genesis]);
  for (const name of ['B', 'C']) {
    recorder.passed('A', name, [genesis]);
    recorder.started(name, [genesis]);
  }
  return recorder;
}

/** What is told after the beginning. */
const told = (recorder: Recorder, before = 4) =>
  linesOf(recorder.story)
    .slice(before)
    .map(({ words }) => words);

const one = blockOf('1', 'g', 1);
const two = blockOf('2', '1', 2);
const other = blockOf('8', 'g', 1);

describe('A recorder', () => {
  it('tells how a network begins', () => {
    expect(told(ring(), 0)).toEqual([
      'A started the network with block 0.',
      'B started and heard of block 0 from A.',
      'C started and heard of block 0 from A.',
      'All 3 nodes have block 0.',
    ]);
  });

  it('tells who mined a block, who heard of it from whom, and that all have it', () => {
    const recorder = ring();
    recorder.learn([one]);
    recorder.moved('A', moveTo([one]));
    recorder.passed('A', 'B', [one]);
    recorder.moved('B', moveTo([one]));
    recorder.passed('B', 'C', [one]);
    recorder.passed('A', 'C', [one]);
    recorder.moved('C', moveTo([one]));
    expect(told(recorder)).toEqual([
      'A mined block 1 “1”.',
      'B heard of block 1 “1” from A; C from B.',
      'All 3 nodes have block 1 “1”.',
    ]);
  });

  it('knows from what a node sends what it has, before it says so', () => {
    const recorder = ring();
    recorder.passed('A', 'B', [one]);
    recorder.moved('B', moveTo([one]));
    recorder.moved('A', moveTo([one]));
    recorder.passed('B', 'C', [two]); // B has mined on it at once
    recorder.moved('B', moveTo([two]));
    expect(told(recorder)).toEqual([
      'A mined block 1 “1”.',
      'B heard of block 1 “1” from A.',
      'B mined block 2 “2”.',
    ]);
  });

  it('does not say that a node mined what somebody else may have sent it', () => {
    const recorder = ring(false);
    recorder.learn([one]);
    recorder.moved('A', moveTo([one]));
    expect(told(recorder)).toEqual(['A heard of block 1 “1” from elsewhere.']);
  });

  it('tells how more work wins, and what is mined again', () => {
    const recorder = ring();
    recorder.linked(
      [
        ['C', 'A'],
        ['B', 'C'],
      ],
      false,
    );
    recorder.learn([one, two, other]);
    recorder.moved('A', moveTo([one]));
    recorder.passed('A', 'B', [one]);
    recorder.moved('B', moveTo([one]));
    recorder.moved('C', moveTo([other]));
    recorder.moved('B', moveTo([two]));
    recorder.passed('B', 'A', [two]);
    recorder.moved('A', moveTo([two]));
    recorder.linked(
      [
        ['A', 'C'],
        ['C', 'B'],
      ],
      true,
    );
    recorder.passed('A', 'C', [one, two]);
    recorder.moved('C', moveTo([one, two], [other]));
    const again = blockOf('9', '2', 3, other.data);
    recorder.passed('C', 'A', [again]);
    recorder.again('C', other.hash, again);
    expect(told(recorder)).toEqual([
      'Cut the links A–C and B–C: A and B cannot reach C any more.',
      'A mined block 1 “1”.',
      'B heard of block 1 “1” from A.',
      'C mined block 1 “8”.',
      'B mined block 2 “2”.',
      'A heard of block 2 “2” from B.',
      'Healed the links A–C and B–C: all who run can reach each other.',
      'On C, block 1 “8” of C gave way to 2 blocks of A and B (1 “1” and 2 “2”). More work wins.',
      'All 3 nodes have block 2 “2”.',
      'C mined “8” again, as block 3: it had lost block 1.',
    ]);
  });

  it('says of a tie that the smaller hash wins', () => {
    const recorder = ring();
    recorder.learn([one, other]);
    recorder.moved('A', moveTo([one]));
    recorder.moved('C', moveTo([other]));
    recorder.passed('A', 'C', [one]);
    recorder.moved('C', moveTo([one], [other]));
    const zeros = '0'.repeat(63);
    expect(told(recorder).at(-1)).toBe(
      'On C, block 1 “8” of C gave way to block 1 “1” of A. Both have as much work, and ' +
        `then the smaller hash wins: ${zeros}1… is smaller than ${zeros}8….`,
    );
  });

  it('follows a node that was not listened to for a while', () => {
    const recorder = ring();
    recorder.learn([other]);
    recorder.moved('C', moveTo([other]));
    recorder.passed('A', 'C', [one, two]);
    recorder.has('C', [genesis, one, two]);
    recorder.has('C', [genesis, one, two]);
    const [event] = recorder.story.events.filter(({ kind }) => kind === 'gave way');
    expect(event).toMatchObject({
      node: 'C',
      from: 'A',
      removed: [other.hash],
      added: [one.hash, two.hash],
      tip: two.hash,
    });
    expect(told(recorder).slice(1)).toEqual([
      'A mined block 1 “1”.',
      'A mined block 2 “2”.',
      'On C, block 1 “8” of C gave way to 2 blocks of A (1 “1” and 2 “2”). More work wins.',
    ]);
  });

  it('makes up for a block that became known too late, so that the tree has no gap', () => {
    const recorder = ring();
    recorder.moved('A', moveTo([one])); // nobody could be asked for it any more
    recorder.passed('A', 'B', [one]);
    recorder.moved('A', moveTo([two]));
    recorder.passed('A', 'B', [two]);
    recorder.moved('B', moveTo([one, two]));
    const { blocks } = recorder.scene;
    expect(blocks.map(({ data }) => data)).toEqual(['g', '1', '2']);
    expect(told(recorder)[0]).toBe('A mined block 1 “1”.');
  });

  it('tells of nodes that stop, start again with what they had, and hang', () => {
    const recorder = ring();
    recorder.turned('B', 'stopped');
    recorder.learn([one]);
    recorder.moved('A', moveTo([one]));
    recorder.passed('A', 'C', [one]);
    recorder.moved('C', moveTo([one]));
    recorder.turned('C', 'silent');
    recorder.turned('C', 'back');
    recorder.passed('A', 'B', [one]);
    recorder.started('B', [genesis, one]);
    expect(told(recorder)).toEqual([
      'B stopped.',
      'A mined block 1 “1”.',
      'C heard of block 1 “1” from A.',
      'A and C, which run, all have block 1 “1”.',
      'C does not answer any more.',
      'C answers again.',
      'B started and heard of block 1 “1” from A.',
      'All 3 nodes have block 1 “1”.',
    ]);
  });

  it('leaves out links that were cut already, and joins nodes that had no link', () => {
    const recorder = ring();
    recorder.linked([['A', 'B']], false);
    recorder.linked([['B', 'A']], false);
    const { links } = recorder.scene;
    expect(links.map(({ whole }) => whole)).toEqual([false, true, true]);
    expect(told(recorder)).toEqual([
      'Cut the link A–B: all who run can still reach each other.',
    ]);
    const pair = new Recorder(sceneFor(['A', 'B'], []));
    pair.linked([['A', 'B']], true);
    expect(pair.scene.links).toEqual([{ from: 'A', to: 'B', whole: true }]);
  });

  it('shows what cannot be seen in data, and cuts what is long', () => {
    const recorder = ring();
    const odd = blockOf('1', 'g', 1, `a\u202eb\n${'x'.repeat(1_000)}`);
    recorder.learn([odd]);
    recorder.moved('A', moveTo([odd]));
    expect(told(recorder)).toEqual([
      `A mined block 1 “a\\u202eb\\u000a${'x'.repeat(36)}…”.`,
    ]);
    expect(recorder.scene.blocks.at(-1)?.data).toHaveLength(201);
  });

  it('forgets the oldest events, says how many, and still knows how the network was then', () => {
    const recorder = ring();
    const surplus = 10;
    const before = recorder.story.events.length;
    for (let n = before; n < MAX_EVENTS + surplus; n += 1)
      recorder.turned('C', n % 2 === 0 ? 'silent' : 'back');
    const { story, scene } = recorder;
    expect(story.events).toHaveLength(MAX_EVENTS);
    expect(story.events[0]?.id).toBe(surplus + 1);
    expect(story.dropped).toBe(surplus);
    expect(story.base.nodes[0]).toEqual({
      name: 'A',
      state: 'running',
      tip: genesis.hash,
    });
    expect(sceneOf(story)).toEqual(scene);
    expect(textOf(story)).toMatch(/^10 earlier events are forgotten\.\n00:00:00 {2}C /);
  });

  it('can go back to every moment: the scene after each event is what it was then', () => {
    const recorder = ring();
    const scenes = [recorder.scene];
    const from = recorder.story.events.length;
    recorder.on('event', () => scenes.push(recorder.scene));
    recorder.linked([['A', 'C']], false);
    recorder.learn([one, other]);
    recorder.moved('A', moveTo([one]));
    recorder.moved('C', moveTo([other]));
    recorder.turned('B', 'stopped');
    for (const [i, scene] of scenes.entries())
      expect(sceneOf(recorder.story, from + i)).toEqual(scene);
  });
});
