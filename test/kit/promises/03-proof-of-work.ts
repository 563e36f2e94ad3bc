import type { Promises } from './promises.ts';

export const promises: Promises = {
  'Task 1: leadingZeroBits': [
    [
      'Returns how many zero bits a hash begins with, 0 to 256: those before the first bit that is 1, and all if there is none.',
      [
        'counts bits, not digits: a hash that begins with %s… has %d',
        'counts 256 in a hash of nothing but zeros',
        'counts every number from 0 to 256, whether zeros or ones follow',
        'does not care what follows the first bit that is not zero',
        'counts $zeros in block $block of Bitcoin',
      ],
    ],
  ],
  'Task 2: expectedAttempts and work': [
    [
      'Returns how many hashes it takes on average to find one with `difficulty` zero bits, 0 to 256',
      [
        'expects that %d zero bits take %d attempts',
        'goes on beyond what fits into 32 bits: %d zero bits, %d attempts',
      ],
    ],
    [
      'twice as many for each bit more, and one if no bits are wanted.',
      ['expects twice as many attempts for each bit more'],
    ],
    [
      'Returns the work that a block of this difficulty, 0 to 256, proves: its expected attempts as a bigint',
      [
        'counts the work of %d zero bits as %d, a bigint',
        'counts work beyond what fits into 32 bits: %d zero bits',
        'counts as work what was to be expected as attempts',
      ],
    ],
    [
      'so that sums over a long chain stay exact.',
      ['stays exact in sums: the smallest work added to the largest is not lost'],
    ],
  ],
  'Task 3: mine': [
    [
      'Tries the nonces 0, 1, 2, … until the hash of `block` with such a nonce begins with at least as many zero bits as the difficulty of the block says.',
      [
        'gives the hash of a block the zero bits of its difficulty',
        'takes the first good nonce, counted from 0, and changes nothing but nonce and hash',
        'takes nonce 0 where any hash will do',
        'needs about 2^difficulty attempts',
      ],
    ],
    [
      'All else in it is as it was, and so is `block` itself',
      [
        'takes the first good nonce, counted from 0, and changes nothing but nonce and hash',
        'leaves the block that it is given as it was',
      ],
    ],
    [
      'whose nonce does not matter. There is no last nonce to try.',
      [
        'starts from 0 wherever the nonce of the block stands',
        'goes on for nine times as long as expected: there is no last nonce',
      ],
    ],
    [
      'While it searches, timers and sockets have their turn, at least once in 20,000 attempts or so, but not after each attempt',
      [
        'lets timers have their turn while it searches',
        'goes on for nine times as long as expected: there is no last nonce',
      ],
    ],
    [
      'Several searches may go on at once.',
      ['searches for several blocks at once without mixing them up'],
    ],
    [
      'ends this search when aborted, or at once if it is aborted already',
      [
        'finds the same with a signal that nobody aborts',
        'rejects with the reason of a signal that is aborted already',
        'goes on with one search when another is aborted',
      ],
    ],
    [
      "the signal's reason (an AbortError unless another one was given) if the search was aborted",
      [
        'rejects with the reason of a signal that is aborted while it searches',
        'rejects with an AbortError where the signal is aborted without a reason',
      ],
    ],
    [
      'then the promise is rejected with it, and nothing is tried any more',
      ['searches no further once it was aborted'],
    ],
  ],
  'Task 4: workRules': [
    [
      'The rules of this step, to be checked after those of step 2, so that they see only blocks with the right hash.',
      [
        'does not take zeros for work that are not the hash of the header',
        'refuses the difficulty %d, which no hash can have',
        'gives a reason for any JSON value, after the rules of step 2, and never throws',
      ],
    ],
    [
      'A block has the difficulty of its parent. Without a parent, any will do.',
      [
        'refuses a block that makes it easier than its parent, however good its hash',
        'refuses a block that makes it harder than its parent, even if it did the work',
        'lets a first block choose its difficulty',
      ],
    ],
    [
      "A block's hash, the first one's as well, begins with at least as many zero bits as its difficulty says.",
      [
        'finds nothing wrong with a chain of mined blocks',
        'asks no work where the difficulty is 0',
        'wants the very number of zero bits that is claimed: %d, and not one less',
        'wants work from the first block on',
      ],
    ],
    [
      'The reason of the first names the `difficulty`, that of the second speaks of `zero` bits or of `work`',
      [
        'does not believe the forger any more who only computes all hashes anew',
        'goes by the hash, not by what the block claims',
      ],
    ],
  ],
};
