/** A block in a tree, as far as its place depends on it. */
export interface TreeBlock {
  readonly hash: string;
  readonly previousHash: string;
  readonly index: number;
}

/** Where a block is drawn: its column is its index, its lane a row of one branch. */
export interface Placed<B> {
  readonly block: B;
  readonly lane: number;
  /** The block before it, if that is drawn too. */
  readonly parent: Placed<B> | undefined;
}

/**
 * Gives each block a lane. Of the children of a block the one that came first goes on in its
 * lane, and each other one begins a branch in the nearest lane that is free as far as the
 * branch reaches. So a block stays where it is when others come.
 *
 * @param blocks - parents before their children, in the order in which they came
 */
export function layOut<B extends TreeBlock>(blocks: readonly B[]): Placed<B>[] {
  const byHash = new Map<string, Placed<B>>();
  const branchOf = new Map<string, number>();
  const branches: { readonly from: number; to: number; readonly blocks: B[] }[] = [];
  const continued = new Set<string>();
  for (const block of blocks) {
    const parent = branchOf.get(block.previousHash);
    const goesOn = parent !== undefined && !continued.has(block.previousHash);
    const branch = goesOn ? branches[parent] : undefined;
    if (branch !== undefined && parent !== undefined) {
      branch.to = block.index;
      branch.blocks.push(block);
      branchOf.set(block.hash, parent);
    } else {
      branchOf.set(block.hash, branches.length);
      branches.push({ from: block.index, to: block.index, blocks: [block] });
    }
    continued.add(block.previousHash);
  }
  const lanes: { from: number; to: number }[][] = [];
  const laneOf = branches.map(({ from, to }) => {
    // A column of air on the left leaves room for the line from the parent.
    const fits = (lane: { from: number; to: number }[]) =>
      lane.every((other) => other.to < from - 1 || other.from - 1 > to);
    let lane = lanes.findIndex(fits);
    if (lane === -1) lane = lanes.push([]) - 1;
    lanes[lane]?.push({ from, to });
    return lane;
  });
  return blocks.map((block) => {
    const lane = laneOf[branchOf.get(block.hash) ?? 0] ?? 0;
    const placed = { block, lane, parent: byHash.get(block.previousHash) };
    byHash.set(block.hash, placed);
    return placed;
  });
}
