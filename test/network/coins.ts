/** Nodes of networks with coins for tests, in this process: each has its API and real sockets. */
import { once } from 'node:events';
import type { Coin } from '#accounts';
import { newKeys, pay, paymentId, type Keys, type Payment } from '#signatures';
import { createApp } from '../../final/api/app.ts';
import type {
  AccountState,
  MempoolState,
  PaymentStatus,
  Status,
} from '../../final/api/schemas.ts';
import { ApiServer } from '../../final/api/server.ts';
import { Link } from '../../final/lab/link.ts';
import { Node, type NodeEvents } from '../../final/node/node.ts';
import { openStore } from '../../final/storage/level-store.ts';
import { storeInMemory } from '../../final/storage/store.ts';
import { createLog } from '../../final/terminal/log.ts';
import { History } from '../../final/views/history.ts';
import type { Answer } from './harness.ts';

export const COIN: Coin = { reward: 100, halving: 10, size: 2 };

/** What may differ from one node to another. */
interface Start {
  readonly peers?: readonly string[];
  readonly folder?: string;
  /** The coin of a new network; null for one of texts. */
  readonly coin?: Coin | null;
  readonly keys?: Keys;
}

const nodes = new Set<CoinNode>();
const links = new Set<Link>();

/** Stops all nodes. To be called after each test. */
export async function stopNodes(): Promise<void> {
  await Promise.all([...nodes].map((node) => node.stop()));
  for (const link of links) link.close();
  links.clear();
}

/** A line to a node that can be cut. */
export async function linkTo(node: CoinNode): Promise<Link> {
  const link = new Link('one', 'other', () => node.node.network.port ?? 0);
  links.add(link);
  await link.listen();
  return link;
}

/** A node with its API, and the keys that get its rewards. */
export class CoinNode {
  readonly keys: Keys;
  readonly node: Node;
  readonly #server: ApiServer;

  private constructor({ peers = [], folder, coin = COIN, keys = newKeys() }: Start) {
    this.keys = keys;
    this.node = new Node({
      host: '127.0.0.1',
      wsPort: 0,
      peers,
      outbound: 0,
      sharedAddress: true,
      difficulty: 0,
      coin: coin ?? undefined,
      wallet: () => keys.address,
      openStore: async () => (folder === undefined ? storeInMemory() : openStore(folder)),
      log: createLog('silent'),
    });
    this.#server = new ApiServer(createApp(this.node, new History(this.node)));
  }

  /** Starts a node: with `peers` it joins them, and waits until it has their genesis block. */
  static async start(options: Start = {}): Promise<CoinNode> {
    const made = new CoinNode(options);
    nodes.add(made);
    await made.#server.listen(0, '127.0.0.1');
    const joined = once(made.node, 'changes');
    await made.node.start();
    if (made.node.status.network === null) await joined;
    return made;
  }

  /** Starts a node that is to join another one, and does not wait for that. */
  static async joining(url: string): Promise<CoinNode> {
    const made = new CoinNode({ peers: [url] });
    nodes.add(made);
    await made.#server.listen(0, '127.0.0.1');
    await made.node.start();
    return made;
  }

  get address(): string {
    return this.keys.address;
  }

  /** Where its API is. */
  get url(): string {
    return this.#server.url;
  }

  /** Asks the API and gives the whole answer; with a body it is a POST. */
  async request<T = unknown>(path: string, body?: unknown): Promise<Answer<T>> {
    const headers = { 'content-type': 'application/json' };
    const post = { method: 'POST', headers, body: JSON.stringify(body) };
    const response = await fetch(this.url + path, body === undefined ? {} : post);
    const type = response.headers.get('content-type') ?? '';
    return { status: response.status, type, body: (await response.json()) as T };
  }

  async get<T = unknown>(path: string): Promise<T> {
    const { status, body } = await this.request<T>(path);
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`);
    return body;
  }

  /** What the node says of its coins. */
  async coins(): Promise<NonNullable<Status['coin']>> {
    const { coin } = await this.get<Status>('/status');
    if (coin === null) throw new Error('This network has no coins.');
    return coin;
  }

  account(address = this.address): Promise<AccountState> {
    return this.get(`/accounts/${address}`);
  }

  payment(payment: Payment): Promise<PaymentStatus> {
    return this.get(`/payments/${paymentId(payment)}`);
  }

  async waiting(): Promise<MempoolState['payments']> {
    return (await this.get<MempoolState>('/mempool')).payments;
  }

  /** Mines blocks, one after the other. */
  async mine(count = 1): Promise<void> {
    for (let i = 0; i < count; i += 1) await this.node.mine('');
  }

  /** Signs a payment by the owner of this node, or by another one. */
  sign(to: string, amount: number, count: number, fee = 1, keys = this.keys): Payment {
    return pay(this.node.status.network ?? '', keys, { to, amount, fee, count });
  }

  /** Gives the node a payment, which it is to take. */
  async take(payment: Payment): Promise<PaymentStatus> {
    const { status, body } = await this.request<PaymentStatus>('/payments', payment);
    if (status === 202) return body;
    throw new Error(`POST /payments: ${status} ${JSON.stringify(body)}`);
  }

  /** Waits until something is so, looking after each event. */
  async until(event: keyof NodeEvents, isSo: () => boolean): Promise<void> {
    while (!isSo()) await once(this.node, event);
  }

  /** Waits until it has the best block of another node. */
  async follows(other: CoinNode): Promise<void> {
    await this.until('changes', () => this.tip === other.tip);
  }

  /** Waits until a payment waits here. */
  async has(payment: Payment): Promise<void> {
    const id = paymentId(payment);
    await this.until('payments', () => {
      const { state } = this.node.payments.statusOf(id) ?? {};
      return state === 'waiting' || state === 'parked';
    });
  }

  get tip(): string {
    return this.node.chain.tip.hash;
  }

  async stop(): Promise<void> {
    if (!nodes.delete(this)) return;
    await this.#server.close(this.node.stop());
  }
}
