import pc from 'picocolors';
import { sha256 } from '#hashing';
import {
  Chain,
  brokenRule,
  genesisBlock,
  hashBlock,
  nextBlock,
  type Block,
} from '#blocks';

/** Shortens every hash in a text to its first eight digits. */
const short = (text: string) => text.replace(/([0-9a-f]{8})[0-9a-f]{56}/g, '$1');

/** Makes a chain with one block per text, a minute apart. */
function chainOf(texts: string[]): Block[] {
  const chain = new Chain(genesisBlock({ timestamp: 1_700_000_000_000 }));
  for (const data of texts) {
    chain.append(nextBlock(chain.tip, data, chain.tip.timestamp + 60_000));
  }
  return chain.slice();
}

/** Prints a chain, one block a line, with what is wrong with it. */
function show(title: string, blocks: Block[]): void {
  console.log(`\n${pc.bold(title)}`);
  let sound = true;
  for (const [i, block] of blocks.entries()) {
    const { index, data, previousHash, hash } = block;
    const hashes = pc.dim(short(`${previousHash} ◄── ${hash}`));
    const line = `Block ${index}  ${data.padEnd(22)}  ${hashes}`;
    const reason = brokenRule(block, blocks[i - 1]);
    if (reason !== undefined) console.log(pc.red(`  ✗ ${line}\n      ${short(reason)}`));
    else if (sound) console.log(pc.green(`  ✓ ${line}`));
    else console.log(pc.yellow(`  ? ${line}  follows a bad block`));
    sound &&= reason === undefined;
  }
}

const honest = chainOf(['Alice pays Bob 5', 'Bob pays Carol 3', 'Carol pays Dave 2']);
show(
  'Four blocks. Each holds the hash of the one before (left) and its own (right).',
  honest,
);

const mallory = 'Alice pays Mallory 500';
const tampered = honest.map((block, i) =>
  i === 1 ? { ...block, data: mallory } : block,
);
show('Mallory writes something else into block 1. Its hashes give her away.', tampered);

const repaired = tampered.map((block, i) => {
  if (i !== 1) return block;
  const changed = { ...block, dataHash: sha256(mallory) };
  return { ...changed, hash: hashBlock(changed) };
});
show(
  'She repairs the hashes of block 1. Now block 2 does not fit it any more.',
  repaired,
);

const forged = chainOf([mallory, 'Bob pays Carol 3', 'Carol pays Dave 2']);
show('So she makes all the later blocks anew, and the chain is sound again.', forged);

console.log(`
Hashes show that something was changed, unless everything after it is changed as well.
Here that took Mallory a fraction of a millisecond. Step 3 makes it take so long that
she cannot catch up with those who are honest.`);
