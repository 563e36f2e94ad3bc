import type { WrongProgram } from './program.ts';

export const programs: readonly WrongProgram[] = [
  {
    name: 'keeps the first seen of two equal branches',
    file: 'fork-choice.ts',
    replace: [
      'a.work > b.work || (a.work === b.work && a.hash < b.hash)',
      'a.work > b.work',
    ],
  },
  {
    name: 'compares work as numbers',
    file: 'fork-choice.ts',
    replace: ['a.work > b.work ||', 'Number(a.work) > Number(b.work) ||'],
  },
  {
    name: 'forgets the rules of work',
    file: 'rules.ts',
    replace: ['[...blockRules, ...workRules]', '[...blockRules]'],
  },
  {
    name: 'adds two minutes instead of taking them off',
    file: 'rules.ts',
    replace: ['timestamp - MAX_AHEAD', 'timestamp + MAX_AHEAD'],
  },
  {
    name: 'accepts the longer instead of the heavier chain',
    file: 'tree.ts',
    replace: ['work(offered.difficulty);', 'work(0);'],
  },
  {
    name: 'does not check what it adds to a side branch',
    file: 'tree.ts',
    replace: [
      'const reason = brokenRule(block, parent.block, consensusRules);',
      'const reason = parent === this.#tip ? brokenRule(block, parent.block, consensusRules) : undefined;',
    ],
  },
  {
    name: 'tells the new branch newest first',
    file: 'tree.ts',
    replace: [
      'added: branch.map(({ block }) => block)',
      'added: branch.map(({ block }) => block).reverse()',
    ],
  },
  {
    name: 'switches to every new branch',
    file: 'tree.ts',
    replace: ['if (isBetter(node, this.#tip))', 'if (node.work > 0n)'],
  },
  {
    name: 'names every hash in its locator',
    file: 'tree.ts',
    replace: ['step *= hashes.length < 10 ? 1 : growth', 'step *= 1'],
  },
  {
    name: 'sends a batch without end',
    file: 'tree.ts',
    replace: [
      'this.chain.slice(start, start + MAX_BATCH.blocks)',
      'this.chain.slice(start)',
    ],
  },
  {
    name: 'keeps side branches without end',
    file: 'tree.ts',
    replace: ['      this.#nodes.delete(node.hash);\n', ''],
  },
  {
    name: 'sends a block back to whom it came from',
    file: 'sync.ts',
    replace: ['      state.has = tip.hash;\n      if', '      if'],
  },
  {
    name: 'asks again from its own tip while a branch is the lighter one',
    file: 'sync.ts',
    replace: ['this.#tree?.locator(state.last)', 'this.#tree?.locator()'],
  },
  {
    name: 'parts from a peer whose clock is ahead',
    file: 'sync.ts',
    replace: [
      `if (result.status === 'invalid') {\n      this.#drop(peer, \`It sent an invalid block: \${result.reason}.\`);`,
      `if (result.status === 'invalid' || result.status === 'early') {\n      this.#drop(peer, 'It sent an invalid block.');`,
    ],
  },
  {
    name: 'takes any genesis block',
    file: 'sync.ts',
    replace: ['if (genesis.hash !== state.genesis)', 'if (genesis.hash === undefined)'],
  },
  {
    name: 'tells its tip only once',
    file: 'sync.ts',
    replace: ['      this.#repeated = now;\n', '      this.#repeated = Infinity;\n'],
  },
];
