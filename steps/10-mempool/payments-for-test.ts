/** Payers and payments for the tests of this step. */
import {
  coinGenesis,
  coinLedger,
  noAccounts,
  withAccount,
  type Accounts,
} from '#accounts';
import { BlockTree } from '#consensus';
import { sha256 } from '#hashing';
import { pay, paymentId, type Keys, type Payment } from '#signatures';

/** When the genesis block was made. */
export const START = 1_700_000_000_000;

/** A network with small blocks: three payments each. */
export const coin = { reward: 100, halving: 100_000, size: 3 };
export const genesis = coinGenesis(coin, { timestamp: START });

/** A tree that holds nothing but its genesis block. */
export const newTree = () => new BlockTree(genesis, coinLedger(genesis, coin));

/** An address that nobody has the keys of. The pool does not look at signatures. */
export const addressOf = (name: string) => sha256(name);

/** Accounts of these names: so many coins, and perhaps so many payments made. */
export function accountsWith(
  what: Readonly<Record<string, number | readonly [balance: number, count: number]>>,
): Accounts {
  let accounts = noAccounts;
  for (const [name, value] of Object.entries(what)) {
    const [balance, count] = typeof value === 'number' ? [value, 0] : value;
    accounts = withAccount(accounts, addressOf(name), { balance, count });
  }
  return accounts;
}

/** What is said of a payment for the pool; what is left out is as usual. */
export interface Wish {
  readonly from?: string;
  readonly to?: string;
  readonly amount?: number;
  readonly fee?: number;
  readonly count?: number;
}

/** A payment whose signature the pool does not look at. */
export function payment(wish: Wish = {}): Payment {
  const { from = 'Alice', to = 'Bob', amount = 1, fee = 1, count = 0 } = wish;
  const signature = sha256(JSON.stringify([from, to, amount, fee, count])).repeat(2);
  return { from: addressOf(from), to: addressOf(to), amount, fee, count, signature };
}

/** Their ids. */
export const idsOf = (payments: readonly Payment[]) => payments.map(paymentId);

/** Addresses and secrets, always the same ones, so that failures are. Nobody else should use them. */
const keys: Readonly<Record<string, readonly [address: string, secret: string]>> = {
  Alice: [
    '75a3a46fb0d74fd6a57f1bfd7b56545ffb7654b2fbebb4061915816a2ee80dbd',
    'bda1bf3a63bc6865f3606c36062a934c4cb2bc3a2dcec59cd6c667e4e91e1517',
  ],
  Bob: [
    'd010659c6fdda7b90173bba4d699813c27a8ca769d98f15f27fcdc2f9eaf7bb6',
    'c8d412be643547cbc23fb1669cd7de6194fd1b921c227060fd4a8e8151f59b2e',
  ],
  Carol: [
    'e64c875f37b3ece18276af7e0800162157872f8b473a01638da0a4e3982d19a1',
    'a2787d3ad26357186ea8803a49bc5037a238528edbd2c0bb6485df4c1336068a',
  ],
  Dora: [
    '72bc49f82d9fb81ca5e4ae3383af08e97ca262f84952fd3d8bb18275fcfbb5ca',
    'd22447368c31b732e047a2475f9826bb10d2d24a650b4b503efe05055da85bce',
  ],
  Emil: [
    'd53d70877e5684ad3d3dd0884426f16eb66f712026cf38ec7bfa05d4e9b36dd7',
    '1c43459b795ec13487ee17af703856ba570bbb276d294ccb788addd2c0dab4c9',
  ],
  Fay: [
    'ac8b73df7391eeb6591a510503f67077033b9ace0dc16bc4af2cedfac3c7a0aa',
    '542f385b7ebfba19a19608a95c76763d20d8bd36497e4b214876e42f7e8e5151',
  ],
  Gus: [
    '5be59e59bd2fda848eaffea735da9a31eea2b1f5e563b273c13bcf293fd2fdd5',
    '356364ecdd22f73de4ac2890852b5c65f81b6e61967f73611f8168b1afb12b03',
  ],
  Hal: [
    'ac8375ca9e4f0187a0b8515396597ed522bca713ecc3ef87b18e5691482251b6',
    'e9ad4274719c5f2d393c17401a8587975c88e828d2db9476e0449a05f43de092',
  ],
  Miner: [
    '88fbcd8bafdcc59448c22a5f453ac3201b6ca2e8c4d2b3618641c5b6b1542912',
    'd39ef83bd8b767d5e5260692eb5ccb101acdf709505c28d4186d62eb602e9c05',
  ],
};

export function keysOf(name: string): Keys {
  const [address, secret] = keys[name] ?? [];
  if (address === undefined || secret === undefined)
    throw new Error(`There are no keys of ${name}.`);
  return { address, secret };
}

/** A payment with its signature. */
export function signed(name: string, wish: Wish = {}, network = genesis.hash): Payment {
  const { to = 'Bob', amount = 1, fee = 1, count = 0 } = wish;
  return pay(network, keysOf(name), { to: keysOf(to).address, amount, fee, count });
}

/** Accounts of those who sign: so many coins each, and so many payments made. */
export function accountsOfKeys(
  what: Readonly<Record<string, number>>,
  count = 0,
): Accounts {
  let accounts = noAccounts;
  for (const [name, balance] of Object.entries(what))
    accounts = withAccount(accounts, keysOf(name).address, { balance, count });
  return accounts;
}
