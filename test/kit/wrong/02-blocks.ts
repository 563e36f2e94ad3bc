import type { WrongProgram } from './program.ts';

export const programs: readonly WrongProgram[] = [
  {
    name: 'forgets the previous hash in the header',
    file: 'block.ts',
    replace: ['[index, timestamp, previousHash,', '[index, timestamp,'],
  },
  {
    name: 'hashes the whole block',
    file: 'block.ts',
    replace: [
      'return canonicalJson([index,',
      'return canonicalJson(Object.values(header) as string[]); canonicalJson([index,',
    ],
  },
  {
    name: 'replaces empty data',
    file: 'block.ts',
    replace: [
      `difficulty = 0, data = 'Genesis Block' } = options;`,
      `difficulty = 0 } = options; const data = options.data || 'Genesis Block';`,
    ],
  },
  {
    name: 'begins with another nonce than 0',
    file: 'block.ts',
    replace: ['difficulty, nonce: 0 };', 'difficulty, nonce: 1 };'],
  },
  {
    name: 'keeps the nonce of the parent',
    file: 'block.ts',
    replace: [
      'return seal({\n    index: previous.index + 1,',
      'const keep = (block: Block) => {\n' +
        '    const same = { ...block, nonce: previous.nonce };\n' +
        '    return { ...same, hash: hashBlock(same) };\n' +
        '  };\n' +
        '  return ((block) => keep(seal(block)))({\n    index: previous.index + 1,',
    ],
  },
  {
    name: 'links to the hash before the parent',
    file: 'block.ts',
    replace: ['previousHash: previous.hash,', 'previousHash: previous.previousHash,'],
  },
  {
    name: 'trusts the clock',
    file: 'block.ts',
    replace: ['Math.max(now, previous.timestamp + 1)', 'now'],
  },
  {
    name: 'allows the timestamp of the parent',
    file: 'block.ts',
    replace: [
      'Math.max(now, previous.timestamp + 1)',
      'Math.max(now, previous.timestamp)',
    ],
  },
  {
    name: 'is off by one in the index',
    file: 'block.ts',
    replace: ['index: previous.index + 1,', 'index: previous.index,'],
  },
  {
    name: 'takes fractions for counts',
    file: 'values.ts',
    replace: ['Number.isSafeInteger(value)', 'Number.isFinite(value)'],
  },
  {
    name: 'returns nothing',
    file: 'values.ts',
    replace: [
      "return typeof value === 'number' &&",
      "void (typeof value === 'number') &&",
    ],
  },
  {
    name: 'counts characters instead of bytes',
    file: 'values.ts',
    replace: ['encoder.encode(value).length', 'value.length'],
  },
  {
    name: 'takes half a character for data',
    file: 'values.ts',
    replace: ['    value.isWellFormed() &&\n', ''],
  },
  {
    name: 'lets unknown fields in',
    file: 'shape.ts',
    replace: [
      'return unknown === undefined\n',
      'return Object.keys(value).length >= 0\n',
    ],
  },
  {
    name: 'looks up names that every object has',
    file: 'shape.ts',
    replace: ['!Object.hasOwn(shape, name)', '!(name in shape)'],
  },
  {
    name: 'names no field',
    file: 'shape.ts',
    replace: ['`its ${name} is not ${words}`', '`a field is not ${words}`'],
  },
  {
    name: 'forgets that null is an object',
    file: 'shape.ts',
    replace: [' || value === null', ''],
  },
  {
    name: 'takes capitals for hex digits',
    file: 'values.ts',
    replace: ['/^[0-9a-f]{64}$/.test', '/^[0-9a-f]{64}$/i.test'],
  },
  {
    name: 'does not look at the kind of a hash',
    file: 'values.ts',
    replace: [
      `typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)`,
      `/^[0-9a-f]{64}$/.test(value as string)`,
    ],
  },
  {
    name: 'does not compute the hash anew',
    file: 'rules.ts',
    replace: ['block.hash === hashBlock(block)', 'block.hash.length === 64'],
  },
  {
    name: 'does not tie the data to the header',
    file: 'rules.ts',
    replace: ['[...headerRules, checkDataHash]', '[...headerRules]'],
  },
  {
    name: 'checks no first block',
    file: 'rules.ts',
    replace: [
      'const expected = previous ? previous.hash : GENESIS_PREVIOUS_HASH;',
      'const expected = previous ? previous.hash : block.previousHash;',
    ],
  },
  {
    name: 'counts blocks from 1 in its report',
    file: 'rules.ts',
    replace: ['`Block ${index}: ${reason}`', '`Block ${index + 1}: ${reason}`'],
  },
  {
    name: 'takes an empty list for a chain',
    file: 'rules.ts',
    replace: [
      `if (blocks.length === 0) return 'A chain has at least its genesis block.';`,
      '',
    ],
  },
  {
    name: 'goes by its own rules only',
    file: 'chain.ts',
    replace: [', this.#rules)', ')'],
  },
  {
    name: 'checks a block without its parent',
    file: 'chain.ts',
    replace: ['brokenRule(block, previous,', 'brokenRule(block, undefined,'],
  },
  {
    name: 'gives the tip for the index -1',
    file: 'chain.ts',
    replace: ['return this.#blocks[index];', 'return this.#blocks.at(index);'],
  },
  {
    name: 'gives its inner list away',
    file: 'chain.ts',
    replace: [
      'return this.#blocks.slice(start, end);',
      'return start === 0 && end === this.length ? this.#blocks : this.#blocks.slice(start, end);',
    ],
  },
  {
    name: 'keeps what it has taken off',
    file: 'chain.ts',
    replace: ['    for (const { hash } of removed) this.#byHash.delete(hash);\n', ''],
  },
  {
    name: 'forgets that the tip is another after a rewind',
    file: 'chain.ts',
    replace: ['    this.#tip = block;\n    return removed;', '    return removed;'],
  },
  {
    name: 'rewinds one too far',
    file: 'chain.ts',
    replace: ['this.#blocks.splice(index + 1)', 'this.#blocks.splice(index)'],
  },
  {
    name: 'stores a block before it checks it',
    file: 'chain.ts',
    replace: [
      '    const reason = brokenRule',
      '    this.#byHash.set(block.hash, block);\n    const reason = brokenRule',
    ],
  },
];
