/**
 * The command line: `pychain` runs a node, its subcommands speak to one that runs.
 *
 * @module
 */
import { Option } from 'commander';
import { allowedHost } from './commands/allow-host.ts';
import { Inquiry, type AskOptions } from './commands/ask.ts';
import { nearest } from './commands/nearest.ts';
import type { ListOptions, PayOptions } from './commands/coins.ts';
import type { ClassOptions } from './commands/class.ts';
import type { NetworkOptions } from './commands/network.ts';
import type { RunOptions } from './commands/run.ts';
import {
  CommandLine,
  isUsageError,
  refuseMisplaced,
  TYPED,
  USAGE_ERROR,
  UsageError,
  type Value,
} from './commands/usage.ts';
import {
  coin,
  difficulty,
  nodeName,
  oneOf,
  port,
  portToAsk,
  wholeNumber,
  word,
} from './commands/values.ts';
import type { VerifyOptions } from './commands/verify.ts';
import { DEFAULT_DIFFICULTY, HOST, HTTP_PORT, WS_PORT } from './node/defaults.ts';
import { difficultyInWords } from './terminal/numbers.ts';
import { quote } from './terminal/quote.ts';
import metadata from '../package.json' with { type: 'json' };

const address = word('address', 'an address of this machine', '0.0.0.0');
const folder = word('folder', 'the path of a folder', 'my-chain');
const wallet = word('wallet', 'the path of a wallet file, or an address', 'alice.pem');
const httpPort = port(HTTP_PORT + 1);
const askedPort = portToAsk(HTTP_PORT + 1);
const wsPort = port(WS_PORT + 1);

/** What `-n` takes; the urls are read in `commands/peer-urls.ts`. */
const node = word('node to join', 'ws://host:port', `ws://localhost:${WS_PORT}`);

/** The text of a block. */
const text: Value<string> = {
  noun: 'text',
  form: 'what the block is to carry, in quotes',
  example: '"hello"',
  read: (data) => data,
};

/** Whom a command about coins means. */
const who: Value<string> = {
  noun: 'name or address',
  form: 'the name of a wallet of this folder, or a whole address',
  example: 'alice',
  read: (typed) => (typed === '' ? undefined : typed),
};

const walletName = word('name', 'letters, digits, - and _, up to 32', 'alice');
const amount = {
  ...wholeNumber('amount', 1, 999_999_999_999_999, 5, ' of coins'),
  example: 'alice 5',
};
const fee = wholeNumber('fee', 1, 999_999_999_999_999, 1, ' of coins');
const listed = wholeNumber('limit', 1, 1_000, 50);

/** What `--allow-host` is for. */
const ALLOW_HOST =
  'a further name that the API is called by, or the origin of a proxy (repeatable)';

const LOG_LEVELS = 'debug, info, warn, error or silent';
const logLevel = oneOf('level', ['debug', 'info', 'warn', 'error', 'silent']);

const DEFAULT_DIGITS = DEFAULT_DIFFICULTY / 4;

/** What `-d` is for. */
const DIGITS = `zero hex digits of each hash in a new network, 0 to 64: ${DEFAULT_DIGITS} are ${DEFAULT_DIFFICULTY} bits`;

/** What people type in other programs, and what to type here. */
const ELSEWHERE: readonly (readonly [words: RegExp, advice: string])[] = [
  [/^(run|start|node|serve)$/, './pychain without a command runs a node.'],
  [/^(stop|quit|exit|kill)$/, 'Ctrl-C in its terminal stops a node.'],
  [/^(list|ls|chain|show)$/, 'Type ./pychain blocks'],
  [/^(add|post|send|write|append)$/, 'Type ./pychain mine "hello"'],
  [
    /^(connect|wss?:\/\/.*)$/i,
    `To join a node type ./pychain -n ws://localhost:${WS_PORT}`,
  ],
];

/**
 * Loads a command that takes more than to ask a node. Such modules come by the loader of
 * tsx for ES modules; what answers at once does without it (see `pychain`).
 */
async function load<T>(command: () => Promise<T>): Promise<T> {
  const { register } = await import('tsx/esm/api');
  register();
  return command();
}

const program = new CommandLine('pychain');
program
  .description('Runs a node of a blockchain network. Without -n it starts a network.')
  .optionsGroup('Options:')
  .values('-n, --node <url>', 'a node to join, as ws://host:port (repeatable)', node)
  .value(
    '-p, --http-port <port>',
    'port of the HTTP API; 0: a free one',
    httpPort,
    HTTP_PORT,
  )
  .value('-w, --ws-port <port>', 'port for peers; 0: a free one', wsPort, WS_PORT)
  .value(
    '-d, --difficulty <digits>',
    `${DIGITS} (default: ${DEFAULT_DIGITS})`,
    difficulty,
  )
  .perhaps(
    '--coin [numbers]',
    `a new network has coins: new ones with a block, blocks until these halve, payments a block (alone: ${coin.example})`,
    coin,
  )
  .optionsGroup('Network:')
  .value('--name <name>', 'what others are to call the node, such as Ada', nodeName)
  .value('--host <address>', 'address to listen on; 0.0.0.0: all', address, HOST)
  .value(
    '--outbound <count>',
    'how many peers to look for beyond those of -n (default: 8)',
    wholeNumber('number of peers', 0, 64, 8),
  )
  .optionsGroup('Mining:')
  .option('--mine', 'mine empty blocks without end')
  .value(
    '--threads <count>',
    'how many threads mine (default: one for each core)',
    wholeNumber('number of threads', 1, 1_024, 2),
  )
  .value(
    '--kernel <name>',
    'what tries the nonces: wasm, typescript or step (default: wasm, or step with a step 3 of your own)',
    oneOf('kernel', ['wasm', 'typescript', 'step']),
  )
  .value(
    '--wallet <file>',
    'a wallet file or an address: where the coins for blocks go (default: wallet.pem in the data folder)',
    wallet,
  )
  .optionsGroup('Safety:')
  .values('--allow-host <name>', ALLOW_HOST, allowedHost)
  .option(
    '--shared-address',
    'all peers come through one proxy: set no limits by address',
  )
  .optionsGroup('Data and log:')
  .value(
    '--data-dir <folder>',
    'where to keep the chain (default: .pychain/<ws-port>)',
    folder,
  )
  .option('--memory', 'keep nothing on disk, and all data in memory')
  .value('--log-level <level>', LOG_LEVELS, logLevel, 'info')
  .version(metadata.version, '--version', 'show the version')
  .addHelpOption(new Option('-h, --help', 'show this help').helpGroup('Options:'))
  .enablePositionalOptions()
  .allowExcessArguments()
  .insteadOfUnknown(insteadOfUnknown)
  .examples(
    ['./pychain', 'starts a network'],
    [`./pychain -n ws://localhost:${WS_PORT} -p 6002 -w 8001`, 'joins it'],
    ['./pychain mine "hello" -p 6002', 'has the second node mine'],
    ['./pychain --coin', 'starts a network with coins'],
  )
  .addHelpText('after', TYPED === undefined ? '' : `\nHere ./pychain is ${TYPED}`)
  .hook('preSubcommand', (_program, command) => refuseMisplaced(program, command))
  .action(async (options: RunOptions) => {
    program.refuseUnknown();
    const { run } = await load(() => import('./commands/run.ts'));
    await run(options);
  });

/** Says what to type instead of a command that there is not. */
function insteadOfUnknown(typed: string): string {
  const names = program.commands.map((command) => command.name());
  const meant = nearest(typed, names);
  if (meant !== undefined) return `Did you mean ./pychain ${meant}?`;
  const advice = ELSEWHERE.find(([words]) => words.test(typed))?.[1];
  return advice ?? './pychain --help lists the commands.';
}

/** Adds a command that asks a node that runs. */
function inquiry(name: string, description: string): CommandLine {
  return program
    .command(name)
    .helpGroup('Ask a node that runs:')
    .description(description)
    .value('-p, --http-port <port>', 'port of the node to ask', askedPort, HTTP_PORT)
    .value('--host <address>', 'address of the node to ask', address, HOST)
    .option('--json', 'print the JSON that the node sends')
    .allowExcessArguments(false)
    .insteadOf((extra) => insteadOf(name, extra));
}

/** Says what to type instead of a word too many. */
function insteadOf(name: string, extra: string): string {
  const isNumber = /^\d+$/.test(extra);
  if (name === 'blocks' && isNumber)
    return `One block: ./pychain block ${extra}, several: ./pychain blocks --from ${extra}`;
  if (name !== 'block' && isNumber && Number(extra) > 1_000)
    return `Another node: ./pychain ${name} -p ${extra}`;
  const example = name === 'block' ? './pychain block 7' : `./pychain ${name}`;
  return `Leave it out: ${example}`;
}

/** Adds a command about coins. */
const aboutCoins = (name: string, description: string): CommandLine =>
  inquiry(name, description).helpGroup('Coins:');

/** Loads what answers questions about coins: it takes the steps. */
const coinInquiry = async (options: AskOptions) => {
  const { CoinInquiry } = await load(() => import('./commands/coins.ts'));
  return new CoinInquiry(options);
};

/** Says how to write a text of several words. */
function oneTextOf(words: readonly string[]): string {
  const whole = words.join(' ');
  const example = /^[\w .,;:?/-]+$/.test(whole) ? whole : 'hello world';
  return `A block carries one text. Put it in quotes: ./pychain mine "${example}"`;
}

/** Asks, and says in one line what went wrong. */
async function ask(
  options: AskOptions,
  question: (inquiry: Inquiry) => Promise<void>,
): Promise<void> {
  await answer(() => question(new Inquiry(options)));
}

/** Does what is asked for, and says in one line what went wrong. */
async function answer(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

inquiry(
  'mine',
  'mine a block that carries this text, or with coins the payments that wait',
)
  .takes('data', 'the text, in quotes; none in a network with coins', text, true)
  .allowExcessArguments()
  .examples(
    ['./pychain mine "hello"', 'mines on the node at port 6001'],
    ['./pychain mine', 'mines a block in a network with coins'],
    ['./pychain mine "hello" -p 6002', 'mines on another'],
    ['./pychain mine -- "-1"', 'a text that begins with -'],
  )
  .action(
    async (typed: string | undefined, options: AskOptions, command: CommandLine) => {
      const data = typed ?? '';
      if (typed === undefined && !(await new Inquiry(options).hasCoins()))
        throw command.lackOf('data');
      const words = command.args;
      if (words.length > 1) throw new UsageError(oneTextOf(words));
      // Node writes this for bytes that are none, such as those of a terminal in Latin-1.
      if (data.includes('\ufffd')) {
        const advice = 'Let the terminal use UTF-8, or post the text as JSON.';
        throw new UsageError(`The text is not UTF-8. ${advice}`);
      }
      await ask(options, (asked) => asked.mine(data));
    },
  );
inquiry('blocks', 'list the newest blocks')
  .value(
    '--from <index>',
    'the first block to list',
    wholeNumber('index', 0, Infinity, 100),
  )
  .value(
    '--limit <count>',
    'how many to list (default: 20)',
    wholeNumber('limit', 1, Infinity, 50),
  )
  .examples(
    ['./pychain blocks', 'lists the last 20'],
    ['./pychain blocks --from 0 --limit 5', 'lists the first 5'],
  )
  .action((options: AskOptions & { from?: number; limit?: number }) =>
    ask(options, (asked) => asked.blocks(options.from, options.limit)),
  );
inquiry('block', 'show a block by its index, its hash, or "latest"')
  .takes('id', 'index, hash, or "latest"', {
    noun: 'block to show',
    form: 'its index, its hash, or latest',
    example: 'latest',
    read: (id) => id,
  })
  .examples(
    ['./pychain block latest', 'shows the last block'],
    ['./pychain block 7', 'shows block 7'],
  )
  .action((id: string, options: AskOptions) => ask(options, (asked) => asked.block(id)));
inquiry('peers', 'list the peers of a node')
  .examples(['./pychain peers -p 6002', 'lists those of the node at port 6002'])
  .action((options: AskOptions) => ask(options, (asked) => asked.peers()));
inquiry('status', 'show the state of a node')
  .examples(
    ['./pychain status', 'shows the state of the node at port 6001'],
    ['./pychain status --json -p 6002', 'gives another one as JSON'],
  )
  .action((options: AskOptions) => ask(options, (asked) => asked.status()));
inquiry('events', 'tell what happens to a node')
  .examples(['./pychain events', 'tells of blocks and peers until Ctrl-C'])
  .action((options: AskOptions) => ask(options, (asked) => asked.events()));

aboutCoins('pay', 'pay coins to somebody, signed with a wallet of this folder')
  .takes('to', 'who is paid: the name of a wallet here, or an address', who)
  .takes('amount', 'how many coins', amount)
  .value('--fee <coins>', 'coins more for who finds the block', fee, 1)
  .value('--from <wallet>', 'the wallet that pays (default: that of the node)', who)
  .option('--yes', 'pay an address that nobody was ever paid at, without asking back')
  .examples(
    ['./pychain pay bob 5', 'pays five coins to the wallet bob'],
    ['./pychain pay bob 5 --fee 3 --from alice', 'pays from the wallet alice'],
  )
  .action(async (to: string, coins: number, options: PayOptions) =>
    answer(async () => (await coinInquiry(options)).pay(to, coins, options)),
  );
aboutCoins('account', 'show what somebody has, by default the node itself')
  .takes('who', 'the name of a wallet here, or an address', who, true)
  .examples(['./pychain account alice', 'shows what the wallet alice has'])
  .action(async (name: string | undefined, options: AskOptions) =>
    answer(async () => (await coinInquiry(options)).account(name)),
  );
aboutCoins('accounts', 'list who has how much, the most first')
  .value('--limit <count>', 'how many to list (default: 20)', listed)
  .examples(['./pychain accounts --limit 5', 'lists the five with the most'])
  .action(async (options: ListOptions) =>
    answer(async () => (await coinInquiry(options)).accounts(options)),
  );
aboutCoins('mempool', 'list the payments that wait for a block')
  .value('--limit <count>', 'how many to list (default: 20)', listed)
  .examples(['./pychain mempool', 'lists those that come next'])
  .action(async (options: ListOptions) =>
    answer(async () => (await coinInquiry(options)).mempool(options)),
  );
aboutCoins('payment', 'tell where a payment is')
  .takes(
    'id',
    'its id, 64 hex digits',
    word('id', 'the 64 digits that pay shows', 'ab12…'),
  )
  .examples(['./pychain payment ID', 'tells whether it waits, or in which block it is'])
  .action(async (id: string, options: AskOptions) =>
    answer(async () => (await coinInquiry(options)).payment(id)),
  );
aboutCoins('wallet', 'list the wallets of this folder, and what they have')
  .examples(
    ['./pychain wallet', 'lists the wallets'],
    ['./pychain wallet new alice', 'makes one'],
  )
  .action(async (options: AskOptions) =>
    answer(async () => (await coinInquiry(options)).wallets()),
  )
  .command('new')
  .description('make a wallet with a name')
  .takes('name', 'what to call it', walletName)
  .option('--json', 'print it as JSON')
  .allowExcessArguments(false)
  .action(async (name: string, { json }: { json?: boolean }) =>
    answer(async () => {
      const { makeWallet } = await load(() => import('./commands/coins.ts'));
      makeWallet(name, json);
    }),
  );
/** Adds a command that runs a node of a class: others reach it, its API stays on this machine. */
function ofClass(name: string, description: string): CommandLine {
  return program
    .command(name)
    .helpGroup('In a class:')
    .description(description)
    .value('--name <name>', 'what others are to call the node, such as Ada', nodeName)
    .value(
      '-p, --http-port <port>',
      'port of the HTTP API; 0: a free one',
      httpPort,
      HTTP_PORT,
    )
    .value('-w, --ws-port <port>', 'port for peers; 0: a free one', wsPort, WS_PORT)
    .value('--host <address>', 'address to listen on for peers', address, '0.0.0.0')
    .option('--mine', 'mine empty blocks without end')
    .value('--data-dir <folder>', 'where to keep the chain', folder)
    .value('--log-level <level>', LOG_LEVELS, logLevel, 'info')
    .allowExcessArguments(false);
}

ofClass('class', 'start a network for a class: others join by one line, all see its page')
  .value(
    '-d, --difficulty <digits>',
    `${DIGITS} (default: ${DEFAULT_DIGITS})`,
    difficulty,
  )
  .value(
    '--size <count>',
    'how many are to join, for the list of things to do',
    wholeNumber('size', 1, 120, 30),
    10,
  )
  .option('--open', 'open the page of the class in the browser')
  .option('--no-announce', 'do not make it known in the network: all type its address')
  .insteadOf((extra) => `A name: ./pychain class --name ${quote(extra, 24)}`)
  .examples(
    ['./pychain class --open', 'starts it, and shows its page'],
    ['./pychain class --size 24 -d 5', `for 24 nodes, with ${difficultyInWords(20)}`],
  )
  .action(async (options: ClassOptions) => {
    const { runClass } = await load(() => import('./commands/class.ts'));
    await runClass(options);
  });
ofClass('join', 'join a class: the one that is found, or the one at an address')
  .argument('[address]', 'what ./pychain class prints: a host, host:port, or a url')
  .insteadOf(() => 'It takes one address: ./pychain join 192.168.1.20')
  .examples(
    ['./pychain join --name Ada', 'joins the class in this network'],
    ['./pychain join 192.168.1.20', 'joins the one at this address'],
  )
  .action(async (where: string | undefined, options: RunOptions) => {
    const { runJoin } = await load(() => import('./commands/join.ts'));
    await runJoin(where, options);
  });

program
  .command('network')
  .helpGroup('Without a node that runs:')
  .description('run a local network of several nodes, and a page to experiment with it')
  .takes('count', 'how many nodes, 2 to 12', wholeNumber('number of nodes', 2, 12, 5))
  .value('-p, --http-port <port>', 'port of the page; 0: a free one', httpPort, 0)
  .value('-d, --difficulty <digits>', DIGITS, difficulty, DEFAULT_DIGITS)
  .value(
    '--data-dir <folder>',
    'where to keep the chains (default: a temporary one)',
    folder,
  )
  .values('--allow-host <name>', ALLOW_HOST, allowedHost)
  .option('--coin', 'its blocks carry payments; each node has a wallet')
  .allowExcessArguments(false)
  .insteadOf(() => 'It takes one number: ./pychain network 5')
  .examples(
    ['./pychain network 5', 'runs five nodes'],
    ['./pychain network 4 --coin', 'lets four nodes pay each other'],
    ['./pychain network 3 -d 5', `with ${difficultyInWords(20)}: slower blocks`],
  )
  .action(async (count: number, options: NetworkOptions) => {
    const { runNetwork } = await load(() => import('./commands/network.ts'));
    await runNetwork(count, options);
  });

program
  .command('verify')
  .helpGroup('Without a node that runs:')
  .description('check a data folder whose node is not running')
  .value('-w, --ws-port <port>', 'port for peers of its node', wsPort, WS_PORT)
  .value('--data-dir <folder>', 'the folder (default: .pychain/<ws-port>)', folder)
  .allowExcessArguments(false)
  .insteadOf((extra) => `A folder: ./pychain verify --data-dir ${quote(extra, 40)}`)
  .examples(
    ['./pychain verify', `checks .pychain/${WS_PORT}`],
    ['./pychain verify --data-dir my-chain', 'checks another folder'],
  )
  .action(async (options: VerifyOptions) => {
    const { verify } = await load(() => import('./commands/verify.ts'));
    await verify(options);
  });

program
  .command('new')
  .helpGroup('Without a node that runs:')
  .description('lay the whole kit out in a folder: steps to write, tests, tutorial')
  .takes('folder', 'a folder that is new or empty', folder)
  .allowExcessArguments(false)
  .insteadOf(() => 'It takes one folder: ./pychain new my-chain')
  .examples(['./pychain new my-chain', 'makes the folder my-chain'])
  .action(async (place: string) => {
    const { layOutKit } = await load(() => import('./commands/new.ts'));
    await layOutKit(place);
  });

program.command('help [command]', { hidden: true }).action((name?: string) => {
  const named = program.commands.find((command) => command.name() === name);
  if (name !== undefined && named === undefined) throw program.unknownCommand(name);
  (named ?? program).outputHelp();
});

program.parseAsync().catch((error: unknown) => {
  if (!isUsageError(error)) throw error;
  console.error(error.message);
  process.exitCode = USAGE_ERROR;
});
