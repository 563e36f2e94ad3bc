/**
 * The command line: `pychain` runs a node, its subcommands speak to one that runs.
 *
 * @module
 */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import pc from 'picocolors';
import type { Logger } from 'pino';
import type { Sync } from '#consensus';
import { peerUrl } from '#peers';
import { Client, type ClientOptions } from './commands/ask.ts';
import { createApiServer } from './api/server.ts';
import { createLabApi } from './lab/api.ts';
import { Lab } from './lab/lab.ts';
import { DEFAULT_DIFFICULTY, Node, explainPort } from './node/node.ts';
import { loadChain } from './storage/load-chain.ts';
import { SearchDisplay } from './terminal/search-display.ts';
import type { MinerKernel } from './mining/miner.ts';
import { codeInWords } from './node/own-steps.ts';
import type { Post } from './node/posts.ts';
import { memoryStore, openStore, type Store } from './storage/level-store.ts';
import { Progress, createLog } from './terminal/log.ts';
import { urlOf } from './node/ports.ts';

/** The exit code for a command line that makes no sense. */
const USAGE_ERROR = 2;

/** How often the progress of mining is drawn, in milliseconds. */
const DRAW_INTERVAL = 200;

/** How long a node may take to stop before the program ends anyway, in milliseconds. */
const STOP_TIMEOUT = 1_800;

interface RunOptions {
  readonly node?: string[];
  readonly httpPort: number;
  readonly wsPort: number;
  readonly difficulty?: number;
  readonly host: string;
  readonly dataDir?: string;
  readonly memory?: boolean;
  readonly outbound?: number;
  readonly sharedAddress?: boolean;
  readonly mine?: boolean;
  readonly threads?: number;
  readonly kernel?: MinerKernel;
  readonly logLevel: string;
}

interface LabOptions {
  readonly httpPort: number;
  readonly difficulty: number;
  readonly dataDir?: string;
}

function wholeNumber(name: string, min: number, max: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
    if (number >= min && number <= max) return number;
    throw new InvalidArgumentError(`${name} is a whole number from ${min} to ${max}.`);
  };
}

const port = wholeNumber('A port', 0, 65_535);

function urls(text: string, previous: string[] = []): string[] {
  const result = peerUrl.safeParse(text);
  if (result.success) return [...previous, result.data];
  throw new InvalidArgumentError(result.error.issues[0]?.message ?? 'It is not a url.');
}

function logLevel(text: string): string {
  if (['debug', 'info', 'warn', 'error', 'silent'].includes(text)) return text;
  throw new InvalidArgumentError('A level is debug, info, warn, error or silent.');
}

async function run(options: RunOptions, command: Command): Promise<void> {
  const [word] = command.args;
  if (word !== undefined)
    command.error(`error: there is no command '${word}'. See pychain -h.`);
  const { host, httpPort, wsPort, dataDir, memory, difficulty, ...others } = options;
  const log = createLog(options.logLevel);
  const folder = dataDir ?? dataFolder(wsPort);
  // The folder of a free port would be another one each time, or somebody else's.
  const keepsNothing = memory === true || (wsPort === 0 && dataDir === undefined);
  const node = new Node({
    host,
    httpPort,
    wsPort,
    peers: options.node ?? [],
    difficulty: difficulty === undefined ? undefined : 4 * difficulty,
    mine: others.mine,
    outbound: others.outbound,
    sharedAddress: others.sharedAddress,
    openStore: async () => (keepsNothing ? memoryStore : openStore(folder)),
    log,
  });
  const stopping = new AbortController();
  const display = new SearchDisplay(process.stdout);
  const drawing = setInterval(() => {
    const { mining, hashRate } = node.status;
    display.show(mining, hashRate);
  }, DRAW_INTERVAL);
  const stop = (exitCode: number) => {
    if (stopping.signal.aborted) process.exit(1); // asked twice: at once
    stopping.abort();
    clearInterval(drawing);
    display.stop();
    setTimeout(() => process.exit(exitCode), STOP_TIMEOUT);
    void node.stop().finally(() => process.exit(exitCode));
  };
  process.on('SIGINT', () => stop(0));
  process.on('SIGTERM', () => stop(0));
  node.on('fatal', (error) => {
    console.error(error.message);
    if (!stopping.signal.aborted) stop(1);
  });
  try {
    await node.start();
    greet(node, options, log);
  } catch (error) {
    if (stopping.signal.aborted) return;
    console.error(error instanceof Error ? error.message : error);
    stop(1);
  }
}

function greet(node: Node, options: RunOptions, log: Logger): void {
  const { httpUrl, wsUrl, place, status } = node;
  if (!process.stdout.isTTY) {
    log.info({ http: httpUrl, ws: wsUrl, data: place, network: status.network }, 'Ready');
    return;
  }
  const network = status.network ?? `waiting for ${options.node?.join(', ')}`;
  console.log(
    [
      '',
      `  ${pc.bold(pc.cyan('Pychain'))}`,
      `  ${pc.dim('explorer')}   ${httpUrl}/`,
      `  ${pc.dim('HTTP API')}   ${httpUrl}/blocks`,
      `  ${pc.dim('for peers')}  ${wsUrl}`,
      `  ${pc.dim('network')}    ${network}`,
      `  ${pc.dim('data')}       ${place}`,
      ...(status.code === null
        ? []
        : [`  ${pc.dim('code')}       ${codeInWords(status.code)}`]),
      `  ${pc.dim('Add a block with')}  ./pychain mine "hello"${clientOptions(options)}`,
      `  ${pc.dim('End with')}  Ctrl-C`,
      '',
    ].join('\n'),
  );
}

function clientOptions({ httpPort }: RunOptions): string {
  return httpPort === 6001 ? '' : ` -p ${httpPort}`;
}

async function ask(
  command: Command,
  question: (client: Client) => Promise<void>,
): Promise<void> {
  try {
    await question(new Client(command.opts<ClientOptions>()));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

async function verify({ wsPort, dataDir }: RunOptions): Promise<void> {
  const progress = new Progress(createLog('info'), 'Checking blocks');
  try {
    const store = await openStore(dataDir ?? dataFolder(wsPort), { create: false });
    try {
      const sync = await loadChain(store, (done, total) => progress.update(done, total));
      progress.stop();
      console.log(describe(store, sync, await store.posts()));
    } finally {
      await store.close();
    }
  } catch (error) {
    progress.stop();
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}

function describe(store: Store, sync: Sync | undefined, posts: readonly Post[]): string {
  if (sync?.tip === null || sync === undefined)
    return `There is no block in ${store.place}.`;
  const { index, hash, work } = sync.tip;
  const waiting = posts.filter(({ data }) => data !== undefined).length;
  return [
    `All ${index + 1} blocks in ${store.place} keep the rules.`,
    `The last is ${hash}, with ${work} expected attempts behind it.`,
    ...(waiting > 0 ? [`Posts that wait to be mined again: ${waiting}.`] : []),
  ].join('\n');
}

/** Starts a local network, and a page that shows and controls it. */
async function runLab(count: number, options: LabOptions): Promise<void> {
  const folder = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'pychain-')));
  const lab = new Lab(resolve(folder), options.difficulty);
  const server = createApiServer(createLabApi(lab));
  const stopping = new AbortController();
  const stop = async (exitCode: number) => {
    if (stopping.signal.aborted) process.exit(1); // asked twice: at once
    stopping.abort();
    await lab.stop();
    if (options.dataDir === undefined) await rm(folder, { recursive: true, force: true });
    process.exit(exitCode);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => void stop(0));
  }
  try {
    server.listen(options.httpPort, '127.0.0.1');
    await once(server, 'listening').catch(explainPort(options.httpPort, '-p'));
    const { port } = server.address() as AddressInfo;
    console.log(`Starting ${count} nodes …`);
    await lab.start(count);
    console.log(
      `They run. Open ${urlOf('http', '127.0.0.1', port)}/ to see and control them.`,
    );
    console.log(`Their data is in ${folder}. End with Ctrl-C.`);
  } catch (error) {
    if (stopping.signal.aborted) return;
    console.error((error as Error).message);
    await stop(1);
  }
}

const dataFolder = (wsPort: number) => join('.pychain', String(wsPort));

const program = new Command('pychain')
  .description('Runs a node of a blockchain network. Without --node it starts a network.')
  .option('-n, --node <url>', 'a node to join, as ws://host:port (repeatable)', urls)
  .option(
    '-p, --http-port <port>',
    'port of the HTTP API; 0 takes a free one',
    port,
    6001,
  )
  .option('-w, --ws-port <port>', 'port for peers; 0 takes a free one', port, 8000)
  .option(
    '-d, --difficulty <digits>',
    `zero hex digits that a new network asks for, 0 to 64 (default: ${DEFAULT_DIFFICULTY / 4})`,
    wholeNumber('A difficulty', 0, 64),
  )
  .option('--host <address>', 'address to listen on; 0.0.0.0 for all', '127.0.0.1')
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
  .option('--log-level <level>', 'debug, info, warn, error or silent', logLevel, 'info')
  .helpOption('-h, --help', 'show this help')
  .enablePositionalOptions()
  .allowExcessArguments()
  .showSuggestionAfterError()
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : USAGE_ERROR))
  .action(run);

function clientCommand(usage: string, description: string): Command {
  return program
    .command(usage)
    .description(description)
    .option('-p, --http-port <port>', 'port of the node to ask', port, 6001)
    .option('--host <address>', 'address of the node to ask', '127.0.0.1')
    .option('--json', 'print the JSON that the node sends')
    .allowExcessArguments(false);
}

clientCommand('mine <data>', 'mine a block that carries this text').action(
  (data: string, _options: unknown, command: Command) =>
    ask(command, (node) => node.mine(data)),
);
clientCommand('blocks', 'list the newest blocks')
  .option('--from <index>', 'the first block to list', wholeNumber('An index', 0, 1e15))
  .option(
    '--limit <count>',
    'how many to list (default: 20)',
    wholeNumber('A limit', 1, 1e15),
  )
  .action((options: { from?: number; limit?: number }, command: Command) =>
    ask(command, (node) => node.blocks(options.from, options.limit)),
  );
clientCommand('block <id>', 'show a block by its index, its hash, or "latest"').action(
  (id: string, _options: unknown, command: Command) =>
    ask(command, (node) => node.block(id)),
);
clientCommand('peers', 'list the peers of a node').action(
  (_options: unknown, command: Command) => ask(command, (node) => node.peers()),
);
clientCommand('status', 'show the state of a node').action(
  (_options: unknown, command: Command) => ask(command, (node) => node.status()),
);

clientCommand('events', 'tell what happens to a node').action(
  (_options: unknown, command: Command) => ask(command, (node) => node.events()),
);

program
  .command('network')
  .description('run a local network of several nodes, and a page to experiment with it')
  .argument('<count>', 'how many nodes, 2 to 12', wholeNumber('A count', 2, 12))
  .option('-p, --http-port <port>', 'port of the page; 0 takes a free one', port, 0)
  .option(
    '-d, --difficulty <digits>',
    'zero hex digits that each hash has to have',
    wholeNumber('A difficulty', 0, 64),
    DEFAULT_DIFFICULTY / 4,
  )
  .option('--data-dir <folder>', 'where to keep the chains (default: nowhere)')
  .allowExcessArguments(false)
  .action(runLab);

program
  .command('verify')
  .description('check a data folder whose node is not running')
  .option(
    '-w, --ws-port <port>',
    'port for peers of the node that it belongs to',
    port,
    8000,
  )
  .option('--data-dir <folder>', 'the folder (default: .pychain/<ws-port>)')
  .allowExcessArguments(false)
  .action(verify);

await program.parseAsync();
