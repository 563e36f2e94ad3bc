import type { Promises } from './promises.ts';

export const promises: Promises = {
  'Task 1: problems': [
    [
      `An error for the client of a request: what it is told if it cannot be served.`,
      ['Problem › is an Error that carries the status and the sentence'],
    ],
    [
      `Answers whatever a route throws with a problem document (RFC 9457)`,
      [
        'problemHandler › answers a Problem as application/problem+json, with status, title and detail',
        'problemHandler › answers what an async route throws just the same',
      ],
    ],
    [
      `A type, if there is one, is not empty.`,
      ['problemHandler › gives no empty `type`: without one, the title says it all'],
    ],
    [
      `Of the others nothing is logged.`,
      ['problemHandler › logs nothing for a Problem: it is the client that is told'],
    ],
    [
      `Errors of express and its body parsers have a status from 400 to 499, which the answer takes over.`,
      [
        'problemHandler › answers an error of express with status %i by this status, in other words',
      ],
    ],
    [
      `that JSON is wanted, how many bytes are allowed (413), that UTF-8 is read (an unknown character set), that the body is to be sent as it is (an unknown encoding)`,
      ['problemHandler › tells a client whose body %s what to do, by status %i'],
    ],
    [
      `All else is a mistake of the node itself: 500, with a sentence that gives nothing away of what was thrown, which goes to console.error as it is.`,
      [
        'problemHandler › answers 500 to an unexpected error, and keeps its text and stack for the log',
        'problemHandler › answers 500 when a route throws %s',
      ],
    ],
    [
      `If an answer has begun already, the error is handed on as it is, and express breaks the answer off.`,
      [
        'problemHandler › hands an error on as it is when an answer has begun, and express breaks it off',
      ],
    ],
  ],
  'Task 2: taking turns': [
    [
      `Lets several pieces of work run one after the other, in the order in which they came.`,
      [
        'runs the work of one moment one after the other, in the order in which it came',
        'keeps the order whatever takes long, and whatever fails',
      ],
    ],
    [
      `Calls work when its turn comes: all work that was handed in earlier has ended then, well or not.`,
      [
        'lets whoever comes meanwhile wait, too',
        'does not wait when there is nobody to wait for',
        'takes work that is handed in by work, when this has ended',
        'keeps the order whatever takes long, and whatever fails',
      ],
    ],
    [
      `Work that has ended leaves its place to others before its caller hears of it.`,
      ['has room again as soon as a caller hears that its work has ended, well or not'],
    ],
    [`a promise of what work gives`, ['gives what the work gives']],
    [
      `it is rejected with what work throws`,
      ['tells the caller what the work throws, and only this one'],
    ],
    [
      `with a Problem 503 if limit are inside already: then work is never called`,
      [
        'lets %i in, refuses the next with Problem 503, and never calls its work',
        'lets %i in and no more, when the work of the first has long begun',
        'gives the place of one that was refused to nobody',
      ],
    ],
  ],
  'Task 3: the mining queue': [
    [
      `Mines a block that carries data, and returns it when it is on the chain.`,
      [
        'mines a block that carries the data, and gives it when it is on the chain',
        'gives the block only when a slow `add` has put it on the chain',
      ],
    ],
    [
      `The queue stamps a block with the time when its search begins.`,
      [
        'mines a block that carries the data, and gives it when it is on the chain',
        'stamps a block with the time when its search begins, not when it was asked for',
      ],
    ],
    [
      `Turns data into blocks, one after the other, each on the newest tip.`,
      [
        'mines two requests of one moment one after the other, each on the newest tip',
        'never searches for two blocks at once, and keeps the order of the requests',
      ],
    ],
    [
      `if add says false, it begins again with the tip that there is then`,
      ['mines again on the new tip when another block was faster'],
    ],
    [
      `Aborts the search under way, if there is one, and begins it again on the tip that there is now.`,
      [
        'restart › aborts the search under way and begins again on the new tip',
        'restart › may come any number of times, and when nothing is searched for',
      ],
    ],
    [
      `A block that such a search finds nevertheless is dropped; one that is being added is none of its business.`,
      [
        'restart › drops what a search finds that does not heed the signal',
        'restart › does not mine a block twice when it comes while `add` is at work',
      ],
    ],
    [
      `By default it is the mine of step 3.`,
      ['restart › reaches the `mine` of step 3 too'],
    ],
    [
      `what tip, add and the search throw, and what nextBlock throws at data that has no hash; the next in the queue is mined all the same`,
      [
        'when something fails › tells the caller what a search throws, and mines the next block',
        'when something fails › tells the caller what `tip` and `add` throw, and mines the next block',
        'when something fails › tells the caller that data with a lone surrogate has no hash',
      ],
    ],
    [
      `503 if 1,000 requests are in the queue already, the one that is being mined included`,
      ['lets 1,000 requests in, refuses more with Problem 503, then takes more'],
    ],
  ],
  'Task 4: what others send': [
    [
      `Returns value as schema describes it.`,
      ['parse › returns the value as the schema describes it'],
    ],
    [
      `400 with the schema's own words about what is wrong first`,
      ["parse › throws Problem 400 with the schema's own words"],
    ],
    [
      `two texts of 1 to 15 digits, which become numbers`,
      [
        'range › makes numbers of digits',
        'range › refuses %j as a number, in words that name from or limit',
      ],
    ],
    [
      `from is 0 unless given, limit is Infinity unless given; all else in a query is left out.`,
      ['range › reads %j as %j'],
    ],
    [
      `What is wrong with one of them is told in words that name it.`,
      [
        'range › refuses %j as a number, in words that name from or limit',
        'range › refuses what is given twice, which a query makes a list',
      ],
    ],
    [
      `an object whose own data is a well-formed text, without half characters.`,
      ['newBlock › takes the data %j', 'newBlock › refuses %s, in words that name data'],
    ],
    [
      `What is wrong is told in words that name data, or say that a JSON object is wanted.`,
      [
        'newBlock › refuses %s, in words that name data',
        'newBlock › refuses %s instead of an object, in words',
      ],
    ],
  ],
  'Task 5: one block': [
    [
      `An id of 1 to 15 digits is an index, latest is the tip, and all else is a hash.`,
      [
        'finds a block by its index, by its hash, and the latest',
        'finds an index of fifteen digits, when they begin with zeros',
        'finds a hash that has no letters among its digits',
      ],
    ],
    [
      `The node is asked for its chain at each request.`,
      [
        'follows the tip',
        'asks the node for its chain at each request, which may be another one',
      ],
    ],
    [
      `It throws a Problem 404 if there is no such block, and what the node throws.`,
      [
        'answers 404 to %s, which is no block',
        'passes on what a node throws that has no chain yet',
      ],
    ],
  ],
  'Task 6: many blocks': [
    [
      `which answers with a JSON array of blocks: limit of them from the index from on, as far as the chain goes.`,
      [
        'answers the genesis block alone while it is alone',
        'answers ?%s of five blocks with the indexes %j',
        'answers any range with the blocks that are there',
        'of a long chain › sends thousands of blocks, in order',
      ],
    ],
    [
      `Without a query these are all blocks.`,
      ['answers the whole chain as a JSON array'],
    ],
    [
      `The node is asked for its chain at each request.`,
      ['shows a block as soon as it is there'],
    ],
    [
      `Express answers a HEAD by the same handler, and leaves the body out.`,
      ['answers HEAD too'],
    ],
    [
      `It throws a Problem 400 if the query is not as range describes it, and what the node throws.`,
      [
        'answers ?%s with a problem that names from or limit',
        'passes on what a node throws that has no chain yet',
      ],
    ],
    [
      `a block is turned into JSON only when the client has taken nearly all before it.`,
      ['of a long chain › writes only as much as the client reads, not all at once'],
    ],
    [
      `A client that does not read keeps nobody else waiting, and none that goes away does any harm.`,
      [
        'of a long chain › serves others while one client does not read, and after it is gone',
      ],
    ],
    [
      `What the answer holds is settled when it begins.`,
      [
        'of a long chain › sends what was there when the answer began, though the chain changes',
      ],
    ],
  ],
  'Task 7: a body of JSON': [
    [
      `reads the body of a request, if it has one, and puts the JSON that it holds into req.body: any JSON`,
      [
        'hands a request on with what its body says',
        'reads the JSON %s',
        'takes the content type %s',
        'reads a body that comes in chunks',
      ],
    ],
    [
      `of which a block's data of 1 MiB fits in however it is written.`,
      ['answers a text of %s in JSON with the right status'],
    ],
    [
      `A request without a body, or with an empty one, passes.`,
      ['lets %s pass without a body, or with an empty one'],
    ],
    [
      `It throws a Problem 415 that names JSON if the Content-Type of a body is not that of it`,
      [
        'answers 415 to the content type %s, and says how to send JSON',
        'answers 415 to a body without a content type, long or in chunks',
      ],
    ],
    [
      `the errors of express.json if the body is no JSON, too large (more than 7 MiB are, unpacked), or written in a character set or an encoding that is unknown.`,
      [
        'answers 415 to %s, and says what to do',
        'answers 400 to %s, and says that it is no JSON',
        'answers 400 to chunks of bad JSON',
        'answers a text of %s in JSON with the right status',
        'counts what a compressed body unpacks to',
      ],
    ],
  ],
  'Task 8: a new block': [
    [
      `when the block is there, answers 201 with it as JSON. The header Location says where it is to be read: /blocks/ and its hash.`,
      ['answers 201, the block, and where it is', 'answers only when the block is there'],
    ],
    [`which takes what newBlock describes from req.body`, ['takes data that is %s']],
    [
      `Requests of one moment all go to the node at once.`,
      ['hands requests of one moment to the node at once, and gives each its own block'],
    ],
    [
      `413 if the data has more than MAX_DATA_BYTES bytes (the words say how many it may have), and what the node throws.`,
      ['counts the bytes of %s', 'passes on the problem of a node that takes no data'],
    ],
    [
      `In the first two cases the node is not asked.`,
      ['answers 400 to %s, and asks nothing of the node', 'counts the bytes of %s'],
    ],
  ],
  'Task 9: the API': [
    [
      `Builds the HTTP API of a node, from the handlers of this step.`,
      [
        'GET and POST › mines a block, which can be read where the answer says',
        'GET and POST › gives two requests of one moment the indexes 1 and 2',
        'GET and POST › puts twenty requests of one moment into twenty blocks',
      ],
    ],
    [
      `a new block, with the body read by jsonBody`,
      [
        'GET and POST › refuses %s, and mines nothing',
        'GET and POST › takes 1 MiB of control characters, which JSON writes as six each',
      ],
    ],
    [
      `another method than GET, HEAD and POST on /blocks with 405 and Allow: GET, POST`,
      [
        'GET and POST › answers HEAD too',
        'what is not there › answers %s /blocks with 405, and Allow names what there is',
      ],
    ],
    [
      `a malformed path with 400`,
      ['what is not there › answers the malformed path %s with a problem'],
    ],
    [
      `all that is not there with 404`,
      ['what is not there › answers %s %s with 404 and a problem'],
    ],
    [
      `No header tells what the API is made of.`,
      ['what is not there › does not say what it is made of'],
    ],
    [
      `Connections that never finish keep nobody else waiting, and a body that does not come to its end is none`,
      [
        'connections that never finish › serves others while one connection says nothing and one body never ends',
        'connections that never finish › mines nothing for a client that hangs up in the middle of its body',
        'connections that never finish › survives chunks that are none',
      ],
    ],
    [
      `whatever is thrown, is answered with a problem document`,
      [
        'the node behind it › passes on the problem of a node that has no chain yet, and asks again each time',
        'the node behind it › answers 500 when mining fails unexpectedly, without the text of the error',
      ],
    ],
    [
      `They get bodies that were read, and are asked before "no such path" is answered; what they throw is answered in the same way`,
      [
        'the node behind it › serves further routers, with parsed bodies, and their problems',
      ],
    ],
  ],
};
