// Five nodes in a line, each told only of the one before, find each other.
import { setTimeout as sleep } from 'node:timers/promises';
import pc from 'picocolors';
import { genesisBlock, nextBlock } from '#blocks';
import { PeerNetwork, type Message, type Peer } from '#peers';

const names = ['Alice', 'Bob', 'Carol', 'Dave', 'Eve'];
const genesis = genesisBlock({ timestamp: Date.now() });
const chain = () => ({ genesis: genesis.hash, tip: null });
/** A node that looks for nobody is content with whom it was told of. */
const start = (outbound: number) => names.map(() => new PeerNetwork({ chain, outbound }));
let nodes = start(0);

/** How long everybody waits before they pass news on, in milliseconds: longer than any message takes. */
const HOP = 50;

/** Who heard of the newest block, and from whom. */
let heard = new Map<string, string>();
/** How often somebody was told of it, how many such messages came, and how many were no news. */
let [told, came, repeats] = [0, 0, 0];
/** How many have news that they have not passed on yet. */
let waiting = 0;
console.log(pc.bold('Five nodes start. Each is told only of the one before it.'));
await joinUp();
while (!nodes.slice(1).every((node, i) => areConnected(node, nodes[i]))) await sleep(5);
printPeers();
await spread('in a line it goes from hand to hand');
await Promise.all(nodes.map((node) => node.close()));

console.log(
  pc.bold('\nNow they look for others, too. Peers tell each other of peers, and soon'),
);
console.log(pc.bold('everybody knows everybody.'));
nodes = start(8);
await joinUp();
while (!nodes.every((a) => nodes.every((b) => a === b || areConnected(a, b))))
  await sleep(5);
printPeers();
await spread('now it takes one step');

await Promise.all(nodes.map((node) => node.close()));

/** Connects each node to the one before. */
async function joinUp(): Promise<void> {
  for (const [i, node] of nodes.entries()) {
    node.on('message', (peer, message) => {
      came += 1;
      hear(names[i] ?? '', nameOf(peer.id), () => tell(node, message, peer));
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
  [told, came, repeats] = [0, 0, 0];
  hear('Alice', 'herself', () => tell(nodes[0], message));
  while (waiting > 0 || came < told) await sleep(5);
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
    waiting += 1;
    setTimeout(() => {
      waiting -= 1;
      passOn();
    }, HOP);
  }
}

function tell(node: PeerNetwork | undefined, message: Message, except?: Peer): void {
  told += node?.peers.filter((peer) => peer !== except).length ?? 0;
  node?.broadcast(message, except);
}

/** Whether two nodes have one connection: both may have dialed, and one of two is about to end. */
function areConnected(a: PeerNetwork, b: PeerNetwork | undefined): boolean {
  const ends = [
    ...a.peers.filter(({ id }) => id === b?.id),
    ...(b?.peers.filter(({ id }) => id === a.id) ?? []),
  ];
  return ends.length === 2 && ends[0]?.outbound !== ends[1]?.outbound;
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
