import { computed } from 'vue';
import { headerRules, hashBlock, type Block, type Rule } from '#blocks';
import { consensusRules } from '#consensus';
import { sha256 } from '#hashing';
import { checkMerkle, merkleRoot } from '#merkle';
import { workRules } from '#proof-of-work';
import { status } from './live.ts';

/** The rules that a block with coins shows to keep by itself and its parent alone. */
const coinRules: readonly Rule[] = [...headerRules, ...workRules, checkMerkle];

/** The rules of the network that the node is of. */
export const rules = computed<readonly Rule[]>(() =>
  status.value?.coin ? coinRules : consensusRules,
);

/** Returns a block with the hash of its data, and the hash of its header, that its network wants. */
export function sealed(block: Block): Block {
  const dataHash = status.value?.coin ? merkleRoot(block.data) : sha256(block.data);
  const header = { ...block, dataHash };
  return { ...header, hash: hashBlock(header) };
}
