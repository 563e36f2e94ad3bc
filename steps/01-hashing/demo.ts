import pc from 'picocolors';
import { sha256 } from '#hashing';

/** The 256 bits of a text's digest, as zeros and ones. */
function bitsOf(text: string): string {
  return BigInt(`0x${sha256(text)}`)
    .toString(2)
    .padStart(256, '0');
}

/** The bits of `after` that are not as in `before`; a dot for each that is. */
function changedBits(before: string, after: string): string[] {
  const old = bitsOf(before);
  return Array.from(bitsOf(after), (bit, i) => (bit === old[i] ? '·' : bit));
}

function count(changed: string[]): number {
  return changed.filter((bit) => bit !== '·').length;
}

const before = 'Alice pays Bob 5 coins';
const after = 'Alice pays Rob 5 coins';

console.log(pc.bold('Change one letter, and the whole fingerprint is another.\n'));
for (const text of [before, after]) console.log(`${pc.cyan(text)}  ${sha256(text)}`);

console.log(
  '\nThe 256 bits of the second one; a dot stands for a bit that stayed the same:\n',
);
const changed = changedBits(before, after);
const cells = changed.map((bit) => (bit === '·' ? pc.dim(bit) : pc.yellow(bit)));
for (let i = 0; i < 256; i += 32) console.log(`  ${cells.slice(i, i + 32).join(' ')}`);
console.log(`\n${pc.bold(`${count(changed)} of 256 bits`)} changed.`);

const story = 'It was a dark and stormy night, and Alice owed Bob a little too much.';
const others = Array.from(story, (_letter, place) =>
  Array.from(
    'abcdefghijklmnopqrstuvwxyz',
    (letter) => story.slice(0, place) + letter + story.slice(place + 1),
  ),
);
const thousand = others
  .flat()
  .filter((other) => other !== story)
  .slice(0, 1_000);
const counts = thousand.map((other) => count(changedBits(story, other)));
const average = counts.reduce((sum, n) => sum + n, 0) / counts.length;

console.log('\nNow a thousand ways to change one letter of a longer text.');
console.log('How many bits change, and in how many of the thousand cases:\n');
for (let bits = 96; bits < 160; bits += 8) {
  const cases = counts.filter((n) => n >= bits && n < bits + 8).length;
  const range = `${bits} to ${bits + 7}`.padStart(12);
  console.log(`${range}  ${pc.green('█'.repeat(Math.ceil(cases / 8)))} ${cases}`);
}
console.log(`
${pc.bold(`${average.toFixed(1)} bits`)} on average, at least ${Math.min(...counts)} and at most ${Math.max(...counts)}: as many as if 256 coins
had been tossed. So a fingerprint does not tell whether two texts are alike.`);
