/**
 * The command line: `pychain` runs a node, its subcommands speak to one that runs.
 *
 * @module
 */
import { Command, InvalidArgumentError, Option } from 'commander';
import { Inquiry, type AskOptions } from './commands/ask.ts';
import type { NetworkOptions } from './commands/network.ts';
import type { RunOptions } from './commands/run.ts';
import type { VerifyOptions } from './commands/verify.ts';
import { DEFAULT_DIFFICULTY, HOST, HTTP_PORT, WS_PORT } from './node/defaults.ts';
import metadata from '../package.json' with { type: 'json' };

/** The exit code for a command line that makes no sense. */
const USAGE_ERROR = 2;

const port = wholeNumber('A port', 0, 65_535);
const difficulty = wholeNumber('A difficulty', 0, 64);

function wholeNumber(name: string, min: number, max: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
    if (number >= min && number <= max) return number;
    throw new InvalidArgumentError(`${name} is a whole number from ${min} to ${max}.`);
  };
}

function logLevel(text: string): string {
  if (['debug', 'info', 'warn', 'error', 'silent'].includes(text)) return text;
  throw new InvalidArgumentError('A level is debug, info, warn, error or silent.');
}

/** What `--allow-host` is for. */
const ALLOW_HOST =
  'a further name that the API is called by, or the origin of a proxy (repeatable)';

const collect = (text: string, before: string[] = []) => [...before, text];

/**
 * Loads a command that takes more than to ask a node. Such modules come by the loader of
 * tsx for ES modules; what answers at once does without it (see `pychain`).
 */
async function load<T>(command: () => Promise<T>): Promise<T> {
  const { register } = await import('tsx/esm/api');
  register();
  return command();
}

const program = new Command('pychain')
  .description('Runs a node of a blockchain network. Without --node it starts a network.')
  .option('-n, --node <url>', 'a node to join, as ws://host:port (repeatable)', collect)
  .option(
    '-p, --http-port <port>',
    'port of the HTTP API; 0 takes a free one',
    port,
    HTTP_PORT,
  )
  .option('-w, --ws-port <port>', 'port for peers; 0 takes a free one', port, WS_PORT)
  .option(
    '-d, --difficulty <digits>',
    `zero hex digits that a new network asks for, 0 to 64 (default: ${DEFAULT_DIFFICULTY / 4})`,
    difficulty,
  )
  .option('--host <address>', 'address to listen on; 0.0.0.0 for all', HOST)
  .option('--data-dir <folder>', 'where to keep the chain (default: .pychain/<ws-port>)')
  .option('--memory', 'keep nothing on disk')
  .option('--mine', 'mine empty blocks without end')
  .option(
    '--threads <count>',
    'how many threads mine (default: one for each core)',
    wholeNumber('A number of threads', 1, 1_024),
  )
  .addOption(
    new Option(
      '--kernel <name>',
      'what tries the nonces (default: wasm, or step with a step 3 of your own)',
    ).choices(['wasm', 'typescript', 'step']),
  )
  .option(
    '--outbound <count>',
    'how many peers to look for beyond those of --node (default: 8)',
    wholeNumber('A count', 0, 64),
  )
  .option(
    '--shared-address',
    'all peers come through one proxy: set no limits by address',
  )
  .option('--allow-host <name>', ALLOW_HOST, collect)
  .option('--log-level <level>', 'debug, info, warn, error or silent', logLevel, 'info')
  .version(metadata.version, '--version', 'show the version')
  .helpOption('-h, --help', 'show this help')
  .enablePositionalOptions()
  .allowExcessArguments()
  .showSuggestionAfterError()
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : USAGE_ERROR))
  .action(async (options: RunOptions, command: Command) => {
    const [word] = command.args;
    if (word !== undefined)
      command.error(`error: there is no command '${word}'. See pychain -h.`);
    const { run } = await load(() => import('./commands/run.ts'));
    await run(options, command);
  });

/** Adds a command that asks a node that runs. */
function inquiry(usage: string, description: string): Command {
  return program
    .command(usage)
    .description(description)
    .option('-p, --http-port <port>', 'port of the node to ask', port, HTTP_PORT)
    .option('--host <address>', 'address of the node to ask', HOST)
    .option('--json', 'print the JSON that the node sends')
    .allowExcessArguments(false);
}

/** Says how to write a text of several words. */
function oneTextOf(words: readonly string[]): string {
  const text = words.join(' ');
  const example = /^[\w .,;:?/-]+$/.test(text) ? text : 'hello world';
  return `a block carries one text. Put it in quotes: ./pychain mine "${example}"`;
}

/** Asks, and says in one line what went wrong. */
async function ask(
  options: AskOptions,
  question: (inquiry: Inquiry) => Promise<void>,
): Promise<void> {
  try {
    await question(new Inquiry(options));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

inquiry('mine <data>', 'mine a block that carries this text')
  .allowExcessArguments()
  .action(async (data: string, options: AskOptions, command: Command) => {
    const words = command.args;
    if (words.length > 1) command.error(`error: ${oneTextOf(words)}`);
    // Node writes this for bytes that are none, such as those of a terminal in Latin-1.
    if (data.includes('\ufffd')) {
      const advice = 'Let the terminal use UTF-8, or post the text as JSON.';
      command.error(`error: the text is not UTF-8. ${advice}`);
    }
    await ask(options, (node) => node.mine(data));
  });
inquiry('blocks', 'list the newest blocks')
  .option('--from <index>', 'the first block to list', wholeNumber('An index', 0, 1e15))
  .option(
    '--limit <count>',
    'how many to list (default: 20)',
    wholeNumber('A limit', 1, 1e15),
  )
  .action((options: AskOptions & { from?: number; limit?: number }) =>
    ask(options, (node) => node.blocks(options.from, options.limit)),
  );
inquiry('block <id>', 'show a block by its index, its hash, or "latest"').action(
  (id: string, options: AskOptions) => ask(options, (node) => node.block(id)),
);
inquiry('peers', 'list the peers of a node').action((options: AskOptions) =>
  ask(options, (node) => node.peers()),
);
inquiry('status', 'show the state of a node').action((options: AskOptions) =>
  ask(options, (node) => node.status()),
);
inquiry('events', 'tell what happens to a node').action((options: AskOptions) =>
  ask(options, (node) => node.events()),
);

program
  .command('network')
  .description('run a local network of several nodes, and a page to experiment with it')
  .argument('<count>', 'how many nodes, 2 to 12', wholeNumber('A count', 2, 12))
  .option('-p, --http-port <port>', 'port of the page; 0 takes a free one', port, 0)
  .option(
    '-d, --difficulty <digits>',
    'zero hex digits that each hash has to have',
    difficulty,
    DEFAULT_DIFFICULTY / 4,
  )
  .option('--data-dir <folder>', 'where to keep the chains (default: nowhere)')
  .option('--allow-host <name>', ALLOW_HOST, collect)
  .allowExcessArguments(false)
  .action(async (count: number, options: NetworkOptions, command: Command) => {
    const { runNetwork } = await load(() => import('./commands/network.ts'));
    await runNetwork(count, options, command);
  });

program
  .command('verify')
  .description('check a data folder whose node is not running')
  .option(
    '-w, --ws-port <port>',
    'port for peers of the node that it belongs to',
    port,
    WS_PORT,
  )
  .option('--data-dir <folder>', 'the folder (default: .pychain/<ws-port>)')
  .allowExcessArguments(false)
  .action(async (options: VerifyOptions) => {
    const { verify } = await load(() => import('./commands/verify.ts'));
    await verify(options);
  });

void program.parseAsync();
