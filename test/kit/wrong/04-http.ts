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
    name: 'mines all requests at once',
    file: 'mining-queue.ts',
    replace: ['this.#last.then(() => this.#mineOnTip(data))', 'this.#mineOnTip(data)'],
  },
  {
    name: 'stops for good after a failure',
    file: 'mining-queue.ts',
    replace: ['turn.catch(() => undefined).then(', 'turn.then('],
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
    name: 'tells the caller of a restart',
    file: 'mining-queue.ts',
    replace: ['      if (signal.aborted) return undefined;\n', ''],
  },
  {
    name: 'never counts down who waits',
    file: 'mining-queue.ts',
    replace: ['(this.#waiting -= 1)', 'undefined'],
  },
  {
    name: 'takes limit for an end',
    file: 'api.ts',
    replace: ['node.chain.slice(from, from + limit)', 'node.chain.slice(from, limit)'],
  },
  {
    name: 'takes whatever Number makes of a text',
    file: 'api.ts',
    replace: [`/^\\d{1,15}$/, {`, `/./, {`],
  },
  {
    name: 'takes any content type',
    file: 'api.ts',
    replace: ["req.is('json') !== false", 'true'],
  },
  {
    name: 'answers 200 to a new block',
    file: 'api.ts',
    replace: ['res.status(201)', 'res.status(200)'],
  },
  {
    name: 'counts characters of data',
    file: 'api.ts',
    replace: ['Buffer.byteLength(data) >', 'data.length >'],
  },
  {
    name: 'sends the chain in one piece',
    file: 'api.ts',
    replace: [
      'await pipeline(Readable.from(jsonPieces(blocks)), res);',
      `res.send([...jsonPieces(blocks)].join(''));`,
    ],
  },
];
