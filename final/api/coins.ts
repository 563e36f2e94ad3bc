import { Router } from 'express';
import { accountOf, listAccounts, noAccounts, type Accounts } from '#accounts';
import type { Block } from '#blocks';
import { Problem, parse } from '#http';
import type { Node } from '../node/node.ts';
import {
  accountPath,
  accountRange,
  atBlock,
  firstWaiting,
  newPayment,
  paymentPath,
  type AccountList,
  type AccountState,
  type MempoolState,
  type PaymentStatus,
} from './schemas.ts';

/** Builds the routes of networks with coins. In others, they answer 409. */
export function coinRoutes(node: Node): Router {
  const router = Router();
  router.post('/payments', async (req, res) => {
    const { payments } = node;
    const payment = parse(newPayment, req.body);
    const status = await node.pay(payment);
    const code = status.state === 'included' ? 200 : 202;
    res.status(code).location(`/payments/${status.id}`);
    res.json((payments.statusOf(status.id) ?? status) satisfies PaymentStatus);
  });
  router.get('/payments/:id', (req, res) => {
    const { payments } = node;
    const { id } = parse(paymentPath, req.params);
    const status = payments.statusOf(id);
    if (status === undefined)
      throw new Problem(
        404,
        `No payment ${id} is known here. It may be on its way, or have left: who paid can ask the ` +
          'node that it was given to.',
      );
    res.json(status satisfies PaymentStatus);
  });
  router.get('/mempool', (req, res) => {
    const { payments } = node;
    const { limit } = parse(firstWaiting, req.query);
    const { size, parked } = payments;
    res.json({ size, parked, payments: payments.list(limit) } satisfies MempoolState);
  });
  router.get('/accounts', (req, res) => {
    const { accounts } = node.payments;
    const { from, limit } = parse(accountRange, req.query);
    const all = richestFirst(accounts);
    const supply = node.status.coin?.supply ?? 0;
    const page = all.slice(from, from + limit);
    res.json({
      block: nameOf(node.chain.tip),
      total: all.length,
      supply,
      accounts: page,
    } satisfies AccountList);
  });
  router.get('/accounts/:address', (req, res) => {
    const { payments } = node;
    const { address } = parse(accountPath, req.params);
    const { at } = parse(atBlock, req.query);
    const { block, accounts } = stateOf(node, at);
    const { balance, count } = accountOf(accounts, address);
    const known = balance > 0 || count > 0;
    const pending = at === undefined ? payments.pendingOf(address) : null;
    res.json({
      block: nameOf(block),
      ...{ address, balance, count, known, pending },
    } satisfies AccountState);
  });
  return router;
}

/** What names a block where all of it is not needed. */
export const nameOf = ({ index, hash }: Block) => ({ index, hash });

/** Finds out who has how much after a block, or after the tip. */
export function stateOf({ tree }: Node, hash = tree.chain.tip.hash) {
  const block = tree.get(hash);
  if (block === undefined)
    throw new Problem(404, `There is no block with the hash ${hash}.`);
  // To work it out again could take long, and anybody may ask.
  if (!tree.hasState(hash))
    throw new Problem(
      410,
      `Who had how much after block ${block.index} is not at hand any more. It is for the newest ` +
        'blocks, and for some of those before.',
    );
  return { block, accounts: tree.stateAt(hash)?.accounts ?? noAccounts };
}

interface Owner {
  readonly address: string;
  readonly balance: number;
  readonly count: number;
}

/** The lists that were made. Accounts never change, so each stays right. */
const lists = new WeakMap<object, Owner[]>();

/** Lists accounts by what they have, the most first. */
function richestFirst(accounts: Accounts): readonly Owner[] {
  if (accounts === null) return [];
  const known = lists.get(accounts);
  if (known !== undefined) return known;
  const list = [...listAccounts(accounts)]
    .map(([address, { balance, count }]) => ({ address, balance, count }))
    .sort((a, b) => b.balance - a.balance || (a.address < b.address ? -1 : 1));
  lists.set(accounts, list);
  return list;
}
