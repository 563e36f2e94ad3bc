import { describe, expect, it } from '@jest/globals';
import type { Scene, SceneNode, StoryBlock, StoryEvent } from '../../lab/story.ts';
import { FLIGHT, launched, packetsAt } from './lab-flights.ts';
import { bridgesOf, minersOf, nextOf, undoOf } from './lab-next.ts';
import { agreement, groupsOf, treeOf } from './lab.ts';

const hashOf = (name: string) => name.padStart(64, '0');
const blockOf = (name: string, parent: string, index: number): StoryBlock => ({
  hash: hashOf(name),
  previousHash: hashOf(parent),
  index,
  timestamp: index,
  data: name,
  miner: index === 0 ? null : 'A',
});
const blocks = [
  blockOf('9000', 'none', 0),
  blockOf('9001', '9000', 1),
  blockOf('9002', '9000', 1),
  blockOf('9003', '9001', 2),
];

type Short = readonly [name: string, tip: string | null, state?: SceneNode['state']];

/** Nodes in a ring; the links that are named are cut. */
function sceneOf(nodes: readonly Short[], ...cut: string[]): Scene {
  const names = nodes.map(([name]) => name);
  const pairs = names.map((name, i) => [name, names[(i + 1) % names.length] ?? name]);
  return {
    nodes: nodes.map(([name, tip, state = 'running']) => {
      return { name, state, tip: tip && hashOf(tip) };
    }),
    links: pairs.map(([from = '', to = '']) => {
      return { from, to, whole: !cut.includes(from + to) };
    }),
    blocks,
  };
}

describe('The agreement of a laboratory', () => {
  it('holds where all nodes have one tip', () => {
    expect(
      agreement(
        sceneOf([
          ['A', '9001'],
          ['B', '9001'],
        ]),
      ),
    ).toEqual({
      tone: 'good',
      words: 'All 2 nodes have the same tip: block 1 (…9001).',
    });
  });

  it('counts those that run', () => {
    const scene = sceneOf([
      ['A', '9001'],
      ['B', '9001'],
      ['C', '9002', 'stopped'],
    ]);
    expect(agreement(scene).words).toBe(
      'All 2 nodes that run have the same tip: block 1 (…9001).',
    );
  });

  it('names who has which tip where they differ, the best first', () => {
    expect(
      agreement(
        sceneOf([
          ['A', '9002'],
          ['B', '9001'],
          ['C', '9003'],
        ]),
      ),
    ).toEqual({
      tone: 'warn',
      words: '3 tips: C at block 2 (…9003); B at block 1 (…9001); A at block 1 (…9002).',
    });
  });

  it('is none where no node runs, or only one', () => {
    const off = sceneOf([
      ['A', '9001', 'stopped'],
      ['B', '9001', 'stopped'],
    ]);
    expect(agreement(off)).toEqual({ tone: 'warn', words: 'No node runs.' });
    const single = sceneOf([
      ['A', '9001'],
      ['B', '9001', 'stopped'],
    ]);
    expect(agreement(single)).toEqual({
      tone: 'warn',
      words: 'Only A runs, at block 1 (…9001).',
    });
  });

  it('says who does not answer', () => {
    const scene = sceneOf([
      ['A', '9001'],
      ['B', '9001'],
      ['C', '9001', 'silent'],
    ]);
    expect(agreement(scene)).toEqual({
      tone: 'warn',
      words:
        'All 2 nodes that run have the same tip: block 1 (…9001). C does not answer.',
    });
  });
});

describe('The tree of a laboratory', () => {
  it('gives the best chain its color, and each other branch one of those who are on it', () => {
    const scene = sceneOf([
      ['A', '9003'],
      ['B', '9002'],
      ['C', '9003'],
    ]);
    expect(groupsOf(scene).map(({ names, color }) => [names.join(''), color])).toEqual([
      ['AC', 0],
      ['B', 1],
    ]);
    const tree = treeOf(scene).map(({ data, state, color, tips, holders }) => {
      return [
        data,
        state,
        color,
        tips.map(({ name }) => name).join(''),
        holders.join(''),
      ];
    });
    expect(tree).toEqual([
      ['9000', 'best', 0, '', 'ABC'],
      ['9001', 'some', 0, '', 'AC'],
      ['9002', 'some', 1, 'B', 'B'],
      ['9003', 'some', 0, 'AC', 'AC'],
    ]);
  });

  it('says of a block that nobody has on its chain that it is lost', () => {
    const tree = treeOf(
      sceneOf([
        ['A', '9003'],
        ['B', '9003'],
      ]),
    );
    expect(tree.map(({ state }) => state)).toEqual(['best', 'best', 'lost', 'best']);
    expect(tree[2]?.words).toBe('Block 1 (…9002), mined by A, on the chain of nobody');
  });

  it('stays as it was where no node runs any more', () => {
    const nodes = [
      ['A', '9003', 'stopped'],
      ['B', '9003', 'stopped'],
    ] as const;
    expect(treeOf(sceneOf(nodes)).map(({ state }) => state)).toEqual([
      'best',
      'best',
      'lost',
      'best',
    ]);
  });

  it('is empty before there is a block', () => {
    expect(treeOf({ nodes: [], links: [], blocks: [] })).toEqual([]);
  });
});

describe('What makes sense next', () => {
  const actionOf = (scene: Scene) => nextOf(scene).action;

  it('is to wait while the nodes start for the first time', () => {
    expect(
      actionOf(
        sceneOf([
          ['A', '9001'],
          ['B', null, 'stopped'],
        ]),
      ),
    ).toBe('wait');
  });

  it('is to start nodes where fewer than two run', () => {
    expect(
      actionOf(
        sceneOf([
          ['A', '9001'],
          ['B', '9001', 'stopped'],
        ]),
      ),
    ).toBe('start');
  });

  it('is to cut where all agree', () => {
    expect(
      actionOf(
        sceneOf([
          ['A', '9001'],
          ['B', '9001'],
          ['C', '9001'],
        ]),
      ),
    ).toBe('cut');
  });

  it('is to mine on both sides where the network is cut and the sides have one tip', () => {
    const scene = sceneOf(
      [
        ['A', '9001'],
        ['B', '9001'],
      ],
      'AB',
      'BA',
    );
    expect(actionOf(scene)).toBe('mine');
  });

  it('is to heal where the sides have different tips; a tie is pointed out', () => {
    const unequal = nextOf(
      sceneOf(
        [
          ['A', '9003'],
          ['B', '9002'],
        ],
        'AB',
        'BA',
      ),
    );
    const tie = nextOf(
      sceneOf(
        [
          ['A', '9001'],
          ['B', '9002'],
        ],
        'AB',
        'BA',
      ),
    );
    expect([unequal.action, tie.action]).toEqual(['heal', 'heal']);
    expect(unequal.words).not.toContain('tie');
    expect(tie.words).toContain('how a tie ends');
  });

  it('is to wait where the network is whole and its nodes differ', () => {
    expect(
      actionOf(
        sceneOf([
          ['A', '9003'],
          ['B', '9002'],
        ]),
      ),
    ).toBe('wait');
  });

  it('is to start nodes that part the others', () => {
    const scene = sceneOf([
      ['A', '9001'],
      ['B', '9001', 'stopped'],
      ['C', '9001'],
      ['D', '9001', 'stopped'],
    ]);
    expect(actionOf(scene)).toBe('start');
  });
});

describe('Cutting in two', () => {
  const five = sceneOf(['A', 'B', 'C', 'D', 'E'].map((name) => [name, '9001'] as const));

  it('takes the links between the first half and the second', () => {
    expect(bridgesOf(five)).toEqual([
      ['C', 'D'],
      ['E', 'A'],
    ]);
  });

  it('leaves a node of each side to mine', () => {
    const cut = sceneOf(
      ['A', 'B', 'C', 'D', 'E'].map((name) => [name, '9001'] as const),
      'CD',
      'EA',
    );
    expect(minersOf(cut)).toEqual(['A', 'D']);
  });

  it('can be undone, and the undoing too', () => {
    const event = (kind: 'cut' | 'healed') =>
      ({
        id: 1,
        time: 0,
        blocks: [],
        kind,
        links: [['A', 'B']],
        sides: [],
      }) as StoryEvent;
    expect(undoOf([])).toBeUndefined();
    const undo = { links: [['A', 'B']], whole: true, words: 'Undo the cut' };
    expect(undoOf([event('cut')])).toEqual(undo);
    expect(undoOf([event('cut'), event('healed')])).toMatchObject({ whole: false });
  });
});

describe('Flights of blocks', () => {
  const way = (from: string, to: string) => ({ from, to, hash: 'h' });

  it('leave a node when the block has arrived there', () => {
    const flying = launched([], [way('A', 'B'), way('B', 'C')], 100);
    expect(flying.map(({ start }) => start)).toEqual([100, 100 + FLIGHT]);
    const color = () => 2;
    expect(packetsAt(flying, 100 + FLIGHT / 2, color)).toEqual([
      { id: 1, from: 'A', to: 'B', progress: 0.5, color: 2 },
    ]);
    expect(packetsAt(flying, 100 + FLIGHT, color)).toMatchObject([{ from: 'B' }]);
  });

  it('are forgotten when they have landed, and are never put off for long', () => {
    const many = Array.from({ length: 50 }, (_, i) => way(`${i}`, `${i + 1}`));
    const flying = launched([], many, 0);
    const last = Math.max(...flying.map(({ start }) => start));
    expect(last).toBeLessThanOrEqual(6 * FLIGHT);
    expect(launched(flying, [], last + FLIGHT)).toEqual([]);
  });
});
