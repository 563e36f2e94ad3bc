import type { Promises } from './promises.ts';

export const promises: Promises = {
  'Task 1: headerText and hashBlock': [
    [
      'Returns the text whose SHA-256 digest is the block\'s hash, as canonical JSON: [index,timestamp,"previousHash","dataHash",difficulty,nonce].',
      ['writes the six header fields as a canonical JSON array, the nonce last'],
    ],
    [
      'It depends on these six fields alone: not on what else the object holds, and not on the order of its fields.',
      [
        'gives another hash when the %s is another',
        'takes nothing from a block but its header, however large its data',
        'does not care in which order the fields of an object were written',
      ],
    ],
    [
      'Returns the hash that a block with this header must have, as 64 hex digits: the SHA-256 digest of its {@link headerText}.',
      ['hashes that text, as anybody can check'],
    ],
  ],
  'Task 2: genesisBlock': [
    [
      'with the eight fields of a {@link Block} and no more: index 0, nonce 0, and {@link GENESIS_PREVIOUS_HASH}, as there is no block before.',
      [
        'makes a block with exactly the eight fields of a block',
        'has index 0, and 64 zeros for the block before, as there is none',
        'begins with the nonce 0',
      ],
    ],
    [
      'The `dataHash` and the `hash` are computed.',
      ['holds the digest of its data', 'holds the hash of its own header'],
    ],
    [
      'The same options give the same block.',
      [
        'is the same block for the same options: two networks differ by what they say',
        'takes timestamp, difficulty and data from its options',
      ],
    ],
    [
      'the payload, which may be empty; `Genesis Block` unless given',
      [
        'takes empty data as it is, and the difficulty 0',
        'has difficulty 0 and the data "Genesis Block" unless told otherwise',
      ],
    ],
    [
      'leading zero bits that every hash of this chain must have; 0 unless given',
      [
        'takes empty data as it is, and the difficulty 0',
        'has difficulty 0 and the data "Genesis Block" unless told otherwise',
      ],
    ],
  ],
  'Task 3: nextBlock': [
    [
      'the index counts up by one',
      [
        'counts its index up from its parent',
        'follows any parent at any time, whatever it carries',
      ],
    ],
    ['`previousHash` is the hash of `previous`', ['holds the hash of its parent']],
    [
      'the difficulty is the same, the nonce is 0',
      [
        'inherits the difficulty of its parent',
        'begins with the nonce 0, whatever nonce its parent has',
      ],
    ],
    [
      'the `dataHash` and the `hash` are computed.',
      ['carries the data and its digest', 'holds the hash of its own header'],
    ],
    [
      'It has the eight fields of a {@link Block} and no more',
      ['makes a block with exactly the eight fields of a block'],
    ],
    ['`previous` stays as it was.', ['leaves its parent as it was']],
    [
      "the block's timestamp, unless that would not be later than its parent's; then it is one millisecond after its parent's",
      ['is dated %s', 'follows any parent at any time, whatever it carries'],
    ],
  ],
  'Task 4: isCount, isHash and isData': [
    [
      'Tells whether `value` is a safe integer from 0: no text, no fraction, nothing too large.',
      [
        'isCount › takes the whole number %d',
        'isCount › refuses a number that is %s',
        'isCount › refuses text, even if it looks like a number',
        'isCount › refuses any other kind of value',
      ],
    ],
    [
      'Tells whether `value` is a text of exactly 64 hex digits, in lowercase.',
      [
        'isHash › takes 64 lowercase hex digits',
        'isHash › refuses text with %s',
        'isHash › refuses another length than 64 digits: %s',
        'isHash › refuses any other kind of value, even if it turns into a hash as text',
      ],
    ],
    [
      'Tells whether `value` is text that a block may carry: well-formed, which means without half a character',
      [
        'isData › takes any text that is whole, the empty one too',
        'isData › refuses text with half a character in it, as here %j',
        'isData › refuses any other kind of value',
      ],
    ],
    [
      'at most {@link MAX_DATA_BYTES} bytes long in UTF-8.',
      ['isData › takes 1 MiB, counted in bytes of UTF-8: %s has %d'],
    ],
  ],
  'Task 5: checkShape': [
    [
      'Says in words why `value` has not the shape of a block, or gives undefined where it has.',
      ['finds nothing wrong with the shape of a block', 'gives a reason for %s'],
    ],
    [
      'A block is an object with the eight fields of {@link Block}, in any order, and no others.',
      ['does not care in which order the fields come'],
    ],
    [
      'are counts ({@link isCount}), the difficulty of at most 256',
      [
        'finds nothing wrong with the smallest and the largest values',
        'names the field %s when its value is a wrong one',
      ],
    ],
    [
      'are hashes ({@link isHash}), whatever they may be worth; `data` is data ({@link isData}).',
      [
        'looks at the shape alone, not at whether the hashes are right',
        'names the data where it is too long, or holds half a character',
        'names a field whose value is %s',
      ],
    ],
    [
      'The reason names a field that is missing, wrong, or too many (by at least its first 20 characters).',
      [
        'names the field %s when its value is a wrong one',
        'names the field %s when it is missing',
        'names an extra field, as here %s',
        'tells at least how an extra field with a very long name begins',
        'names a field whose value is %s',
      ],
    ],
    [
      'Any value at all may be given: the function never throws.',
      ['gives a reason for %s', 'gives a reason for any other value, and never throws'],
    ],
  ],
  'Task 6: blockRules and brokenRule': [
    [
      'Returns the reason of the first rule that `value` breaks as the block after `previous`, or undefined if it keeps them all.',
      [
        'finds nothing wrong with an honest block',
        'walks a list of other rules, and gives the reason of the first that is broken',
        'gives a reason for an honest block with any other value in any one field',
      ],
    ],
    [
      '`index` is that of the parent plus 1, and 0 without a parent.',
      [
        'refuses an index that does not count up from the parent: %d after 0',
        'refuses a first block whose index is not 0',
      ],
    ],
    [
      "`previousHash` is the parent's hash, and {@link GENESIS_PREVIOUS_HASH} without a parent.",
      [
        'refuses a block whose previousHash is not the hash of its parent',
        'refuses a first block that claims to have a parent',
      ],
    ],
    [
      "`timestamp` is later than the parent's, and any count without a parent.",
      [
        'refuses a block that is not later than its parent',
        'lets a first block have any timestamp',
      ],
    ],
    [
      '`hash` is the {@link hashBlock} of the block.',
      ['refuses a block whose hash is not the hash of its header'],
    ],
    [
      "The rules of a block's header, whatever its data is.",
      [
        'The rules of the header › do not look at the data, if it is data',
        'The rules of the header › refuse all else that the rules of blocks refuse',
      ],
    ],
    [
      '`dataHash` is the SHA-256 digest of `data`.',
      ['refuses data that does not belong to the dataHash'],
    ],
    [
      'The rules are asked in their order, each with the block and its parent, and none after one that is broken.',
      [
        'asks no rule after one that is broken',
        'hands each rule the block and its parent',
      ],
    ],
    [
      'With {@link blockRules}, any value at all may be given: the function never throws.',
      [
        'gives a reason for %s, first on the chain or later',
        'gives a reason for any JSON value, and never throws',
      ],
    ],
    [
      'the rules to ask, and no others; {@link blockRules} unless given',
      ['asks the given rules alone: a list without rules lets everything pass'],
    ],
    [
      'The rules of this step, a list to which later steps add: the {@link headerRules}',
      ['exports its own rules as a list to which later steps can add'],
    ],
  ],
  'Task 7: checkChain': [
    [
      'its place in the list, counted from 0, and the reason that {@link brokenRule} gives.',
      [
        'does not believe %s',
        'names the very block in which any field was changed',
        'names the block after one that was changed and given a fitting hash',
        'says the same of a block as brokenRule does',
      ],
    ],
    [
      'Returns what is wrong with the first bad block',
      ['names the first of several bad blocks'],
    ],
    [
      'Returns undefined if all is well.',
      [
        'finds nothing wrong with an honest chain',
        'finds nothing wrong with a chain of one good first block',
        'believes a forger who makes all later blocks anew, which costs nothing so far',
      ],
    ],
    [
      'A list without blocks is no chain: it gives a reason, too.',
      ['wants at least a first block, and says so in words'],
    ],
    [
      'The list may hold any values at all, and stays as it was; the function never throws.',
      [
        'gives a reason for any list of JSON values, and never throws',
        'leaves the blocks as they were',
      ],
    ],
    [
      'what every block must keep; {@link blockRules} unless given',
      ['goes by other rules where it is given some'],
    ],
  ],
  'Task 8: Chain and append': [
    [
      'Starts a chain that has one block.',
      ['constructor › starts with the genesis block alone', 'keeps two chains apart'],
    ],
    [
      'Error with the reason if the genesis block breaks a rule',
      ['constructor › throws an Error with the reason when the block %s'],
    ],
    [
      'Adds a block at the end, after the rules were asked about it and the tip. It is the new tip then.',
      [
        'append › puts each block at the end',
        'hands its rules each block together with its parent',
      ],
    ],
    [
      'Error with the reason if it breaks a rule; the chain is then as it was, and takes good blocks as before',
      [
        'append › refuses a block that %s, and stays as it was',
        'append › takes a good block after it has refused a bad one',
      ],
    ],
    [
      'what this block and every later one must keep; `blockRules` unless given',
      ['goes by other rules where it is given some'],
    ],
  ],
  'Task 9: at, find and slice': [
    [
      'Returns the block at `index`, or undefined if the chain has no block with that index.',
      [
        'knows each block by its index and by its hash, and all of them as a list',
        'at › gives nothing for %d, which is the index of no block, of 0 and 1',
        'keeps two chains apart',
      ],
    ],
    [
      'Returns the block with this hash, or undefined if it is not on the chain.',
      [
        'knows nothing of a block that was refused',
        'find › gives nothing for "%s", which is the hash of no block',
      ],
    ],
    [
      'Returns a copy of the list of blocks from index `start` to before `end`: what there is of them, where more is asked for.',
      [
        'slice › gives the blocks from one index to before another',
        'slice › gives what there is, where more is asked for',
      ],
    ],
    [
      'Neither is changed by what is done to the other.',
      [
        'slice › gives a copy: whatever is done to it, the chain stays as it was',
        'slice › gives a copy: whatever the chain does, the list stays as it was',
      ],
    ],
  ],
  'Task 10: rewind': [
    [
      'Takes all blocks after `index` off the end and returns them, oldest first.',
      [
        'takes the blocks after an index off, and returns them, oldest first',
        'goes back as far as the genesis block',
        'takes nothing off when it is to stop at the tip',
        'does whatever a plain list of blocks would, through any appends and rewinds',
      ],
    ],
    [
      'They are then not on the chain any more: the block at `index` is the tip, and others may follow it, or the same ones again.',
      [
        'makes room for another branch',
        'lets the blocks that it took off be put back',
        'leaves no place for a block that followed one taken off',
        'leaves alone the lists that the chain gave away',
        'lets rules see the block to which it went back as the parent',
      ],
    ],
    [
      'RangeError that says so if there is no block with that index to stop at; the chain is then as it was',
      ['throws a RangeError where there is no block to stop at: %d, of 0 to 2'],
    ],
  ],
};
