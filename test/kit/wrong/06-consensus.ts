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
    replace: ['work(block.difficulty);', 'work(0);'],
  },
  {
    name: 'does not check what it adds to a side branch',
    file: 'tree.ts',
    replace: [
      'const reason = brokenRule(block, parent.block, this.#ledger.rules);',
      'const reason = parent === this.#tip ? brokenRule(block, parent.block, this.#ledger.rules) : undefined;',
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
    name: 'leaves gaps in its locator that are far too large',
    file: 'tree.ts',
    replace: ['this.chain.length ** (1 / 8)', '100'],
  },
  {
    name: 'forgets that what a switch takes off is on a side branch',
    file: 'tree.ts',
    replace: ['if (side !== undefined) this.#setAside(side);', 'void side;'],
  },
  {
    name: 'sends a batch without end',
    file: 'tree.ts',
    replace: ['this.chain.slice(start, end)', 'this.chain.slice(start)'],
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
      'const reason = brokenRule(block, parent.block, this.#ledger.rules);',
      "if (earliestTime(block) > now) return { status: 'early', until: earliestTime(block) };\n    const reason = brokenRule(block, parent.block, this.#ledger.rules);",
    ],
  },
  {
    name: 'sends a block back to whom it came from',
    file: 'sync.ts',
    replace: ['      state.has = tip.hash;\n', ''],
  },
  {
    name: 'asks again from its own tip while a branch is the lighter one',
    file: 'sync.ts',
    replace: ['this.#tree?.locator(peer.last)', 'this.#tree?.locator()'],
  },
  {
    name: 'parts from a peer whose clock is ahead',
    file: 'sync.ts',
    replace: [
      "if (result.status === 'early') this.#rest(peer, result.until - now);",
      "if (result.status === 'early') this.#drop(peer, 'It sent a block of the future.');",
    ],
  },
  {
    name: 'asks again at once for a block of the future',
    file: 'sync.ts',
    replace: ["if (result.status === 'early') this.#rest(peer, result.until - now);", ''],
  },
  {
    name: 'takes any genesis block',
    file: 'sync.ts',
    replace: ['if (genesis.hash !== peer.genesis)', 'if (genesis.hash === undefined)'],
  },
  {
    name: 'tells its tip only once',
    file: 'sync.ts',
    replace: ['this.#ticks % REPEAT === 0', 'this.#ticks === REPEAT'],
  },
  {
    name: 'waits for whom it has asked, however long that is silent',
    file: 'sync.ts',
    replace: ['return this.#ticks < other.hope && ', 'return '],
  },
  {
    name: 'asks all peers at once',
    file: 'sync.ts',
    replace: ['next.slice(0, count)', 'wanted'],
  },
  {
    name: 'asks no more than one other peer for each silent one',
    file: 'sync.ts',
    replace: ['const MORE = 4;', 'const MORE = 1;'],
  },
  {
    name: 'waits for a slow peer though a quick one is there',
    file: 'sync.ts',
    replace: [' && other.pace <= 2 * peer.pace', ''],
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
      'if (peer.asked === undefined) return this.#fail(peer);',
      'peer.asked ??= this.#ticks;',
    ],
  },
  {
    name: 'takes what nobody asked for while another peer is asked',
    file: 'sync.ts',
    replace: [
      'if (peer.asked === undefined) return this.#fail(peer);',
      'const peers = [...this.#peers.values()];\n    if (peers.every(({ asked }) => asked === undefined)) return this.#fail(peer);\n    peer.asked ??= this.#ticks;',
    ],
  },
  {
    name: 'sends the block along with its tip to everybody',
    file: 'sync.ts',
    replace: [
      'const isUseful = withBlock && peer.has === block?.previousHash;',
      'const isUseful = withBlock;',
    ],
  },
  {
    name: 'sends full batches from the first answer on',
    file: 'sync.ts',
    replace: ['share: 1 / 64,', 'share: 1,'],
  },
  {
    name: 'goes by what was sent, not by its own copy of a block',
    file: 'sync.ts',
    replace: [
      'const known = blocks.map(({ hash }) => this.#tree?.get(hash));',
      'const known = blocks.map((block) => this.#tree?.get(block.hash) && block);',
    ],
  },
  {
    name: 'never gives up a peer that sends what is of no use',
    file: 'sync.ts',
    replace: ['    peer.failures += 1;\n', ''],
  },
  {
    name: 'applies every block to the state after the tip',
    file: 'tree.ts',
    replace: [
      'this.#ledger.apply(this.#stateAfter(parent), block, parent.block)',
      'this.#ledger.apply(this.#stateAfter(this.#tip), block, parent.block)',
    ],
  },
  {
    name: 'does not verify what can be applied',
    file: 'tree.ts',
    replace: ['return this.#ledger.verify?.(state, block) ?? state;', 'return state;'],
  },
  {
    name: 'keeps every state',
    file: 'tree.ts',
    replace: [
      'if (index % near !== 0) node.state = undefined;',
      'if (index < 0) return;',
    ],
  },
  {
    name: 'keeps no milestones',
    file: 'tree.ts',
    replace: ['if (index % near !== 0) node.state', 'if (index > 0) node.state'],
  },
  {
    name: 'judges a pushed block wherever it is',
    file: 'sync.ts',
    replace: [
      'if (block && this.#tree?.hasState(block.previousHash)) this.#add',
      'if (block) this.#add',
    ],
  },
  {
    name: 'judges all blocks of an answer',
    file: 'sync.ts',
    replace: ['if (!isNext || (i > 0 && room < 0)) return this.#fail(peer);', ''],
  },
];
