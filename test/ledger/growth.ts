/**
 * Grows random trees of blocks with payments on all branches, and compares what a node knows after
 * each with a plain list that is worked out from the genesis block on.
 *
 * @module
 */
import type { Block } from '#blocks';
import { BlockTree, type Change } from '#consensus';
import { hashFields, sha256 } from '#hashing';
import { forkHash, rootOf } from '#merkle';
import { pay, type Keys, type Payment } from '#signatures';
import type { Accounts, Coin } from '#accounts';
import { randomSource } from '../random-source.ts';
import { withWork } from '../with-work.ts';
import { forgeries, type Scene } from './forgeries.ts';
import { people } from '../people.ts';

/** Step 9, or a copy of it with something wrong. */
export type AccountsStep = typeof import('#accounts');

const START = 1_700_000_000_000;
const NOW = START + 365 * 86_400_000;
const coin: Coin = { reward: 50, halving: 150, size: 4 };

/** How many blocks a branch begins behind the tip at most, to overtake it. */
const DEEPEST = 50;

/** What came of a tree. */
export interface Outcome {
  /** What was wrong, in words; undefined if nothing was. */
  readonly fault: string | undefined;
  readonly blocks: number;
  readonly height: number;
  /** How many blocks a reorganization took off at most. */
  readonly deepest: number;
  readonly reorganizations: number;
  /** How often each forgery was refused. */
  readonly refused: ReadonlyMap<string, number>;
  /** At how many blocks the accounts were compared. */
  readonly compared: number;
}

/** A balance and a count, exact whatever they are. */
type Plain = readonly [balance: bigint, count: bigint];

/** Grows a tree of so many blocks, all of which follow from the seed. */
export function grow(seed: number, count: number, step: AccountsStep): Outcome {
  const growth = new Growth(seed, step);
  let fault: string | undefined;
  try {
    growth.run(count);
  } catch (error) {
    fault = (error as Error).message;
  }
  return { ...growth.told, fault };
}

class Growth {
  readonly #step: AccountsStep;
  readonly #random: () => number;
  readonly #genesis: Block;
  readonly #tree: BlockTree<{ readonly accounts: Accounts }>;
  readonly #blocks: Block[];
  readonly #parents = new Map<string, Block>();
  readonly #refused = new Map<string, number>();
  /** The best chain, as the changes tell it. */
  readonly #told: Block[];
  #compared = 0;
  #deepest = 0;
  #reorganizations = 0;

  constructor(seed: number, step: AccountsStep) {
    this.#step = step;
    this.#random = randomSource(seed);
    this.#genesis = withWork(
      step.coinGenesis(coin, { timestamp: START + seed, difficulty: 2 }),
    );
    this.#tree = new BlockTree(this.#genesis, step.coinLedger(this.#genesis, coin));
    this.#blocks = [this.#genesis];
    this.#told = [this.#genesis];
  }

  get told(): Omit<Outcome, 'fault'> {
    return {
      blocks: this.#blocks.length - 1,
      height: this.#tree.chain.length - 1,
      deepest: this.#deepest,
      reorganizations: this.#reorganizations,
      refused: this.#refused,
      compared: this.#compared,
    };
  }

  /** Adds blocks until there are so many, and compares the accounts now and then. */
  run(count: number): void {
    while (this.#blocks.length <= count) {
      const chance = this.#random();
      if (chance < 0.01) this.#overtake(1 + this.#below(DEEPEST));
      else this.#mine(this.#parent(chance));
      if (this.#random() < 0.1) this.#compare(this.#pick(this.#blocks));
    }
    this.#overtake(DEEPEST);
    this.#compare(this.#tree.chain.tip);
    const chain = this.#tree.chain.slice();
    if (chain.some(({ hash }, i) => this.#told[i]?.hash !== hash))
      throw new Error('The changes tell another chain than there is.');
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #pick<T>(list: readonly T[]): T {
    const picked = list[this.#below(list.length)];
    if (picked === undefined) throw new Error('The list is empty.');
    return picked;
  }

  #parent(chance: number): Block {
    if (chance < 0.8) return this.#tree.chain.tip;
    return this.#pick(chance < 0.95 ? this.#blocks.slice(-20) : this.#blocks);
  }

  /** Lets a branch that begins so many blocks behind the tip overtake the chain. */
  #overtake(depth: number): void {
    const { chain } = this.#tree;
    const behind = Math.min(depth, chain.length - 1);
    let parent = chain.at(chain.length - 1 - behind) ?? this.#genesis;
    for (let i = 0; i <= behind; i += 1) parent = this.#mine(parent);
  }

  /** Mines a block after another one, and now and then offers a forged one before. */
  #mine(parent: Block): Block {
    const scene = this.#scene(parent);
    if (this.#random() < 0.5) this.#forge(scene);
    const block = withWork(scene.block);
    const added = this.#tree.add(block, NOW);
    if (added.status !== 'added')
      throw new Error(
        `An honest block is ${added.status}${added.status === 'invalid' ? `: ${added.reason}` : ''}.`,
      );
    this.#blocks.push(block);
    this.#parents.set(block.hash, parent);
    if (added.change) this.#follow(added.change);
    return block;
  }

  #follow({ removed, added }: Change): void {
    this.#told.splice(this.#told.length - removed.length, removed.length, ...added);
    if (removed.length > 0) this.#reorganizations += 1;
    this.#deepest = Math.max(this.#deepest, removed.length);
  }

  #accountsAt(block: Block): Accounts {
    const state = this.#tree.stateAt(block.hash);
    if (state === undefined) throw new Error('The state of a block is not there.');
    return state.accounts;
  }

  /** Thinks of payments that can be made after a block, and of the block that they would be in. */
  #scene(parent: Block): Scene {
    const { accountOf, applyPayment, nextCoinBlock, stateRoot } = this.#step;
    const before = this.#accountsAt(parent);
    const network = this.#genesis.hash;
    let accounts = before;
    const payments: Payment[] = [];
    for (let i = this.#below(coin.size); i > 0; i -= 1) {
      const payer = this.#pick(people);
      const { balance, count } = accountOf(accounts, payer.address);
      if (balance < 1) continue;
      const amount = this.#random() < 0.1 ? balance : 1 + this.#below(balance);
      const fee = this.#below(Math.min(4, balance - amount + 1));
      const to = this.#random() < 0.1 ? payer.address : this.#payee();
      const payment = pay(network, payer, { to, amount, fee, count });
      const after = applyPayment(accounts, payment);
      if (typeof after === 'string') throw new Error(`A payment is refused: ${after}.`);
      accounts = after;
      payments.push(payment);
    }
    const finder = this.#payee();
    const time = parent.timestamp + 1 + this.#below(2_000);
    const make = (own: readonly Payment[]) =>
      nextCoinBlock(coin, parent, { accounts: before }, own, finder, time);
    const rich = people.filter(({ address }) => accountOf(accounts, address).balance > 1);
    const payer: Keys = rich.length > 0 ? this.#pick(rich) : this.#pick(people);
    return {
      network,
      parent,
      block: withWork(make(payments)),
      payments,
      make,
      payer,
      payee: this.#pick(people.filter((one) => one !== payer)),
      ...accountOf(accounts, payer.address),
      rootBefore: stateRoot(before),
      size: coin.size,
    };
  }

  /** An address: that of somebody who pays, too, or a new one. */
  #payee(): string {
    if (this.#random() < 0.9) return this.#pick(people).address;
    return hashFields([this.#blocks.length, this.#below(1_000)]);
  }

  #forge(scene: Scene): void {
    const [name, forgery] = this.#pick(Object.entries(forgeries));
    const block = forgery(scene);
    // Some change nothing, as a coin too few where there is none.
    const isSame = JSON.stringify(block) === JSON.stringify(scene.block);
    if (block === undefined || isSame) return;
    const { status } = this.#tree.add(block, NOW);
    if (status !== 'invalid') throw new Error(`A block with ${name} is ${status}.`);
    this.#refused.set(name, (this.#refused.get(name) ?? 0) + 1);
  }

  /** Compares the accounts after a block with a list that is worked out from the first block on. */
  #compare(block: Block): void {
    if (this.#tree.get(block.hash) === undefined) return;
    const expected = this.#replay(block);
    const { listAccounts, stateRoot, accountLine, accountOf, proveAccount } = this.#step;
    const accounts = this.#accountsAt(block);
    const found = [...listAccounts(accounts)].map(
      ([address, { balance, count }]) => `${address} ${balance} ${count}`,
    );
    const plain = [...expected].map(
      ([address, [balance, count]]) => `${address} ${balance} ${count}`,
    );
    if (found.sort().join() !== plain.sort().join())
      throw new Error(
        `The accounts after block ${block.index} are not what its chain says.`,
      );
    const supply = [...expected.values()].reduce((sum, [balance]) => sum + balance, 0n);
    if (supply !== supplyAt(block.index))
      throw new Error(`After block ${block.index} there are ${supply} coins.`);
    const root = rootByDefinition([...expected]);
    if (stateRoot(accounts) !== root)
      throw new Error(`The state root after block ${block.index} is another one.`);
    const [address] = this.#pick([...expected, ['nobody', [0n, 0n]] as const]);
    const proof = proveAccount(accounts, address);
    const line = accountLine(address, accountOf(accounts, address));
    if (expected.has(address) && rootOf(line, proof) !== root)
      throw new Error('A proof of an account does not lead to the root.');
    this.#compared += 1;
  }

  #replay(block: Block): Map<string, Plain> {
    const chain: Block[] = [];
    for (
      let at: Block | undefined = block;
      at && at.index > 0;
      at = this.#parents.get(at.hash)
    )
      chain.push(at);
    const accounts = new Map<string, Plain>();
    const change = (address: string, coins: bigint, payments = 0n) => {
      const [balance, count] = accounts.get(address) ?? [0n, 0n];
      accounts.set(address, [balance + coins, count + payments]);
    };
    for (const { data } of chain.reverse()) {
      const [reward, ...payments] = data
        .split('\n')
        .map((line) => JSON.parse(line) as (string | number)[]);
      for (const [from = '', to = '', amount = 0, fee = 0] of payments) {
        change(String(from), -BigInt(amount) - BigInt(fee), 1n);
        change(String(to), BigInt(amount));
      }
      const [, finder = '', coins = 0] = reward ?? [];
      if (coins !== 0) change(String(finder), BigInt(coins));
    }
    return accounts;
  }
}

/** How many coins there are after so many blocks. */
function supplyAt(index: number): bigint {
  let supply = 0n;
  for (let i = 1; i <= index; i += 1)
    supply += BigInt(coin.reward) >> BigInt(Math.floor(i / coin.halving));
  return supply;
}

/** The state root by its definition, from all accounts and without a tree. */
function rootByDefinition(
  accounts: readonly (readonly [address: string, account: Plain])[],
): string {
  const placed = accounts.map(([address, [balance, count]]) => ({
    way: BigInt(`0x${sha256(address)}`),
    line: `["${address}",${balance},${count}]`,
  }));
  const root = (part: typeof placed, bit: bigint): string => {
    const [first] = part;
    if (first === undefined || part.length === 1) return sha256(first?.line ?? '');
    const side = (wanted: bigint) =>
      part.filter(({ way }) => ((way >> bit) & 1n) === wanted);
    return forkHash(root(side(0n), bit - 1n), root(side(1n), bit - 1n));
  };
  return root(placed, 255n);
}
