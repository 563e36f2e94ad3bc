import type { WrongProgram } from './program.ts';

const FORK = 'return sha256(`${left}\\n${right}`);';
const MOVES_UP = 'right === undefined ? hash : forkHash(hash, right)';

export const programs: readonly WrongProgram[] = [
  {
    name: 'glues the two hashes of a fork together',
    file: 'merkle.ts',
    replace: [FORK, 'return sha256(`${left}${right}`);'],
  },
  {
    name: 'hashes the bytes of two hashes, as Bitcoin does',
    file: 'merkle.ts',
    replace: [FORK, "return sha256(Buffer.from(left + right, 'hex'));"],
  },
  {
    name: 'ends a fork with a line break',
    file: 'merkle.ts',
    replace: [FORK, 'return sha256(`${left}\\n${right}\\n`);'],
  },
  {
    name: 'sorts the two hashes of a fork',
    file: 'merkle.ts',
    replace: [FORK, "return sha256([left, right].sort().join('\\n'));"],
  },
  {
    name: 'pairs a last hash with itself (CVE-2012-2459)',
    file: 'merkle.ts',
    replace: [MOVES_UP, 'forkHash(hash, right ?? hash)'],
  },
  {
    name: 'hashes a last hash once more',
    file: 'merkle.ts',
    replace: [MOVES_UP, 'right === undefined ? sha256(hash) : forkHash(hash, right)'],
  },
  {
    name: 'leaves out a last hash without a neighbor',
    file: 'merkle.ts',
    replace: [
      'if (i % 2 === 0) above.push(right === undefined ? hash : forkHash(hash, right));',
      'if (i % 2 === 0 && right) above.push(forkHash(hash, right));',
    ],
  },
  {
    name: 'doubles a last line on the lowest level only, as blockchain_go does',
    file: 'merkle.ts',
    replace: [
      '  let level = lineHashes(text);\n  while',
      '  let level = lineHashes(text);\n' +
        "  if (level.length % 2 === 1) level.push(level.at(-1) ?? '');\n" +
        '  while',
    ],
  },
  {
    name: 'stops one level too early',
    file: 'merkle.ts',
    replace: ['while (level.length > 1) level', 'while (level.length > 2) level'],
  },
  {
    name: 'leaves out empty lines',
    file: 'merkle.ts',
    replace: ["text.split('\\n').map", "text.split('\\n').filter((line) => line).map"],
  },
  {
    name: 'trims the lines',
    file: 'merkle.ts',
    replace: ['sha256(line));', 'sha256(line.trim()));'],
  },
  {
    name: 'parts lines as an editor does',
    file: 'merkle.ts',
    replace: ["text.split('\\n')", 'text.split(/\\r?\\n|\\u2028/)'],
  },
  {
    name: 'sorts the lines first',
    file: 'merkle.ts',
    replace: ["text.split('\\n').map", "text.split('\\n').sort().map"],
  },
  {
    name: 'gives an empty text no root',
    file: 'merkle.ts',
    replace: [
      '  let level = lineHashes(text);\n  while',
      "  if (text === '') return '';\n  let level = lineHashes(text);\n  while",
    ],
  },
  {
    name: 'takes what holds a line break for a line (as in BIP 54)',
    file: 'merkle.ts',
    replace: ['let hash = merkleRoot(line);', 'let hash = sha256(line);'],
  },
  {
    name: 'takes the hash of a line for the line',
    file: 'merkle.ts',
    replace: ['let hash = merkleRoot(line);', 'let hash = line;'],
  },
  {
    name: 'mixes up left and right',
    file: 'merkle.ts',
    replace: [
      "side === 'left' ? forkHash(beside, hash)",
      "side === 'right' ? forkHash(beside, hash)",
    ],
  },
  {
    name: 'goes from the root down',
    file: 'merkle.ts',
    replace: ['of proof) {', 'of [...proof].reverse()) {'],
  },
  {
    name: 'uses up the proof',
    file: 'merkle.ts',
    replace: [
      'for (const [side, beside] of proof) {',
      'const steps = proof as ProofStep[];\n' +
        '  for (let step; (step = steps.shift()); ) {\n' +
        '    const [side, beside] = step;',
    ],
  },
  {
    name: 'names the neighbor on the wrong side',
    file: 'merkle.ts',
    replace: ["isRight ? 'left' : 'right', beside", "isRight ? 'right' : 'left', beside"],
  },
  {
    name: 'adds a step where a hash moves up',
    file: 'merkle.ts',
    replace: [
      "if (beside !== undefined) proof.push([isRight ? 'left' : 'right', beside]);",
      "proof.push([isRight ? 'left' : 'right', beside ?? '']);",
    ],
  },
  {
    name: 'looks for the neighbor on the right only',
    file: 'merkle.ts',
    replace: ['level[isRight ? place - 1 : place + 1]', 'level[place + 1]'],
  },
  {
    name: 'forgets to halve the place',
    file: 'merkle.ts',
    replace: [
      'place = Math.floor(place / 2)',
      'place = Math.min(place, level.length - 1)',
    ],
  },
  {
    name: 'begins with the own hash of the line',
    file: 'merkle.ts',
    replace: [
      'const proof: ProofStep[] = [];',
      "const proof: ProofStep[] = [['left', level[number]]];",
    ],
  },
  {
    name: 'proves lines that are not there',
    file: 'merkle.ts',
    replace: [
      '  if (level[number] === undefined) throw new RangeError(`There is no line ${number}.`);\n',
      '',
    ],
  },
  {
    name: 'lets any dataHash pass',
    file: 'merkle.ts',
    replace: [
      'if (block.dataHash === merkleRoot(block.data)) return undefined;',
      'if (merkleRoot(block.data)) return undefined;',
    ],
  },
  {
    name: 'compares with the digest of the whole data',
    file: 'merkle.ts',
    replace: [
      'block.dataHash === merkleRoot(block.data)',
      'block.dataHash === sha256(block.data)',
    ],
  },
  {
    name: 'names another field',
    file: 'merkle.ts',
    replace: ['its dataHash is not the Merkle root', 'its data has not the Merkle root'],
  },
];
