import { setTimeout as sleep } from 'node:timers/promises';
import type { Block } from '#blocks';
import { ApiClient } from '../api/client.ts';
import type {
  AgainEvent,
  ChainEvent,
  PaymentsEvent,
  PeerInfo,
  PeersEvent,
  Status,
} from '../api/schemas.ts';
import { urlOf } from '../node/ports.ts';
import { difficultyInWords, grouped, rate } from '../terminal/numbers.ts';
import { quote, quoteWithin } from '../terminal/quote.ts';
import { describeFind, SearchDisplay } from '../terminal/search-display.ts';
import {
  fields,
  table,
  type Column,
  type Field,
  type Layout,
} from '../terminal/table.ts';
import { clipped, columnsOf } from '../terminal/width.ts';
import { coinFields, contentInBrief, contentOf, type Content } from './coin-words.ts';

/** How many of the newest blocks are listed unless told otherwise. */
const LISTED = 20;

/** From when on it is said that the last block is ahead of the clock, in milliseconds. */
const AHEAD = 60_000;

/** How often a node is asked how far its mining is, in milliseconds. */
const ASK_INTERVAL = 250;

/** How soon and how often a node is asked what a find took: its threads have to tell it. */
const SOON = 20;
const MAX_ASKED = 100;

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

  /** Whether the network of the node has coins; not, if no node answers. */
  async hasCoins(): Promise<boolean> {
    const status = await this.#node.get<Status>('/status').catch(() => undefined);
    return status !== undefined && status.coin !== null;
  }

  /** Has a block mined, shows meanwhile how far that is, and says what it took. */
  async mine(data: string): Promise<void> {
    const answer = this.#node.post<Block>('/blocks', { data });
    await this.#watchMining(answer);
    const block = await answer;
    if (!this.#json) await this.#tellSearch(block);
    const hasCoins = await this.hasCoins();
    this.#print(block, () => fields(fieldsOf(block, hasCoins)));
  }

  /** Lists blocks: from an index on, or the newest. */
  async blocks(from?: number, limit = LISTED): Promise<void> {
    const { index } = await this.#node.get<Block>('/blocks/latest');
    const start = from ?? Math.max(0, index + 1 - limit);
    if (start > index && !this.#json)
      throw new Error(
        `There is no block ${grouped(start)}: the last is ${grouped(index)}. ` +
          `Ask for one up to it, as in --from ${Math.max(0, index + 1 - LISTED)}`,
      );
    const blocks = await this.#node.get<Block[]>(`/blocks?from=${start}&limit=${limit}`);
    const hasCoins = await this.hasCoins();
    const layouts = blockLayouts(hasCoins ? briefly : quoted);
    this.#print(blocks, () => table(blocks, layouts));
  }

  /** Shows one block, by its index, its hash, or "latest". */
  async block(id: string): Promise<void> {
    const name = /^\d{1,3}(,\d{3})+$/.test(id) ? id.replaceAll(',', '') : id;
    const block = await this.#node.get<Block>(`/blocks/${encodeURIComponent(name)}`);
    const hasCoins = await this.hasCoins();
    this.#print(block, () => fields(fieldsOf(block, hasCoins)));
  }

  /** Lists the node's peers. */
  async peers(): Promise<void> {
    const peers = await this.#node.get<PeerInfo[]>('/peers');
    this.#print(peers, () =>
      peers.length === 0 ? ['This node has no peers.'] : table(peers, peerLayouts),
    );
  }

  /** Shows what the node says of itself. */
  async status(): Promise<void> {
    const status = await this.#node.get<Status>('/status');
    this.#print(status, () => [
      ...(status.tip === null ? ['It has not joined a network yet.'] : []),
      ...fields(stateOf(status)),
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

  /** Says what it took to find a block, if that is the last that the node has found. */
  async #tellSearch({ hash }: Block): Promise<void> {
    for (let i = 0; i < MAX_ASKED; i++) {
      const status = await this.#node.get<Status>('/status').catch(() => undefined);
      if (status?.found?.hash === hash) return console.error(describeFind(status.found));
      if (status?.found !== null) return; // the node has found another one since
      await sleep(SOON);
    }
  }

  #print(value: unknown, lines: () => string[]): void {
    console.log(this.#json ? JSON.stringify(value, null, 2) : lines().join('\n'));
  }
}

function inWords(event: string, data: unknown): string {
  if (event === 'again') {
    const { was, block } = data as AgainEvent;
    const words = `Mined ${quote(block.data, 40)} again, as block ${grouped(block.index)}`;
    return `${words}: a reorganization had taken ${was.slice(0, 12)}… off the chain`;
  }
  if (event === 'peers') return `Peers: ${grouped((data as PeersEvent).peers)}`;
  if (event === 'payments')
    return `Payments that wait: ${grouped((data as PaymentsEvent).waiting)}`;
  const { removed, tip } = data as ChainEvent;
  if (tip === null) return 'There is no block.';
  const why = removed.length > 0 ? ' after a reorganization' : '';
  const words = `The last block is ${grouped(tip.index)}${why}:`;
  const room = columnsOf(process.stdout) - words.length - 1;
  return `${words} ${clipped(tip.hash, Math.max(13, room))}`;
}

const timeOf = ({ timestamp }: Block) => new Date(timestamp).toISOString();

/** A column of a hash, or of an id: its beginning. */
const beginning = <Row>(value: (row: Row) => string, length: number): Column<Row> => ({
  cell: (row) => `${value(row).slice(0, length)}…`,
});

const index: Column<Block> = { cell: ({ index: i }) => grouped(i), right: true };
const wideIndex: Column<Block> = { ...index, cell: (b) => grouped(b.index).padStart(7) };
const time: Column<Block> = { cell: timeOf, dim: true };
const second: Column<Block> = {
  cell: (block) => timeOf(block).replace(/\.\d+/, ''),
  dim: true,
};
const hashOf = ({ hash }: Block) => hash;

/** Says in a cell what a block carries. */
type Carried = (block: Block, room: number) => string;
const quoted: Carried = ({ data }, room) => quoteWithin(data, room);
const briefly: Carried = ({ data }, room) => clipped(contentInBrief(data), room);

/** A list of blocks, for wide and for narrow terminals. */
function blockLayouts(cell: Carried): [Layout<Block>, ...Layout<Block>[]] {
  const data = (least: number): Column<Block> => ({ cell, least });
  return [
    [wideIndex, time, beginning(hashOf, 16), data(40)],
    [index, second, beginning(hashOf, 12), data(30)],
    [index, beginning(hashOf, 12), data(20)],
    [index, beginning(hashOf, 8), data(8)],
  ];
}

const url: Column<PeerInfo> = {
  cell: (peer, room) => clipped(placeOf(peer), room),
  least: 24,
};
const direction: Column<PeerInfo> = { cell: (peer) => peer.direction };

/** A list of peers, for wide and for narrow terminals. */
const peerLayouts: [Layout<PeerInfo>, ...Layout<PeerInfo>[]] = [
  [direction, url, { cell: ({ id }) => id, dim: true }],
  [direction, url, { ...beginning(({ id }) => id, 8), dim: true }],
  [{ cell: (peer) => peer.direction.replace('bound', '') }, url],
];

/** Where a peer is, and what it calls itself. */
function placeOf({ url, name }: PeerInfo): string {
  const place = url ?? 'does not listen';
  return name ? `${place} ${quote(name)}` : place;
}

/** What a node says of itself, in words. */
function stateOf(status: Status): Field[] {
  const { tip, network, difficulty } = status;
  const chain: Field[] =
    tip === null
      ? []
      : [
          { name: 'blocks', value: grouped(tip.index + 1) },
          { name: 'tip', value: tip.hash, mayBeCut: true },
          { name: 'work', value: `${grouped(BigInt(tip.work))} tries expected` },
          { name: 'difficulty', value: difficultyInWords(difficulty ?? 0) },
          { name: 'network', value: network ?? '', mayBeCut: true },
        ];
  return [
    ...(status.name === null ? [] : [{ name: 'name', value: quote(status.name) }]),
    ...chain,
    ...(status.coin === null ? [] : coinFields(status.coin)),
    { name: 'peers', value: grouped(status.peers) },
    ...warningsOf(status),
    ...(status.code === null ? [] : [{ name: 'code', value: status.code }]),
    { name: 'hash rate', value: rate(status.hashRate) },
    { name: 'node', value: status.id, mayBeCut: true },
  ];
}

/** What is not as it should be, and what is late. */
function warningsOf({ waiting, ahead, otherClocks }: Status): Field[] {
  const late = `${grouped(waiting)} (posts to be mined again)`;
  const behind = `${grouped(Math.round(ahead / 1_000))} s behind the last block`;
  const differs = `differs from those of ${grouped(otherClocks)} of the peers`;
  return [
    ...(waiting === 0 ? [] : [{ name: 'waiting', value: late }]),
    ...(ahead < AHEAD ? [] : [{ name: 'clock', value: behind }]),
    ...(otherClocks === 0 ? [] : [{ name: 'clock', value: differs }]),
  ];
}

/** What a block holds. Numbers that are hashed stand as they are hashed, to be copied. */
function fieldsOf(block: Block, hasCoins: boolean): Field[] {
  const values = {
    ...block,
    timestamp: `${block.timestamp} (${timeOf(block)})`,
    difficulty: difficultyInWords(block.difficulty),
    data: quote(block.data, 1_000),
  };
  const content = hasCoins ? contentOf(block.data) : null;
  return Object.entries(values).flatMap(([name, value]) => {
    if (name === 'data' && content !== null) return fieldsOfContent(content);
    return { name, value: String(value), mayBeCut: /hash$/i.test(name) };
  });
}

/** What a block of a network with coins carries. */
function fieldsOfContent({ reward, payments }: Content): Field[] {
  return [
    { name: 'reward', value: reward },
    { name: 'payments', value: grouped(payments.length) },
    ...payments.map((value) => ({ name: '', value })),
  ];
}
