import type { Promises } from './promises.ts';

export const promises: Promises = {
  'Task 1: messages': [
    [
      'It gives `ws://host:port`, in small letters; what is refused, it says how to write.',
      [
        'peerUrl › reduces %s to %s',
        'peerUrl › refuses %j, and says how to write a peer',
      ],
    ],
    [
      'at most 200 characters in all',
      [
        'peerUrl › refuses a url without end',
        'peerUrl › takes 200 characters, and not one more',
      ],
    ],
    ['Reads a message as it came from the network.', ['parseMessage › reads %s']],
    [
      'What a hello says beyond its fields is left out',
      [
        'parseMessage › takes a hello with what it does not know: it may be of a later program',
      ],
    ],
    [
      'The urls in `peers` are reduced as `peerUrl` does it',
      ['parseMessage › reduces the urls in peers'],
    ],
    [
      'texts left out that it refuses: who passed them on has only heard of them',
      [
        'parseMessage › leaves out of peers what no node can be dialed at, as it may be of use to others',
        'parseMessage › leaves out of peers what has more than 200 characters',
      ],
    ],
    [
      '`OtherVersion` with a sentence if it is the hello of another version, whatever else that says',
      ['parseMessage › says of a hello of %s that this is the matter'],
    ],
    [
      'what is left of it without its texts must be less than 64 KiB. Otherwise it is not even read as JSON, since a million brackets take long; nor does it take long to find that out',
      [
        'parseMessage › does not spend time on a large message that is made of %s',
        'parseMessage › finds out soon what is wrong with marks and escapes of texts that do not end',
      ],
    ],
    [
      'Error with a sentence of one line that says that it is no JSON or has too many parts, or names the field that is wrong, such as `tip.work`',
      [
        'parseMessage › says of %s that it is no JSON',
        'parseMessage › refuses %s with a sentence',
        'parseMessage › names %s where it is wrong',
      ],
    ],
    [
      'other messages may have no further fields',
      ['parseMessage › names %s where it is wrong'],
    ],
    [
      'The lists and objects of it nest at most 32 deep.',
      ['parseMessage › reads %s', 'parseMessage › names body where %s is in it %i times'],
    ],
  ],
  'Task 2: an allowance': [
    [
      'Spends some of the allowance, and says whether there was so much of it.',
      [
        'lets so much be spent at once, and not more',
        'takes what costs nothing even when all is spent',
        'lets a steady speaker go on for ever, and ends one that says twice as much',
      ],
    ],
    ['a number from 0 that need not be whole', ['counts what is not whole']],
    [
      'how much of it comes back in a second',
      ['comes back with time, second by second and between them'],
    ],
    [
      'how much of it there is at first, and at most',
      ['is never more than at first, however long nothing is spent'],
    ],
    [
      'Makes an allowance of which nothing is spent yet.',
      ['begins full, whatever the clock shows'],
    ],
  ],
  'Task 3: hello, both ways': [
    [
      'If this node has dialed, it says hello as soon as the socket is open; if not, it waits for `greet`.',
      [
        'says hello as soon as the connection stands when it dials',
        'says nothing when it was called, before it is told to greet',
      ],
    ],
    [
      '32 hex digits that tell this connection from all others, drawn at random.',
      ['has a key of its own for each connection, 32 hex digits'],
    ],
    ['True if this node dialed the other.', ['knows whether it was the one who dialed']],
    [
      'The other node has said hello.',
      ['reports that the other one has said hello, and knows what it said'],
    ],
    [
      'Error with a sentence before it has said hello',
      ['knows only the host before that: to ask for the hello is a mistake'],
    ],
    [
      'else its host, with the port that its hello names',
      ['finds a caller at its host, and at the port that its hello names'],
    ],
    [
      'If it was dialed, that is where the line leads, known before the hello',
      [
        'knows one that it dialed by the url, and by where it leads, whatever that one says',
      ],
    ],
    [
      'Undefined without a port, and where others could not dial that',
      ['has no url for %s'],
    ],
    [
      'Sends a message as JSON text, unless the connection is not open.',
      ['sends messages as JSON text, in order'],
    ],
    [
      'Of a `tip` whose block has more than 4,096 characters of data only the tip is sent',
      ['sends a small block inside its tip, and a large one only if it is asked'],
    ],
    [
      'The `message` stays as it is.',
      ['leaves a message as it was whose block it does not send'],
    ],
    [
      'How much went through connections, in bytes of messages as UTF-8.',
      ['counts in bytes what comes and what goes'],
    ],
    [
      'The connection is over, and nothing follows. It comes once.',
      ['reports the end of the connection, once'],
    ],
    ['When the connection ends, it leaves no timer behind.', ['leaves no timer behind']],
  ],
  'Task 4: ends with reasons': [
    [
      'The first reason counts, and is what `closed` reports, in full.',
      [
        'reports once why it closed the connection, and tells the other side',
        'cuts a reason to the 123 bytes of a close frame, between characters (%s)',
      ],
    ],
    [
      'in a close frame of the code 4000, with as many whole characters of the reason as fit into its 123 bytes',
      [
        'gives its reason in a close frame of the code 4000',
        'cuts a reason to the 123 bytes of a close frame, between characters (%s)',
      ],
    ],
    [
      'Whether the connection is about to end, since this side has a reason for it.',
      ['reports once why it closed the connection, and tells the other side'],
    ],
    [
      'Who does not answer within half a second is cut off.',
      ['cuts off who does not answer a goodbye'],
    ],
    [
      'Before the connection stands, and after its end, `send` does nothing and throws nothing.',
      [
        'does not send, and does not throw, when the connection is over',
        'does not send, and does not throw, before the connection stands',
      ],
    ],
    [
      'Ends the connection, open or not, and tells the other node why',
      ['can be closed before the connection stands'],
    ],
    [
      'if there is no reason of this side, that of the other one; if that is empty, a sentence of yours',
      [
        'reports what the other side gives as its reason',
        'has a sentence for a connection that breaks without one',
      ],
    ],
    [
      'An error of the socket is a reason of this side: its message',
      ['hears of errors of its socket, which would end the program otherwise'],
    ],
    [
      'where nobody listens (`ECONNREFUSED`), where a web server is that speaks no WebSocket',
      [
        'has a sentence for a port where nobody listens',
        'has a sentence for a port where a web server is, as the HTTP API is one',
      ],
    ],
    [
      'the sentence names the HTTP API',
      ['has a sentence for a port where a web server is, as the HTTP API is one'],
    ],
    [
      'where it answers 429 (the sentence says that the node does not let this one in now)',
      ['has a sentence for a node that lets it in later'],
    ],
    [
      'Reports the other node as `blamed`, once, and ends the connection with that reason',
      ['blames the other node, once, and ends the connection with that reason'],
    ],
    [
      "An ordinary end is nobody's fault.",
      ['blames nobody where a connection ends in an ordinary way'],
    ],
    [
      'has a code that begins with `WS_ERR_`, and is blamed on the other node',
      ['blames the other node for what ws finds wrong: %s'],
    ],
    [
      'Nothing may be left behind: no timer',
      ['leaves no timer behind when it has closed the connection'],
    ],
  ],
  'Task 5: hello first, and once': [
    [
      'All other valid messages that follow are reported, as `parseMessage` reads them, in order.',
      ['reports the messages that come, read and in order'],
    ],
    [
      'Whatever is wrong is blamed on the other node, with a sentence that goes to both sides.',
      ['blames the other node for %s, and tells both sides why'],
    ],
    [
      'Only a hello may come first, and hello comes only once.',
      ['blames the other node for %s, and tells both sides why'],
    ],
    [
      'Messages are text, never bytes.',
      ['blames the other node for %s, and tells both sides why'],
    ],
    [
      'Nothing that comes after it is reported.',
      ['reports nothing that comes after what is wrong'],
    ],
    [
      'A hello of another version ends the connection without blame, with the words of `OtherVersion`.',
      ['blames nobody for a hello of %s, and says that this is the matter'],
    ],
    [
      'Who says no hello within `handshake` milliseconds is blamed. The sentence names the hello here, and where it is not first, or comes again.',
      [
        'parts with one that says nothing in the time for it, and with no other',
        'gives everybody some seconds to say hello, unless told otherwise',
      ],
    ],
    [
      'for each `getBlocks` that was sent one `blocks` may come, however late. Of others the sentence says that nobody has asked for them.',
      [
        'blames the other node for blocks that it has not asked for, however few',
        'takes an answer to each of its questions, however late',
      ],
    ],
    [
      'A message of more than 65,536 bytes (`MAX_NEWS`) is wrong, unless an answer is still to come. Then all sizes are taken.',
      [
        'ends the connection on %s of more than 64 KiB without being asked',
        'takes news of 64 KiB',
        'takes the largest block, though JSON escapes all its data, if it asked for it',
      ],
    ],
    [
      'This is noticed before such a message has come to its end, whoever has dialed. The sentence says that it is too large.',
      ['does not wait for the end of a message that is too large when it %s'],
    ],
  ],
  'Task 6: pings, floods and slow readers': [
    [
      'Every `keepAlive` milliseconds an open connection is sent a ping; if that has not been answered by the next time, by a pong of the same content, the connection ends.',
      [
        'drops one that answers no ping, and keeps one that does',
        'drops one that answers its pings with other pongs',
        'does not stumble over a call that nobody answers',
        'answers one that does not read only once, and gives it up in the end',
      ],
    ],
    [
      'of an allowance of 1,000 a second and 5,000 at once',
      [
        'parts with one that floods it with %s, and blames it',
        'serves others while one floods it',
      ],
    ],
    [
      'Pings and pongs may come in the middle of a message, and are no part of it: however many come between two messages, they make none too large.',
      ['keeps a quiet peer that %s, though it is pinged for long'],
    ],
    ['Nothing else is lost.', ['takes a thousand messages at once, and loses none']],
    [
      'Who takes each answer first may go on for ever, though the next question comes in the moment in which an answer is read.',
      [
        'takes one question for blocks after the other from a peer that takes the answers',
        'sends the largest block twice in one go to a peer that reads',
      ],
    ],
    [
      'Who asks for blocks and has not come to the last answer yet (as the pong of a ping right before it shows) pays for it as for 50 KiB.',
      ['parts with one that asks for blocks again and again before it takes them'],
    ],
    [
      'While bytes wait to be sent, a question (`getBlocks`, `getPeers`) is passed over, for good. The next one after all was read is reported.',
      [
        'answers one that does not read only once, and gives it up in the end',
        'answers a question as soon as all was read',
      ],
    ],
  ],
  'Task 7: the address book': [
    ['Makes an empty book.', ['what it knows › is nothing at first']],
    [
      'Returns all urls in the order in which they were noted, as copies.',
      [
        'what it knows › is each url once, in order, and whether it is to be kept',
        'what it knows › cannot be changed from outside',
      ],
    ],
    [
      'One to `keep` (false unless given, and never taken back) is to be dialed at once, and is never forgotten.',
      [
        'what it knows › is to be kept from the first time that somebody says so, and for good',
        'when it dials what is to be kept › is at once, and all of them',
        'when it dials what is to be kept › is for ever, however often it fails',
        'when it dials what others named › is at once when it is to be kept after all',
      ],
    ],
    [
      'What is taken is not taken again until it is released.',
      [
        'when it dials what is to be kept › is not again while it is taken',
        'when it dials what is to be kept › is again when it was released, after a wait',
      ],
    ],
    [
      'the wait is `redial.first` after the first one, doubles with each, and is at most `redial.max`',
      [
        'when it dials what is to be kept › is after one second, then two, then four, and never more than eight',
        'when it dials what is to be kept › does not begin anew after a connection that was short',
        'when it dials what others named › is again after a wait where nobody was the first time',
      ],
    ],
    [
      'Chance shortens every wait: by half if `random()` is 0, by less the more that is, by nothing if it is nearly 1.',
      [
        'when it dials what is to be kept › is sooner by chance, by up to half, so that not all nodes come back at once',
      ],
    ],
    [
      'A connection that lasted longer than 30 seconds was a success: all failures before it are forgotten, and the wait is `redial.first`.',
      [
        'when it dials what is to be kept › begins anew after a connection that lasted, for then it works',
        'when it dials what others named › counts only failures in a row',
      ],
    ],
    [
      'those whose wait is over, all that are to be kept, and at most one of the others',
      [
        'when it dials what is to be kept › does not matter to the number of the others',
        'when it dials what others named › is one after the other, with a second between them',
      ],
    ],
    [
      'The others wait by chance, for `random()` of `redial.first`, as their nodes may be about to dial this one.',
      [
        'when it dials what others named › is a little later, by chance, as the node there may be about to dial this one',
      ],
    ],
    [
      'Of these it takes none while `outbound` of them are taken, nor before `redial.first` has passed since the last one',
      [
        'when it dials what others named › is one after the other, with a second between them',
        'when it dials what others named › stops at as many as it was told, and goes on when one is released',
        'when it dials what others named › takes none where it is to look for none',
      ],
    ],
    [
      'it takes the one that failed least often in a row, and of several the newest',
      [
        'when it dials what others named › takes the newest first, however many false ones came before',
        'when it dials what others named › takes what failed least often, even if it is older',
      ],
    ],
    [
      'After ten failures in a row the url is forgotten, unless it is to be kept.',
      [
        'when it dials what others named › is never again after ten failures in a row',
        'when it dials what others named › counts only failures in a row',
      ],
    ],
    [
      'A url that was never noted, or is forgotten, may be released: nothing happens.',
      [
        'when it dials what others named › does not stumble over a url that it has forgotten',
      ],
    ],
    [
      'Where 1,000 urls are known, a new one takes the place of one that is not to be kept, is not taken, and was never reached; without such a one it is noted only if it is to be kept.',
      [
        'when it is full › knows a thousand urls that others named, and not more',
        'when it is full › keeps what is to be kept, what is taken, and where a node was met',
        'when it is full › lets go of where a node was dialed in vain',
        'when it is full › does not grow where all are to be kept, but for one more of these',
      ],
    ],
    [
      'gives a number from 0 to below 1, each time another one; `Math.random` unless given',
      ['draws its chance from Math.random unless told otherwise'],
    ],
  ],
  'Task 8: refusals': [
    [
      'Says why a node that has said hello cannot be a peer of this one, or undefined if it can.',
      ['has no reason against %s'],
    ],
    [
      'if both have a genesis block, and not the same; whoever dials may have none yet',
      [
        'lets a node without a genesis block dial one that has some',
        'refuses %s, and says that it is about the network',
      ],
    ],
    [
      'if it is this node itself: it gives the id of `own`',
      ['refuses the node itself, %s'],
    ],
    [
      'if the one of the two that was dialed, be it that node or this one, has no genesis block',
      ['refuses %s, and says that it is about the network'],
    ],
    [
      'if this node has dialed one of its `peers` at the same `place`, and met the same id there.',
      ['where it has dialed already › refuses %s'],
    ],
    [
      'The reason ends with the `proof` of that.',
      [
        'where it has dialed already › ends that reason with the proof that it has dialed',
      ],
    ],
    [
      'An id alone proves nothing, nor does a place: only whom this node has dialed at that place, and met that id there.',
      [
        'where it has dialed already › has no reason against a caller with the same %s: it proves nothing',
      ],
    ],
    [
      "the SHA-256 digest of the nonce in that caller's hello, a space, and the nonce that it has sent to it when it dialed",
      [
        'proof › is the digest of both nonces, with a space between them',
        'proof › is another one for other nonces, and the other way round',
        'proof › can be made though a nonce is missing, and then fits to nobody who has one',
      ],
    ],
  ],
  'Task 9: listen and connect': [
    [
      'The port that this node listens on, or null if it does not.',
      ['listen › gives the node a port, which it has not got before'],
    ],
    [
      "which is this machine's alone (127.0.0.1) unless given",
      ['listen › listens for this machine alone, unless told otherwise'],
    ],
    [
      "the system's error, such as EADDRINUSE",
      ['listen › passes on why it cannot listen'],
    ],
    [
      'one of a page in a browser, which names its `Origin`, with 403',
      ['listen › refuses a page in a browser, which names its origin'],
    ],
    [
      'one that `options.refuse` has a reason for, with 429',
      ['listen › refuses whom it has a reason against, by the host, with status 429'],
    ],
    [
      "A request without a WebSocket is answered with status 426, the header `Upgrade: websocket`, and a sentence that tells of the HTTP API's port",
      [
        'listen › answers a request of plain HTTP with a sentence that tells of the other port',
      ],
    ],
    [
      'Messages of more than `MAX_MESSAGE_BYTES` end a connection, and nothing is compressed.',
      [
        'listen › takes no compression from who offers it',
        'listen › ends a connection on a message that is too large for any answer',
        'connect › offers no compression',
      ],
    ],
    [
      'The hello holds the version, the id, the port (null if the node does not listen), the clock, and what `chain()` gives at that moment.',
      [
        'the hello › says who the node is, what it has, and where it listens',
        'the hello › says what the clock shows',
        'the hello › says what the node is called, if anything',
        'the hello › is asked for anew each time',
        'connect › connects a node that does not listen, and has no url for it',
      ],
    ],
    [
      'drawn at random at each start: 32 hex digits',
      ['the hello › says an id of 32 hex digits, another one for each node'],
    ],
    [
      "If it gives no reason, a caller is answered with this node's hello, and the peer is reported.",
      [
        'the hello › is said only to those that are taken for peers',
        'connect › connects two nodes, which then know each other',
      ],
    ],
    [
      'Dials a url once and returns the peer.',
      ['connect › connects two nodes, which then know each other'],
    ],
    [
      'Error with a sentence if no connection comes about',
      [
        'connect › rejects with a sentence when it dials a url %s',
        'connect › rejects with what the node says that refuses it',
        'connect › rejects with its own reason when it is the node that dials which refuses',
      ],
    ],
    [
      'If it gives one, the connection ends with it, on both sides nobody is reported, and nobody is blamed.',
      [
        'connect › tells both sides why they are no peers, and neither takes the other for one',
        'connect › refuses a node of another version in words, without blame',
        'connect › refuses a caller that is where it has dialed, and met that id',
      ],
    ],
    [
      'Who has said hello is judged by `refusal`.',
      [
        'connect › lets a node without a genesis block join',
        'connect › refuses a caller that is where it has dialed, and met that id',
      ],
    ],
    [
      'Two nodes have one connection, so if there is one it returns that peer, and leaves no other connection',
      ['connect › makes one connection of two nodes, whoever dials, by whatever name'],
    ],
    [
      'The node with the smaller id then ends the one that came in; the other one leaves that to it.',
      ['connect › of two nodes that have both dialed, %s'],
    ],
    [
      'Two peers may say the same id.',
      ['connect › takes two nodes of the same id for two: ids prove nothing'],
    ],
    [
      'A peer is gone: it is not among `peers` any more.',
      ['reports a peer that is gone, and forgets it'],
    ],
    [
      "The peers whose handshake succeeded, the oldest first; a list of the caller's own.",
      ['gives away a list of its peers that nobody can change'],
    ],
    [
      'How often to check that silent peers are there, in milliseconds; 25,000 unless given.',
      ['looks whether silent peers are there as often as it was told'],
    ],
  ],
  'Task 10: broadcast, topics, close': [
    [
      'Takes a message of a peer: on a topic it is checked, all others are reported.',
      [
        'messages › are reported with the peer that sent them, in order',
        'messages › go both ways between two nodes',
      ],
    ],
    [
      'Sends a message to every peer but `except`.',
      ['messages › are broadcast to every peer but the one that is excepted'],
    ],
    [
      'What is said on a topic that `topics` does not have is passed over, without blame.',
      ['topics › are reported with their bodies if the node knows them, and only then'],
    ],
    [
      'If its check gives a reason, the peer is blamed, with the topic and that reason; if not, it is reported as `topic`.',
      [
        'topics › part with one that %s, and tell it why',
        'topics › are reported with their bodies if the node knows them, and only then',
      ],
    ],
    [
      'Topics are sent like all messages.',
      ['topics › go to one peer, or to all but one'],
    ],
    [
      'Ends all connections with a reason and stops listening; resolves when all is over, without waiting for who does not answer.',
      [
        'close › ends all connections with a reason, in both directions, and stops listening',
        'close › does not wait for connections that never become peers, nor for those that do not answer',
        'close › waits until all is over',
        'close › gives up what it is dialing',
      ],
    ],
    [
      'It can be called twice, and without `listen`.',
      ['close › works on a node that never listened, and twice'],
    ],
    [
      'When `close` has resolved, no peer, no port and no timer is left.',
      ['close › leaves no timer behind'],
    ],
  ],
  'Task 11: introductions': [
    [
      'It asks each new peer whom it knows (`getPeers`), and answers that question with the urls of its other peers, at most 100 (`peers`).',
      [
        'what peers tell each other › begins with the question whom the new one knows',
        'what peers tell each other › is the urls of all others that listen',
      ],
    ],
    [
      'It notes the url of each new peer and tells it to all others.',
      [
        'what peers tell each other › is the url of a new one that listens, but not to that one',
        'finding each other › dials who has called to see who is there, and is content with one connection',
        'finding each other › is done by a line of nodes, each told only of the one before',
      ],
    ],
    [
      'What it has noted it dials when the address book says so',
      [
        'what peers tell each other › is dialed',
        'suggest › has a url dialed when the node wants peers',
        'suggest › has it dialed again where nobody was the first time',
        'suggest › has a url forgotten where nobody ever is',
        'finding each other › is done by a line of nodes, each told only of the one before',
      ],
    ],
    [
      'One that a peer names, `from`, is only noted if `options.heed` agrees.',
      [
        'what peers tell each other › is noted only if the node heeds it, and who has named it',
        'suggest › notes what the node was told itself, whatever it heeds of others',
      ],
    ],
    [
      'Handles messages about peers, and passes on all others.',
      [
        'what peers tell each other › is handled by the node itself: it reports only messages about blocks and topics',
      ],
    ],
    [
      'Dials a url at once and until it answers, and again whenever the connection is lost.',
      [
        'keep › dials at once, however long it waits after a failure',
        'keep › dials until somebody answers, and says each time why it failed',
        'keep › dials again when the connection is lost',
      ],
    ],
    [
      'reports as `failed` what was in vain',
      [
        'keep › dials until somebody answers, and says each time why it failed',
        'keep › reports that a node was told to keep itself',
        'keep › reports that a node is of another network, and dials on: it may be replaced',
      ],
    ],
    [
      'then its connection is the one that counts: until it ends the url is not dialed again',
      [
        'keep › is content with one connection, however often and by whatever name it is told',
        'keep › of two nodes that dial each other at the same moment leaves one connection',
        'finding each other › dials who has called to see who is there, and is content with one connection',
      ],
    ],
    [
      'Intervals are measured by a clock that nobody can set.',
      ['keep › goes on though somebody sets the clock back by an hour'],
    ],
    [
      'How many peers to look for beyond those to keep; 8 unless given.',
      [
        'suggest › is content with as many peers as the node looks for, beyond those to keep',
        'suggest › looks for eight unless told otherwise',
      ],
    ],
    [
      'The urls that this node has heard of.',
      ['suggest › lists what the node has heard of, each url once'],
    ],
    [
      'A node that is closed dials nothing and reports nothing as `failed`.',
      [
        'close › gives up what is being dialed, and dials no more',
        'close › dials no more what it had a connection to',
      ],
    ],
    [
      'Ends all connections, stops listening, and dials no more.',
      ['close › leaves no timer behind'],
    ],
  ],
  'Task 12: misuse': [
    [
      'A node that called and does what no honest node does is reported as `blamed`, once, also before its hello.',
      [
        'blame › is reported of who called and broke the protocol, once, with the peer',
        'blame › is reported of who breaks the protocol before it has said hello',
      ],
    ],
    [
      'Nobody is blamed for what is at a url that this node dialed.',
      ['blame › is on nobody for what is at a url that somebody else may have named'],
    ],
    [
      'Only the connection of who is to blame ends, and whoever behaves may come again.',
      ['what breaks the protocol › as %s does ends that connection, and no other'],
    ],
    [
      'All connections, dialed ones too, take messages of at most `MAX_MESSAGE_BYTES`.',
      ['what breaks the protocol › ends a connection that the node has dialed, too'],
    ],
    [
      'Nothing is left of connections that are gone.',
      ['many connections › that come and go leave nothing behind'],
    ],
    [
      'at most 100 (`MAX_WAITING`) are open: one more ends the oldest. Each counts from TCP on, before it asks for a WebSocket. Those that have ended, and peers, do not count.',
      [
        'many connections › that wait and say nothing keep no node out: the oldest has to go',
        'many connections › that wait and say nothing push out no peer',
      ],
    ],
    [
      'At most 128 nodes (`MAX_PEERS`) are let in, not counting peers that are about to end.',
      [
        'many connections › are let in up to 128, and a full node can still dial',
        'many connections › do not count when they are about to end: the next one is let in',
        'many connections › make room once for each that calls, even if those who leave are slow',
      ],
    ],
    [
      'Whom this node dials is never too many.',
      ['many connections › are let in up to 128, and a full node can still dial'],
    ],
    [
      'A hundred urls (`MAX_URLS`) are told at a time, at most.',
      ['many connections › are told of a hundred urls at most'],
    ],
    [
      'A further caller is refused in words, unless `options.makeRoom`, which is handed those that stay, names one to part with, in words too.',
      [
        'many connections › make room for the next one where the owner of the node says for whom',
        'many connections › make room once for each that calls, even if those who leave are slow',
      ],
    ],
    [
      'That is only asked where nothing else speaks against the caller.',
      ['many connections › make no room for one that is refused all the same'],
    ],
    [
      'What callers say of themselves keeps no other node out, and this node from dialing nobody.',
      [
        'what callers say of themselves › does not keep two nodes apart whose %s they have taken',
        'what callers say of themselves › keeps nobody out whose id and port one has taken that the node dialed',
      ],
    ],
    [
      'Only a peer that was dialed at a url, or one that the node there proves to be, is given back for it.',
      [
        'what callers say of themselves › is not believed in place of one that is not there',
        'what callers say of themselves › is believed of a url only with the proof that a peer is there',
      ],
    ],
    [
      '`traffic` counts the messages of all connections.',
      ['is counted in bytes, as all that goes through the connections of a node'],
    ],
  ],
  'Task 13: the routes': [
    [
      '`GET /peers` answers 200 and a list: of each peer its `id`, its `url` or null, and its `direction`',
      [
        'GET /peers › answers an empty list while there are none',
        'GET /peers › answers who they are, where they listen, and who dialed',
        'GET /peers › answers null as the url of one that does not listen',
        'GET /peers › forgets one that is gone',
      ],
    ],
    [
      'answers 201 and the new peer, or 200 and the peer that was there already, under whatever name',
      [
        'POST /peers › connects, and answers 201 and the peer',
        'POST /peers › answers 200 and the same peer when it is there already, by any of its names',
        'POST /peers › answers 200 when the other one dialed first',
      ],
    ],
    [
      'reduced as `peerUrl` does it, connects, keeps the url',
      [
        'POST /peers › reduces the url to what matters',
        'POST /peers › keeps the peer: it is dialed again, however long it is away',
      ],
    ],
    [
      'a wrong url in the words of `peerUrl`',
      ['POST /peers › answers 400 to %s, and says how to write a peer'],
    ],
    [
      'A body of another kind is answered as in step 4, with 400 or 415',
      [
        'POST /peers › answers 400 to a body that is %s',
        'POST /peers › answers 415 to what is not sent as JSON',
      ],
    ],
    [
      'If no connection comes about, the answer is 502, with the url and the reason, and the url is not kept.',
      [
        'POST /peers › answers 502 when nobody listens there, and names the url',
        'POST /peers › keeps no url where nobody listens: it may be a slip of the keyboard',
        'POST /peers › answers 502 with the reason when the node is asked to be its own peer',
        'POST /peers › answers 502 with the reason when the other node is of another network',
      ],
    ],
  ],
};
