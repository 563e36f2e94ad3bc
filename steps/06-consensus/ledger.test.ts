import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { blockRules, hashBlock, nextBlock, type Block } from '#blocks';
import { BlockTree, consensusRules, textLedger, type Ledger } from '#consensus';
import { NOW, branch, genesis, last } from './blocks-for-test.ts';
import { sums, tallyLedger, type Asked, type Tally } from './tally-for-test.ts';
import { randomTree } from './trees-for-test.ts';

/** A tree whose blocks add up, and what its ledger was asked. */
function tallyTree(...blocks: readonly Block[]) {
  const asked: Asked = { applied: [], verified: [] };
  const tree = new BlockTree(genesis, tallyLedger(asked));
  for (const block of blocks) {
    const result = tree.add(block, NOW);
    if (result.status !== 'added')
      throw new Error(`"${block.data}" is ${JSON.stringify(result)}, not added.`);
  }
  return { tree, asked };
}

const sumAt = (tree: BlockTree<Tally>, { hash }: Block) => tree.stateAt(hash)?.sum;

describe('Task 21: what a network agrees on', () => {
  it('has a ledger for texts that keeps all rules and knows nothing else', () => {
    expect([...textLedger.rules]).toEqual([...consensusRules]);
    const block = nextBlock(genesis, 'text', NOW);
    const state = textLedger.apply(textLedger.initial, block, genesis);
    expect(state).toEqual(textLedger.initial);
    expect(typeof state).toBe('object');
  });

  it('takes that ledger where none is given', () => {
    const tree = new BlockTree(genesis);
    const [first = genesis] = branch(genesis, 1, 'a');
    tree.add(first, NOW);
    expect(tree.stateAt(first.hash)).toEqual(textLedger.initial);
  });

  it('knows after the genesis block what its ledger says', () => {
    const { tree } = tallyTree();
    expect(tree.stateAt(genesis.hash)).toEqual({ sum: 0, path: '' });
  });

  it('refuses a genesis block that breaks a rule of its ledger', () => {
    const strict = { ...tallyLedger(), rules: [...blockRules, () => 'it is not blue'] };
    expect(() => new BlockTree(genesis, strict)).toThrow('it is not blue');
  });

  it('knows after each block what the blocks up to it lead to', () => {
    const blocks = sums(genesis, 5, -2, 10);
    const { tree } = tallyTree(...blocks);
    expect(blocks.map((block) => sumAt(tree, block))).toEqual([5, 3, 13]);
  });

  it('knows on each branch what the blocks of that branch lead to', () => {
    const trunk = sums(genesis, 5, 1);
    const [fork = genesis] = trunk;
    const a = sums(fork, 10, 20);
    const b = sums(fork, 300, -100, -5);
    const { tree } = tallyTree(...trunk, ...a, ...b);
    expect([...a, ...b].map((block) => sumAt(tree, block))).toEqual([
      15, 35, 305, 205, 200,
    ]);
  });

  it('knows nothing after a block that it does not hold', () => {
    const { tree } = tallyTree(...sums(genesis, 1));
    expect(tree.stateAt('f'.repeat(64))).toBeUndefined();
  });

  it('refuses a block that the ledger does not apply, for its reason, and stays as it was', () => {
    const blocks = sums(genesis, 5);
    const { tree } = tallyTree(...blocks);
    const [bad = genesis] = sums(last(blocks), -6);
    expect(tree.add(bad, NOW)).toEqual({
      status: 'invalid',
      reason: '5 and -6 are below 0',
    });
    expect(tree.get(bad.hash)).toBeUndefined();
    expect(tree.chain.tip).toEqual(last(blocks));
    expect(sumAt(tree, last(blocks))).toBe(5);
  });

  it('refuses on a side branch what that branch cannot bear, though the best chain could', () => {
    const [root = genesis] = sums(genesis, 1);
    const { tree } = tallyTree(root, ...sums(root, 100, 100));
    const [bad = genesis] = sums(root, -2);
    expect(tree.add(bad, NOW)).toMatchObject({ status: 'invalid' });
  });

  it('refuses a block that the ledger does not verify, for its reason', () => {
    const { tree, asked } = tallyTree();
    const [bad = genesis] = sums(genesis, '7!');
    expect(tree.add(bad, NOW)).toEqual({ status: 'invalid', reason: 'it is not signed' });
    expect(asked).toEqual({ applied: ['7!'], verified: ['7!'] });
    expect(tree.get(bad.hash)).toBeUndefined();
  });

  it('asks what costs much only of blocks that keep all else', () => {
    const { tree, asked } = tallyTree();
    const [unsound = genesis] = sums(genesis, -1);
    tree.add(unsound, NOW);
    expect(asked.verified).toEqual([]);
    const [wellMade = genesis] = sums(genesis, 1);
    const broken = { ...wellMade, index: 7 };
    tree.add({ ...broken, hash: hashBlock(broken) }, NOW);
    tree.add(nextBlock(genesis, '1', NOW + 3_600_000), NOW);
    expect(asked.applied).toEqual(['-1']);
  });

  it('gives the ledger no block that is known or has no parent here', () => {
    const blocks = sums(genesis, 1, 2, 3);
    const { tree, asked } = tallyTree(...blocks.slice(0, 1));
    for (const block of [blocks[0], blocks[2]]) tree.add(block ?? genesis, NOW);
    expect(asked.applied).toEqual(['1']);
  });

  it('needs no ledger that verifies', () => {
    const ledger = tallyLedger();
    const plain: Ledger<Tally> = {
      rules: ledger.rules,
      initial: ledger.initial,
      apply: (state, block, previous) => ledger.apply(state, block, previous),
    };
    const tree = new BlockTree(genesis, plain);
    const [block = genesis] = sums(genesis, '7!');
    expect(tree.add(block, NOW).status).toBe('added');
  });

  it('knows after each block of any tree what a walk from the genesis block gives', () => {
    fc.assert(
      fc.property(randomTree, ({ root, blocks }) => {
        const ledger: Ledger<{ path: string }> = {
          rules: consensusRules,
          initial: { path: '' },
          apply: ({ path }, { data }) => ({ path: `${path}/${data}` }),
        };
        const tree = new BlockTree(root, ledger);
        const paths = new Map([[root.hash, '']]);
        for (const block of blocks) {
          tree.add(block, NOW);
          if (block === root) continue;
          paths.set(block.hash, `${paths.get(block.previousHash)}/${block.data}`);
        }
        for (const [hash, path] of paths) expect(tree.stateAt(hash)).toEqual({ path });
      }),
      { numRuns: 50 },
    );
  });
});

describe('Task 22: what is let go', () => {
  /** A chain of ones, and what its ledger is asked from now on. */
  function longChain(length: number) {
    const blocks = sums(genesis, ...Array.from({ length }, () => 1));
    const { tree, asked } = tallyTree(...blocks);
    asked.applied.length = 0;
    asked.verified.length = 0;
    return { tree, asked, at: (index: number) => blocks[index - 1] ?? genesis };
  }

  it('has the states of the newest 500 blocks at hand', () => {
    const { tree, asked, at } = longChain(700);
    for (let index = 201; index <= 700; index += 1) {
      expect(tree.hasState(at(index).hash)).toBe(true);
      expect(sumAt(tree, at(index))).toBe(index);
    }
    expect(asked.applied).toEqual([]);
  });

  it('has lost most of the older ones', () => {
    const { tree, at } = longChain(1_200);
    let lost = 0;
    for (let index = 1; index < 600; index += 1)
      if (!tree.hasState(at(index).hash)) lost += 1;
    expect(lost).toBeGreaterThan(500);
  });

  it('works out again what it has let go, from less than a hundred blocks', () => {
    const { tree, asked, at } = longChain(1_200);
    for (const index of [1, 99, 100, 101, 250, 399, 555]) {
      asked.applied.length = 0;
      expect(sumAt(tree, at(index))).toBe(index);
      expect(asked.applied.length).toBeLessThan(100);
    }
    expect(asked.verified).toEqual([]);
  });

  it('works it out in the order of the chain', () => {
    const blocks = sums(genesis, ...Array.from({ length: 700 }, (_, i) => i));
    const { tree } = tallyTree(...blocks);
    const path = blocks.slice(0, 100).map(({ data }) => ` ${data}`);
    expect(tree.stateAt(blocks[99]?.hash ?? '')?.path).toBe(path.join(''));
    expect(tree.stateAt(blocks[49]?.hash ?? '')?.path).toBe(path.slice(0, 50).join(''));
  });

  it('has at hand for a while what it has worked out', () => {
    const { tree, asked, at } = longChain(1_200);
    tree.stateAt(at(150).hash);
    expect(tree.hasState(at(150).hash)).toBe(true);
    asked.applied.length = 0;
    tree.stateAt(at(150).hash);
    expect(asked.applied).toEqual([]);
  });

  it('judges a block far back by the state there', () => {
    const { tree, at } = longChain(1_200);
    const [good = genesis, bad = genesis] = [
      ...sums(at(150), -150),
      ...sums(at(150), -151),
    ];
    expect(tree.add(good, NOW).status).toBe('added');
    expect(sumAt(tree, good)).toBe(0);
    expect(tree.add(bad, NOW)).toMatchObject({ reason: '150 and -151 are below 0' });
  });

  it('has the state of the tip at hand, whatever else was asked for', () => {
    const { tree, at } = longChain(1_234);
    for (let index = 1; index <= 600; index += 1) tree.stateAt(at(index).hash);
    expect(tree.hasState(tree.chain.tip.hash)).toBe(true);
  });

  it('has no state at hand of a block that it does not hold', () => {
    const { tree } = tallyTree();
    expect(tree.hasState(genesis.hash)).toBe(true);
    expect(tree.hasState('f'.repeat(64))).toBe(false);
  });

  it('lets go again what was asked for long ago', () => {
    const { tree, at } = longChain(1_234);
    for (let index = 1; index <= 1_234; index += 1) tree.stateAt(at(index).hash);
    let kept = 0;
    for (let index = 0; index <= 1_234; index += 1)
      if (tree.hasState(at(index).hash)) kept += 1;
    expect(kept).toBeLessThan(800);
  });

  it('lets go of most states of blocks that nothing follows', () => {
    const [root = genesis] = sums(genesis, 1);
    const side = Array.from({ length: 900 }, (_, i) => sums(root, i)[0] ?? genesis);
    const { tree } = tallyTree(root, ...side);
    const kept = side.filter(({ hash }) => tree.hasState(hash)).length;
    expect(kept).toBeLessThan(800);
  });

  it('keeps no more states of a long chain than 500, and one for each twenty blocks', () => {
    const length = 13_000;
    const { tree, asked, at } = longChain(length);
    let kept = 0;
    for (let index = 0; index <= length; index += 1)
      if (tree.hasState(at(index).hash)) kept += 1;
    expect(kept).toBeLessThan(500 + length / 20);
    expect(sumAt(tree, at(1_999))).toBe(1_999);
    expect(asked.applied.length).toBeLessThan(1_000);
  });
});
