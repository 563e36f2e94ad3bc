import type { Command } from 'commander';
import { colors } from '../terminal/colors.ts';
import type { Logger } from 'pino';
import { peerUrl } from '#peers';
import type { AllowedHost } from '../api/allowed-hosts.ts';
import { createApp } from '../api/app.ts';
import { ApiServer } from '../api/server.ts';
import type { MinerKernel } from '../mining/miner.ts';
import { HTTP_PORT } from '../node/defaults.ts';
import { Node } from '../node/node.ts';
import { codeInWords } from '../node/own-steps.ts';
import { memoryStore } from '../storage/store.ts';
import { openStore } from '../storage/level-store.ts';
import { createLog } from '../terminal/log.ts';
import { SearchDisplay } from '../terminal/search-display.ts';
import { EventLog } from '../views/event-log.ts';
import { History } from '../views/history.ts';
import { allowedHosts } from './allow-host.ts';
import { dataFolder } from './data-folder.ts';

/** How often the progress of mining is drawn, in milliseconds. */
const DRAW_INTERVAL = 200;

/** How long a node may take to stop before the program ends anyway, in milliseconds. */
const STOP_TIMEOUT = 1_800;

/** What the command line says of a node. */
export interface RunOptions {
  readonly node?: readonly string[];
  readonly httpPort: number;
  readonly wsPort: number;
  /** In zero hex digits. */
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
  readonly allowHost?: readonly string[];
}

/** A node with its API, and with what is told of it. */
interface Running {
  readonly node: Node;
  readonly server: ApiServer;
  readonly eventLog: EventLog;
}

/** Runs a node until it is told to end. */
export async function run(options: RunOptions, command: Command): Promise<void> {
  const log = createLog(options.logLevel);
  const peers = peersOf(options, command);
  const running = compose(options, peers, allowedHosts(options, command), log);
  const { node, server, eventLog } = running;
  const display = new SearchDisplay(process.stdout);
  const drawing = setInterval(() => {
    const { mining, hashRate } = node.status;
    display.show(mining, hashRate);
  }, DRAW_INTERVAL);

  const stopping = new AbortController();
  const stop = (exitCode: number) => {
    if (stopping.signal.aborted) process.exit(1); // asked twice: at once
    stopping.abort();
    clearInterval(drawing);
    display.stop();
    eventLog.close();
    setTimeout(() => process.exit(exitCode), STOP_TIMEOUT);
    void server.close(node.stop()).finally(() => process.exit(exitCode));
  };
  process.on('SIGINT', () => stop(0));
  process.on('SIGTERM', () => stop(0));
  node.once('fatal', (error) => {
    console.error(error.message);
    if (!stopping.signal.aborted) stop(1);
  });
  try {
    await server.listen(options.httpPort, options.host);
    await node.start();
    greet(running, options, log);
  } catch (error) {
    if (stopping.signal.aborted) return;
    console.error(error instanceof Error ? error.message : error);
    stop(1);
  }
}

/** Makes the node, then those who follow it, then its API: each before the node starts. */
function compose(
  options: RunOptions,
  peers: readonly string[],
  allowed: readonly AllowedHost[],
  log: Logger,
): Running {
  const { host, wsPort, dataDir, memory, difficulty, threads, kernel } = options;
  const { mine, outbound, sharedAddress } = options;
  // The folder of a free port would be another one each time, or somebody else's.
  const keepsNothing = memory === true || (wsPort === 0 && dataDir === undefined);
  const folder = dataDir ?? dataFolder(wsPort);
  const node = new Node({
    host,
    wsPort,
    peers,
    difficulty: difficulty === undefined ? undefined : 4 * difficulty,
    mine,
    outbound,
    sharedAddress,
    mining: { threads, kernel },
    openStore: async () => (keepsNothing ? memoryStore : openStore(folder)),
    log,
  });
  const history = new History(node);
  const eventLog = new EventLog(node, history, log);
  return { node, eventLog, server: new ApiServer(createApp(node, history, allowed)) };
}

/** Reads the urls of `--node`, and ends with a sentence where one is none. */
function peersOf({ node = [] }: RunOptions, command: Command): string[] {
  return node.map((text) => {
    const { data, error } = peerUrl.safeParse(text);
    if (data !== undefined) return data;
    const reason = error.issues[0]?.message ?? 'It is not a url.';
    const option = "option '-n, --node <url>'";
    return command.error(`error: ${option} argument '${text}' is invalid. ${reason}`);
  });
}

function greet({ node, server }: Running, options: RunOptions, log: Logger): void {
  const { wsUrl, place, status } = node;
  const { url } = server;
  if (!process.stdout.isTTY) {
    log.info({ http: url, ws: wsUrl, data: place, network: status.network }, 'Ready');
    return;
  }
  const line = (name: string, value: string) =>
    `  ${colors.dim(name.padEnd(9))}  ${value}`;
  const { httpPort } = options;
  const port = httpPort === HTTP_PORT ? '' : ` -p ${httpPort}`;
  console.log(
    [
      '',
      `  ${colors.bold(colors.cyan('Pychain'))}`,
      line('explorer', `${url}/`),
      line('HTTP API', `${url}/blocks`),
      line('for peers', wsUrl),
      line('network', status.network ?? `waiting for ${options.node?.join(', ')}`),
      line('data', place),
      ...(status.code === null ? [] : [line('code', codeInWords(status.code))]),
      `  ${colors.dim('Add a block with')}  ./pychain mine "hello"${port}`,
      `  ${colors.dim('End with')}  Ctrl-C`,
      '',
    ].join('\n'),
  );
}
