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
 * All accounts after a block. They never change: {@link withAccount} gives others. Here they are a
 * tree in which each account has its place by the bits of the digest of its address.
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

/** Returns what an address has: 0 coins and a count of 0, if nothing was written for it. */
export function accountOf(accounts: Accounts, address: string): Account {
  const way = wayTo(address);
  let tree = accounts;
  for (let depth = 0; tree !== null && !isLeaf(tree); depth += 1) {
    tree = way[depth] === '1' ? tree.right : tree.left;
  }
  return tree?.address === address ? tree.account : NOTHING;
}

/**
 * Returns the same accounts, but with another one for this address. The accounts that were given
 * stay as they were, and so does what was written if `account` changes later.
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

/** Gives each address that an account was written for, once, and what it has, in any order. */
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
 * Returns one hash for all accounts, 64 hex digits: that of a tree. In it each account has its place
 * by the bits of the SHA-256 digest of its address, the highest first, 0 for left and 1 for right,
 * and stands as soon as it is alone there. The hash of a single account is the digest of its
 * {@link accountLine}, that of several the `forkHash` of the left ones and the right ones, that of
 * none the digest of an empty text. In which order they were written makes no difference.
 *
 * What did not change since it was last asked for is not hashed again: after one change among
 * thousands of accounts it takes some twenty hashes.
 */
export function stateRoot(accounts: Accounts): string {
  if (accounts === null) return sha256('');
  accounts.hash ??= isLeaf(accounts)
    ? sha256(accountLine(accounts.address, accounts.account))
    : forkHash(stateRoot(accounts.left), stateRoot(accounts.right));
  return accounts.hash;
}

/**
 * Returns the proof that an address has what it has: the hashes beside the way from its account up
 * to the root. With the {@link accountLine}, `rootOf` of step 7 leads to the {@link stateRoot}.
 *
 * For an address without an account it is the way to the place where that would be: `rootOf` leads
 * to the root with the empty text, if nobody has that place, or with the line of who has it.
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
