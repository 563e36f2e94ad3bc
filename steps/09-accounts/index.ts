/**
 * Step 9: accounts. Everybody works out who has how much, on every branch, and gets the same.
 *
 * @module
 */
export { accountLine, accountOf, listAccounts, noAccounts } from './accounts.ts';
export { proveAccount, stateRoot, withAccount } from './accounts.ts';
export type { Account, Accounts } from './accounts.ts';
export { coinGenesis, coinOf, sealLines, subsidy, type Coin } from './coin.ts';
export { parseReward, rewardLine, type Reward } from './reward.ts';
export { afterPaying, applyBlock, applyPayment, credit } from './apply.ts';
export { coinLedger, nextCoinBlock, type CoinState } from './ledger.ts';
