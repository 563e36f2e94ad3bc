import { colors } from '../terminal/colors.ts';
import type { Logger } from 'pino';
import type { Coin } from '#accounts';
import type { AllowedHost } from '../api/allowed-hosts.ts';
import { createApp } from '../api/app.ts';
import { ApiServer } from '../api/server.ts';
import type { MinerKernel } from '../mining/miner.ts';
import { addressesOf } from '../node/addresses.ts';
import { HTTP_PORT, WS_PORT } from '../node/defaults.ts';
import { Node } from '../node/node.ts';
import { codeInWords } from '../node/own-steps.ts';
import { urlOf } from '../node/ports.ts';
import { storeInMemory } from '../storage/store.ts';
import { openStore } from '../storage/level-store.ts';
import { createLog } from '../terminal/log.ts';
import { difficultyInWords } from '../terminal/numbers.ts';
import { quote } from '../terminal/quote.ts';
import { SearchDisplay } from '../terminal/search-display.ts';
import { fields, type Field } from '../terminal/table.ts';
import { EventLog } from '../views/event-log.ts';
import { History } from '../views/history.ts';
import { rewardAddress } from '../wallet/reward-wallet.ts';
import { coinTerms } from './coin-words.ts';
import { RollCall } from '../views/roll-call.ts';
import { dataFolder } from './data-folder.ts';
import { peerUrls } from './peer-urls.ts';
import { TYPED, UsageError } from './usage.ts';
import { DEFAULT_COIN } from './values.ts';

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
  /** True for the usual one. */
  readonly coin?: Coin | true;
  readonly wallet?: string;
  readonly host: string;
  /** What people call the node. */
  readonly name?: string;
  readonly dataDir?: string;
  readonly memory?: boolean;
  readonly outbound?: number;
  readonly sharedAddress?: boolean;
  readonly mine?: boolean;
  readonly threads?: number;
  readonly kernel?: MinerKernel;
  readonly logLevel: string;
  readonly allowHost?: readonly AllowedHost[];
}

/** A node with its API, and with what is told of it. */
export interface Running {
  readonly node: Node;
  readonly server: ApiServer;
  readonly eventLog: EventLog;
  readonly rollCall: RollCall;
}

/** What other commands that run a node add to it. */
export interface Extras {
  /** The address that the API listens on, where that is not the one for peers. */
  readonly apiHost?: string;
  /** How many nodes a class waits for. */
  readonly size?: number;
  /** Is called when the node runs. What it returns is called when it ends. */
  readonly ready?: (running: Running, log: Logger) => () => Promise<void>;
}

/** Runs a node until it is told to end. */
export async function run(options: RunOptions, extras: Extras = {}): Promise<void> {
  const peers = peerUrls(options.node ?? []);
  checkPorts(options);
  const log = createLog(options.logLevel);
  warnOfUnit(options, log);
  const running = compose(options, peers, log, extras.size);
  const { node, server, eventLog } = running;
  const display = new SearchDisplay(process.stdout);
  const drawing = setInterval(() => {
    const { mining, hashRate } = node.status;
    display.show(mining, hashRate);
  }, DRAW_INTERVAL);

  let end = async (): Promise<void> => undefined;
  const stopping = new AbortController();
  const stop = (exitCode: number) => {
    if (stopping.signal.aborted) process.exit(1); // asked twice: at once
    stopping.abort();
    clearInterval(drawing);
    display.stop();
    eventLog.close();
    setTimeout(() => process.exit(exitCode), STOP_TIMEOUT);
    const stopped = Promise.all([node.stop(), end()]);
    void server.close(stopped).finally(() => process.exit(exitCode));
  };
  process.on('SIGINT', () => stop(0));
  process.on('SIGTERM', () => stop(0));
  node.once('fatal', (error) => {
    console.error(error.message);
    if (!stopping.signal.aborted) stop(1);
  });
  try {
    await server.listen(options.httpPort, extras.apiHost ?? options.host);
    await node.start();
    greet(running, options, log);
    end = extras.ready?.(running, log) ?? end;
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
  log: Logger,
  size?: number,
): Running {
  const { host, name, wsPort, dataDir, memory, difficulty, threads, kernel } = options;
  const { mine, outbound, sharedAddress, allowHost, coin, wallet } = options;
  // The folder of a free port would be another one each time, or somebody else's.
  const keepsNothing = memory === true || (wsPort === 0 && dataDir === undefined);
  const folder = dataDir ?? dataFolder(wsPort);
  const rewards = { wallet, folder: keepsNothing ? undefined : folder };
  const node = new Node({
    host,
    name,
    wsPort,
    peers,
    difficulty: difficulty === undefined ? undefined : 4 * difficulty,
    coin: coin === true ? DEFAULT_COIN : coin,
    wallet: () => rewardAddress(rewards, (words) => log.warn(words)),
    mine,
    outbound,
    sharedAddress,
    mining: { threads, kernel },
    openStore: async () => (keepsNothing ? storeInMemory() : openStore(folder)),
    log,
  });
  const history = new History(node);
  const eventLog = new EventLog(node, history, log);
  const rollCall = new RollCall(node, history, size);
  const server = new ApiServer(createApp(node, history, allowHost, rollCall));
  return { node, eventLog, rollCall, server };
}

/** Refuses one port for both purposes. */
function checkPorts({ httpPort, wsPort }: RunOptions): void {
  if (httpPort !== wsPort || httpPort === 0) return;
  throw new UsageError(
    `-p and -w are both ${httpPort}: give people and peers a port each, such as ` +
      `-p ${HTTP_PORT} -w ${WS_PORT}`,
  );
}

/** Says so where it looks as if somebody had given the difficulty in bits. */
function warnOfUnit({ difficulty = 0, node }: RunOptions, log: Logger): void {
  if (node !== undefined || difficulty < 12 || difficulty % 4 !== 0) return;
  const words = difficultyInWords(4 * difficulty);
  const meant = difficultyInWords(difficulty);
  log.warn(
    `-d ${difficulty} means ${words}: no block will be found in your lifetime. ` +
      `Did you mean -d ${difficulty / 4}, ${meant}?`,
  );
}

function greet({ node, server }: Running, options: RunOptions, log: Logger): void {
  const { wsUrl, place, status } = node;
  const { url } = server;
  if (!process.stdout.isTTY) {
    log.info({ http: url, ws: wsUrl, data: place, network: status.network }, 'Ready');
    return;
  }
  const { httpPort } = options;
  const port = httpPort === HTTP_PORT ? '' : ` -p ${new URL(url).port}`;
  const network = status.network ?? `waiting for ${options.node?.join(', ')}`;
  const { port: wsPort } = node.network;
  const forPeers = addressesOf(options.host).map((one) => urlOf('ws', one, wsPort));
  const about: Field[] = [
    ...(status.name === null ? [] : [{ name: 'name', value: quote(status.name) }]),
    { name: 'explorer', value: `${url}/` },
    { name: 'HTTP API', value: `${url}/blocks` },
    { name: 'for peers', value: forPeers.length > 0 ? forPeers.join(', ') : wsUrl },
    { name: 'network', value: network, mayBeCut: status.network !== null },
    { name: 'data', value: place },
    ...(status.coin === null ? [] : coinTerms(status.coin)),
    ...(status.code === null ? [] : [{ name: 'code', value: codeInWords(status.code) }]),
  ];
  console.log(
    [
      '',
      `  ${colors.bold(colors.cyan('Pychain'))}`,
      ...fields(about, { indentation: '  ', gap: '  ' }),
      status.coin === null
        ? `  ${colors.dim('Add a block with')}  ./pychain mine "hello"${port}`
        : `  ${colors.dim('Find a block with')}  ./pychain mine${port}`,
      ...(TYPED === undefined ? [] : [`  ${colors.dim('Here ./pychain is')}  ${TYPED}`]),
      `  ${colors.dim('End with')}  Ctrl-C`,
      '',
    ].join('\n'),
  );
}
