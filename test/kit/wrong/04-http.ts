import type { WrongProgram } from './program.ts';

export const programs: readonly WrongProgram[] = [
  {
    name: 'tells the client what went wrong inside',
    file: 'problem.ts',
    replace: [
      `detail: 'The node made a mistake. Its log says more.'`,
      'detail: String(error)',
    ],
  },
  {
    name: 'tells the client what the parser of JSON says',
    file: 'problem.ts',
    replace: [
      `bodyErrors[String(type)] ?? 'The request is malformed.'`,
      'bodyErrors[String(type)] ?? String(error)',
    ],
  },
  {
    name: 'logs what is only the business of the client',
    file: 'problem.ts',
    replace: ['if (status === 500) console.error(error);', 'console.error(error);'],
  },
  {
    name: 'answers problems as plain JSON',
    file: 'problem.ts',
    replace: [`'application/problem+json'`, `'application/json'`],
  },
  {
    name: 'forgets the status of a problem',
    file: 'problem.ts',
    replace: ['    this.status = status;\n', '    this.status = 500 + 0 * status;\n'],
  },
  {
    name: 'runs all work at once',
    file: 'turns.ts',
    replace: ['this.#last.then(work)', 'Promise.resolve().then(work)'],
  },
  {
    name: 'stops for good after a failure',
    file: 'turns.ts',
    replace: ['this.#last = turn.catch(() => undefined);', 'this.#last = turn;'],
  },
  {
    name: 'never gives a place back',
    file: 'turns.ts',
    replace: ['.finally(() => (this.#count -= 1))', ''],
  },
  {
    name: 'gives a place back only after work that went well',
    file: 'turns.ts',
    replace: [
      '.finally(() => (this.#count -= 1))',
      '.then((result) => {\n      this.#count -= 1;\n      return result;\n    })',
    ],
  },
  {
    name: 'lets one too many in',
    file: 'turns.ts',
    replace: ['this.#count >= this.#limit', 'this.#count > this.#limit'],
  },
  {
    name: 'gives a place back as soon as the work begins',
    file: 'turns.ts',
    replace: [
      'this.#last.then(work).finally(() => (this.#count -= 1));',
      `this.#last.then(() => {
        try {
          return work();
        } finally {
          this.#count -= 1;
        }
      });`,
    ],
  },
  {
    name: 'mines all requests at once',
    file: 'mining-queue.ts',
    replace: ['this.#turns.take(() => this.#mineOnTip(data))', 'this.#mineOnTip(data)'],
  },
  {
    name: 'asks for the tip once, and no more',
    file: 'mining-queue.ts',
    replace: [
      'const { tip, add } = this.#options;',
      'const { add } = this.#options;\n    const first = this.#options.tip();\n    const tip = () => first;',
    ],
  },
  {
    name: 'returns a block that came too late',
    file: 'mining-queue.ts',
    replace: [
      'block !== undefined && (await add(block))',
      'block !== undefined && [await add(block)]',
    ],
  },
  {
    name: 'does not wait for what is added slowly',
    file: 'mining-queue.ts',
    replace: ['(await add(block))', 'Boolean(add(block))'],
  },
  {
    name: 'tells the caller of a restart',
    file: 'mining-queue.ts',
    replace: ['      if (signal.aborted) return undefined;\n', ''],
  },
  {
    name: 'takes what a search found after it was aborted',
    file: 'mining-queue.ts',
    replace: ['signal.aborted ? undefined : block', 'block'],
  },
  {
    name: 'searches with a signal that stays aborted',
    file: 'mining-queue.ts',
    replace: ['    this.#search = new AbortController();\n    const', '    const'],
  },
  {
    name: 'takes whatever Number makes of a text',
    file: 'schemas.ts',
    replace: [`/^\\d{1,15}$/, {`, `/./, {`],
  },
  {
    name: 'takes half a character as data',
    file: 'schemas.ts',
    replace: ['data.isWellFormed()', 'data.length >= 0'],
  },
  {
    name: 'takes a hash for an index',
    file: 'get-block.ts',
    replace: ['/^\\d{1,15}$/.test(id)', '!Number.isNaN(Number(id))'],
  },
  {
    name: 'keeps the chain that was there first',
    file: 'get-block.ts',
    replace: [
      '  return (req, res) => {\n    res.json(findBlock(node.chain, ',
      '  const { chain } = node;\n  return (req, res) => {\n    res.json(findBlock(chain, ',
    ],
  },
  {
    name: 'takes limit for an end',
    file: 'get-blocks.ts',
    replace: ['node.chain.slice(from, from + limit)', 'node.chain.slice(from, limit)'],
  },
  {
    name: 'sends the chain in one piece',
    file: 'get-blocks.ts',
    replace: [
      'const sent = pipeline(Readable.from(jsonPieces(blocks)), res);',
      `res.send([...jsonPieces(blocks)].join(''));\n  const sent = Promise.resolve();`,
    ],
  },
  {
    name: 'forgets the comma between two pieces',
    file: 'get-blocks.ts',
    replace: ["i > 0 ? ',\\n' : ''", "i > 0 && piece !== '' ? ',\\n' : ''"],
  },
  {
    name: 'takes any content type',
    file: 'json-body.ts',
    replace: ["req.is('json') === false", 'false as boolean'],
  },
  {
    name: 'asks what has no body for its type',
    file: 'json-body.ts',
    replace: [" && req.get('Content-Length') !== '0'", ''],
  },
  {
    name: 'leaves too little room for how JSON writes data',
    file: 'json-body.ts',
    replace: ['6 * MAX_DATA_BYTES', '2 * MAX_DATA_BYTES'],
  },
  {
    name: 'lets a request wait for ever',
    file: 'json-body.ts',
    replace: ['    read(req, res, next);\n', '    read(req, res, () => undefined);\n'],
    isEndless: true,
  },
  {
    name: 'answers 200 to a new block',
    file: 'post-block.ts',
    replace: ['res.status(201)', 'res.status(200)'],
  },
  {
    name: 'counts characters of data',
    file: 'post-block.ts',
    replace: ['Buffer.byteLength(data) >', 'data.length >'],
  },
  {
    name: 'asks the node for one block at a time',
    file: 'post-block.ts',
    replace: [
      '  return async (req, res) => {',
      '  let last: Promise<unknown> = Promise.resolve();\n  return async (req, res) => {\n' +
        '    const before = last;\n    last = new Promise((resolve) => res.once("finish", resolve));\n' +
        '    await before;',
    ],
    isEndless: true,
  },
  {
    name: 'does not say which methods there are',
    file: 'api.ts',
    replace: ["      res.set('Allow', 'GET, POST');\n", ''],
  },
  {
    name: 'asks further routers too late',
    file: 'api.ts',
    replace: ['  for (const router of routers) app.use(router);\n\n', '\n'],
  },
  {
    name: 'leaves errors to express',
    file: 'api.ts',
    replace: ['  app.use(problemHandler);\n', ''],
  },
];
