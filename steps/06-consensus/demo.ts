import pc from 'picocolors';
import { genesisBlock, nextBlock, type Block } from '#blocks';
import { Sync, type Effects } from '#consensus';
import type { Message } from '#peers';
import { mine } from '#proof-of-work';

const genesis = await mine(genesisBlock({ timestamp: Date.now(), difficulty: 12 }));
const names = ['Ada', 'Ben', 'Cleo', 'Dan'];
const nodes = new Map(names.map((name) => [name, new Sync(genesis)]));
const node = (name: string) => nodes.get(name) ?? new Sync(genesis);
const chainOf = (name: string) => node(name).tree?.chain.slice() ?? [];

const say = (text: string) => console.log(text);
const line = (block?: Block) =>
  block ? `${block.index}  ${block.hash.slice(0, 10)}…  ${block.data}` : '';
const workOf = (name: string) => `work ${node(name).tree?.work.toLocaleString('en')}`;

// What stands in for a network: messages wait here until they are delivered.
const wire: { from: string; to: string; message: Message }[] = [];
let aloud = false;

/** Does what a node wants done. */
function perform(name: string, { send, changes }: Effects): void {
  if (aloud && changes.length > 0) {
    say(pc.bold(`  ${name} changes to the chain with more work:`));
    for (const block of changes.flatMap(({ removed }) => removed))
      say(pc.red(`    off  ${line(block)}`));
    for (const block of changes.flatMap(({ added }) => added))
      say(pc.green(`    on   ${line(block)}`));
  }
  for (const { to, message } of send) wire.push({ from: name, to, message });
}

function deliver(): void {
  for (let next = wire.shift(); next !== undefined; next = wire.shift()) {
    const { from, to, message } = next;
    if (aloud) say(`  ${pc.cyan(`${from} → ${to}`.padEnd(11))}  ${inWords(message)}`);
    perform(to, node(to).received(from, message, Date.now()));
  }
}

function inWords(message: Message): string {
  if (message.type === 'tip') return `My best block is number ${message.tip.index}.`;
  if (message.type === 'blocks') return `Here are ${message.blocks.length} blocks.`;
  return 'You did more work. What comes after the blocks that I know?';
}

function join(a: string, b: string): void {
  const hello = (name: string) => ({ genesis: genesis.hash, tip: node(name).tip });
  perform(a, node(a).connected(b, hello(b)));
  perform(b, node(b).connected(a, hello(a)));
  deliver();
}

async function mineAt(name: string, words: string): Promise<void> {
  const tip = chainOf(name).at(-1) ?? genesis;
  const block = await mine(nextBlock(tip, `${name}: ${words}`, Date.now()));
  perform(name, node(name).mined(block, Date.now()));
  deliver();
}

say(pc.bold('Four nodes share a chain:       Ada ─── Ben ─── Cleo ─── Dan'));
join('Ada', 'Ben');
join('Ben', 'Cleo');
join('Cleo', 'Dan');
await mineAt('Ada', 'Lunch?');

say(pc.bold('The line breaks in the middle:  Ada ─── Ben  ╳  Cleo ─── Dan\n'));
node('Ben').disconnected('Cleo');
node('Cleo').disconnected('Ben');
await mineAt('Ben', 'At noon.');
await mineAt('Ada', 'Good!');
await mineAt('Dan', 'At one.');
await mineAt('Cleo', 'Fine.');
await mineAt('Dan', 'See you.');

const [left, right] = [chainOf('Ada'), chainOf('Dan')];
for (const block of left.slice(0, 2)) say(`    ${line(block)}`);
say(`    ├${'─'.repeat(39)}┐`);
for (const i of [2, 3, 4]) say(`    ${line(left[i]).padEnd(40)}${line(right[i])}`);
say(pc.yellow(`    ${workOf('Ada').padEnd(40)}${workOf('Dan')}`));

say(
  pc.bold(
    '\nThe line is mended. Ben and Cleo tell each other how much work they know of:',
  ),
);
aloud = true;
join('Ben', 'Cleo');

say(pc.bold('\nAll have the same tip again. Nobody voted: the most work wins.'));
for (const name of names) say(`    ${name.padEnd(4)}  ${line(chainOf(name).at(-1))}`);
