// Five nodes in a line, each told only of the one before, find each other.
import { setTimeout as sleep } from 'node:timers/promises';
import pc from 'picocolors';
import { genesisBlock, nextBlock } from '#blocks';
import { PeerNetwork, type Message } from '#peers';

const names = ['Alice', 'Bob', 'Carol', 'Dave', 'Eve'];
const genesis = genesisBlock({ timestamp: Date.now() });
const chain = () => ({ genesis: genesis.hash, tip: null });
/** A node that looks for nobody is content with whom it was told of. */
const start = (outbound: number) => names.map(() => new PeerNetwork({ chain, outbound }));
let nodes = start(0);

/** Who heard of the newest block, and from whom. */
let heard = new Map<string, string>();
let repeats = 0;
console.log(pc.bold('Five nodes start. Each is told only of the one before it.'));
await joinUp();
while (nodes.flatMap(({ peers }) => peers).length < 8) await sleep(5);
printPeers();
await spread('in a line it goes from hand to hand');
await Promise.all(nodes.map((node) => node.close()));

console.log(
  pc.bold('\nNow they look for others, too. Peers tell each other of peers, and soon'),
);
console.log(pc.bold('everybody knows everybody.'));
nodes = start(8);
await joinUp();
while (nodes.some(({ peers }) => peers.length < 4)) await sleep(50);
printPeers();
await spread('now it takes one step');

await Promise.all(nodes.map((node) => node.close()));

/** Connects each node to the one before. */
async function joinUp(): Promise<void> {
  for (const [i, node] of nodes.entries()) {
    node.on('message', (peer, message) => {
      hear(names[i] ?? '', nameOf(peer.id), () => node.broadcast(message, peer));
    });
    await node.listen(0);
    if (i > 0) await node.connect(`ws://127.0.0.1:${nodes[i - 1]?.port}`);
  }
}

/** Alice sends a block. Whoever has not heard of it passes it on to all other peers. */
async function spread(how: string): Promise<void> {
  const block = nextBlock(genesis, how, Date.now());
  const tip = { hash: block.hash, index: block.index, work: '1' };
  const message: Message = { type: 'tip', tip, block };
  console.log(pc.bold(`\nAlice has a new block: ${how}.`));
  heard = new Map();
  repeats = 0;
  hear('Alice', 'herself', () => nodes[0]?.broadcast(message));
  while (heard.size < 5) await sleep(10);
  await sleep(100);
  for (const name of names.slice(1)) {
    const from = heard.get(name) ?? 'nobody';
    console.log(`  ${pc.green(name.padEnd(5))} heard of it from ${pc.cyan(from)}`);
  }
  console.log(pc.dim(`  ${repeats} times somebody was told what was no news.`));
}

function hear(name: string, from: string, passOn: () => void): void {
  if (heard.has(name)) {
    repeats += 1;
  } else {
    heard.set(name, from);
    passOn();
  }
}

function printPeers(): void {
  console.log(
    `\n  ${''.padEnd(5)} knows ${names.map((name) => name.padEnd(5)).join(' ')}`,
  );
  for (const [i, node] of nodes.entries()) {
    const known = node.peers.map(({ id }) => nameOf(id));
    const marks = names.map((name) =>
      known.includes(name) ? pc.green('●') : pc.dim('·'),
    );
    console.log(`  ${names[i]?.padEnd(5)}       ${marks.join('     ')}`);
  }
}

function nameOf(id: string): string {
  return names[nodes.findIndex((node) => node.id === id)] ?? 'a stranger';
}
