import { setTimeout as sleep } from 'node:timers/promises';
import { colors } from '../terminal/colors.ts';
import type { Block } from '#blocks';
import { ApiClient } from '../api/client.ts';
import type {
  AgainEvent,
  ChainEvent,
  PeerInfo,
  PeersEvent,
  Status,
} from '../api/schemas.ts';
import { urlOf } from '../node/ports.ts';
import { quote } from '../terminal/quote.ts';
import { SearchDisplay } from '../terminal/search-display.ts';

/** How many of the newest blocks are listed unless told otherwise. */
const LISTED = 20;

/** From when on it is said that the last block is ahead of the clock, in milliseconds. */
const AHEAD = 60_000;

/** How often a node is asked how far its mining is, in milliseconds. */
const ASK_INTERVAL = 250;

/** Which node to ask, and how to print what it says. */
export interface AskOptions {
  /** The port of its HTTP API. */
  readonly httpPort: number;
  /** The address that it listens on. */
  readonly host: string;
  /** Whether to print its JSON as it is. */
  readonly json?: boolean;
}

/** Asks a running node, and prints what it says. Each method is a command of the terminal. */
export class Inquiry {
  readonly #node: ApiClient;
  readonly #json: boolean;

  /** @param options - which node, and how to print */
  constructor({ httpPort, host, json = false }: AskOptions) {
    this.#node = new ApiClient(urlOf('http', host, httpPort));
    this.#json = json;
  }

  /** Has a block mined, and shows meanwhile how far that is. */
  async mine(data: string): Promise<void> {
    const answer = this.#node.post<Block>('/blocks', { data });
    await this.#watchMining(answer);
    const block = await answer;
    this.#print(block, () => blockLines(block));
  }

  /** Lists blocks: from an index on, or the newest. */
  async blocks(from?: number, limit = LISTED): Promise<void> {
    const { index } = await this.#node.get<Block>('/blocks/latest');
    const start = from ?? Math.max(0, index + 1 - limit);
    const blocks = await this.#node.get<Block[]>(`/blocks?from=${start}&limit=${limit}`);
    this.#print(blocks, () => blocks.map(blockLine));
  }

  /** Shows one block, by its index, its hash, or "latest". */
  async block(id: string): Promise<void> {
    const block = await this.#node.get<Block>(`/blocks/${encodeURIComponent(id)}`);
    this.#print(block, () => blockLines(block));
  }

  /** Lists the node's peers. */
  async peers(): Promise<void> {
    const peers = await this.#node.get<PeerInfo[]>('/peers');
    this.#print(peers, () => {
      if (peers.length === 0) return ['This node has no peers.'];
      return peers.map(({ id, url, direction }) => {
        return `${direction.padEnd(9)} ${(url ?? 'does not listen').padEnd(24)} ${colors.dim(id)}`;
      });
    });
  }

  /** Shows what the node says of itself. */
  async status(): Promise<void> {
    const status = await this.#node.get<Status>('/status');
    this.#print(status, () => [
      ...(status.tip === null
        ? ['It has not joined a network yet.']
        : [
            `${colors.dim('blocks    ')} ${status.tip.index + 1}`,
            `${colors.dim('tip       ')} ${status.tip.hash}`,
            `${colors.dim('work      ')} ${status.tip.work}`,
            `${colors.dim('difficulty')} ${status.difficulty} bits`,
            `${colors.dim('network   ')} ${status.network}`,
          ]),
      `${colors.dim('peers     ')} ${status.peers}`,
      ...(status.waiting === 0
        ? []
        : [`${colors.dim('waiting   ')} ${status.waiting} (posts to be mined again)`]),
      ...(status.ahead < AHEAD
        ? []
        : [
            `${colors.dim('clock     ')} ${Math.round(status.ahead / 1_000)} s behind the last block`,
          ]),
      ...(status.otherClocks === 0
        ? []
        : [
            `${colors.dim('clock     ')} differs from those of ${status.otherClocks} of the peers`,
          ]),
      ...(status.code === null ? [] : [`${colors.dim('code      ')} ${status.code}`]),
      `${colors.dim('hash rate ')} ${status.hashRate}/s`,
      `${colors.dim('node      ')} ${status.id}`,
    ]);
  }

  /** Tells what happens to the node, until it ends. */
  async events(): Promise<void> {
    const events = await this.#node.send('/events');
    console.error(`Listening to ${this.#node.url}. End with Ctrl-C.`);
    let text = '';
    try {
      for await (const piece of events.setEncoding('utf8')) {
        const parts = (text + String(piece)).split('\n\n');
        text = parts.pop() ?? '';
        for (const event of parts) this.#tell(event);
      }
    } catch {
      // The connection was cut instead of closed.
    }
    throw new Error(`The node at ${this.#node.url} has ended.`);
  }

  /** Prints a server-sent event, and nothing for a sign of life. */
  #tell(text: string): void {
    const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(text) ?? [];
    if (event === undefined || data === undefined) return;
    if (this.#json) console.log(`{"event":"${event}","data":${data}}`);
    else console.log(inWords(event, JSON.parse(data)));
  }

  /** Shows how far the node's mining is, until there is an answer. */
  async #watchMining(answer: Promise<unknown>): Promise<void> {
    const display = new SearchDisplay(process.stderr);
    const over = answer.then(
      () => true,
      () => true,
    );
    while (!(await Promise.race([over, sleep(ASK_INTERVAL, false)]))) {
      const status = await this.#node.get<Status>('/status').catch(() => undefined);
      if (status !== undefined) display.show(status.mining, status.hashRate);
    }
    display.stop();
  }

  #print(value: unknown, lines: () => string[]): void {
    console.log(this.#json ? JSON.stringify(value, null, 2) : lines().join('\n'));
  }
}

function inWords(event: string, data: unknown): string {
  if (event === 'again') {
    const { was, block } = data as AgainEvent;
    const words = `Mined ${quote(block.data, 40)} again, as block ${block.index}`;
    return `${words}: a reorganization had taken ${was.slice(0, 12)}… off the chain`;
  }
  if (event === 'peers') return `Peers: ${(data as PeersEvent).peers}`;
  const { removed, tip } = data as ChainEvent;
  const why = removed.length > 0 ? ' after a reorganization' : '';
  return `The last block is ${tip?.index}${why}: ${tip?.hash}`;
}

const timeOf = ({ timestamp }: Block) => new Date(timestamp).toISOString();

function blockLine(block: Block): string {
  const { index, hash, data } = block;
  return `${String(index).padStart(7)}  ${colors.dim(timeOf(block))}  ${hash.slice(0, 16)}…  ${quote(data)}`;
}

function blockLines(block: Block): string[] {
  const values = { ...block, timestamp: `${block.timestamp} (${timeOf(block)})` };
  return Object.entries({ ...values, data: quote(block.data, 1_000) }).map(
    ([name, value]) => `${colors.dim(name.padEnd(12))} ${value}`,
  );
}
