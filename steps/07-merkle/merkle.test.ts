import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sha256 } from '#hashing';
import {
  brokenRule,
  genesisBlock,
  hashBlock,
  headerRules,
  nextBlock,
  type Block,
} from '#blocks';
import {
  checkMerkle,
  forkHash,
  merkleRoot,
  proveLine,
  rootOf,
  type ProofStep,
} from '#merkle';

const NOON = 1_700_000_000_000;
const HASH = /^[0-9a-f]{64}$/;

/** So many lines, each of them another. */
const linesOf = (count: number) =>
  Array.from({ length: count }, (_, i) => `line ${i} of ${count}`);

/** Any text without a line break, and with characters that might be taken for one. */
const anyLine = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.replaceAll('\n', '')),
  fc.constantFrom('', ' ', '\r', '\u2028', '\u0085', '0'.repeat(64)),
);
const anyLines = fc.array(anyLine, { minLength: 1, maxLength: 40 });
const anyHash = fc.nat().map((seed) => sha256(`hash ${seed}`));

/** A text and the number of one of its lines. */
const anyPlace = fc
  .tuple(anyLines, fc.nat())
  .map(([lines, n]) => ({ lines, text: lines.join('\n'), number: n % lines.length }));

/** What the hash of a fork is, by what the chapter says of it. */
const fork = (left: string, right: string) => sha256(`${left}\n${right}`);

const lineAt = (lines: readonly string[], number: number) => lines[number] ?? '';

/** Names the error that `run` throws, or tells what it gave instead. */
function errorOf(run: () => unknown): string {
  try {
    return `no error, but the result ${JSON.stringify(run())}`;
  } catch (error) {
    if (!(error instanceof Error)) return String(error);
    return error.message === '' ? `${error.name} that says nothing` : error.name;
  }
}

describe('Task 1: forkHash', () => {
  it('is the digest of both hashes with a line break between them, as any tool shows', () => {
    // Made with printf '%s\n%s' 66ed59eb… 1f2fabe4… | sha256sum
    const left = '66ed59ebf7d156f0f5fca203039b6263ebbc7da0f2479caaa04544864d7b1719';
    const right = '1f2fabe4c0c0830410bf19893438004c438d3895ab16cd2358b7c662795d2fbe';
    expect(forkHash(left, right)).toBe(
      '31486ad51883e68ecf47451c2d635787af3ccf04ea384ca3587243677611f459',
    );
  });

  it('gives another hash when left and right change places', () => {
    fc.assert(
      fc.property(anyHash, anyHash, (left, right) => {
        fc.pre(left !== right);
        expect(forkHash(left, right)).not.toBe(forkHash(right, left));
      }),
    );
  });

  it('is the hash of no line, not even of one that holds both hashes', () => {
    fc.assert(
      fc.property(anyHash, anyHash, fc.constantFrom('', ' ', ',', '\r'), (a, b, glue) => {
        expect(forkHash(a, b)).not.toBe(sha256(`${a}${glue}${b}`));
      }),
    );
  });
});

describe('Task 2: merkleRoot', () => {
  /** The same tree from its top down: below its left side are as many lines as fill one. */
  function fromAbove(lines: readonly string[]): string {
    const [line = ''] = lines;
    if (lines.length === 1) return sha256(line);
    let full = 1;
    while (2 * full < lines.length) full *= 2;
    return fork(fromAbove(lines.slice(0, full)), fromAbove(lines.slice(full)));
  }

  it('of a single line is its digest, as that of an empty text is', () => {
    // Made with printf '%s' 'Alice pays Bob 5' | sha256sum, and printf '' | sha256sum
    const digest = '66ed59ebf7d156f0f5fca203039b6263ebbc7da0f2479caaa04544864d7b1719';
    const ofNothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    expect(merkleRoot('Alice pays Bob 5')).toBe(digest);
    expect(merkleRoot('')).toBe(ofNothing);
  });

  it('of two lines is the fork over their digests', () => {
    expect(merkleRoot('one\ntwo')).toBe(fork(sha256('one'), sha256('two')));
  });

  it('of three lines is as any tool shows: the third one moves up as it is', () => {
    // Made with sha256sum of each line, of the first two digests, and of that and the third.
    expect(merkleRoot('Alice pays Bob 5\nBob pays Carol 3\nCarol pays Dave 2')).toBe(
      'b03a533f4272011a06dc3447cbf1fae5c7b67e34840b0c9688b2769ddec71197',
    );
  });

  it.each([4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16, 17, 31, 33])(
    'of %d lines has all of them below it, two by two',
    (count) => {
      const lines = linesOf(count);
      expect(merkleRoot(lines.join('\n'))).toBe(fromAbove(lines));
    },
  );

  it('parts lines by the line break alone: all else belongs to a line', () => {
    const [one, other] = [sha256('one\r'), sha256('two\u2028three ')];
    expect(merkleRoot('one\r\ntwo\u2028three ')).toBe(fork(one, other));
  });

  it('counts empty lines, also at the beginning and at the end', () => {
    const [empty, line] = [sha256(''), sha256('line')];
    expect(merkleRoot('line\n')).toBe(fork(line, empty));
    expect(merkleRoot('\nline')).toBe(fork(empty, line));
    expect(merkleRoot('\n\n')).toBe(fork(fork(empty, empty), empty));
  });

  it('of any lines is that of the tree, and 64 hex digits', () => {
    fc.assert(
      fc.property(anyLines, (lines) => {
        const root = merkleRoot(lines.join('\n'));
        expect(root).toMatch(HASH);
        expect(root).toBe(fromAbove(lines));
      }),
    );
  });

  it('is another one when a line is changed, left out, or moved', () => {
    fc.assert(
      fc.property(anyPlace, anyLine, ({ lines, text, number }, other) => {
        const root = merkleRoot(text);
        const changes = [
          lines.with(number, other),
          lines.toSpliced(number, 1),
          [...lines.slice(number), ...lines.slice(0, number)],
        ];
        for (const changed of changes) {
          const changedText = changed.join('\n');
          if (changed.length > 0 && changedText !== text)
            expect(merkleRoot(changedText)).not.toBe(root);
        }
      }),
    );
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 9, 11, 12])(
    'of %d lines is another one when the last of them stand there twice',
    (count) => {
      const lines = linesOf(count);
      const roots = [1, 2, 3, 4].map((more) =>
        merkleRoot([...lines, ...lines.slice(-more)].join('\n')),
      );
      expect(roots).not.toContain(merkleRoot(lines.join('\n')));
    },
  );

  it('refuses half a character, which has no digest', () => {
    expect(errorOf(() => merkleRoot('one\n\ud83d'))).toBe('TypeError');
  });
});

describe('Task 3: rootOf', () => {
  // A tree of five lines, made by hand. The fifth one moves up twice.
  const lines = linesOf(5);
  const [a = '', b = '', c = '', d = '', e = ''] = lines.map((line) => sha256(line));
  const [ab, cd] = [fork(a, b), fork(c, d)];
  const abcd = fork(ab, cd);
  const root = fork(abcd, e);

  it('leads to the own hash of a line where nothing stands beside its way', () => {
    expect(rootOf('one', [])).toBe(sha256('one'));
  });

  it.each<[number, ProofStep[]]>([
    [
      0,
      [
        ['right', b],
        ['right', cd],
        ['right', e],
      ],
    ],
    [
      1,
      [
        ['left', a],
        ['right', cd],
        ['right', e],
      ],
    ],
    [
      2,
      [
        ['right', d],
        ['left', ab],
        ['right', e],
      ],
    ],
    [
      3,
      [
        ['left', c],
        ['left', ab],
        ['right', e],
      ],
    ],
    [4, [['left', abcd]]],
  ])('leads from line %d of five to their root', (number, proof) => {
    expect(rootOf(lineAt(lines, number), proof)).toBe(root);
  });

  it('leads elsewhere from another line', () => {
    const proof: ProofStep[] = [['left', abcd]];
    expect(rootOf('Everybody pays Mallory', proof)).not.toBe(root);
  });

  it('leads elsewhere when a step is missing, changed, turned over, or in another place', () => {
    const proof: ProofStep[] = [
      ['left', a],
      ['right', cd],
      ['right', e],
    ];
    const line = lineAt(lines, 1);
    const [first, second, third] = proof as [ProofStep, ProofStep, ProofStep];
    const forged: ProofStep[][] = [
      [],
      [second, third],
      [first, third],
      [first, second],
      [second, first, third],
      [third, second, first],
      [['right', a], second, third],
      [first, ['left', cd], third],
      [['left', b], second, third],
      [first, second, third, third],
    ];
    expect(rootOf(line, proof)).toBe(root);
    expect(forged.map((steps) => rootOf(line, steps))).not.toContain(root);
  });

  it('begins with the root of the lines where a line break makes several of one', () => {
    const [one, two] = [lineAt(lines, 0), lineAt(lines, 1)];
    expect(rootOf(`${one}\n${two}`, [])).toBe(ab);
    expect(rootOf(`${one}\n${two}`, [['right', cd]])).toBe(abcd);
  });

  it('does not take the two hashes of a fork for a line', () => {
    expect(rootOf(`${abcd}\n${e}`, [])).not.toBe(root);
    expect(rootOf(`${ab}\n${cd}`, [['right', e]])).not.toBe(root);
    expect(rootOf(`${a}\n${b}`, [['right', cd]])).not.toBe(abcd);
  });

  it('leaves the proof as it was', () => {
    const proof: readonly ProofStep[] = Object.freeze([
      Object.freeze<ProofStep>(['left', abcd]),
    ]);
    expect(rootOf(lineAt(lines, 4), proof)).toBe(root);
    expect(proof).toEqual([['left', abcd]]);
  });

  it('refuses half a character, which has no digest', () => {
    expect(errorOf(() => rootOf('\ud83d', []))).toBe('TypeError');
    expect(errorOf(() => rootOf('one', [['right', '\ud83d']]))).toBe('TypeError');
  });
});

describe('Task 4: proveLine', () => {
  it('proves a single line by nothing at all', () => {
    expect(proveLine('one', 0)).toEqual([]);
    expect(proveLine('', 0)).toEqual([]);
  });

  it('names the hash beside a line, and on which side it stands', () => {
    expect(proveLine('one\ntwo', 0)).toEqual([['right', sha256('two')]]);
    expect(proveLine('one\ntwo', 1)).toEqual([['left', sha256('one')]]);
  });

  it('names the hashes from the line upwards', () => {
    const [a = '', b = '', d = ''] = ['a', 'b', 'd'].map((line) => sha256(line));
    expect(proveLine('a\nb\nc\nd', 2)).toEqual([
      ['right', d],
      ['left', fork(a, b)],
    ]);
  });

  it('has no step where a hash moves up as it is', () => {
    expect(proveLine('a\nb\nc', 2)).toEqual([['left', fork(sha256('a'), sha256('b'))]]);
    expect(proveLine(linesOf(17).join('\n'), 16)).toHaveLength(1);
  });

  it('leads every line of 1 to 20 lines to their root, and no other line', () => {
    const wrong: string[] = [];
    for (let count = 1; count <= 20; count += 1) {
      const lines = linesOf(count);
      const text = lines.join('\n');
      for (const [number, line] of lines.entries()) {
        const proof = proveLine(text, number);
        const leads = (shown: string) => rootOf(shown, proof) === merkleRoot(text);
        if (!leads(line)) wrong.push(`${line} is not led to the root`);
        if (leads('Mallory')) wrong.push(`the proof of ${line} leads Mallory there, too`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('leads any line of any text to its root', () => {
    fc.assert(
      fc.property(anyPlace, ({ lines, text, number }) => {
        const proof = proveLine(text, number);
        expect(rootOf(lineAt(lines, number), proof)).toBe(merkleRoot(text));
      }),
    );
  });

  it('holds for its own line alone: where another line stands, the proof leads elsewhere', () => {
    fc.assert(
      fc.property(anyPlace, anyLine, ({ lines, text, number }, other) => {
        fc.pre(other !== lineAt(lines, number));
        expect(rootOf(other, proveLine(text, number))).not.toBe(merkleRoot(text));
      }),
    );
  });

  it.each([
    [2, 1],
    [10, 4],
    [1_000, 10],
  ])('needs for one of %d lines at most %d hashes', (count, hashes) => {
    const text = linesOf(count).join('\n');
    const lengths = [0, 1, count - 1].map((number) => proveLine(text, number).length);
    expect(Math.max(...lengths)).toBe(hashes);
  });

  it.each([-1, 3, 100, 0.5, NaN, Infinity])(
    'refuses the number %d, which no line of three has',
    (number) => {
      expect(errorOf(() => proveLine('a\nb\nc', number))).toBe('RangeError');
    },
  );
});

describe('Task 5: checkMerkle', () => {
  const rules = [...headerRules, checkMerkle];
  const data = 'Alice pays Bob 5\nBob pays Carol 3\nCarol pays Dave 2';
  let genesis: Block;
  beforeAll(() => {
    genesis = genesisBlock({ timestamp: NOON });
  });

  /** Makes a block with these lines and this dataHash, and the hash that it then has. */
  function blockOf(text: string, dataHash: string): Block {
    const block = { ...nextBlock(genesis, text, NOON + 60_000), dataHash };
    return { ...block, hash: hashBlock(block) };
  }
  const broken = (block: Block) =>
    brokenRule(block, genesis, rules) ?? 'nothing is wrong';
  /** Matches a sentence that names the field. */
  const namingDataHash: unknown = expect.stringMatching(/\bdataHash\b/);

  it('finds nothing wrong with a block whose dataHash is the root of its lines', () => {
    expect(broken(blockOf(data, merkleRoot(data)))).toBe('nothing is wrong');
  });

  it('finds nothing wrong with a single line, whose root is its digest', () => {
    expect(broken(nextBlock(genesis, 'one line', NOON + 60_000))).toBe(
      'nothing is wrong',
    );
    expect(checkMerkle(genesis, undefined) ?? 'nothing is wrong').toBe(
      'nothing is wrong',
    );
  });

  it('refuses the digest of the whole data, where that has several lines', () => {
    expect(broken(blockOf(data, sha256(data)))).toEqual(namingDataHash);
  });

  it('refuses a root that is not that of the data, whatever the data is', () => {
    fc.assert(
      fc.property(anyLines, anyHash, (lines, other) => {
        const text = lines.join('\n');
        expect(broken(blockOf(text, merkleRoot(text)))).toBe('nothing is wrong');
        expect(broken(blockOf(text, other))).toEqual(namingDataHash);
      }),
    );
  });

  it('refuses a block that says its last line twice, under the root of once', () => {
    const twice = `${data}\nCarol pays Dave 2`;
    expect(broken(blockOf(twice, merkleRoot(data)))).toEqual(namingDataHash);
  });
});
