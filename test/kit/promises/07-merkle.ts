import type { Promises } from './promises.ts';

export const promises: Promises = {
  'Task 1: forkHash': [
    [
      'Returns the hash of a fork over two hashes of 64 hex digits: the SHA-256 digest of `left`, a line break (`\\n`), and `right`.',
      [
        'is the digest of both hashes with a line break between them, as any tool shows',
        'gives another hash when left and right change places',
      ],
    ],
    [
      'No line holds a line break, so no line has the hash of a fork.',
      ['is the hash of no line, not even of one that holds both hashes'],
    ],
  ],
  'Task 2: merkleRoot': [
    [
      'Lines are parted by `\\n` and by nothing else, so an empty text is one empty line.',
      [
        'parts lines by the line break alone: all else belongs to a line',
        'counts empty lines, also at the beginning and at the end',
      ],
    ],
    [
      'Each line has its SHA-256 digest; of each two neighbors a {@link forkHash} is made, level by level, until one hash is left.',
      [
        'of two lines is the fork over their digests',
        'of %d lines has all of them below it, two by two',
        'of any lines is that of the tree, and 64 hex digits',
        'is another one when a line is changed, left out, or moved',
      ],
    ],
    [
      'The last one of a level that has no neighbor moves up as it is, so the root of a single line is its digest.',
      [
        'of a single line is its digest, as that of an empty text is',
        'of three lines is as any tool shows: the third one moves up as it is',
        'of %d lines has all of them below it, two by two',
        'of %d lines is another one when the last of them stand there twice',
      ],
    ],
    [
      'TypeError if the text holds half a character, as `sha256` does',
      ['refuses half a character, which has no digest'],
    ],
  ],
  'Task 3: rootOf': [
    [
      "from the line's own hash upwards, each step of the proof makes a {@link forkHash} of the hash so far and the hash beside it, which stands on its side.",
      [
        'leads from line %d of five to their root',
        'leads elsewhere when a step is missing, changed, turned over, or in another place',
        'leaves the proof as it was',
      ],
    ],
    [
      "A proof without steps leads to the line's own hash.",
      ['leads to the own hash of a line where nothing stands beside its way'],
    ],
    [
      'If this is the root that one trusts, the line is in the text, and nothing else of the text is needed to know that.',
      ['leads elsewhere from another line'],
    ],
    [
      'What holds a line break is not one line: it begins with the {@link merkleRoot} of its lines, so nobody can pass off the two hashes of a fork as a line.',
      [
        'begins with the root of the lines where a line break makes several of one',
        'does not take the two hashes of a fork for a line',
      ],
    ],
    [
      'TypeError if the line or a hash holds half a character, as `sha256` does',
      ['refuses half a character, which has no digest'],
    ],
  ],
  'Task 4: proveLine': [
    [
      'Returns the proof that a line is in a text: the hashes beside its way to the root, from the line upwards, with which {@link rootOf} leads to the {@link merkleRoot} of the text.',
      [
        'names the hash beside a line, and on which side it stands',
        'names the hashes from the line upwards',
        'leads every line of 1 to 20 lines to their root, and no other line',
        'leads any line of any text to its root',
        'holds for its own line alone: where another line stands, the proof leads elsewhere',
        'needs for one of %d lines at most %d hashes',
      ],
    ],
    [
      'Where a hash moves up as it is, there is nothing beside it, and no step.',
      ['has no step where a hash moves up as it is'],
    ],
    ['A single line needs none.', ['proves a single line by nothing at all']],
    [
      'RangeError that says so if the text has no line with that number',
      ['refuses the number %d, which no line of three has'],
    ],
  ],
  'Task 5: checkMerkle': [
    [
      "The rule that a block's `dataHash` is the {@link merkleRoot} of its data",
      [
        'finds nothing wrong with a block whose dataHash is the root of its lines',
        'finds nothing wrong with a single line, whose root is its digest',
        'refuses the digest of the whole data, where that has several lines',
        'refuses a root that is not that of the data, whatever the data is',
        'refuses a block that says its last line twice, under the root of once',
      ],
    ],
    [
      'The reason names the `dataHash`.',
      [
        'refuses the digest of the whole data, where that has several lines',
        'refuses a root that is not that of the data, whatever the data is',
      ],
    ],
  ],
};
