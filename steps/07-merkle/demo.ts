import pc from 'picocolors';
import { sha256 } from '#hashing';
import { forkHash, merkleRoot, proveLine, rootOf } from '#merkle';

/** Shortens a hash to its first eight digits. */
const short = (hash: string) => hash.slice(0, 8);

const lines = [
  'Alice pays Bob 5',
  'Bob pays Carol 3',
  'Carol pays Dave 2',
  'Dave pays Erin 7',
  'Erin pays Alice 1',
];
const text = lines.join('\n');
const root = merkleRoot(text);
const [a = '', b = '', c = '', d = '', e = ''] = lines.map((line) => sha256(line));
const [ab, cd] = [forkHash(a, b), forkHash(c, d)];
const abcd = forkHash(ab, cd);

// What is on the way from line 2 up is green, what stands beside it is yellow.
const way = (hash: string) => pc.green(short(hash));
const beside = (hash: string) => pc.yellow(short(hash));

console.log(
  pc.bold('Five lines, and a tree of hashes over them. Its top is the root.\n'),
);
console.log(`  ${pc.dim(short(a))} ─┬─ ${beside(ab)} ─┬─ ${way(abcd)} ─┬─ ${way(root)}  the root
  ${pc.dim(short(b))} ─┘            │            │
  ${way(c)} ─┬─ ${way(cd)} ─┘            │
  ${beside(d)} ─┘                         │
  ${beside(e)} ───────────────────────────┘  without a neighbor, it moves up as it is
`);

console.log(
  pc.bold('Bob knows the root, and none of the lines. Alice shows him line 2:\n'),
);
const line = lines[2] ?? '';
const proof = proveLine(text, 2);
let hash = sha256(line);
console.log(`  the line   ${line}`);
console.log(`  its hash   ${way(hash)}`);
for (const [side, other] of proof) {
  hash = side === 'left' ? forkHash(other, hash) : forkHash(hash, other);
  console.log(
    `  with       ${beside(other)} on its ${side.padEnd(5)} gives ${way(hash)}`,
  );
}
const says = (given: string) =>
  rootOf(given, proof) === root
    ? pc.green('✓ it is in the text')
    : pc.red(`✗ this leads to ${short(rootOf(given, proof))}`);
console.log(`\n  ${line.padEnd(24)} ${says(line)}`);
const forged = 'Carol pays Mallory 200';
console.log(`  ${forged.padEnd(24)} ${says(forged)}`);

console.log(pc.bold('\nHow much is it to send?\n'));
console.log(pc.dim('    lines   hashes in a proof   proof, bytes   all lines, bytes'));
for (const count of [5, 100, 1_000, 100_000]) {
  const all = Array.from({ length: count }, (_, i) => `Alice pays Bob ${i}`).join('\n');
  const hashes = proveLine(all, 0).length;
  const cells = [count, hashes, 64 * hashes, all.length];
  const [first, ...others] = cells.map((n) => n.toLocaleString('en'));
  const widths = [20, 15, 19];
  const row = others.map((cell, i) => cell.padStart(widths[i] ?? 0)).join('');
  console.log(`${first?.padStart(9)}${row}`);
}

console.log(`
Ten times as many lines cost three or four hashes more. So who has nothing but the header
of a block can be shown any line of it. That is what a telephone needs to check a payment.`);
