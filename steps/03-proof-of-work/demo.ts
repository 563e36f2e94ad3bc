import pc from 'picocolors';
import { genesisBlock } from '#blocks';
import { expectedAttempts, leadingZeroBits, mine } from '#proof-of-work';

const WIDTH = 64;
const difficulties = [8, 12, 16, 20];

/** Writes a number with commas, at the right edge of a column. */
const cell = (n: number, width: number) =>
  Math.round(n).toLocaleString('en').padStart(width);

/** Draws a bar, in steps of an eighth of a character. */
function bar(length: number): string {
  const eighths = Math.max(1, Math.round(8 * length));
  const rest = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths % 8] ?? '';
  return '█'.repeat(Math.floor(eighths / 8)) + rest;
}

console.log(pc.bold('Mining: try nonces until the hash begins with enough zero bits.\n'));
console.log(pc.dim('bits   the hash that was found    attempts    expected        time'));

let attempts = 0;
let milliseconds = 0;
for (const difficulty of difficulties) {
  const start = performance.now();
  const timestamp = Date.now();
  const block = await mine(genesisBlock({ timestamp, difficulty, data: 'Hello' }));
  const time = performance.now() - start;
  attempts += block.nonce + 1;
  milliseconds += time;

  const zeros = Math.floor(leadingZeroBits(block.hash) / 4);
  const hash = pc.green(block.hash.slice(0, zeros)) + pc.dim(block.hash.slice(zeros, 20));
  const tried = cell(block.nonce + 1, 12);
  const expected = cell(expectedAttempts(difficulty), 12);
  console.log(`${cell(difficulty, 4)}   ${hash}… ${tried}${expected}${cell(time, 9)} ms`);
}

console.log(
  '\nLuck decides, but on average each zero digit more (4 bits) takes 16 times as long:\n',
);
const most = expectedAttempts(Math.max(...difficulties));
for (const difficulty of difficulties) {
  const expected = expectedAttempts(difficulty);
  const length = (WIDTH * expected) / most;
  console.log(
    `${cell(difficulty, 4)}   ${pc.yellow(bar(length))} ${expected.toLocaleString('en')}`,
  );
}

const rate = (1_000 * attempts) / milliseconds;
const years = expectedAttempts(78) / rate / (365 * 24 * 3_600);
console.log(`
To check any of these blocks takes a single hash. To find one takes all those attempts.
Whoever changes a block must find it anew, and every block after it, too.

This program made ${pc.bold(cell(rate, 0))} hashes a second. A block of Bitcoin took the whole world
about 2^78 of them in 2024: that would be ${pc.bold(`${(years / 1e9).toFixed(0)} billion years`)} here.`);
