import { createInterface } from 'node:readline/promises';
import type { Account } from '#accounts';
import { pay, type Payment } from '#signatures';
import { ApiClient } from '../api/client.ts';
import type {
  AccountList,
  AccountState,
  MempoolState,
  PaymentStatus,
  Status,
} from '../api/schemas.ts';
import { urlOf } from '../node/ports.ts';
import { colors } from '../terminal/colors.ts';
import { grouped } from '../terminal/numbers.ts';
import { fields, table, type Column, type Layout } from '../terminal/table.ts';
import { clipped } from '../terminal/width.ts';
import { keysOf, meantBy, newWallet, wallets, type Wallet } from '../wallet/wallets.ts';
import type { AskOptions } from './ask.ts';
import { NOT_MONEY, coinsOf, short } from './coin-words.ts';

/** How to pay. */
export interface PayOptions extends AskOptions {
  /** How many coins more go to who finds the block. */
  readonly fee: number;
  /** The wallet that pays, by its name or its file; that of the node unless given. */
  readonly from?: string;
  /** Whether to pay an address that was never paid without asking back. */
  readonly yes?: boolean;
}

/** Which part of a list to print. */
export interface ListOptions extends AskOptions {
  readonly limit?: number;
}

/** The commands of the terminal about coins. Each asks a node that runs. */
export class CoinInquiry {
  readonly #node: ApiClient;
  readonly #json: boolean;

  /** @param options - which node, and how to print */
  constructor({ httpPort, host, json = false }: AskOptions) {
    this.#node = new ApiClient(urlOf('http', host, httpPort));
    this.#json = json;
  }

  /** Signs a payment with a wallet of this machine, and gives it to the node. */
  async pay(to: string, amount: number, options: PayOptions): Promise<void> {
    const { network, coin } = await this.#status();
    const payee = meantBy(to);
    const keys = keysOf(options.from, coin.rewardsTo);
    const { pending } = await this.#accountOf(keys.address);
    const now = pending ?? { balance: 0, count: 0 };
    checkFunds(keys.address, now, amount, options.fee);
    if (payee.path === undefined && payee.address !== coin.rewardsTo && !options.yes)
      await this.#checkPayee(payee.address);
    const order = { to: payee.address, amount, fee: options.fee, count: now.count };
    const payment: Payment = pay(network, keys, order);
    const status = await this.#node.post<PaymentStatus>('/payments', payment);
    this.#print(status, () => [
      ...describe(status),
      `${short(keys.address)} has ${coinsOf(now.balance - amount - options.fee)} left then. ${colors.dim(NOT_MONEY)}`,
    ]);
  }

  /** Shows where a payment is. */
  async payment(id: string): Promise<void> {
    await this.#status();
    const status = await this.#node.get<PaymentStatus>(
      `/payments/${encodeURIComponent(id.toLowerCase())}`,
    );
    this.#print(status, () => describe(status));
  }

  /** Shows what an address has; by default that of the node. */
  async account(who?: string): Promise<void> {
    const { coin } = await this.#status();
    const address = who === undefined ? coin.rewardsTo : meantBy(who).address;
    const account = await this.#accountOf(address);
    this.#print(account, () => [...fields(fieldsOf(account)), colors.dim(NOT_MONEY)]);
  }

  /** Lists who has how much. */
  async accounts({ limit = 20 }: ListOptions): Promise<void> {
    await this.#status();
    const list = await this.#node.get<AccountList>(`/accounts?limit=${limit}`);
    const names = new Map(
      wallets().map((wallet) => [wallet.address, nameOf(wallet)] as const),
    );
    const { accounts, total, supply, block } = list;
    const more =
      total > accounts.length ? ` The ${grouped(accounts.length)} with the most.` : '';
    this.#print(list, () => [
      ...table(accounts, accountLayouts(names)),
      `${grouped(total)} ${total === 1 ? 'account has' : 'accounts have'} ${coinsOf(supply)} after block ${grouped(block.index)}.${more} ${colors.dim(NOT_MONEY)}`,
    ]);
  }

  /** Lists the payments that wait. */
  async mempool({ limit = 20 }: ListOptions): Promise<void> {
    await this.#status();
    const state = await this.#node.get<MempoolState>(`/mempool?limit=${limit}`);
    this.#print(state, () =>
      state.size === 0
        ? ['No payment waits.']
        : [
            ...table(state.payments, waitingLayouts),
            `${grouped(state.size)} wait, of which ${grouped(state.parked)} cannot be made yet.`,
          ],
    );
  }

  /** Lists the wallets of this folder, with what they have if a node says it. */
  async wallets(): Promise<void> {
    const all = wallets();
    if (all.length === 0)
      throw new Error('There is no wallet here. Make one: ./pychain wallet new alice');
    const asked = await Promise.allSettled(
      all.map(({ address }) => this.#accountOf(address)),
    );
    const rows = all.map((wallet, i) => {
      const answer = asked[i];
      const balance = answer?.status === 'fulfilled' ? answer.value.balance : null;
      const { name = null, path, address } = wallet;
      return { name, path, address, balance };
    });
    const isKnown = rows.some(({ balance }) => balance !== null);
    this.#print(rows, () => [
      ...table(rows, walletLayouts),
      isKnown
        ? colors.dim(NOT_MONEY)
        : colors.dim('No node with coins answers, so what they have is not known.'),
    ]);
  }

  async #status(): Promise<{ network: string; coin: NonNullable<Status['coin']> }> {
    const { network, coin } = await this.#node.get<Status>('/status');
    if (network === null)
      throw new Error('The node has not joined a network yet. Try again soon.');
    if (coin !== null) return { network, coin };
    throw new Error(
      'The network of this node carries texts, and knows no coins. ./pychain --coin starts one ' +
        'that does.',
    );
  }

  async #accountOf(address: string): Promise<AccountState> {
    return this.#node.get<AccountState>(`/accounts/${address}`);
  }

  /** Asks back before coins go where nobody may be. */
  async #checkPayee(address: string): Promise<void> {
    const { known } = await this.#accountOf(address);
    if (known) return;
    const warning =
      `Nobody was ever paid at ${address}. If a digit is wrong, nobody will ever have these ` +
      'coins, and you cannot have them back.';
    if (!process.stdin.isTTY || !process.stderr.isTTY)
      throw new Error(`${warning} If it is right, pay with --yes.`);
    const asked = createInterface({ input: process.stdin, output: process.stderr });
    const answer = await asked.question(`${warning}\nPay nevertheless? (y/n) `);
    asked.close();
    if (!/^y(es)?$/i.test(answer.trim())) throw new Error('Nothing was paid.');
  }

  #print(value: unknown, lines: () => string[]): void {
    console.log(this.#json ? JSON.stringify(value, null, 2) : lines().join('\n'));
  }
}

/** Makes a wallet with a name. */
export function makeWallet(name: string, json = false): void {
  const wallet = newWallet(name);
  const { path, address } = wallet;
  const lines = fields([
    { name: 'wallet', value: name },
    { name: 'address', value: address },
    { name: 'file', value: path },
  ]);
  const advice =
    'Whoever has the file has the coins, and without it nobody has: keep a copy.';
  console.log(
    json ? JSON.stringify(wallet, null, 2) : [...lines, colors.dim(advice)].join('\n'),
  );
}

function checkFunds(address: string, { balance }: Account, amount: number, fee: number) {
  if (amount <= balance - fee) return;
  const advice =
    balance === 0
      ? 'Find a block first, with ./pychain mine, or let somebody pay you.'
      : 'What it paid that still waits counts as paid.';
  throw new Error(
    `${short(address)} has ${coinsOf(balance)} to pay with, not ${grouped(amount)} and ` +
      `${grouped(fee)} as a fee. ${advice}`,
  );
}

function describe({ id, reason, payment }: PaymentStatus): string[] {
  const { from, to, amount, fee, count } = payment;
  return fields([
    { name: 'payment', value: id },
    { name: 'from', value: from, mayBeCut: true },
    { name: 'to', value: to, mayBeCut: true },
    { name: 'amount', value: coinsOf(amount) },
    { name: 'fee', value: coinsOf(fee) },
    { name: 'count', value: grouped(count) },
    { name: 'state', value: reason },
  ]);
}

function fieldsOf({ address, balance, count, pending, known, block }: AccountState) {
  const isSame = pending === null || pending.count === count;
  return [
    { name: 'address', value: address },
    { name: 'balance', value: coinsOf(balance) },
    { name: 'payments', value: `${grouped(count)} made` },
    ...(isSame
      ? []
      : [
          {
            name: 'pending',
            value: `${coinsOf(pending.balance)} when what waits is made`,
          },
        ]),
    ...(known ? [] : [{ name: 'account', value: 'none: nobody was ever paid here' }]),
    { name: 'block', value: grouped(block.index) },
  ];
}

const nameOf = ({ name, path }: Wallet): string => name ?? path;

type Row = AccountList['accounts'][number];

function accountLayouts(
  names: ReadonlyMap<string, string>,
): [Layout<Row>, ...Layout<Row>[]] {
  const balance: Column<Row> = { cell: (row) => grouped(row.balance), right: true };
  const address: Column<Row> = {
    cell: ({ address: text }, room) => clipped(text, room),
    least: 64,
  };
  const name: Column<Row> = { cell: (row) => names.get(row.address) ?? '', dim: true };
  return [
    [balance, address, name],
    [balance, { ...address, least: 8 }, name],
    [balance, { ...address, least: 8 }],
  ];
}

type WaitingRow = MempoolState['payments'][number];

const waitingLayouts: [Layout<WaitingRow>, ...Layout<WaitingRow>[]] = (() => {
  const amount: Column<WaitingRow> = { cell: (row) => grouped(row.amount), right: true };
  const fee: Column<WaitingRow> = { cell: (row) => `fee ${grouped(row.fee)}` };
  const way: Column<WaitingRow> = {
    cell: ({ from, to }) => `${from.slice(0, 8)}… to ${to.slice(0, 8)}…`,
  };
  const id: Column<WaitingRow> = { cell: (row) => short(row.id), dim: true };
  const state: Column<WaitingRow> = {
    cell: ({ next, parked }, room) =>
      clipped(parked ?? (next ? 'in the next block' : 'waits'), room),
    least: 10,
  };
  return [
    [amount, fee, way, id, state],
    [amount, fee, id, state],
    [amount, fee, state],
  ];
})();

interface WalletRow {
  readonly name: string | null;
  readonly path: string;
  readonly address: string;
  readonly balance: number | null;
}

const walletLayouts: [Layout<WalletRow>, ...Layout<WalletRow>[]] = (() => {
  const name: Column<WalletRow> = { cell: (row) => row.name ?? row.path };
  const balance: Column<WalletRow> = {
    cell: (row) => (row.balance === null ? '' : grouped(row.balance)),
    right: true,
  };
  const address: Column<WalletRow> = {
    cell: (row, room) => clipped(row.address, room),
    least: 64,
  };
  return [
    [name, balance, address],
    [name, balance, { ...address, least: 8 }],
  ];
})();
