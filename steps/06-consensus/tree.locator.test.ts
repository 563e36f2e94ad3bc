import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nextBlock, type Block } from '#blocks';
import { BlockTree } from '#consensus';
import { NOW, START, branch, genesis, last } from './blocks-for-test.ts';
import { randomTree, treeOf } from './trees-for-test.ts';

describe('Task 5: the locator', () => {
  const LENGTH = 5_000;
  const FORK = 4_500;
  let main: Block[];
  let side: Block[];
  let tree: BlockTree;
  beforeAll(() => {
    main = [genesis, ...branch(genesis, LENGTH, 'a')];
    side = branch(main[FORK] ?? genesis, 450, 'b');
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

  it('is short: fewer than 40 hashes for 5,000 blocks', () => {
    expect(tree.locator().length).toBeLessThan(40);
    expect(tree.locator().length).toBeGreaterThan(5);
  });

  it('has fewer than 40 hashes for every chain that is shorter', () => {
    const growing = new BlockTree(genesis);
    for (const block of main.slice(1, 1_000)) {
      growing.add(block, NOW);
      const { length } = growing.locator();
      if (length >= 40)
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

  it('names a block not far below the fork, wherever another branch left this one', () => {
    const named = blocksOf(tree.locator()).map(({ index }) => LENGTH - index);
    for (const depth of [1, 2, 9, 10, 11, 30, 100, 400]) {
      const first = named.find((back) => back >= depth) ?? LENGTH;
      if (first > 10 * depth)
        throw new Error(
          `A branch that left this one ${depth} blocks back would be sent from ${first} ` +
            'blocks back on, since the locator names nothing in between.',
        );
    }
  });

  it('starts anywhere on the best chain', () => {
    for (const start of [0, 1, 2, 17, 2_500, LENGTH]) {
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
    for (const start of [side[0], side[1], side[20], side[225], last(side)]) {
      const hashes = tree.locator(start);
      expect(hashes[0]).toBe(start?.hash);
      expect(hashes.at(-1)).toBe(genesis.hash);
      expect(hashes.length).toBeLessThan(40);
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
    chain = branch(genesis, 1_050, 'a');
    tree = treeOf(genesis, ...chain);
  });
  const indexesAfter = (locator: readonly string[]) =>
    tree.after(locator).map(({ index }) => index);
  const hashAt = (index: number) => chain[index - 1]?.hash ?? genesis.hash;

  it('sends what follows the newest shared block', () => {
    expect(tree.after([hashAt(1_048)])).toEqual(chain.slice(1_048));
    expect(tree.after([hashAt(1_048), hashAt(1_047), genesis.hash])).toHaveLength(2);
  });

  it('passes over hashes that it does not have', () => {
    const unknown = 'f'.repeat(64);
    expect(tree.after([unknown, unknown, hashAt(1_049), hashAt(7)])).toEqual([
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
    for (const share of [1 / 1_000, 1 / 64, 1 / 8, 1 / 2]) {
      const { length } = tree.after([genesis.hash], share);
      expect(length).toBeLessThanOrEqual(Math.ceil(500 * share));
      expect(length).toBeGreaterThan(0);
      const next = nextBlock(genesis, 'x'.repeat(600_000), START);
      const big = treeOf(genesis, next, nextBlock(next, 'x'.repeat(600_000), START));
      expect(big.after([genesis.hash], share)).toEqual([next]);
    }
    const large: Block[] = [];
    for (let i = 0; i < 20; i += 1)
      large.push(nextBlock(large.at(-1) ?? genesis, 'x'.repeat(100_000), START));
    const half = treeOf(genesis, ...large).after([genesis.hash], 1 / 2);
    expect(half.length).toBeGreaterThan(0);
    expect(half.length).toBeLessThanOrEqual(5); // with half of 1,048,576 characters
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
      { numRuns: 40 },
    );
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
