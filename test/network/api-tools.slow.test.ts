/** What the tools of others make of the description of the API: a linter, and a generated client. */
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newKeys, paymentId } from '#signatures';
import type { Result } from '../../final/lab/program.ts';
import { env, startProgram } from '../program.ts';
import { CoinNode, stopNodes } from './coins.ts';
import { cleanUp, newFolder } from './harness.ts';

const packages = join(import.meta.dirname, '..', '..', 'node_modules');

/** Nothing is asked of other machines. */
const offline = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };

let folder = '';
let texts: CoinNode;
let coins: CoinNode;

/** Runs a program of a package in the folder of those who write a client. */
async function run(program: string, ...args: string[]): Promise<Result> {
  const options = { cwd: folder, env: { ...env, ...offline } };
  return startProgram(join(packages, program), args, options).end;
}

const program = {
  'texts.ts': `
import createClient from 'openapi-fetch';
import type { paths } from './api.ts';

const client = createClient<paths>({ baseUrl: process.argv[2] ?? '' });

const posted = await client.POST('/blocks', { body: { data: 'by a generated client' } });
if (posted.error !== undefined) throw new Error(posted.error.detail);
const { hash, index } = posted.data;

const one = await client.GET('/blocks/{id}', { params: { path: { id: hash } } });
const part = await client.GET('/blocks', { params: { query: { from: index, limit: 1 } } });
const none = await client.GET('/blocks/{id}', { params: { path: { id: '99' } } });
console.log(
  JSON.stringify([one.data?.data, part.data?.map((block) => block.hash === hash), none.error?.detail]),
);
`,
  'coins.ts': `
import createClient from 'openapi-fetch';
import type { components, paths } from './api.ts';

const client = createClient<paths>({ baseUrl: process.argv[2] ?? '' });
const payment = JSON.parse(process.argv[3] ?? '') as components['schemas']['NewPayment'];

const given = await client.POST('/payments', { body: payment });
if (given.error !== undefined) throw new Error(given.error.detail);
const { id } = given.data;

const known = await client.GET('/payments/{id}', { params: { path: { id } } });
const waiting = await client.GET('/mempool', { params: { query: { limit: 1 } } });
const payer = await client.GET('/accounts/{address}', {
  params: { path: { address: payment.from } },
});
console.log(
  JSON.stringify([
    id,
    known.data?.state,
    known.data?.payment.amount,
    waiting.data?.payments[0]?.fee,
    payer.data?.pending?.count,
  ]),
);
`,
};

/** Lines that are wrong, with what the compiler is to say of them. */
const wrong: readonly (readonly [what: string, code: string, complaint: RegExp])[] = [
  ['a path that there is not', `client.GET('/block', {});`, /"\/block"/],
  ['a way to ask that a path does not have', `client.POST('/status', {});`, /"\/status"/],
  [
    'a text under another name',
    `client.POST('/blocks', { body: { text: 'x' } });`,
    /'text' does not exist/,
  ],
  [
    'a text that is a number',
    `client.POST('/blocks', { body: { data: 7 } });`,
    /'number' is not assignable to type 'string'/,
  ],
  ['a body that is missing', `client.POST('/blocks');`, /Expected 2 arguments/],
  [
    'an index that is a text',
    `client.GET('/blocks', { params: { query: { from: 'one' } } });`,
    /'string' is not assignable to type 'number'/,
  ],
  [
    'a field that a block does not have',
    `(await client.GET('/blocks')).data?.[0]?.hsah;`,
    /'hsah' does not exist/,
  ],
  [
    'a payment without its fee',
    `client.POST('/payments', { body: { from: '', to: '', amount: 1, count: 0, signature: '' } });`,
    /'fee' is missing/,
  ],
  [
    'a state that no payment is in',
    `(await client.GET('/payments/{id}', { params: { path: { id: '' } } })).data?.state === 'lost';`,
    /have no overlap/,
  ],
  [
    'coins of a network that may have none',
    `(await client.GET('/status')).data?.coin.supply;`,
    /possibly 'null'/,
  ],
];

const nameOf = (i: number) => `wrong-${i}.ts`;

const wrongProgram = (code: string) => `
import createClient from 'openapi-fetch';
import type { paths } from './api.ts';

const client = createClient<paths>({ baseUrl: '' });
${code}
`;

const options = {
  target: 'es2023',
  lib: ['es2023', 'dom', 'dom.iterable'],
  module: 'nodenext',
  types: ['node'],
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  noUncheckedIndexedAccess: true,
};

/** What is read of the description of the API. */
interface Description {
  readonly paths: Record<
    string,
    { readonly get?: { readonly parameters?: Parameter[] } }
  >;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema: {
    readonly type: string;
    readonly minimum: number;
    readonly maximum?: number;
  };
}

/** What the compiler says of all these programs. */
let complaints = '';

beforeAll(async () => {
  folder = await newFolder();
  texts = await CoinNode.start({ coin: null });
  coins = await CoinNode.start();
  symlinkSync(packages, join(folder, 'node_modules'), 'junction');
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write('package.json', '{"type":"module"}');
  write('tsconfig.json', JSON.stringify({ compilerOptions: options }));
  for (const [name, text] of Object.entries(program)) write(name, text);
  for (const [i, [, code]] of wrong.entries()) write(nameOf(i), wrongProgram(code));
  const description = `${texts.url}/openapi.json`;
  const made = await run('openapi-typescript/bin/cli.js', description, '-o', 'api.ts');
  if (made.code !== 0) throw new Error(made.output);
  complaints = (await run('typescript/bin/tsc', '--pretty', 'false')).output;
});
afterAll(async () => {
  await stopNodes();
  await cleanUp();
});

describe('The description of the API', () => {
  it('has nothing that the linter of OpenAPI finds fault with', async () => {
    const text = JSON.stringify(await texts.get('/openapi.json'));
    const lint = async (name: string, document: string) => {
      writeFileSync(join(folder, name), document);
      const args = ['lint', name, '--extends', 'recommended-strict', '--format=json'];
      const { output } = await run('@redocly/cli/bin/cli.js', ...args);
      const report = output.slice(output.indexOf('{\n'), output.lastIndexOf('}') + 1);
      return JSON.parse(report) as { totals: object; problems: { ruleId: string }[] };
    };
    const [{ totals, problems }, silent] = await Promise.all([
      lint('openapi.json', text),
      lint('silent.json', text.replaceAll('"summary"', '"x-summary"')),
    ]);
    expect(silent.problems[0]?.ruleId).toBe('operation-summary');
    expect(problems).toEqual([]);
    expect(totals).toMatchObject({ errors: 0, warnings: 0 });
  });

  it('is true of the numbers that queries take, and of no others', async () => {
    const { paths } = await coins.get<Description>('/openapi.json');
    const numbers = Object.entries(paths).flatMap(([path, { get }]) =>
      (get?.parameters ?? [])
        .filter((one) => one.in === 'query' && one.schema.type === 'integer')
        .map(({ name, schema }) => ({ path, name, ...schema })),
    );
    expect(numbers.map(({ path, name }) => `${path}?${name}`)).toEqual(
      expect.arrayContaining(['/blocks?from', '/forks?last', '/mempool?limit']),
    );
    for (const { path, name, minimum, maximum } of numbers) {
      const taken = [minimum, maximum ?? minimum + 1];
      const refused = [
        minimum - 1,
        `${minimum}.5`,
        maximum === undefined ? '' : maximum + 1,
      ];
      const ask = async (value: unknown) =>
        (await coins.request(`${path}?${name}=${String(value)}`)).status;
      expect([path, name, ...(await Promise.all(taken.map(ask)))]).toEqual([
        path,
        name,
        200,
        200,
      ]);
      expect([path, name, ...(await Promise.all(refused.map(ask)))]).toEqual([
        path,
        name,
        400,
        400,
        400,
      ]);
    }
  });
});

describe('A client that is generated from the description', () => {
  it.each(Object.keys(program))('has types that %s gets along with', (name) => {
    expect(complaints.split('\n').filter((line) => line.startsWith(name))).toEqual([]);
  });

  it.each(wrong.map(([what, , complaint], i) => [what, i, complaint] as const))(
    'does not take %s',
    (_what, i, complaint) => {
      const [, found = ''] = complaints.split(nameOf(i));
      expect(found.split(/\n\S/)[0]).toMatch(complaint);
    },
  );

  it('posts a block and reads it', async () => {
    const { code, output } = await run('tsx/dist/cli.mjs', 'texts.ts', texts.url);
    expect([code, JSON.parse(output)]).toEqual([
      0,
      ['by a generated client', [true], expect.stringContaining('99')],
    ]);
    expect(texts.node.chain.tip.data).toBe('by a generated client');
  });

  it('posts a payment and reads it', async () => {
    await coins.mine();
    const payment = coins.sign(newKeys().address, 30, 0, 2);
    const args = [coins.url, JSON.stringify(payment)];
    const { code, output } = await run('tsx/dist/cli.mjs', 'coins.ts', ...args);
    expect([code, JSON.parse(output)]).toEqual([
      0,
      [paymentId(payment), 'waiting', 30, 2, 1],
    ]);
  });
});
