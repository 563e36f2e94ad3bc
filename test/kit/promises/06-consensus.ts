import type { Promises } from './promises.ts';

export const promises: Promises = {
  'Task 1: the fork choice': [
    [
      'it holds more work, or as much and has the smaller hash',
      [
        'prefers the branch with more work',
        'prefers the smaller hash where the work is equal',
        'finds one of two different branches better, and never both',
        'finds what is better than a better branch better, too',
      ],
    ],
    ['No branch is better than itself.', ['finds no branch better than itself']],
    [
      'even amounts that differ by 1 and are too large for a number are told apart',
      ['tells amounts of work apart that differ by 1 and are too large for a number'],
    ],
    [
      'So nodes that know the same blocks agree, in whatever order the blocks reached them.',
      ['picks the same of many branches in whatever order they come'],
    ],
  ],
  'Task 2: the rules and the clock': [
    [
      'those of blocks, then those of work',
      [
        'The rules › pass a block that keeps the rules of blocks and has its work',
        'The rules › refuse a block without its work',
        'The rules › refuse a block that has another difficulty than its parent',
        'The rules › refuse a block that breaks a rule of blocks, whatever its work',
        'The rules › give a reason for any value that is not a block, and never throw',
      ],
    ],
    [
      'They ask only for the block and its parent, and so say the same of it at any time',
      ['The rules › do not look at the clock, for a block that is valid stays valid'],
    ],
    [
      "How far a block's timestamp may be ahead of the clock, in milliseconds (two minutes).",
      ['The clock › may be two minutes behind a block'],
    ],
    [
      'when a block may be accepted at the earliest, in milliseconds since the epoch: MAX_AHEAD before its timestamp',
      [
        'The clock › lets a block in from two minutes before its timestamp on',
        'The clock › makes the child of a block that is let in wait no longer than a millisecond',
      ],
    ],
  ],
  'Task 3: a new tree': [
    [
      'A new tree holds its genesis block and nothing else',
      ['holds its genesis block and nothing else'],
    ],
    [
      'The work of all blocks of the best chain, with that of the genesis block.',
      ['counts the work of its genesis block'],
    ],
    [
      'Error with the reason if the genesis block breaks a rule',
      ['refuses a genesis block that breaks a rule'],
    ],
  ],
  'Task 4: adding blocks': [
    [
      'Adds a block to the branch that ends in its parent, and moves the best chain there if that branch is now the better one.',
      [
        'appends the next block to the best chain',
        'moves to the other branch when that has more work, and tells the change',
        'moves to a branch of equal work only if its hash is smaller',
        'ends in the same tip, with the most work, in whatever order the blocks come',
        'gives 600 blocks up for 601, and 601 for 602',
      ],
    ],
    [
      'added, with the change of the best chain if that has changed',
      [
        'keeps a block of a weaker branch, and the best chain as it was',
        'has the best tip after each single block, and says what changed it',
      ],
    ],
    ['No block is in both.', ['takes off only blocks that are not put on again']],
    [
      'known: the tree holds a block with this hash, and keeps that one',
      [
        'says of a block that it has already that it is known',
        'keeps the block that it has when another comes under the same hash',
      ],
    ],
    [
      'orphan: it does not hold the parent, or the block is another genesis block',
      [
        'does not take an orphan, a block whose parent it does not know',
        'takes another genesis block for an orphan',
      ],
    ],
    [
      'invalid: the block breaks a rule, for the reason',
      ['refuses a block with %s, and is unchanged'],
    ],
    [
      'A block without its work is refused on a side branch, too, and its descendants are orphans.',
      [
        'refuses a block without its work, on a side branch too',
        'does not take the descendants of a refused block',
      ],
    ],
    [
      'early: it keeps all rules, but may come in only from the time until on',
      [
        'calls no block early that is invalid, however far ahead it is dated',
        'takes a block from two minutes before its timestamp on, and not earlier',
      ],
    ],
    [
      'What is refused or early is not held, and is welcome when it comes again and fits.',
      ['forgets a block that came too early, and takes it when its time has come'],
    ],
  ],
  'Task 5: the locator': [
    [
      'those of start and of ancestors of it, newest first, each once, ever more sparse, and that of the genesis block last',
      [
        'begins at the tip and ends in the genesis block',
        'starts anywhere on the best chain',
        'starts on a side branch, and names the ancestors of its start only',
        'names no hash twice, however short the chain',
      ],
    ],
    [
      'They are fewer than 40, however long the chain is.',
      [
        'is short: fewer than 40 hashes for 5,000 blocks',
        'has fewer than 40 hashes for every chain that is shorter',
      ],
    ],
    [
      'The gaps between them never get smaller on the way back, but for the last one.',
      ['goes backwards, ever more sparse'],
    ],
    [
      'of the blocks before a fork one is named that is at most ten times as far back as the fork itself',
      ['names a block not far below the fork, wherever another branch left this one'],
    ],
    [
      'the tip unless given, and where the tree does not hold it (any more)',
      ['starts at the tip where the given block is not known'],
    ],
  ],
  'Task 6: answering a locator': [
    [
      'those after the first hash of the locator that is on it, or from the genesis block on if none is',
      [
        'sends what follows the newest shared block',
        'sends all from the genesis block on where nothing is shared',
      ],
    ],
    [
      'Hashes that are not on the best chain are passed over, be they unknown or of a side branch; after the tip there is nothing.',
      [
        'passes over hashes that it does not have',
        'sends nothing to whom has everything',
        'sends blocks of the best chain only',
      ],
    ],
    [
      'They are at most 500, and have at most {@link maxBatch} characters of data, but are at least one block if there is any.',
      [
        'sends at most 500 blocks at once, and the next ones next time',
        'fits its answer into a message of 8 MiB, whatever the data',
        'sends a block with the most data that there may be, alone',
      ],
    ],
    [
      'how much of these two limits to use, as a part of 1',
      ['sends a part of that where a part is asked for, but one block at least'],
    ],
    [
      'Whoever puts its blocks into a tree of its own, and asks again, comes to the same tip.',
      ['brings any node to the same tip, request by request'],
    ],
  ],
  'Task 7: what side branches may hold': [
    [
      'Off the best chain a tree holds as many blocks as that has, and 1,000 more',
      [
        'is as many blocks as the chain has and 1,000: none of an ordinary fork is forgotten',
        'is not more, however many blocks come',
        'is not more where the blocks come in branches',
      ],
    ],
    [
      'those are forgotten that came first; as many as needed, and no more',
      [
        'forgets those first that came first',
        'lets the chains of a long split win in turn',
      ],
    ],
    [
      'data of no more than 64 full blocks: 64 · 1,048,576 characters',
      [
        'is not more than some 64 MiB of data',
        'is not more where large blocks stand before many small ones',
      ],
    ],
    [
      'What a switch takes off is on a side branch from then on, and counts, with its data; what it puts on counts no more.',
      [
        'is not more where each branch wins in turn, and leaves the last one behind',
        'is not more where a switch leaves large blocks behind',
        'counts no data of what is on the best chain again',
      ],
    ],
    [
      'Never forgotten is the block that has just come, nor one that another held block follows.',
      ['never leaves a block without its parent'],
    ],
    [
      'So a branch can come, and win, that has more data than that, and also in the middle of a flood of others.',
      [
        'does not keep a branch from winning that has more data than that',
        'is enough for a long branch that comes in the middle of a flood, and wins',
      ],
    ],
    ['The best chain loses nothing.', ['never costs a block of the best chain']],
    ['A forgotten block is new when it comes again.', ['takes a forgotten block again']],
  ],
  'Task 8: a node of its own': [
    [
      "This node's best block as messages carry it, or null if it has none.",
      [
        'knows its genesis block, and says so',
        'has nothing before it has a genesis block',
      ],
    ],
    [
      'Error with the reason if the genesis block breaks a rule',
      ['refuses a genesis block that breaks a rule'],
    ],
    [
      'How the best chain changed, step by step.',
      ['puts a mined block on its chain, and tells the change'],
    ],
    [
      'Each call tells what this one event has led to.',
      ['tells of each event what this one led to, and nothing of those before'],
    ],
    [
      'A mined block that came too late to be on the best chain is taken, and no change.',
      ['tells no change of a mined block that came too late to be on the best chain'],
    ],
    [
      'Error with the reason if the block is invalid; then nothing has changed.',
      ['throws the reason at an invalid mined block, and is as it was'],
    ],
    [
      'A block that the tree does not take for other reasons, or before there is a tree, leads to nothing',
      ['does nothing about a mined block that %s'],
    ],
  ],
  'Task 9: telling peers of a new block': [
    [
      'A change of the best chain is told to every connected peer with one tip message; a block that changes nothing, or is invalid, is told to nobody.',
      [
        'says nothing of a mined block that is not on the best chain',
        'says nothing of an invalid block',
        'says nothing to a peer that is gone',
      ],
    ],
    [
      'The block goes along where the peer certainly has its parent: it named it as its best block, or got it from here.',
      [
        'sends it, with its tip, to a peer that has its parent',
        'sends one after the other, for the peer has each parent by then',
      ],
    ],
    [
      'Others get the tip alone, and so does who has no chain at all.',
      ['sends the tip alone to a peer that lacks the parent, or has no chain at all'],
    ],
    [
      "Who connects with another best block than this node's, and no better one, is told the tip, without the block.",
      ['tells its tip, without the block, to whoever connects with an older one'],
    ],
    [
      'Who has the same one is told nothing.',
      ['says nothing to whoever connects with the same tip, or before it has one'],
    ],
  ],
  'Task 10: a tip with its block': [
    [
      'The block of a tip is added, and told of as a mined one, but never to whom it came from.',
      [
        'brings the block onto the chain',
        'passes a block on to all others, and sends nothing back',
        'says nothing of a block that does not make the best chain better',
      ],
    ],
    [
      'A block that is known already leads to nothing.',
      ['says nothing when the same block comes from the next peer'],
    ],
    [
      'Any tip names a block that its sender has, even without that block.',
      [
        'shows what its sender has, with the block or without: the next one is sent to it',
      ],
    ],
    [
      'Each block that the tree takes is told as taken, on a side branch, too, and no other block is.',
      ['tells which blocks the tree took, on side branches too, and none else'],
    ],
    [
      'What is not about blocks is left alone, and so is what comes from a peer that is not connected (any more).',
      [
        'changes nothing where it comes from a stranger',
        'leaves messages alone that are not about blocks',
      ],
    ],
  ],
  'Task 11: answering for blocks': [
    [
      'Each getBlocks of a peer is answered with one blocks: those after its locator, as the tree gives them. Before there is a chain, and after the tip, these are none.',
      [
        'answers a locator with the blocks after it, and one of its own tip with none',
        'answers before it has a chain, too: with no blocks',
      ],
    ],
    [
      'The first answer to a peer has at most 16 blocks. Where more follow than fit, no answer has more than four times as many as the one before to the same peer, and none has fewer',
      [
        'gives a peer little at first, and each time more, but never much more',
        'gives each peer little at first, whatever others got',
      ],
    ],
    [
      'The peer certainly has the last block of its answer.',
      ['sends a new block to a peer that it has just brought up to its parent'],
    ],
    [
      'An answer without blocks tells nothing new of what it has.',
      ['takes an answer without blocks for no news of what the peer has'],
    ],
    [
      'Who is not connected gets nothing.',
      ['gives nothing to whom is gone, or was never there'],
    ],
  ],
  'Task 12: a first sync': [
    [
      "Whoever claims a better block than this node's tip, by isBetter, in its hello or in a tip, is asked with one getBlocks.",
      [
        'asks a peer that has a better block, with a locator',
        'asks a peer when that tells of a better block',
        'asks for a block of equal work only if its hash is smaller',
        'asks a peer that goes over to a block of as much work with a smaller hash',
        'brings a block that was mined while both said hello to the other side',
      ],
    ],
    [
      'Nobody else is asked.',
      ['asks no peer that has the same block, a worse one, or none'],
    ],
    [
      'While a peer owes an answer it is not asked again. Who claims more is told nothing of the own tip.',
      [
        'does not ask a second time while it waits for the answer',
        'tells nothing of its tip to whom claims a better one',
      ],
    ],
    [
      'The blocks of an answer are added one after the other, and told to the other peers as a new tip.',
      ['tells its other peers of what it has got'],
    ],
    [
      'If the peer still claims more it is asked on at once, from the new tip on; otherwise it is not.',
      [
        'takes an answer block by block, and asks for what comes after',
        'asks for no more once it has what the peer claims',
      ],
    ],
    [
      'So a node gets every block that it lacks once, and no other.',
      [
        'gets all blocks, batch by batch, each block once',
        'gets them from a node of its own kind',
        'catches up on two blocks with these two',
        'does not start again with a peer that comes back',
      ],
    ],
  ],
  'Task 13: a lighter branch': [
    [
      'A better branch is got to its end, be it the lighter one for long, and also where the first answers hold only blocks that are known.',
      [
        'lets one of two that parted and meet again give way',
        'is got where it comes in batches of %d blocks, and stays the lighter one for long',
        'is got from far back in batches of %d blocks, of which the first hold only what is known',
      ],
    ],
    [
      'Each of its blocks comes once. Of those before the fork come only what the gaps of the locator cost.',
      ['is got from a node of the same kind'],
    ],
    [
      'If the peer goes over to another branch in the meantime, that one is got.',
      ['is got from a peer that goes over to another one in the meantime'],
    ],
    [
      'A reorganization is told as the tree tells it.',
      ['tells which blocks a reorganization takes off and puts on'],
    ],
    [
      'Once this node has caught up, its questions begin at its own tip again.',
      ['begins its locators at its own tip again once it has caught up'],
    ],
  ],
  'Task 14: several peers, one at a time': [
    [
      'While a peer that claims more owes an answer, nobody else is asked.',
      [
        'asks one peer where several tell of the same block',
        'asks one at a time, also of those that have answered well before',
      ],
    ],
    [
      'When it has answered or is gone, the next one is asked at once, if it is still needed.',
      ['asks the next peer at once when the asked one goes'],
    ],
    [
      'What one has sent another does not send again: so each block comes once, but a batch that was lost with a connection.',
      [
        'catches up on two blocks with these two, however many peers have them',
        'gets a chain from two peers, each block once',
        'goes on with another peer where the connection to the first one is lost',
      ],
    ],
    [
      'Lighter branches of which several send parts come at most a quarter again.',
      [
        'gets a long lighter branch once, though several peers take turns in sending it',
        'gets the best of three branches, and few blocks twice',
      ],
    ],
    [
      'In the end the node has the best branch that any of them has.',
      ['gets the best of three branches, and few blocks twice'],
    ],
  ],
  'Task 15: silent peers': [
    [
      'After each minute every peer is told the tip again, unless it named this very one itself, or claims more.',
      [
        'are told the tip again after each minute, as the message may have been lost',
        'are not told what they said themselves, nor asked for what is no better',
      ],
    ],
    [
      'Nothing is told before there is a tip, nor asked that is not needed.',
      [
        'make no difference before there is a genesis block',
        'are asked one by one, after a long time without news too',
      ],
    ],
    [
      'Who owes an answer is not asked again meanwhile, and not parted from within 90 seconds, but within five minutes, whoever else is there.',
      [
        'are asked once, and have time to answer: the line may be slow',
        'are parted from in the end, whoever else is there',
        '%d that claim giant work › are parted from, and the honest one is not',
      ],
    ],
    [
      'So one silent peer holds up an honest one for less than 5 seconds, 15 do so no longer, and 64 for less than 10, whatever they claim or have sent before.',
      [
        'do not keep the node from the blocks of an honest peer',
        '%d that claim giant work › hold up an honest one for some seconds only',
        '%d that claim giant work › do so no longer by claiming just what the honest one has',
        '%d that claim giant work › do so no longer by having sent a good block before',
      ],
    ],
  ],
  'Task 16: slow peers': [
    [
      'Blocks that come late are taken as others are, and a peer may be late each time; even 90 seconds for each answer are no reason to part.',
      [
        'stay, and their late blocks are taken, time after time',
        'may take a minute and a half for each answer: the blocks may be large',
      ],
    ],
    [
      'Where eight peers take three seconds, they send together at most twice what this node lacks.',
      ['send what is lacking once, and not all of them, where there are eight'],
    ],
    [
      'Yet a quick peer need not wait for a slow one: it has sent all within five ticks.',
      ['do not keep a quick one waiting'],
    ],
    [
      'Only ticks count: now may leap a day ahead or back.',
      ['are waited for by ticks: a clock that is set changes nothing'],
    ],
  ],
  'Task 17: peers that lie': [
    [
      'A claim decides only whether to ask. What counts is the work of blocks that were checked.',
      ['may tell anything of their tip: what counts is the blocks'],
    ],
    [
      'Who sends an invalid block is parted from at once, with a reason; nothing of its message that comes after that block is looked at, but the good blocks before it stay. The next peer is asked at once.',
      [
        'are parted from at once for a block with %s',
        'are parted from for an invalid block, and the next peer is asked at once',
        'leave behind the good blocks that came before the bad one',
      ],
    ],
    [
      'Who has given such an answer is not asked again in the same tick, and is parted from after three of them without a new block in between, within 15 minutes.',
      [
        'A peer that claims giant work and %s › is parted from in the end, and the honest peer is not',
        'A peer that claims giant work and %s › is parted from where there is no other peer, too',
        'are not asked again at once after an answer without use: it may have been bad luck',
        'may have bad luck time after time, where good blocks come in between',
      ],
    ],
    [
      'Blocks that nobody asked this very peer for change nothing, good ones or bad: each question entitles to one answer.',
      [
        'change nothing by blocks that nobody asked for, good ones or bad',
        'change nothing by sending what another peer was asked for',
        'answer once for each time that they are asked',
      ],
    ],
    [
      'Who goes on sending them is parted from, after ten times at the latest.',
      ['are parted from if they go on sending blocks that nobody asked for'],
    ],
    [
      'Meanwhile honest peers are heard within a minute: nobody comes first again by claiming more, by coming back under another name, or by sending a known block or one new block time after time, not even several together.',
      [
        'A peer that claims giant work and %s › does not keep the node from the blocks of an honest peer',
        'do not come first again by claiming more, time after time',
        'do not come first again by coming back as somebody else, time after time',
        'do not keep the turn by sending one known block every few seconds',
        'do not keep the turn by sending one block of an endless side branch every %d s',
        'do not keep the turn together, each by one new block in time',
      ],
    ],
  ],
  'Task 18: blocks of the future': [
    [
      'A block of the future is not taken, and costs its peer nothing.',
      [
        'are not taken, with a tip or as an answer, and cost the peer nothing',
        'are not held against the peer, and are asked for again when their time has come',
      ],
    ],
    [
      'Once its time has come, the block is asked for again; not all the time before, at most 20 times in ten minutes.',
      ['that are pushed come again, too', 'are not asked for all the time'],
    ],
    [
      'Other peers are asked meanwhile. The peer itself is asked again after two minutes at the latest, as it may have other blocks by then.',
      [
        'do not part their miner from the network for long once it gives them up',
        'do not hold up what other peers have',
      ],
    ],
  ],
  'Task 19: a node that joins without a genesis block': [
    [
      'A node without a genesis block asks whoever claims anything, with an empty locator.',
      [
        'takes the genesis block, and then the chain, from a peer',
        'can join through a peer that has nothing but the genesis block',
      ],
    ],
    [
      'is taken as the genesis block if it keeps the rules without a parent, has the hash that its peer announced, and is not too far ahead of the clock. If not, the peer is parted from, with the reason of the broken rule, or else one that names the genesis block; and the next one is asked.',
      [
        'parts from a peer whose genesis block %s, and joins the next',
        'takes a genesis block as early as any other block',
      ],
    ],
    [
      'It is told as the first change, and as taken; the blocks behind it are added as in any answer.',
      ['tells the genesis block as its first change'],
    ],
    [
      'Then peers are parted from that announced another genesis block; those that had none stay.',
      [
        'parts from the peers of other networks once it belongs to one',
        'keeps the peers that have no network yet',
      ],
    ],
    [
      'Who does not answer, or answers nothing, holds it up as it would any other node.',
      ['joins through the next peer where the first one %s'],
    ],
  ],
  'Task 20: a network': [
    [
      'Nodes that can reach each other end with the best of all blocks mined, whatever was lost, late or cut off, and however long the branches are, also with liars among them.',
      [
        'agrees on the best of all blocks mined, whatever was lost, late or cut off',
        'agrees where its branches are longer than a batch',
        'agrees in spite of liars among its members',
      ],
    ],
    ['No node parts from an honest one.', ['parts from none of its members']],
    [
      'Nobody is told of a block by whom it told of it.',
      ['tells no peer of a block that it was told of by this very peer'],
    ],
  ],
  'Task 21: what a network agrees on': [
    [
      'The ledger of a network whose blocks carry any text: nothing is known but the blocks.',
      ['has a ledger for texts that keeps all rules and knows nothing else'],
    ],
    [
      'what the network agrees on; {@link textLedger} unless given',
      ['takes that ledger where none is given'],
    ],
    [
      'What is known after the genesis block.',
      ['knows after the genesis block what its ledger says'],
    ],
    [
      'Error with the reason if the genesis block breaks a rule',
      ['refuses a genesis block that breaks a rule of its ledger'],
    ],
    [
      'Returns what is known after a block of any branch, by its hash, or undefined if the tree does not hold it.',
      [
        'knows after each block what the blocks up to it lead to',
        'knows on each branch what the blocks of that branch lead to',
        'knows nothing after a block that it does not hold',
        'knows after each block of any tree what a walk from the genesis block gives',
      ],
    ],
    [
      'A reason of either makes the block invalid.',
      [
        'refuses a block that the ledger does not apply, for its reason, and stays as it was',
        'refuses on a side branch what that branch cannot bear, though the best chain could',
        'refuses a block that the ledger does not verify, for its reason',
        'needs no ledger that verifies',
      ],
    ],
    [
      'Whatever is refused or early leads to no later question.',
      [
        'asks what costs much only of blocks that keep all else',
        'gives the ledger no block that is known or has no parent here',
      ],
    ],
  ],
  'Task 22: what is let go': [
    [
      'At hand are the states after the newest 500 blocks of a chain, and always that after the tip. What was asked for is at hand for a while.',
      [
        'has the states of the newest 500 blocks at hand',
        'has at hand for a while what it has worked out',
        'has the state of the tip at hand, whatever else was asked for',
        'has no state at hand of a block that it does not hold',
      ],
    ],
    [
      'Of a long chain at most 500 states are at hand, and one for each twenty blocks.',
      [
        'has lost most of the older ones',
        'keeps no more states of a long chain than 500, and one for each twenty blocks',
      ],
    ],
    [
      'What was asked for is let go again, too, and what is known after blocks that nothing follows: of 900 of these, fewer than 800 are at hand.',
      [
        'lets go again what was asked for long ago',
        'lets go of most states of blocks that nothing follows',
      ],
    ],
    [
      'What is not at hand is worked out when it is needed, by apply alone, in the order of the chain: from fewer than 100 blocks',
      [
        'works it out in the order of the chain',
        'works out again what it has let go, from less than a hundred blocks',
        'judges a block far back by the state there',
      ],
    ],
  ],
  'Task 23: peers of such a network': [
    [
      'ledgerOf is asked once for each genesis block that would be taken, before its rules.',
      [
        'knows what its blocks lead to',
        'asks once what the network of its genesis block agrees on',
        'joins a network with the ledger that the genesis block of this says',
        'parts from a peer that sends a block which the ledger does not take',
      ],
    ],
    [
      'then the constructor throws an Error with it, and a peer with such a genesis block is parted from with it.',
      [
        'does not begin with a genesis block whose network it cannot be part of',
        'parts from a peer whose network it cannot be part of, and says why',
      ],
    ],
    [
      'A block that comes with a tip is judged only where the state after its parent is at hand.',
      [
        'takes the next block that comes with a tip',
        'judges no block that nobody asked for, where the state before it is not at hand',
      ],
    ],
    [
      'An answer is one branch: each of its blocks follows the one before.',
      ['judges one branch of an answer, and no blocks on others'],
    ],
    [
      'Together they have at most maxBatch characters of data, or are one block.',
      [
        'sends no more data in an answer than the ledger says, and at least one block',
        'takes no more data of an answer than the ledger says',
        'comes to the same sum as others, in small portions',
        'sends and takes a mebibyte of text where the ledger says nothing',
      ],
    ],
  ],
};
