import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkChain, genesisBlock, hashBlock, nextBlock, type Block } from '#blocks';
import { BlockTree, MAX_AHEAD, consensusRules, isBetter, type Change } from '#consensus';
import { leadingZeroBits, work } from '#proof-of-work';

const START = 1_700_000_000_000;
const NOW = START + 86_400_000;

/** Returns the block with a nonce that gives it its work. */
function withWork(block: Block): Block {
  for (let nonce = 0; ; nonce += 1) {
    const hash = hashBlock({ ...block, nonce });
    if (leadingZeroBits(hash) >= block.difficulty) return { ...block, nonce, hash };
  }
}

/** Returns `count` new blocks, each following the one before, the first one `parent`. */
function branch(parent: Block, count: number, name: string): Block[] {
  const blocks: Block[] = [];
  let tip = parent;
  for (let i = 1; i <= count; i += 1) {
    tip = withWork(nextBlock(tip, `${name}${i}`, START));
    blocks.push(tip);
  }
  return blocks;
}

/** The last of a list of blocks that is not empty. */
function last(blocks: readonly Block[]): Block {
  const block = blocks.at(-1);
  if (block === undefined) throw new Error('There is no block.');
  return block;
}

/** A tree with these blocks in it, each of which must be taken. */
function treeOf(genesis: Block, ...blocks: Block[]): BlockTree {
  const tree = new BlockTree(genesis);
  for (const block of blocks) {
    const { status } = tree.add(block, NOW);
    if (status !== 'added')
      throw new Error(`Block "${block.data}" is ${status}, not added.`);
  }
  return tree;
}

/** Compares long lists of blocks, and tells in short what is wrong. */
function expectBlocks(actual: readonly Block[], expected: readonly Block[]): void {
  const at = expected.findIndex(({ hash }, i) => actual[i]?.hash !== hash);
  if (at !== -1 || actual.length !== expected.length)
    throw new Error(
      `There are ${actual.length} blocks, where ${expected.length} were expected. Number ` +
        `${at} is "${actual[at]?.data}", where "${expected[at]?.data}" was expected.`,
    );
}

/** What a user sees of a tree, to tell whether it has changed. */
const state = ({ chain, work: total }: BlockTree) => ({
  blocks: chain.slice(),
  tip: chain.tip,
  total,
});

/** Adds the blocks, and returns all that was taken off meanwhile, and all that was put on. */
function changesOf(tree: BlockTree, blocks: readonly Block[]): Change {
  const changes = blocks.flatMap((block) => {
    const result = tree.add(block, NOW);
    return result.status === 'added' ? (result.change ?? []) : [];
  });
  return {
    removed: changes.flatMap(({ removed }) => removed),
    added: changes.flatMap(({ added }) => added),
  };
}

/** Does to a list of blocks what a change says; fails if it does not fit. */
function replay(blocks: Block[], { removed, added }: Change): void {
  const end = blocks.splice(blocks.length - removed.length);
  if (JSON.stringify(end) !== JSON.stringify(removed))
    throw new Error(
      `The change takes off ${JSON.stringify(removed.map(({ data }) => data))}, oldest ` +
        `first, but the chain ended in ${JSON.stringify(end.map(({ data }) => data))}.`,
    );
  blocks.push(...added);
}

const genesis = genesisBlock({ timestamp: START });

/** Blocks that descend from a genesis block: a random tree, every parent before its children. */
const randomTree = fc
  .record({
    difficulty: fc.constantFrom(0, 0, 2),
    // Which block to build on: one of the newest for long branches, or any for early forks.
    parents: fc.array(fc.oneof(fc.nat(3), fc.nat(50)), { minLength: 1, maxLength: 50 }),
  })
  .map(({ difficulty, parents }) => {
    const root = withWork(genesisBlock({ timestamp: START, difficulty }));
    const blocks = [root];
    for (const [i, back] of parents.entries()) {
      const parent = blocks[Math.max(0, blocks.length - 1 - back)] ?? root;
      blocks.push(...branch(parent, 1, `block ${i}, `));
    }
    return { root, blocks };
  });

/** The same blocks in a random order in which each parent still comes before its children. */
function parentFirst(root: Block, blocks: readonly Block[], keys: readonly number[]) {
  const waiting = blocks
    .map((block, i) => ({ block, key: keys[i] ?? 0 }))
    .sort((a, b) => a.key - b.key)
    .map(({ block }) => block)
    .filter((block) => block !== root);
  const order: Block[] = [];
  const known = new Set([root.hash]);
  while (waiting.length > 0) {
    const next = waiting.findIndex(({ previousHash }) => known.has(previousHash));
    const [block] = waiting.splice(next, 1);
    if (block === undefined) break;
    known.add(block.hash);
    order.push(block);
  }
  return order;
}

const treeInRandomOrder = fc
  .record({
    tree: randomTree,
    keys: fc.array(fc.nat(), { minLength: 51, maxLength: 51 }),
  })
  .map(({ tree: { root, blocks }, keys }) => ({
    root,
    order: parentFirst(root, blocks, keys),
  }));

/** The block that the best chain must end in: all blocks of a tree have the same difficulty. */
function bestOf(blocks: readonly Block[]): Block {
  const candidate = ({ hash, index, difficulty }: Block) => ({
    hash,
    work: work(difficulty) * BigInt(index + 1),
  });
  return blocks.reduce((a, b) => (isBetter(candidate(b), candidate(a)) ? b : a));
}

describe('Task 3: a new tree', () => {
  it('holds its genesis block and nothing else', () => {
    const tree = new BlockTree(genesis);
    expect(tree.chain.slice()).toEqual([genesis]);
    expect(tree.get(genesis.hash)).toEqual(genesis);
    expect(tree.get('0'.repeat(64))).toBeUndefined();
  });

  it('counts the work of its genesis block', () => {
    const hard = withWork(genesisBlock({ timestamp: START, difficulty: 7 }));
    expect(new BlockTree(genesis).work).toBe(1n);
    expect(new BlockTree(hard).work).toBe(128n);
  });

  it('refuses a genesis block that breaks a rule', () => {
    const lazy = genesisBlock({ timestamp: START, difficulty: 60 });
    expect(() => new BlockTree(lazy)).toThrow(/hash|work/i);
    expect(() => new BlockTree(last(branch(genesis, 1, 'b')))).toThrow(/index/);
    expect(() => new BlockTree({ ...genesis, data: 'else' })).toThrow(/dataHash/);
  });
});

describe('Task 4: adding blocks', () => {
  it('appends the next block to the best chain', () => {
    const tree = new BlockTree(genesis);
    const blocks = branch(genesis, 3, 'a');
    for (const block of blocks) {
      const change = { removed: [], added: [block] };
      expect(tree.add(block, NOW)).toEqual({ status: 'added', change });
      expect(tree.chain.tip).toEqual(block);
    }
    expect(tree.chain.slice()).toEqual([genesis, ...blocks]);
    expect(tree.work).toBe(4n);
  });

  it('keeps a block of a weaker branch, and the best chain as it was', () => {
    const tree = treeOf(genesis, ...branch(genesis, 3, 'a'));
    const before = state(tree);
    for (const block of branch(genesis, 2, 'b')) {
      const result = tree.add(block, NOW);
      expect(result).toHaveProperty('status', 'added');
      expect(result).not.toHaveProperty('change');
      expect(tree.get(block.hash)).toEqual(block);
    }
    expect(state(tree)).toEqual(before);
  });

  it('moves to the other branch when that has more work, and tells the change', () => {
    const shared = branch(genesis, 2, 's');
    const old = branch(last(shared), 2, 'a');
    const better = branch(last(shared), 3, 'b');
    const tree = treeOf(genesis, ...shared, ...old);
    const change = changesOf(tree, better);
    expect(tree.chain.slice()).toEqual([genesis, ...shared, ...better]);
    expect(tree.work).toBe(6n);
    expect(change).toEqual({ removed: old, added: better });
  });

  it('moves to a branch of equal work only if its hash is smaller', () => {
    const [a, b] = [...branch(genesis, 1, 'a'), ...branch(genesis, 1, 'b')];
    const [smaller, larger] = a && b && a.hash < b.hash ? [a, b] : [b, a];
    if (smaller === undefined || larger === undefined) throw new Error('No blocks.');
    expect(treeOf(genesis, smaller).add(larger, NOW)).toEqual({ status: 'added' });
    const change = { removed: [larger], added: [smaller] };
    expect(treeOf(genesis, larger).add(smaller, NOW)).toEqual({
      status: 'added',
      change,
    });
  });

  it('ends in the same tip, with the most work, in whatever order the blocks come', () => {
    fc.assert(
      fc.property(treeInRandomOrder, ({ root, order }) => {
        const tree = treeOf(root, ...order);
        const best = bestOf([root, ...order]);
        expect(tree.chain.tip).toEqual(best);
        expect(tree.work).toBe(work(root.difficulty) * BigInt(best.index + 1));
        expect(checkChain(tree.chain.slice(), consensusRules)).toBeUndefined();
        for (const block of order) expect(tree.get(block.hash)).toEqual(block);
      }),
    );
  });

  it('has the best tip after each single block, and says what changed it', () => {
    fc.assert(
      fc.property(treeInRandomOrder, ({ root, order }) => {
        const tree = new BlockTree(root);
        const replayed = [root];
        for (const [i, block] of order.entries()) {
          const result = tree.add(block, NOW);
          if (result.status === 'added' && result.change) replay(replayed, result.change);
          expect(tree.chain.tip).toEqual(bestOf([root, ...order.slice(0, i + 1)]));
          expect(replayed).toEqual(tree.chain.slice());
        }
      }),
    );
  });

  it('takes off only blocks that are not put on again', () => {
    fc.assert(
      fc.property(treeInRandomOrder, ({ root, order }) => {
        const tree = new BlockTree(root);
        for (const block of order) {
          const result = tree.add(block, NOW);
          if (result.status !== 'added' || !result.change) continue;
          const { removed, added } = result.change;
          const hashes = new Set(added.map(({ hash }) => hash));
          expect(removed.filter(({ hash }) => hashes.has(hash))).toEqual([]);
          expect(last([...added]).hash).toBe(block.hash);
        }
      }),
    );
  });

  it('says of a block that it has already that it is known', () => {
    const [a, b] = [branch(genesis, 3, 'a'), branch(genesis, 2, 'b')];
    const tree = treeOf(genesis, ...a, ...b);
    const before = state(tree);
    for (const block of [genesis, ...a, ...b])
      expect(tree.add({ ...block }, NOW)).toEqual({ status: 'known' });
    expect(state(tree)).toEqual(before);
  });

  it('keeps the block that it has when another comes under the same hash', () => {
    const [block] = branch(genesis, 1, 'a');
    if (block === undefined) throw new Error('No block.');
    const tree = treeOf(genesis, block);
    tree.add({ ...block, data: 'forged', index: 99 }, NOW);
    expect(tree.get(block.hash)).toEqual(block);
    expect(tree.chain.tip).toEqual(block);
  });

  it('does not take an orphan, a block whose parent it does not know', () => {
    const [first, second] = branch(genesis, 2, 'a');
    if (first === undefined || second === undefined) throw new Error('No blocks.');
    const tree = new BlockTree(genesis);
    expect(tree.add(second, NOW)).toEqual({ status: 'orphan' });
    expect(tree.get(second.hash)).toBeUndefined();
    expect(tree.chain.tip).toEqual(genesis);
    expect(tree.add(first, NOW)).toHaveProperty('status', 'added');
    expect(tree.add(second, NOW)).toHaveProperty('status', 'added');
    expect(tree.chain.tip).toEqual(second);
  });

  it('takes another genesis block for an orphan', () => {
    const other = genesisBlock({ timestamp: START, data: 'another network' });
    expect(new BlockTree(genesis).add(other, NOW)).toEqual({ status: 'orphan' });
  });

  const hard = withWork(genesisBlock({ timestamp: START, difficulty: 6 }));
  const next = last(branch(hard, 1, 'a'));
  const rehashed = (block: Block) => withWork(block);
  it.each<[string, Block, RegExp]>([
    ['another index', rehashed({ ...next, index: 2 }), /index/],
    [
      'a timestamp not later than its parent',
      rehashed({ ...next, timestamp: START }),
      /timestamp/,
    ],
    ['other data', { ...next, data: 'other' }, /dataHash/],
    ['a hash that is not its own', { ...next, hash: '0'.repeat(64) }, /hash/],
    ['less difficulty', rehashed({ ...next, difficulty: 5 }), /difficulty/],
    ['more difficulty', rehashed({ ...next, difficulty: 7 }), /difficulty/],
    ['an index that is text', { ...next, index: '1' } as unknown as Block, /index/],
  ])('refuses a block with %s, and is unchanged', (_, block, reason) => {
    const tree = new BlockTree(hard);
    const result = tree.add(block, NOW);
    expect(result).toEqual({ status: 'invalid', reason: expect.stringMatching(reason) });
    expect(tree.get(block.hash)).toBeUndefined();
    expect(state(tree)).toEqual(state(new BlockTree(hard)));
    expect(tree.add(next, NOW)).toHaveProperty('status', 'added');
  });

  it('refuses a block without its work, on a side branch too', () => {
    const tree = treeOf(hard, ...branch(hard, 3, 'a'));
    let lazy = nextBlock(hard, 'lazy', START);
    while (leadingZeroBits(lazy.hash) >= hard.difficulty)
      lazy = nextBlock(hard, `${lazy.data}!`, START);
    expect(tree.add(lazy, NOW)).toHaveProperty('status', 'invalid');
    expect(tree.get(lazy.hash)).toBeUndefined();
  });

  it('does not take the descendants of a refused block', () => {
    const forged = { ...next, data: 'forged' };
    const tree = new BlockTree(hard);
    expect(tree.add(forged, NOW)).toHaveProperty('status', 'invalid');
    expect(tree.add(last(branch(forged, 1, 'b')), NOW)).toEqual({ status: 'orphan' });
  });

  it('calls no block early that is invalid, however far ahead it is dated', () => {
    const future = withWork(nextBlock(hard, 'later', NOW + 10 * MAX_AHEAD));
    const tree = new BlockTree(hard);
    expect(tree.add(future, NOW)).toHaveProperty('status', 'early');
    expect(tree.add({ ...future, data: 'else' }, NOW)).toEqual({
      status: 'invalid',
      reason: expect.stringMatching(/dataHash/),
    });
    const lazy = Array.from({ length: 99 }, (_, nonce) => {
      return { ...future, nonce, hash: hashBlock({ ...future, nonce }) };
    }).filter(({ hash }) => leadingZeroBits(hash) < hard.difficulty);
    for (const block of lazy)
      expect(tree.add(block, NOW)).toHaveProperty('status', 'invalid');
    expect(lazy.length).toBeGreaterThan(0);
  });

  it('takes a block from two minutes before its timestamp on, and not earlier', () => {
    const block = nextBlock(genesis, 'a', NOW + MAX_AHEAD);
    const early = treeOf(genesis);
    expect(early.add(block, NOW - 1)).toEqual({ status: 'early', until: NOW });
    expect(treeOf(genesis).add(block, NOW)).toHaveProperty('status', 'added');
  });

  it('forgets a block that came too early, and takes it when its time has come', () => {
    const [block, child] = branch(nextBlock(genesis, 'base', NOW + 500_000), 2, 'a');
    if (block === undefined || child === undefined) throw new Error('No blocks.');
    const tree = treeOf(genesis);
    const base = nextBlock(genesis, 'base', NOW + 500_000);
    for (let again = 0; again < 3; again += 1)
      expect(tree.add(base, NOW)).toEqual({ status: 'early', until: NOW + 380_000 });
    expect(tree.get(base.hash)).toBeUndefined();
    expect(tree.add(block, NOW)).toEqual({ status: 'orphan' });
    expect(state(tree)).toEqual(state(treeOf(genesis)));

    expect(tree.add(base, NOW + 379_999)).toHaveProperty('status', 'early');
    expect(tree.add(base, NOW + 380_000)).toHaveProperty('status', 'added');
    expect(tree.chain.tip).toEqual(base);
    expect(tree.add(block, NOW + 380_001)).toHaveProperty('status', 'added');
    expect(tree.add(child, NOW + 380_001)).toEqual({
      status: 'early',
      until: NOW + 380_002,
    });
  });

  it('gives 2,000 blocks up for 2,001, and 2,001 for 2,002', () => {
    // Of two branches of 2,000 blocks, the one with the smaller hash at its end comes first.
    const [a, b] = [branch(genesis, 2_000, 'a'), branch(genesis, 2_000, 'b')].sort(
      (x, y) => (last(x).hash < last(y).hash ? -1 : 1),
    );
    if (a === undefined || b === undefined) throw new Error('No branches.');
    const tree = treeOf(genesis, ...a, ...b);
    expect(tree.chain.tip).toEqual(last(a));

    const more = branch(last(b), 1, 'more');
    const there = changesOf(tree, more);
    expectBlocks(there.removed, a);
    expectBlocks(there.added, [...b, ...more]);
    const still = branch(last(a), 2, 'still more');
    const back = changesOf(tree, still);
    expectBlocks(back.removed, [...b, ...more]);
    expectBlocks(back.added, [...a, ...still]);
    expectBlocks(tree.chain.slice(), [genesis, ...a, ...still]);
    expect(tree.work).toBe(2_003n);
  });
});

describe('Task 5: the locator', () => {
  const LENGTH = 10_000;
  const FORK = 9_000;
  let main: Block[];
  let side: Block[];
  let tree: BlockTree;
  beforeAll(() => {
    main = [genesis, ...branch(genesis, LENGTH, 'a')];
    side = branch(main[FORK] ?? genesis, 900, 'b');
    tree = treeOf(genesis, ...main.slice(1), ...side);
  });

  /** The blocks that the hashes stand for; fails at one that is not in the tree. */
  const blocksOf = (hashes: readonly string[]) =>
    hashes.map((hash, i) => {
      const block = tree.get(hash);
      if (block === undefined) throw new Error(`Hash ${i} of the locator is unknown.`);
      return block;
    });

  it('begins at the tip and ends in the genesis block', () => {
    expect(tree.locator().at(0)).toBe(last(main).hash);
    expect(tree.locator().at(-1)).toBe(genesis.hash);
  });

  it('is short: fewer than 20 hashes for 10,000 blocks', () => {
    expect(tree.locator().length).toBeLessThan(20);
    expect(tree.locator().length).toBeGreaterThan(5);
  });

  it('has fewer than 20 hashes for every chain that is shorter', () => {
    const growing = new BlockTree(genesis);
    for (const block of main.slice(1, 3_000)) {
      growing.add(block, NOW);
      const { length } = growing.locator();
      if (length >= 20)
        throw new Error(`For ${growing.chain.length} blocks it has ${length} hashes.`);
    }
  });

  it('goes backwards, ever more sparse', () => {
    const indexes = blocksOf(tree.locator()).map(({ index }) => index);
    const gaps = indexes.slice(1).map((index, i) => (indexes[i] ?? 0) - index);
    expect(Math.min(...gaps)).toBe(1);
    gaps.pop(); // the last one ends in the genesis block, however near
    expect(gaps).toEqual(gaps.toSorted((a, b) => a - b));
  });

  it('starts anywhere on the best chain', () => {
    for (const start of [0, 1, 2, 17, 5_000, LENGTH]) {
      const block = main[start];
      const hashes = tree.locator(block);
      expect(hashes[0]).toBe(block?.hash);
      expect(hashes.at(-1)).toBe(genesis.hash);
      for (const { index, hash } of blocksOf(hashes))
        expect(hash).toBe(main[Math.min(index, start)]?.hash);
    }
    expect(tree.locator(genesis)).toEqual([genesis.hash]);
  });

  it('starts on a side branch, and names the ancestors of its start only', () => {
    const own = [...main.slice(0, FORK + 1), ...side];
    for (const start of [side[0], side[1], side[20], side[450], last(side)]) {
      const hashes = tree.locator(start);
      expect(hashes[0]).toBe(start?.hash);
      expect(hashes.at(-1)).toBe(genesis.hash);
      expect(hashes.length).toBeLessThan(30);
      const blocks = blocksOf(hashes);
      expect(blocks).toEqual(blocks.map(({ index }) => own[index]));
    }
  });

  it('names no hash twice, however short the chain', () => {
    for (let length = 0; length <= 40; length += 1) {
      const short = treeOf(genesis, ...main.slice(1, length + 1));
      const hashes = short.locator();
      expect(hashes[0]).toBe(short.chain.tip.hash);
      expect(hashes.at(-1)).toBe(genesis.hash);
      expect(new Set(hashes).size).toBe(hashes.length);
    }
  });

  it('starts at the tip where the given block is not known', () => {
    const stranger = last(branch(last(side), 1, 'c'));
    expect(tree.locator(stranger)).toEqual(tree.locator());
  });
});

describe('Task 6: answering a locator', () => {
  let chain: Block[];
  let tree: BlockTree;
  beforeAll(() => {
    chain = branch(genesis, 1_300, 'a');
    tree = treeOf(genesis, ...chain);
  });
  const indexesAfter = (locator: readonly string[]) =>
    tree.after(locator).map(({ index }) => index);
  const hashAt = (index: number) => chain[index - 1]?.hash ?? genesis.hash;

  it('sends what follows the newest shared block', () => {
    expect(tree.after([hashAt(1_298)])).toEqual(chain.slice(1_298));
    expect(tree.after([hashAt(1_298), hashAt(1_297), genesis.hash])).toHaveLength(2);
  });

  it('passes over hashes that it does not have', () => {
    const unknown = 'f'.repeat(64);
    expect(tree.after([unknown, unknown, hashAt(1_299), hashAt(7)])).toEqual([
      last(chain),
    ]);
  });

  it('sends nothing to whom has everything', () => {
    expect(tree.after(tree.locator())).toEqual([]);
  });

  it('sends all from the genesis block on where nothing is shared', () => {
    for (const locator of [[], ['f'.repeat(64), 'e'.repeat(64)]])
      expect(tree.after(locator).slice(0, 3)).toEqual([genesis, ...chain.slice(0, 2)]);
  });

  it('sends at most 500 blocks at once, and the next ones next time', () => {
    const first = indexesAfter([genesis.hash]);
    expect(first.length).toBeLessThanOrEqual(500);
    expect(first[0]).toBe(1);
    const second = indexesAfter([hashAt(first.length)]);
    expect(second.length).toBeLessThanOrEqual(500);
    expect(second[0]).toBe(first.length + 1);
  });

  it('sends blocks of the best chain only', () => {
    const side = branch(genesis, 3, 'b');
    const forked = treeOf(genesis, ...chain.slice(0, 5), ...side);
    expect(forked.after([last(side).hash, genesis.hash])).toEqual(chain.slice(0, 5));
  });

  it('sends a part of that where a part is asked for, but one block at least', () => {
    for (const share of [1 / 64, 1 / 8, 1 / 2]) {
      const { length } = tree.after([genesis.hash], share);
      expect(length).toBeLessThanOrEqual(Math.ceil(500 * share));
      expect(length).toBeGreaterThan(0);
      const next = nextBlock(genesis, 'x'.repeat(600_000), START);
      const big = treeOf(genesis, next, nextBlock(next, 'x'.repeat(600_000), START));
      expect(big.after([genesis.hash], share)).toEqual([next]);
    }
  });

  it('brings any node to the same tip, request by request', () => {
    fc.assert(
      fc.property(randomTree, randomTree, fc.nat(3), (one, other, extra) => {
        fc.pre(one.root.hash === other.root.hash);
        const sender = treeOf(one.root, ...one.blocks.slice(1));
        for (const block of branch(sender.chain.tip, 20 + extra, 'more'))
          sender.add(block, NOW);
        const receiver = treeOf(other.root);
        for (const block of other.blocks.slice(1)) receiver.add(block, NOW);
        const blocks = sender.after(receiver.locator());
        for (const block of blocks)
          expect(receiver.add(block, NOW).status).toMatch(/added|known/);
        if (sender.work > receiver.work) throw new Error('The blocks did not suffice.');
      }),
    );
  });

  it('does not send a block from far below the fork', () => {
    // A fork of 1,000 blocks: about as many again may be sent twice, not the whole chain.
    const stem = branch(genesis, 8_000, 's');
    const [a, b] = [branch(last(stem), 1_000, 'a'), branch(last(stem), 1_001, 'b')];
    const [left, right] = [
      treeOf(genesis, ...stem, ...a),
      treeOf(genesis, ...stem, ...b),
    ];
    const [next] = right.after(left.locator());
    expect(next?.index).toBeLessThanOrEqual(8_001);
    expect(next?.index).toBeGreaterThan(8_001 - 4_000);
  });

  // Data of control characters, each of which JSON writes as \u0001.
  const heavy = (length: number) => '\x01'.repeat(length);

  it('fits its answer into a message of 8 MiB, whatever the data', () => {
    let tip = genesis;
    const blocks = [900_000, 900_000, 400_000, 400_000, 400_000, 400_000].map(
      (length) => (tip = nextBlock(tip, heavy(length), START)),
    );
    const big = treeOf(genesis, ...blocks);
    for (const block of [genesis, ...blocks]) {
      const answer = { type: 'blocks', blocks: big.after([block.hash]) };
      const size = JSON.stringify(answer).length;
      if (size > 8 * 1_048_576)
        throw new Error(
          `${answer.blocks.length} blocks make a message of ${size} bytes. No peer takes ` +
            'that: about 1 MiB of data must do for one answer.',
        );
    }
    expect(big.after([hashOf(blocks, 1)]).length).toBeGreaterThanOrEqual(2);
  });

  it('sends a block with the most data that there may be, alone', () => {
    const block = nextBlock(genesis, heavy(1_048_576), START);
    const after = nextBlock(block, heavy(1_048_576), START);
    const big = treeOf(genesis, block, after);
    expect(big.after([genesis.hash])).toEqual([block]);
    expect(big.after([block.hash])).toEqual([after]);
  });

  function hashOf(blocks: readonly Block[], i: number): string {
    return blocks[i]?.hash ?? '';
  }
});

describe('Task 7: what side branches may hold', () => {
  const chain = branch(genesis, 20, 'a');
  /** Many blocks that all follow the genesis block: none of them can ever win. */
  const flood = (count: number, name: string) =>
    Array.from({ length: count }, (_, i) => nextBlock(genesis, `${name}${i}`, START));
  const knownOf = (tree: BlockTree, blocks: readonly Block[]) =>
    blocks.filter(({ hash }) => tree.get(hash) !== undefined);

  it('is some, so that no block of an ordinary fork is forgotten', () => {
    const tree = treeOf(genesis, ...chain);
    const side = [...branch(genesis, 19, 'b'), ...flood(500, 'flood')];
    for (const block of side) tree.add(block, NOW);
    expect(knownOf(tree, side)).toHaveLength(side.length);
  });

  it('is not more, however many blocks come', () => {
    const tree = treeOf(genesis, ...chain);
    const blocks = flood(6_000, 'flood');
    for (const block of blocks) {
      expect(tree.add(block, NOW)).toHaveProperty('status', 'added');
      // What was just taken is there, so that its child can follow.
      expect(tree.get(block.hash)?.hash).toBe(block.hash);
    }
    const { length } = knownOf(tree, blocks);
    if (length > 3_000)
      throw new Error(
        `Of 6,000 worthless side blocks ${length} are still held: whoever makes such ` +
          'blocks can fill the memory of every node.',
      );
  });

  it('is not more where the blocks come in branches', () => {
    const tree = treeOf(genesis, ...chain);
    const sides = Array.from({ length: 600 }, (_, i) =>
      branch(genesis, 10, `side ${i}, `),
    );
    for (const block of sides.flat()) tree.add(block, NOW);
    expect(knownOf(tree, sides.flat()).length).toBeLessThanOrEqual(3_000);
    expect(knownOf(tree, sides.at(-1) ?? [])).toHaveLength(10);
  });

  it('is not more where each branch wins in turn, and leaves the last one behind', () => {
    const sides = Array.from({ length: 120 }, (_, i) =>
      branch(genesis, i + 2, `side ${i}, `),
    );
    const tree = treeOf(genesis, ...(sides[0] ?? []));
    for (const side of sides.slice(1)) for (const block of side) tree.add(block, NOW);
    expect(tree.chain.tip).toEqual(last(sides.at(-1) ?? []));
    const known = knownOf(tree, sides.flat()).length;
    if (known > 3_000)
      throw new Error(
        `Of ${sides.flat().length} blocks ${known} are held, where the best chain has ` +
          `${tree.chain.length}: what a switch takes off belongs to the side branches, too.`,
      );
  });

  // Each has the data of a full block.
  const heavy = (parent: Block, name: string) =>
    nextBlock(parent, name.padEnd(1_048_576, '.'), START);
  const dataOf = (blocks: readonly Block[]) =>
    blocks.reduce((sum, { data }) => sum + data.length, 0);
  const MIB = 1_048_576;

  it('is not more than some 64 MiB of data', () => {
    const tree = treeOf(genesis, ...chain);
    const blocks = Array.from({ length: 90 }, (_, i) => heavy(genesis, `heavy ${i}`));
    for (const block of blocks) tree.add(block, NOW);
    const known = knownOf(tree, blocks);
    expect(dataOf(known)).toBeLessThanOrEqual(70 * MIB);
    expect(dataOf(known)).toBeGreaterThanOrEqual(50 * MIB);
    expect(known.at(-1)).toBe(blocks.at(-1)); // the newest
  });

  it('is not more where large blocks stand before many small ones', () => {
    const tree = treeOf(genesis, ...branch(genesis, 100, 'a'));
    const sides = Array.from({ length: 40 }, (_, i) => {
      const first = heavy(genesis, `heavy ${i}`);
      return [first, ...branch(first, 15, `small ${i}, `)];
    });
    for (const block of sides.flat()) tree.add(block, NOW);
    const more: Block[] = [];
    for (let i = 0; i < 40; i += 1) {
      more.push(heavy(more.at(-1) ?? genesis, `more ${i}`));
      tree.add(last(more), NOW);
    }
    expect(dataOf(knownOf(tree, [...sides.flat(), ...more]))).toBeLessThanOrEqual(
      70 * MIB,
    );
    expect(knownOf(tree, more)).toHaveLength(40);
  });

  it('does not keep a branch from winning that has more data than that', () => {
    const tree = treeOf(genesis, ...branch(genesis, 69, 'small '));
    const better: Block[] = [];
    for (let i = 0; i < 70; i += 1) {
      better.push(heavy(better.at(-1) ?? genesis, `better ${i}`));
      expect(tree.add(last(better), NOW)).toHaveProperty('status', 'added');
    }
    expect(tree.chain.tip.hash).toBe(last(better).hash);
  });

  it('never costs a block of the best chain', () => {
    const tree = treeOf(genesis, ...chain);
    for (const block of flood(6_000, 'flood')) tree.add(block, NOW);
    expect(tree.chain.slice()).toEqual([genesis, ...chain]);
    for (const block of chain) expect(tree.get(block.hash)?.hash).toBe(block.hash);
    for (const block of branch(last(chain), 5, 'next'))
      expect(tree.add(block, NOW)).toHaveProperty('status', 'added');
    expect(tree.chain.length).toBe(26);
  });

  it('never leaves a block without its parent', () => {
    const tree = treeOf(genesis, ...chain);
    const sides = Array.from({ length: 400 }, (_, i) =>
      branch(genesis, 10, `side ${i}, `),
    );
    // One block of each side branch, then the second of each, and so on.
    for (let i = 0; i < 10; i += 1)
      for (const side of sides) {
        const block = side[i];
        if (block) tree.add(block, NOW);
      }
    for (const block of knownOf(tree, sides.flat()))
      if (tree.get(block.previousHash) === undefined)
        throw new Error(`Block "${block.data}" is held, and its parent is forgotten.`);
  });

  it('takes a forgotten block again', () => {
    const tree = treeOf(genesis, ...chain);
    const blocks = flood(6_000, 'flood');
    for (const block of blocks) tree.add(block, NOW);
    const forgotten = blocks.find(({ hash }) => tree.get(hash) === undefined);
    if (forgotten === undefined) throw new Error('No block was forgotten.');
    expect(tree.add(forgotten, NOW)).toHaveProperty('status', 'added');
  });

  it('is enough for a long branch that comes in the middle of a flood, and wins', () => {
    const old = branch(genesis, 1_500, 'old');
    const better = branch(genesis, 1_501, 'better');
    const tree = treeOf(genesis, ...old);
    for (const block of flood(3_000, 'before')) tree.add(block, NOW);
    for (const [i, block] of better.entries()) {
      if (tree.add(block, NOW).status !== 'added')
        throw new Error(
          `Block ${i + 1} of the branch was not taken: its parent was forgotten.`,
        );
      for (const rubbish of flood(2, `with ${i}, `)) tree.add(rubbish, NOW);
    }
    expectBlocks(tree.chain.slice(), [genesis, ...better]);
  });

  it('lets the chains of a long split win in turn', () => {
    const [a, b] = [branch(genesis, 1_200, 'a'), branch(genesis, 1_400, 'b')];
    const tree = treeOf(genesis, ...a, ...b);
    expect(tree.chain.tip).toEqual(last(b));
    for (const rubbish of flood(1_000, 'flood')) tree.add(rubbish, NOW);
    const more = branch(last(a), 300, 'more');
    for (const block of more)
      if (tree.add(block, NOW).status !== 'added')
        throw new Error(
          'A branch was forgotten that a thousand side blocks had room beside.',
        );
    expectBlocks(tree.chain.slice(), [genesis, ...a, ...more]);
  });
});
