import { createHash, hash } from 'node:crypto';
import { sha256 as noble } from '@noble/hashes/sha2.js';
import CryptoJS from 'crypto-js';
import { genesisBlock } from '#blocks';
import { leadingZeroBits, mine } from '#proof-of-work';
import { createKernel, type KernelName } from '../../final/mining/choose-kernel.ts';
import { search } from '../../final/mining/search.ts';
import { FIRST_NONCE, block, head, repeat, type Candidate } from './candidate.ts';

/** How many hashes are made between two looks at the clock. */
const BATCH = 500;

/** The ways to mine in the main thread of Node. */
export function javaScriptCandidates(): Candidate[] {
  return [
    kernel('kernel with one timestamp', 'wasm', 1),
    kernel('TypeScript kernel', 'typescript', 32),
    stepThree(),
    loop('crypto.hash()', (text) => hash('sha256', text, 'hex')),
    loop('createHash().update().digest()', (text) =>
      createHash('sha256').update(text).digest('hex'),
    ),
    loop('@noble/hashes', (text) =>
      Buffer.from(noble(Buffer.from(text))).toString('hex'),
    ),
    loop('crypto-js', (text) => CryptoJS.SHA256(text).toString()),
  ];
}

function kernel(name: string, which: KernelName, timestamps: number): Candidate {
  const after = block.timestamp - timestamps;
  const run = search(createKernel(which), block, { after });
  return { name, run: (limit) => repeat(limit, () => Number(run.next().value)) };
}

/** A plain loop: write the text, hash it, look at the digits. */
function loop(name: string, sha256: (text: string) => string): Candidate {
  let nonce = FIRST_NONCE;
  const tryMany = () => {
    const end = nonce + BATCH;
    for (; nonce < end; nonce += 1) {
      const digest = sha256(`${head}${nonce}]`);
      if (leadingZeroBits(digest) >= block.difficulty) throw new Error('What luck!');
    }
    return BATCH;
  };
  return { name, run: (limit) => repeat(limit, tryMany) };
}

/** Step 3's `mine`, with blocks that take it some thousand attempts. */
function stepThree(): Candidate {
  let timestamp = 0;
  const mineOne = async () => {
    timestamp += 1;
    const { nonce } = await mine(genesisBlock({ timestamp, difficulty: 13 }));
    return nonce + 1;
  };
  return { name: 'mine() of step 3', run: (limit) => repeat(limit, mineOne) };
}
