import {
  accountOf,
  coinGenesis,
  coinLedger,
  nextCoinBlock,
  noAccounts,
  stateRoot,
  type Account,
  type Accounts,
  type Coin,
  type CoinState,
} from '#accounts';
import { hashBlock, type Block } from '#blocks';
import { BlockTree } from '#consensus';
import { leadingZeroBits } from '#proof-of-work';
import { parsePayment, pay, type Keys } from '#signatures';
import { LinkError, expectOnly, readText, type Format } from '../shared/link.ts';

const coin: Coin = { reward: 100, halving: 1_000, size: 1 };
const START = Date.UTC(2027, 0, 1);

/** How many blocks there may be: more would not fit on the page. */
export const MOST = 40;

/** Who has an account here. Their keys are fixed, so that a link shows the same to all. */
export const names = ['Ada', 'Ben', 'Cleo', 'Dan'] as const;
export type Name = (typeof names)[number];

/** The digests of these addresses begin with 00, 01, 10 and 11: so the tree is not deep. */
const keys: Readonly<Record<Name, Keys>> = {
  Ada: {
    address: 'e6342905d60c75baafd47141fbc8fa4384592b5f1cbb21135685ba9399ee4903',
    secret: '0bdaa1d4b75c73aadb80b8b13f4a68db4b9773e4a303574f0ae7b1b577d31625',
  },
  Ben: {
    address: '193e9ce43326a18f1b540628b483e89d07967ba9240069d5fac3df65af769d84',
    secret: '5e0fcbba8d581386dcd4b81a3cc74f0c2840be236ea7047b761717e69c6ea82c',
  },
  Cleo: {
    address: '522a9fab226a250c47455e36368ef8570e92ed6f4fcbf49729a51b22282991de',
    secret: '87fcb428587ddad17ca7ca607c5ac1d90e26e5d1ae4d3f924e63e3f679492b02',
  },
  Dan: {
    address: 'c19fa9ac39b75f3da4c29f970aaffb51dd6b586e425d517557d485b320b5177a',
    secret: '7d3c1f6e80e8b4091403279adebccb4469af3db65e51da9d97a8386e6433cb3b',
  },
};

const nameOf = (address: string) => names.find((name) => keys[name].address === address);

/** What somebody wants to be paid in a block. */
export interface Order {
  readonly from: Name;
  readonly to: Name;
  readonly amount: number;
}

/** A block that is found after another one, the place of which is given: 0 is the first block. */
export interface Deed {
  readonly after: number;
  readonly by: Name;
  readonly order?: Order | undefined;
}

/** A block as the page shows it. */
export interface Found {
  readonly block: Block;
  readonly accounts: Accounts;
  /** Who found it; nobody the first one. */
  readonly by: Name | undefined;
  readonly words: string;
}

/** What there is after all deeds: the blocks in their order, and where the tip was when. */
export interface World {
  readonly found: readonly Found[];
  /** The place of the tip: where the best chain ends. */
  readonly tip: number;
  /** Who lost coins when the tip moved to another branch, without a payment of their own. */
  readonly robbed: readonly Name[];
  /** The places of the blocks on the best chain. */
  readonly chain: ReadonlySet<number>;
}

/** Tries nonces until the hash has its zero bits, as `mine` of step 3 does, but at once. */
function solve(block: Block): Block {
  for (let nonce = 0; ; nonce += 1) {
    const hash = hashBlock({ ...block, nonce });
    if (leadingZeroBits(hash) >= block.difficulty) return { ...block, nonce, hash };
  }
}

const inWords = ({ from, to, amount }: Order) => `${from} pays ${to} ${amount}`;

/** What everybody has after a block. */
export function balancesIn(accounts: Accounts): Readonly<Record<Name, Account>> {
  const entries = names.map((name) => [name, accountOf(accounts, keys[name].address)]);
  return Object.fromEntries(entries) as Record<Name, Account>;
}

/**
 * Does what was done, one after the other.
 *
 * @throws Error with the reason in words if a payment cannot be made, or a block is not there
 */
export function worldOf(deeds: readonly Deed[]): World {
  const genesis = solve(coinGenesis(coin, { timestamp: START, difficulty: 4 }));
  const tree = new BlockTree<CoinState>(genesis, coinLedger(genesis, coin));
  const found: Found[] = [
    { block: genesis, accounts: noAccounts, by: undefined, words: 'the first block' },
  ];
  const robbed = new Set<Name>();
  for (const deed of deeds) {
    const parent = found[deed.after];
    if (parent === undefined) throw new Error(`There is no block ${deed.after} here.`);
    const before = tree.chain.tip;
    const block = solve(makeBlock(genesis, parent, deed, found.length));
    const added = tree.add(block, Number.MAX_SAFE_INTEGER);
    if (added.status !== 'added') throw new Error('The block is not taken.');
    const { by, order } = deed;
    const words = order ? `${inWords(order)}, ${by} finds it` : `${by} finds it`;
    const accounts = tree.stateAt(block.hash)?.accounts ?? noAccounts;
    found.push({ block, accounts, by, words });
    if ((added.change?.removed.length ?? 0) > 0)
      for (const name of losersOf(tree, before, found)) robbed.add(name);
  }
  const places = new Map(found.map(({ block }, place) => [block.hash, place]));
  const chain = tree.chain.slice().map(({ hash }) => places.get(hash) ?? 0);
  return {
    found,
    tip: places.get(tree.chain.tip.hash) ?? 0,
    robbed: [...robbed],
    chain: new Set(chain),
  };
}

/** Makes the block of a deed, with its payment if it has one. */
function makeBlock(genesis: Block, parent: Found, deed: Deed, place: number): Block {
  const { by, order } = deed;
  const { block, accounts } = parent;
  const payments = [];
  if (order !== undefined) {
    const payer = keys[order.from];
    const { balance, count } = accountOf(accounts, payer.address);
    const { amount } = order;
    if (amount > balance)
      throw new Error(
        `After that block ${order.from} has ${balance} coins, not ${amount}.`,
      );
    const to = keys[order.to].address;
    payments.push(pay(genesis.hash, payer, { to, amount, fee: 0, count }));
  }
  const now = START + 60_000 * place;
  return nextCoinBlock(coin, block, { accounts }, payments, keys[by].address, now);
}

/** Who was paid in a block that is gone, and not on the chain that there is now. */
function losersOf(
  tree: BlockTree<CoinState>,
  before: Block,
  found: readonly Found[],
): Name[] {
  const then = found.find(({ block }) => block.hash === before.hash);
  const now = found.find(({ block }) => block.hash === tree.chain.tip.hash);
  if (then === undefined || now === undefined) return [];
  const gone = found.filter(
    ({ block }) => tree.get(block.hash) && !tree.chain.find(block.hash),
  );
  const paid = new Set(
    gone.flatMap(({ block }) => {
      const payment = parsePayment(block.data.split('\n')[1] ?? '');
      return payment ? (nameOf(payment.to) ?? []) : [];
    }),
  );
  const [old, next] = [balancesIn(then.accounts), balancesIn(now.accounts)];
  return names.filter(
    (name) =>
      paid.has(name) &&
      next[name].balance < old[name].balance &&
      next[name].count === old[name].count,
  );
}

/** A part of the tree of accounts, as it is drawn. */
export interface Part {
  readonly id: string;
  readonly kind: 'fork' | 'account' | 'nobody';
  readonly label: string;
  readonly hash: string;
  /** Whether another tree has a part with this hash, too. */
  readonly isShared: boolean;
  /** From the left, in places of leaves. */
  readonly x: number;
  readonly depth: number;
  readonly parent: string | undefined;
}

/** The hashes of all parts of a tree of accounts. */
function hashesIn(accounts: Accounts): Set<string> {
  const hashes = new Set<string>();
  const visit = (part: Accounts): void => {
    if (part === null) return;
    hashes.add(stateRoot(part));
    if ('address' in part) return;
    visit(part.left);
    visit(part.right);
  };
  visit(accounts);
  return hashes;
}

/** Lays out a tree of accounts, and tells which of its parts another one has, too. */
export function drawn(accounts: Accounts, other: Accounts): Part[] {
  const shared = hashesIn(other);
  const parts: Part[] = [];
  let leaves = 0;
  const visit = (part: Accounts, id: string, parent: string | undefined): number => {
    const depth = id.length;
    const hash = stateRoot(part);
    const isShared = shared.has(hash);
    const common = { id: id || 'root', isShared, depth, parent, hash };
    if (part === null || 'address' in part) {
      const x = leaves;
      leaves += 1;
      const name = part ? (nameOf(part.address) ?? '') : '';
      const label = part ? `${name} ${part.account.balance}` : 'nobody';
      parts.push({ ...common, kind: part ? 'account' : 'nobody', label, x });
      return x;
    }
    const left = visit(part.left, `${id}0`, common.id);
    const right = visit(part.right, `${id}1`, common.id);
    const x = (left + right) / 2;
    parts.push({ ...common, kind: 'fork', label: common.hash.slice(0, 4), x });
    return x;
  };
  visit(accounts, '', undefined);
  return parts;
}

/** What there is at the beginning: three blocks, after which Ada and Cleo have coins. */
export const start: readonly Deed[] = [
  { after: 0, by: 'Ada' },
  { after: 1, by: 'Ben', order: { from: 'Ada', to: 'Cleo', amount: 30 } },
];

const initial = (name: Name) => name.charAt(0);
const named = (letter = '') => names.find((name) => initial(name) === letter);

/** In a link a deed is as in `2.B.A.C.60`: after block 2 Ben finds one in which Ada pays Cleo 60. */
export const format: Format<readonly Deed[]> = {
  write: (deeds) => ({
    do: deeds
      .map(({ after, by, order }) => {
        const words = order ? [initial(order.from), initial(order.to), order.amount] : [];
        return [after, initial(by), ...words].join('.');
      })
      .join('_'),
  }),
  read(fields) {
    expectOnly(fields, ['do']);
    const text = readText(fields, 'do', { most: 1_000, usual: '' });
    if (fields.do === undefined) return start;
    const deeds = text === '' ? [] : text.split('_').map(readDeed);
    if (deeds.length > MOST) throw new LinkError(`it tells of more than ${MOST} blocks`);
    try {
      worldOf(deeds);
    } catch (error) {
      throw new LinkError((error as Error).message.replace(/\.$/, ''));
    }
    return deeds;
  },
};

function readDeed(text: string): Deed {
  const [, after, by, from, to, amount] =
    /^(\d{1,2})\.([ABCD])(?:\.([ABCD])\.([ABCD])\.([1-9]\d{0,5}))?$/.exec(text) ?? [];
  const [finder, payer, payee] = [named(by), named(from), named(to)];
  if (finder === undefined)
    throw new LinkError(`nothing is called “${text.slice(0, 20)}”`);
  const order = payer && payee && { from: payer, to: payee, amount: Number(amount) };
  return { after: Number(after), by: finder, order };
}
