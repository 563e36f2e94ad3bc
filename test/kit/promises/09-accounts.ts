import type { Promises } from './promises.ts';

export const promises: Promises = {
  'Task 1: what a payment leaves': [
    [
      'Returns what a payer has after a payment: its balance without `amount` and `fee`, and a count one higher.',
      [
        'is the balance without the amount and the fee, and a count one higher',
        'may be nothing',
        'leaves the account that it is given as it was',
      ],
    ],
    [
      "Or it returns a sentence that says why the payment cannot be made now: the count is not the payer's",
      ['is a reason in words where the count is not that of the payer: %d, not 3'],
    ],
    [
      'or the balance is less than amount and fee together. All of it is exact, however large the numbers are.',
      [
        'is a reason in words where %d coins are less than the amount %d and the fee %d',
        'is never rounded: not even where amount and fee are more than a number can tell',
        'is exact for any numbers',
      ],
    ],
  ],
  'Task 2: accounts that never change': [
    [
      'Returns what an address has: 0 coins and a count of 0, if nothing was written for it.',
      [
        'begin with nobody who has anything',
        'keep what was written for an address, and for no other',
        'hold as much as a number can tell',
      ],
    ],
    [
      'Returns the same accounts, but with another one for this address.',
      ['keep what was written last'],
    ],
    [
      'The accounts that were given stay as they were',
      [
        'stay as they were when others are made of them',
        'are at each moment what a list of all writes says, and stay so for ever',
      ],
    ],
    [
      'and so does what was written if `account` changes later.',
      ['do not change with the object that was written'],
    ],
    [
      'Gives each address that an account was written for, once, and what it has, in any order.',
      [
        'tell nobody else what one has who was given nothing',
        'give each address that was written once, and what it has',
      ],
    ],
  ],
  'Task 3: a payment': [
    [
      'Returns the accounts after a payment, or why it cannot be made, as {@link afterPaying} says it.',
      [
        'leaves the accounts that it is given as they were',
        'is refused in words where the payer cannot make it',
        'is made once, and then no more',
      ],
    ],
    [
      'The amount goes from the payer to the payee, who may be the payer too.',
      [
        'gives an account to whom nobody has paid before',
        'to oneself costs the fee, and makes no coins',
      ],
    ],
    [
      'The fee leaves the payer, and nobody has it yet.',
      [
        'moves its amount, and takes the fee from the payer alone',
        'loses the fees and no other coin, whoever pays whom',
      ],
    ],
    ['Whether the payment is signed is not asked.', ['does not ask for the signature']],
    [
      'Returns the accounts in which an address has so many coins more; 0 coins change nothing.',
      [
        'credit adds coins to what an address has',
        'credit of 0 coins changes nothing, and makes no account',
      ],
    ],
  ],
  'Task 4: new coins': [
    [
      'Returns how many new coins the block with this index, from 1 on, brings: the reward, halved each time that the index reaches a multiple of `halving`',
      [
        'are, of block %d where 100 halve after 10 blocks, %d',
        'are none after %d halvings of one coin',
        'are exact for large rewards',
        'never grow, and are less than twice the first reward times the halving in all',
      ],
    ],
    ['and rounded down.', ['are rounded down: of 5 coins 2, then 1, then none']],
  ],
  'Task 5: the first block of a coin': [
    [
      'Its data is two lines: the title `Genesis Block`, and the coin as canonical JSON, `["coin",reward,halving,size]`.',
      ['has the coin in its second line'],
    ],
    [
      'Returns the block that a network with coins begins with, not mined yet.',
      ['has the time and the difficulty that it is given, and is not mined'],
    ],
    [
      'It is sealed as {@link sealLines} does it, so that a node that knows no coins refuses it.',
      [
        'has the Merkle root of its lines as dataHash, and the hash that follows',
        'is no first block of a network of texts',
      ],
    ],
    [
      'Returns a copy of a block that has the Merkle root of its lines as `dataHash`, and the hash that follows from it.',
      ['sealLines seals any block so, and leaves the one that it is given as it was'],
    ],
    [
      'RangeError if the coin is not as {@link Coin} says',
      ['is refused with a RangeError where a coin has %s'],
    ],
    [
      'Returns the coin of the network that begins with this block.',
      ['is read again: %p', 'may have any title'],
    ],
    [
      'It is undefined for a network of texts, whose `dataHash` is the digest of all its data as in step 2, and for what is no block.',
      [
        'is none of a coin where its dataHash is the digest of all its data',
        'is undefined for what is no block',
      ],
    ],
    [
      'It is a sentence if the lines after the title are anything else than that of one coin, written as {@link coinGenesis} writes it',
      [
        'is of unknown rules where its line says %s',
        'is of unknown rules where it has %s',
        'is of unknown rules where its line has %s',
      ],
    ],
    [
      'Any value may be given: the function never throws.',
      ['never throws, whatever value it is'],
    ],
  ],
  'Task 6: the line of a reward': [
    [
      'Returns the line of a reward: canonical JSON `["reward","to",amount,"root"]`.',
      ['is canonical JSON, with a word that tells it from a payment'],
    ],
    [
      'Reads a line as {@link rewardLine} writes it, with an address, an amount from 0 and a root.',
      ['is read as it was written: %d coins'],
    ],
    [
      'Returns undefined for any other text, even if it means the same; the function never throws.',
      [
        'is none where it has %s',
        'is none where it is a payment',
        'is none for any other text, and never throws',
      ],
    ],
  ],
  'Task 7: the accounts after a block': [
    [
      'the payments, its lines from the second on, are made one after the other, and then the reward in its first line is paid.',
      [
        'have the reward of a block without payments',
        'have all payments made, and all fees with who found the block',
        'have payments made in their order: what was paid can be paid on',
        'have the reward paid last: a payment cannot be made of it',
        'are the same as before where there is no reward any more',
        'leave the accounts before it as they were',
        'hold exactly the coins that were there and the new ones',
      ],
    ],
    [
      'Or it returns a sentence that says why that cannot be: a line is not what it should be',
      [
        'are a reason where the block has %s',
        'are a reason where a line has %s',
        'are a reason for an amount below 1, as in -50 to Ben',
      ],
    ],
    [
      'a payment cannot be made when its turn comes',
      [
        'are a reason where the same payment is in the block twice',
        'are a reason where one payment of several cannot be made',
      ],
    ],
    [
      'or the reward is not exactly the {@link subsidy} and all fees.',
      [
        'are those of the index: the reward halves',
        'are a reason in words where the reward is %d, and not 100 and a fee of 3',
      ],
    ],
    [
      'Signatures and the state root are not looked at.',
      ['do not care for signatures, and for the state root'],
    ],
    [
      "Whatever the block's data is, the function does not throw.",
      ['are a reason for any other text, and never throw'],
    ],
  ],
  'Task 8: the state root': [
    [
      'Returns the text whose digest is the hash of a leaf: canonical JSON `["address",balance,count]`.',
      ['writes an account as canonical JSON, with the address first'],
    ],
    [
      'In it each account has its place by the bits of the SHA-256 digest of its address, the highest first, 0 for left and 1 for right, and stands as soon as it is alone there.',
      ['goes down until each account is alone, past sides where nobody is'],
    ],
    [
      'The hash of a single account is the digest of its {@link accountLine}, that of several the `forkHash` of the left ones and the right ones, that of none the digest of an empty text.',
      [
        'is the digest of an empty text where nobody has anything',
        'is the digest of its line where there is one account',
        'is the fork of the left account and the right one where there are two',
        'is another one for another balance, count or address',
      ],
    ],
    [
      'In which order they were written makes no difference.',
      [
        'is what its definition says of any accounts, in whatever order they were written',
        'is that of the accounts now, when it was asked for before',
      ],
    ],
    [
      'What did not change since it was last asked for is not hashed again',
      ['hashes again only what has changed'],
    ],
  ],
  'Task 9: proofs of accounts': [
    [
      'Returns the proof that an address has what it has: the hashes beside the way from its account up to the root.',
      [
        'is empty where there is one account, and for nobody',
        'names the hash beside each fork of the way, from the account upwards',
      ],
    ],
    [
      'With the {@link accountLine}, `rootOf` of step 7 leads to the {@link stateRoot}.',
      [
        'leads from the line of an account to the root',
        'leads to the root for all of any accounts, and with no other balance or count',
      ],
    ],
    [
      'For an address without an account it is the way to the place where that would be: `rootOf` leads to the root with the empty text, if nobody has that place, or with the line of who has it.',
      ['shows of an address without an account that its place is empty, or whose it is'],
    ],
  ],
  'Task 10: the ledger of a coin': [
    [
      '`rules`: those of headers, then those of work, so that nobody has anything else checked for free.',
      [
        'finds nothing wrong with honest blocks',
        'asks for the work that a block claims, and for the difficulty of its parent',
        'keeps the rules of headers',
        'asks for the work before it looks at the lines',
      ],
    ],
    [
      'Then, but for the first block: it has at most `size` payments, and no line longer than `MAX_LINE`.',
      [
        'takes as many payments as the coin says, and not one more',
        'refuses lines that are too long by the rules, before they are read',
        'refuses a million line breaks by the number of lines',
        'does not count the lines of the first block',
      ],
    ],
    [
      'At last, `dataHash` is the Merkle root of the lines.',
      ['wants the Merkle root of the lines as dataHash, in the first block as well'],
    ],
    ['`initial`: nobody has anything.', ['begins with nobody who has anything']],
    [
      '`apply`: what {@link applyBlock} says.',
      [
        'applies payments and reward',
        'says in words why a block cannot be applied',
        'leaves the costly questions to verify: apply asks neither for the root nor for signatures',
        'gives a tree of blocks the accounts on every branch',
      ],
    ],
    [
      '`verify`: the reward line names the {@link stateRoot} after the block',
      ['verifies that the reward names the state root after the block'],
    ],
    [
      'each payment is signed by its payer, for this network. Otherwise it gives a sentence.',
      [
        'verifies signatures: none where a payment %s',
        'verifies the signature of each payment, of the last one too',
      ],
    ],
    [
      '`batch`: 131,072 characters',
      ['answers a locator with at most 131,072 characters of data'],
    ],
    [
      'None of these throws: the rules, asked in their order, whatever they are given as a block, the others whatever the data of a block is.',
      ['never throws, whatever it is shown'],
    ],
  ],
  'Task 11: the block to mine': [
    [
      'Returns the block to mine after `previous`: the reward line of `to`, with the fees and the state root after the block',
      [
        'rewards whom it is to reward',
        'follows the block before it, later than that, and is to be mined',
        'brings the subsidy of its own index',
        'leaves all that it is given as it was',
        'is taken by a tree that reads its coin from the first block',
      ],
    ],
    [
      'and of `payments` those that can be made, in their order, as many as a block may hold.',
      [
        'holds payments in their order, and their fees in the reward',
        'leaves out what cannot be made, and takes what follows',
        'holds as many payments as the coin says, those that come first',
        'lets what cannot be made take nobody’s place',
      ],
    ],
    ['Their signatures are not checked again.', ['does not check signatures again']],
    [
      'The block is sealed, and not mined.',
      ['follows the block before it, later than that, and is to be mined'],
    ],
  ],
};
