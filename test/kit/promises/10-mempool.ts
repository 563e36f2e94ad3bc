import type { Promises } from './promises.ts';

export const promises: Promises = {
  'Task 1: payable': [
    [
      'Returns which payments of a payer can be made now, one after the other: the one whose turn it is, the next one, and so on',
      [
        'gives a payment whose turn it is, if the coins reach',
        'spends no coin twice: ten payments of all that one has are one',
        'gives what can be made one after the other, and could not give one more',
      ],
    ],
    [
      'up to where a count is missing or the coins do not reach.',
      [
        'ends where a count is missing',
        'ends where the coins do not reach, even if they would for a later one',
      ],
    ],
    [
      'What the payer may be paid meanwhile is not counted in.',
      ['does not count in what the payer pays to itself, or may be paid meanwhile'],
    ],
    [
      'of one payer, in any order, no two with the same count',
      ['puts payments in the order of their counts, in whatever order they are given'],
    ],
    [
      'Whether a payment can be made, and what its payer has left then, is what `afterPaying` of step 9 says.',
      [
        'counts the fee among what is to be paid',
        "begins with the payer's next count, and leaves out those that are used",
      ],
    ],
    [
      'The list that is given stays as it was.',
      ['has nothing to give for nothing, and leaves the list as it was'],
    ],
  ],
  'Task 2: payments that wait': [
    ['A new pool is empty.', ['begins with nothing']],
    [
      'Returns the payment with this id, if it waits.',
      ['takes a payment, and gives it back by its id'],
    ],
    [
      'All that waits, by id; what came first comes first.',
      ['lists what waits as it came'],
    ],
    [
      'Returns what waits of one payer, in the order of the counts.',
      ['lists what waits of one payer in the order of the counts'],
    ],
    [
      'Whether the payment with this id waits, and cannot be made yet: it is parked.',
      ['says of nothing that it is parked, if it does not wait'],
    ],
    [
      'Takes a payment whose signature was checked, unless it waits already.',
      ['takes the same payment again without a word, and has it once'],
    ],
    [
      'a fee below 1, a count that is used',
      [
        'refuses a fee of 0: a flood of payments must cost something',
        'refuses a count that is used',
      ],
    ],
    [
      "or 64 or more ahead of the payer's next one",
      ["refuses a count that is 64 or more ahead of the payer's next one"],
    ],
    [
      'those with the next 64 counts.',
      ['lets 64 payments of one payer wait, and others beside them'],
    ],
    [
      'What is not `payable` now, with all that waits of its payer, is taken and parked.',
      ['parks what cannot be made yet, since the coins are missing'],
    ],
    [
      'It is parked no longer once what it has waited for is there.',
      ['parks what cannot be made yet, since one before it is missing'],
    ],
  ],
  'Task 3: a higher fee': [
    [
      'it is replaced if the new one has the higher fee',
      [
        'replaces a payment by one with the same count and a higher fee',
        'replaces nothing of another payer or with another count',
      ],
    ],
    [
      'if not, it stays, and `add` says why.',
      ['keeps what waits with a fee of 2, if the new one has %d'],
    ],
    [
      'What is replaced is forgotten: it does not wait, and is not parked.',
      ['forgets that a payment was parked once it is replaced'],
    ],
    [
      'What waits behind it is looked at anew: it may be set free, or be parked.',
      [
        'lets what was parked behind a stuck payment go on when a better one replaces it',
        'parks what stands behind a payment that is replaced by a dearer one',
      ],
    ],
  ],
  'Task 4: what a miner picks': [
    [
      'payments that can be made in this order, and at each place the one with the highest fee.',
      [
        'picks the highest fees first',
        'keeps the payments of a payer in the order of their counts, whatever their fees',
        'picks at each place the highest fee of all that can be made there',
      ],
    ],
    [
      'how many at most',
      [
        'picks nothing where nothing waits, or nothing is wanted',
        'picks no more than is asked for',
      ],
    ],
    [
      'It goes by the accounts that it is given and takes nothing out of the pool.',
      ['goes by the accounts that it is given, and takes nothing out'],
    ],
    [
      'A payment that cannot be made holds up nobody but its payer.',
      ['is not held up by a payment that cannot be made, however high its fee'],
    ],
    [
      'What was received at an earlier place can be spent at a later one.',
      [
        'lets a payee pay what was received at an earlier place',
        'knows that who pays to itself has the amount again, but not the fee',
      ],
    ],
  ],
  'Task 5: a full pool': [
    [
      'After `add` at most 5,000 payments wait, and at most 1,000 of them are parked.',
      [
        'never holds more than it may, whatever comes',
        'still lets a payment be replaced by one with a higher fee',
      ],
    ],
    [
      'What is parked goes first, whatever its fee, and of that what was parked first.',
      [
        'parks 1,000 at most, and lets what was parked first go first',
        'lets what is parked go before what can be made, whatever the fees',
      ],
    ],
    [
      'If nothing is parked, the lowest fee of all that waits is looked for, and of equal ones that which came last.',
      ['lets the lowest fee go for a higher one, and of equal ones that which came last'],
    ],
    [
      'From its payer the last payment goes, since the ones before it can be made without it.',
      ['takes no high fee for a shield: what must wait for a low one goes before it'],
    ],
    [
      'If that is the payment that has just come, it is not taken: there is no room.',
      [
        'refuses a payment with a fee no higher than the lowest that waits',
        'does not take what cannot be made yet, where 5,000 wait that can',
      ],
    ],
  ],
  'Task 6: following the chain': [
    [
      'what is on it waits no more, nor does what can never be made, since its count is used.',
      [
        'lets go what is on the chain now',
        'lets go what can never be made, since another payment has used its count',
        'keeps what a block does not speak of',
        'changes nothing where nothing has changed',
      ],
    ],
    [
      'What is not on it any more waits again, whatever its fee and however far ahead.',
      [
        'lets wait again what is not on the chain any more, and can be picked anew',
        'lets a payment wait again whatever its fee',
        'lets a hundred payments of one payer wait again, however far ahead',
        'loses no payment in any reorganization, keeps none too many, and offers no wrong block',
      ],
    ],
    [
      'what happened to the best chain since the accounts that were given last',
      [
        'does not bring back what is on the other branch, too',
        'looks at several changes as at one',
      ],
    ],
    [
      'Where another payment with the same count waits, the one with the higher fee stays; the one that waits, if they are equal.',
      [
        'brings nothing back where a payment with a higher fee waits in its place',
        'does not have twice what waits already',
      ],
    ],
    [
      'What can be made now is parked no longer, and what cannot is parked: a block gives coins by its payments and by its reward, and a reorganization takes them away.',
      [
        'parks no longer what the coins of %s have come for',
        'parks what the coins of %s are gone for',
        'parks what stands behind a payment that came off the chain and is lost',
      ],
    ],
    [
      'The bounds of Task 5 hold afterwards. Any text may be the data of a block.',
      [
        'keeps to its bounds when thousands of payments come off the chain',
        'drops nothing of a full pool for payments that are on both branches',
        'takes any text for the data of a block, and never throws',
      ],
    ],
  ],
  'Task 7: passing payments on': [
    [
      'A peer is connected from now on: it is sent what waits.',
      ['says nothing to a new peer where nothing waits', 'sends a new peer what waits'],
    ],
    [
      'A payment was made at this node and is in its pool: it is sent to all peers.',
      ['offers a payment of its own to all peers'],
    ],
    [
      'what the pool takes of it is passed on.',
      ['takes what a peer sends into the pool, and passes it on to all others'],
    ],
    [
      'What comes from a peer that is not connected (any more) is left alone.',
      ['leaves alone what comes from who is no peer'],
    ],
    [
      'What the pool takes is sent to all peers but those that have it: each payment once to each peer.',
      [
        'sends each payment once to each peer, whoever sends it again',
        'tells of each event once',
      ],
    ],
    [
      'What is parked travels as well, and what the pool refuses does not.',
      [
        'passes on what cannot be made yet: the one before it may come later',
        'does not pass on what the pool does not take',
      ],
    ],
    [
      'A message holds 1 to 100 of them.',
      ['sends messages that the protocol has, of at most 100 lines'],
    ],
    [
      'Nothing goes to a peer that is gone. One that comes again knows nothing any more, and gets all.',
      ['sends nothing more to who is gone, and all anew to who comes again'],
    ],
  ],
  'Task 8: what a peer is blamed for': [
    [
      'Who sends a line that is no payment, or a payment that its payer did not sign, is parted from',
      [
        'parts from a peer whose line is %s',
        'parts from a peer that sends a payment which its payer did not sign',
      ],
    ],
    [
      'and so is who sends a body other than `{lines}` with 1 to 100 texts.',
      ['parts from a peer that sends %s'],
    ],
    [
      'Nobody is blamed for what the pool does not take.',
      [
        'blames nobody for what cannot be made here: the peer may have another tip',
        'takes it later what it refused: the tip may have changed',
      ],
    ],
    [
      'Lines before the wrong one are taken; nothing behind it is looked at, nor anything that the peer sends later.',
      [
        'keeps what came before the fault, and looks at nothing behind it',
        'has nothing more to do with a peer that it has parted from',
      ],
    ],
    [
      'Whatever the body is, `received` does not throw.',
      ['says why in words, and does not throw, whatever it is sent'],
    ],
  ],
  'Task 9: not too much at once': [
    [
      'To each peer go at most 200 payments at once, and with each tick 20 more may, up to 200.',
      [
        'sends 200 payments at once, and 20 more each second, each once',
        'sends no more than 200 at once, however long it was quiet',
        'counts for each peer alone',
        'never sends what another node would part with it for',
      ],
    ],
    [
      'What may not go yet goes later, if it still waits then',
      [
        'has what comes meanwhile wait, too',
        'does not send a peer what that has sent itself meanwhile',
        'sends nothing that has ceased to wait meanwhile, and saves its place',
      ],
    ],
    [
      'what can be made now goes before what is parked.',
      ['sends what can be made now before what is parked'],
    ],
    [
      'A peer may send 400 lines at once, and with each tick 20 more, up to 400, those that are known already included.',
      [
        'lets a peer send 400 payments at once, and parts from it at one more',
        'lets it send 20 more each second, but never more than 400 at once',
      ],
    ],
  ],
  'Task 10: payments of this node, once more': [
    [
      'Payments that were made at this node (by `offer`) and still wait are sent to all peers again at every 60th tick',
      [
        'sends payments that were made at this node to all peers each minute, and no others',
        'sends them no more when they wait no more',
      ],
    ],
    [
      'whether they have them or not; others are not.',
      ['reaches so a peer that could not take a payment when it first came'],
    ],
    [
      'So all pools become equal in the end, as far as they have room, in whatever order messages come.',
      [
        'lets all pools be equal in the end, in whatever order messages come',
        'parts from a flooder, at every node that it floods, and from nobody else',
      ],
    ],
  ],
};
