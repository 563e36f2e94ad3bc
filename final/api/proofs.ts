import { Router } from 'express';
import { accountLine, accountOf, proveAccount } from '#accounts';
import type { Block } from '#blocks';
import { Problem, parse } from '#http';
import { proveLine, type ProofStep } from '#merkle';
import type { Node } from '../node/node.ts';
import { nameOf, stateOf } from './coins.ts';
import {
  accountPath,
  atBlock,
  linePath,
  type AccountProof,
  type LineProof,
} from './schemas.ts';

/**
 * Builds the routes that prove to whoever has the header of a block what stands in the block, and who
 * had how much after it. `rootOf` of step 7 checks such proofs. Networks of texts answer 409.
 */
export function proofRoutes(node: Node): Router {
  const router = Router();
  router.get('/proofs/line/:block/:number', (req, res) => {
    needCoins(node);
    const { block: id, number } = parse(linePath, req.params);
    const block = findBlock(node, id);
    res.json({
      block: nameOf(block),
      dataHash: block.dataHash,
      number,
      ...lineOf(block, number),
    } satisfies LineProof);
  });
  router.get('/proofs/account/:address', (req, res) => {
    needCoins(node);
    const { address } = parse(accountPath, req.params);
    const { block, accounts } = stateOf(node, parse(atBlock, req.query).at);
    const account = accountOf(accounts, address);
    if (account.balance === 0 && account.count === 0)
      throw new Problem(
        404,
        `Nothing is to be proved: ${address} has no account after block ${block.index}.`,
      );
    res.json({
      block: nameOf(block),
      dataHash: block.dataHash,
      reward: lineOf(block, 0),
      account: {
        line: accountLine(address, account),
        proof: stepsOf(proveAccount(accounts, address)),
      },
    } satisfies AccountProof);
  });
  return router;
}

/** Throws a {@link Problem} 409 where the network has none. */
const needCoins = (node: Node): unknown => node.payments;

/** The steps as JSON has them, which anybody may change. */
const stepsOf = (proof: readonly ProofStep[]) =>
  proof.map(([side, hash]): [typeof side, string] => [side, hash]);

/** Finds a block of the best chain by its index, or of any branch by its hash. */
function findBlock(node: Node, id: string): Block {
  const block = /^\d{1,15}$/.test(id) ? node.chain.at(Number(id)) : node.find(id);
  if (block === undefined)
    throw new Problem(404, `There is no block ${id}: give an index, or a hash.`);
  return block;
}

/** Gives a line of a block, with what leads from it to the block's `dataHash`. */
function lineOf({ index, data }: Block, number: number) {
  const line = data.split('\n')[number];
  if (line === undefined)
    throw new Problem(404, `Block ${index} has no line ${number}: they count from 0.`);
  return { line, proof: stepsOf(proveLine(data, number)) };
}
