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
    name: 'doubles the steps of its locator, however long the chain is',
    file: 'tree.ts',
    replace: ['this.chain.length ** (1 / 8)', '2'],
  },
  {
    name: 'sends a batch without end',
    file: 'tree.ts',
    replace: [
      'this.chain.slice(start, start + Math.ceil(MAX_BATCH.blocks * share))',
      'this.chain.slice(start)',
    ],
  },
  {
    name: 'keeps side branches without end',
    file: 'tree.ts',
    replace: ['        this.#nodes.delete(node.hash);\n', ''],
  },
  {
    name: 'counts side blocks, but not their data',
    file: 'tree.ts',
    replace: [' ||\n      this.#sideData > MAX_SIDE_DATA', ''],
  },
  {
    name: 'asks the clock before the rules',
    file: 'tree.ts',
    replace: [
      'const reason = brokenRule(block, parent.block, consensusRules);',
      "if (earliestTime(block) > now) return { status: 'early', until: earliestTime(block) };\n    const reason = brokenRule(block, parent.block, consensusRules);",
    ],
  },
  {
    name: 'sends a block back to whom it came from',
    file: 'sync.ts',
    replace: ['      state.has = tip.hash;\n      if (block', '      if (block'],
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
      `if (result.status === 'invalid') {\n      this.#drop(state, \`It sent an invalid block: \${result.reason}.\`);`,
      `if (result.status === 'invalid' || result.status === 'early') {\n      this.#drop(state, 'It sent an invalid block.');`,
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
    replace: ['this.#ticks % REPEAT === 0', 'this.#ticks === REPEAT'],
  },
  {
    name: 'waits for whom it has asked, however long that is silent',
    file: 'sync.ts',
    replace: [
      'else if (this.#ticks < state.hope) pace = Math.min(pace, state.pace);',
      'else pace = 0;',
    ],
  },
  {
    name: 'asks all peers at once',
    file: 'sync.ts',
    replace: ['next.slice(0, count)', 'next'],
  },
  {
    name: 'parts from whom it waits for ten seconds',
    file: 'sync.ts',
    replace: ['const MAX_SILENCE = 120;', 'const MAX_SILENCE = 10;'],
  },
  {
    name: 'takes blocks that nobody asked for',
    file: 'sync.ts',
    replace: [
      'if (state.asked === undefined) return this.#fail(state);',
      'state.asked ??= this.#ticks;',
    ],
  },
];
