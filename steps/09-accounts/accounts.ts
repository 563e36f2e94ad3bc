import { canonicalJson, sha256 } from '#hashing';
import { forkHash, type ProofStep } from '#merkle';

/** What an address has. */
export interface Account {
  /** How many coins. */
  readonly balance: number;
  /** How many payments it has made: the count of its next one. */
  readonly count: number;
}

interface Leaf {
  readonly address: string;
  readonly account: Account;
  hash: string | undefined;
}

interface Fork {
  readonly left: Accounts;
  readonly right: Accounts;
  hash: string | undefined;
}

/**
 * All accounts after a block: a tree in which each has its place by the bits of the digest of its
 * address. It never changes; {@link withAccount} gives another one.
 */
export type Accounts = Leaf | Fork | null;

/** Nobody has anything. */
export const noAccounts: Accounts = null;

const NOTHING: Account = { balance: 0, count: 0 };

function isLeaf(tree: Leaf | Fork): tree is Leaf {
  return 'address' in tree;
}

/** The way to an address from the root down: 256 times 0 for left, or 1 for right. */
function wayTo(address: string): string {
  return BigInt(`0x${sha256(address)}`)
    .toString(2)
    .padStart(256, '0');
}

/** Returns what an address has: nothing, if it was never paid. */
export function accountOf(accounts: Accounts, address: string): Account {
  const way = wayTo(address);
  let tree = accounts;
  for (let depth = 0; tree !== null && !isLeaf(tree); depth += 1) {
    tree = way[depth] === '1' ? tree.right : tree.left;
  }
  return tree?.address === address ? tree.account : NOTHING;
}

/**
 * Returns the same accounts, but that of one address. The tree that was given stays as it was, and
 * the new one shares with it all that is the same.
 */
export function withAccount(
  accounts: Accounts,
  address: string,
  account: Account,
): Accounts {
  const { balance, count } = account;
  const leaf = { address, account: { balance, count }, hash: undefined };
  return put(accounts, leaf, wayTo(address), 0);
}

function put(tree: Accounts, leaf: Leaf, way: string, depth: number): Leaf | Fork {
  if (tree === null) return leaf;
  if (isLeaf(tree)) {
    if (tree.address === leaf.address) return leaf;
    return put(forkAbove(tree, depth), leaf, way, depth);
  }
  const { left, right } = tree;
  return way[depth] === '1'
    ? { left, right: put(right, leaf, way, depth + 1), hash: undefined }
    : { left: put(left, leaf, way, depth + 1), right, hash: undefined };
}

/** Moves a leaf one level down, so that its place has room for another one. */
function forkAbove(leaf: Leaf, depth: number): Fork {
  return wayTo(leaf.address)[depth] === '1'
    ? { left: null, right: leaf, hash: undefined }
    : { left: leaf, right: null, hash: undefined };
}

/** Gives each address that has an account, and what it has, in the order of the tree. */
export function* listAccounts(
  accounts: Accounts,
): Generator<[address: string, account: Account]> {
  if (accounts === null) return;
  if (isLeaf(accounts)) yield [accounts.address, accounts.account];
  else {
    yield* listAccounts(accounts.left);
    yield* listAccounts(accounts.right);
  }
}

/** Returns the text whose digest is the hash of a leaf: canonical JSON `["address",balance,count]`. */
export function accountLine(address: string, { balance, count }: Account): string {
  return canonicalJson([address, balance, count]);
}

/**
 * Returns the hash of the whole tree, 64 hex digits: of a leaf the digest of its
 * {@link accountLine}, of a fork the `forkHash` of its sides, of nothing the digest of an empty
 * text. It is worked out when it is asked for, and then kept. The order in which accounts were
 * written makes no difference.
 */
export function stateRoot(accounts: Accounts): string {
  if (accounts === null) return sha256('');
  accounts.hash ??= isLeaf(accounts)
    ? sha256(accountLine(accounts.address, accounts.account))
    : forkHash(stateRoot(accounts.left), stateRoot(accounts.right));
  return accounts.hash;
}

/**
 * Returns the proof that an address has what it has: the hashes beside the way from its leaf up to
 * the root. With the {@link accountLine}, `rootOf` of step 7 leads to the {@link stateRoot}. For an
 * address without an account, it is the way to the place where that would be.
 */
export function proveAccount(accounts: Accounts, address: string): ProofStep[] {
  const way = wayTo(address);
  const proof: ProofStep[] = [];
  let tree = accounts;
  for (let depth = 0; tree !== null && !isLeaf(tree); depth += 1) {
    const { left, right }: Fork = tree;
    const goesRight = way[depth] === '1';
    proof.unshift(goesRight ? ['left', stateRoot(left)] : ['right', stateRoot(right)]);
    tree = goesRight ? right : left;
  }
  return proof;
}
