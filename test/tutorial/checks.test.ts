import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { contractProblems, readContracts } from '../../tutorial/sync/contracts.ts';
import { exampleProblems } from '../../tutorial/sync/examples.ts';
import { givesProblems, refreshed } from '../../tutorial/sync/gives.ts';
import { linkProblems } from '../../tutorial/sync/links.ts';
import { carryOver, listingProblems } from '../../tutorial/sync/listings.ts';
import { isNamed, parsePage, withTexts } from '../../tutorial/sync/markdown.ts';
import { masked, sameOutput } from '../../tutorial/sync/masks.ts';
import { missingPrograms, runSession } from '../../tutorial/sync/sessions.ts';
import { formProblems, plainWords, tasksOf } from '../../tutorial/sync/tasks.ts';
import { root } from './project.ts';

const fence = (info: string, text: string) => `\`\`\`${info}\n${text}\`\`\`\n`;
const chapter = (...blocks: string[]) =>
  parsePage('tutorial/02-blocks.md', `# Blocks\n\n${blocks.join('\nSome words.\n\n')}`);

describe('The check of the listings', () => {
  const file = 'steps/02-blocks/block.ts';
  const sources = new Map([[file, 'one\n\ntwo\n']]);
  const first = fence(`ts file=${file}`, 'one\n\n');
  const second = fence(`ts file=${file}`, 'two\n');
  const problems = (...blocks: string[]) =>
    listingProblems([chapter(...blocks)], sources);

  it('passes pieces that are the file', () => {
    expect(problems(first, second)).toEqual([]);
  });

  it.each([
    ['a line that is not in the file', [first, fence(`ts file=${file}`, 'three\n')]],
    ['a piece that is missing', [first]],
    ['pieces in another order', [second, first]],
    ['a piece that stands there twice', [first, second, second]],
    ['a blank line that is missing', [fence(`ts file=${file}`, 'one\n'), second]],
    ['a space too many', [first, fence(`ts file=${file}`, 'two \n')]],
  ])('finds %s', (_what, blocks) => {
    expect(problems(...blocks)).toEqual([
      expect.stringMatching(/^tutorial\/02-blocks\.md:3.*tutorial:sync/),
    ]);
  });

  it('finds a file of the step that the chapter does not show', () => {
    const more = new Map([...sources, ['steps/02-blocks/rules.ts', 'rules\n']]);
    const found = listingProblems([chapter(first, second)], more);
    expect(found).toEqual([expect.stringContaining('whole of steps/02-blocks/rules.ts')]);
  });

  it('asks for neither the tests nor the demo', () => {
    const more = new Map([
      ...sources,
      ['steps/02-blocks/demo.ts', ''],
      ['steps/02-blocks/block.test.ts', ''],
    ]);
    expect(listingProblems([chapter(first, second)], more)).toEqual([]);
  });

  it('finds a listing of a file that does not exist', () => {
    expect(problems(first, second, fence('ts file=steps/no.ts', ''))).toEqual([
      expect.stringContaining('there is no file steps/no.ts'),
    ]);
  });

  it('finds a piece that is too long to be read at once', () => {
    const long = 'line\n'.repeat(46);
    const page = chapter(fence('ts file=final/long.ts', long));
    const found = listingProblems([page], new Map([['final/long.ts', long]]));
    expect(found).toEqual([expect.stringContaining('46 lines')]);
  });

  it('finds a part that its file does not hold', () => {
    const page = (text: string) => chapter(fence('ts file=final/node.ts part', text));
    const node = new Map([['final/node.ts', 'one\ntwo\nthree\n']]);
    expect(listingProblems([page('two\nthree\n')], node)).toEqual([]);
    expect(listingProblems([page('one\nthree\n')], node)).toHaveLength(1);
  });
});

describe('The check of the contracts', () => {
  const contract = (names: string, text = '') =>
    chapter(fence(`ts contract=steps/02-blocks/chain.ts names=${names}`, text));
  const textOf = async (names: string) =>
    (await readContracts([contract(names)], root))[0]?.text ?? '';

  it('shows a declaration with its docstring, and nothing of its body', async () => {
    const text = await textOf('Chain');
    expect(text).toMatch(/^\/\*\* A list of blocks .*\nexport declare class Chain \{\n/);
    expect(text).toContain('  /** The newest block. */\n  get tip(): Block;\n');
    expect(text).not.toMatch(/#|private|return |=/);
  });

  it('shows the members of a class that are named, in one class', async () => {
    const text = await textOf('Chain.tip,Chain.at');
    const members = text.split('\n').filter((line) => /^ {2}\w|^\S/.test(line));
    expect(members).toEqual([
      'export declare class Chain {',
      '  get tip(): Block;',
      '  at(index: number): Block | undefined;',
      '}',
    ]);
  });

  it('shows for a slide only what is to be called, and how', async () => {
    expect(await textOf('Chain.tip,Chain.at bare')).toBe(
      'class Chain {\n  get tip(): Block;\n  at(index: number): Block | undefined;\n}\n',
    );
  });

  it('passes what the source declares, and finds any other text', async () => {
    const text = await textOf('Chain.tip');
    expect(await contractProblems([contract('Chain.tip', text)], root)).toEqual([]);
    const other = contract('Chain.tip', text.replace('newest', 'oldest'));
    expect(await contractProblems([other], root)).toEqual([
      expect.stringMatching(/^tutorial\/02-blocks\.md:3: the contract is not what/),
    ]);
  });

  it.each(['Chains', 'Chain.no'])('finds that there is no %s', async (name) => {
    expect(await contractProblems([contract(name)], root)).toEqual([
      expect.stringContaining(`chain.ts declares no ${name}.`),
    ]);
  });
});

describe('The check of the examples in contracts', () => {
  const page = (text: string) =>
    parsePage('tutorial/01-hashing.md', fence('ts gives', text));
  const right = [
    "const text = 'abc';",
    'sha256(text).length; // 64',
    "sha256(text); // 'ba78…15ad'",
    "sha256('\\ud83d'); // TypeError: Cannot hash text with a lone surrogate…",
    '[1, { a: text }]; // [ 1, { a: …abc… } ]',
  ];

  it('passes values as they are, with an ellipsis for any rest', async () => {
    expect(await givesProblems(page(`${right.join('\n')}\n`), root)).toEqual([]);
  });

  it('finds a value that is another, and puts the right one in its place', async () => {
    const wrong = page('sha256("").length; // 63\n');
    expect(await givesProblems(wrong, root)).toEqual([
      expect.stringMatching(/^tutorial\/01-hashing\.md:1: the values are others/),
    ]);
    expect([...(await refreshed(wrong, root)).values()]).toEqual([
      'sha256("").length; // 64\n',
    ]);
  });

  it('says what is wrong with examples that do not run', async () => {
    await expect(
      givesProblems(page('const a = sha256(1n);\na; // 1\n'), root),
    ).rejects.toThrow(/^tutorial\/01-hashing\.md: its examples do not run/);
  });
});

describe('The check of the form of tasks', () => {
  const parts = {
    heading: '### Task 1: one',
    problem: 'What is one?',
    contract: '**The contract**',
    turn: '**Your turn.** Write it.',
    way: `<details id="one-way-1"><summary>One way to write it</summary>\n\n${fence('ts file=steps/02-blocks/block.ts', 'one\n')}\n</details>`,
  };
  const problems = (changes: Partial<typeof parts>) =>
    formProblems(
      parsePage(
        'tutorial/02-blocks.md',
        `# Blocks\n\n## The code\n\n${Object.values({ ...parts, ...changes }).join('\n\n')}\n`,
      ),
    );

  it("passes a task with a question, a contract, the reader's turn and a folded listing", () => {
    expect(problems({})).toEqual([]);
  });

  it.each([
    [
      'no question',
      { problem: 'One is a number.' },
      /has no question before the contract/,
    ],
    ['no contract', { contract: 'It is promised:' }, /has no \*\*The contract\*\*/],
    ['no turn of the reader', { turn: 'Write it.' }, /has no \*\*Your turn\.\*\*/],
    ['no folded way', { way: 'None.' }, /has no folded way/],
    [
      'a listing in the open',
      { turn: `${parts.turn}\n\n${fence('ts file=steps/02-blocks/block.ts', 'one\n')}` },
      /the listing is not folded/,
    ],
  ])('finds %s', (_what, changes, words) => {
    expect(problems(changes)).toEqual([expect.stringMatching(words)]);
  });

  it('takes the words of a contract without the marks of comments and code', () => {
    const page = parsePage(
      'tutorial/02-blocks.md',
      `### Task 1: one\n\nWhat?\n\n**The contract**\n\n${fence('ts', '/**\n * Gives `one`,\n * always.\n */\n')}\n<details id="one-way-1">`,
    );
    const [task] = tasksOf(page);
    expect(plainWords(task?.promise ?? '')).toContain('Gives one, always.');
  });
});

describe('Refreshing a listing', () => {
  const pieces = ['a\nb\n\n', 'c\nd\n\n', 'e\n'];

  it('keeps the cuts where lines changed elsewhere', () => {
    expect(carryOver(pieces, 'a\nb\n\nc\nD\nd2\n\ne\n')).toEqual([
      'a\nb\n\n',
      'c\nD\nd2\n\n',
      'e\n',
    ]);
  });

  it('puts a comment that is new before a piece into that piece', () => {
    expect(carryOver(pieces, 'a\nb\n\n// new\nc\nd\n\ne\n')).toEqual([
      'a\nb\n\n',
      '// new\nc\nd\n\n',
      'e\n',
    ]);
  });

  it('puts a paragraph that is new at a cut into the piece before', () => {
    expect(carryOver(pieces, 'a\nb\n\nnew\n\nc\nd\n\ne\n')).toEqual([
      'a\nb\n\nnew\n\n',
      'c\nd\n\n',
      'e\n',
    ]);
  });

  it('gives as many pieces as there were, which are the new file together', () => {
    const lines = fc
      .array(fc.constantFrom('\n', 'a\n', 'b\n', 'c\n'))
      .map((all) => all.join(''));
    fc.assert(
      fc.property(fc.array(lines, { minLength: 1 }), lines, (old, text) => {
        const now = carryOver(old, text);
        expect(now).toHaveLength(old.length);
        expect(now.join('')).toBe(text);
      }),
    );
  });

  it('changes nothing where the file is as it was', () => {
    const filled = fc.array(fc.constantFrom('\n', 'a\n', 'b\n'), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(filled, { minLength: 1 }), (all) => {
        const old = all.map((lines) => lines.join(''));
        expect(carryOver(old, old.join(''))).toEqual(old);
      }),
    );
  });

  it('leaves the text around a block alone, and its indentation as it is', () => {
    const text = `---\ntitle: x\n---\n\n1. One:\n\n   \`\`\`ts\n   old\n   \`\`\`\n\nEnd`;
    const page = parsePage('tutorial/x.md', text);
    const [block] = page.fences;
    if (block === undefined) throw new Error('The block was not found.');
    expect(withTexts(page, new Map([[block, 'new\n\nlines\n']]))).toBe(
      text.replace('   old', '   new\n\n   lines'),
    );
  });
});

describe('The name of a page', () => {
  it.each([
    ['tutorial/03-proof-of-work.md', '03-proof-of-work'],
    ['tutorial/03-proof-of-work.md', '03'],
    ['tutorial/final.md', 'final'],
  ])('of %s may be %s', (path, name) => {
    expect(isNamed(parsePage(path, ''), name)).toBe(true);
  });

  it.each([
    ['tutorial/03-proof-of-work.md', '0'],
    ['tutorial/03-proof-of-work.md', 'work'],
    ['tutorial/final.md', 'fin'],
    ['tutorial/final.md', 'tutorial'],
  ])('of %s is not %s', (path, name) => {
    expect(isNamed(parsePage(path, ''), name)).toBe(false);
  });
});

describe('The check of the links', () => {
  const other = parsePage(
    'README.md',
    '# The `one` question: why?\n\n## Same\n\n## Same\n',
  );
  const problems = (markdown: string) => {
    const page = parsePage('tutorial/page.md', markdown);
    const there = ['README.md', 'tutorial/page.md', 'tutorial/pictures/house.svg'];
    return linkProblems([page, other], (path) => there.includes(path));
  };

  it.each([
    ['a page', '[x](../README.md)'],
    ['a heading', '[x](../README.md#the-one-question-why)'],
    ['the second of two equal headings', '[x](../README.md#same-1)'],
    ['a heading of its own', '# Here\n\n[x](#here)'],
    ['another host', '[x](https://example.org/y#z)'],
    ['a picture', '![a house](pictures/house.svg)'],
  ])('passes a link to %s', (_what, markdown) => {
    expect(problems(markdown)).toEqual([]);
  });

  it.each([
    ['to a page that is missing', '[x](none.md)', 'no tutorial/none.md'],
    ['to a heading that is missing', '[x](../README.md#none)', 'anchor #none'],
    ['to a heading of its own that is missing', '[x](#none)', 'anchor #none'],
    ['to a picture that is missing', '![a](none.svg)', 'no tutorial/none.svg'],
    ['out of the project', '[x](../../README.md)', 'no ../README.md'],
    ['in a table', '| a |\n| - |\n| [x](none.md) |', 'no tutorial/none.md'],
  ])('finds a link %s', (_what, markdown, words) => {
    expect(problems(markdown)).toEqual([expect.stringContaining(words)]);
  });

  it('finds a picture without alternative text', () => {
    expect(problems('![](pictures/house.svg)')).toEqual([
      expect.stringContaining('no alternative text'),
    ]);
  });

  it('finds a block of code that does not name its language', () => {
    expect(problems('```\nx\n```\n')).toEqual([expect.stringContaining('language')]);
  });

  it('finds a heading that skips a level', () => {
    expect(problems('# One\n\n### Three\n')).toEqual([
      expect.stringContaining(':3: a heading'),
    ]);
    expect(problems('# One\n\n## Two\n\n### Three\n\n## Two\n')).toEqual([]);
  });

  it('takes no link out of code', () => {
    expect(problems('`[x](none.md)`\n\n```md\n[x](none.md)\n```\n')).toEqual([]);
  });
});

describe('The check of the examples', () => {
  it('lets them import the steps, and the files of the step of their chapter', () => {
    const page = chapter(
      fence(
        'ts example=fits',
        "import { sha256 } from '#hashing';\nimport type { Block } from './block.ts';\n",
      ),
      fence('ts example=fits', 'export const same = (b: Block) => sha256(b.data);\n'),
    );
    expect(exampleProblems([page], root)).toEqual([]);
  });

  it('knows the files of a step for its hints, too', () => {
    const text =
      "import type { Block } from './block.ts';\nexport type Data = Block['no'];\n";
    const page = parsePage(
      'steps/02-blocks/hints.md',
      fence('ts example=of-hints', text),
    );
    expect(exampleProblems([page], root)).toEqual([
      expect.stringMatching(/^steps\/02-blocks\/hints\.md:3: Property 'no' does not/),
    ]);
  });

  it('finds what the types forbid, and says on which line', () => {
    const page = chapter(
      fence('ts example=wrong-type wrong', 'const a = 1;\nconst b: string = a;\n'),
    );
    expect(exampleProblems([page], root)).toEqual([
      expect.stringMatching(/^tutorial\/02-blocks\.md:5: Type 'number' is not/),
    ]);
  });

  it.each([
    ['broken syntax', 'const = 1;\n'],
    ['a name that a step does not offer', "import { md5 } from '#hashing';\nmd5();\n"],
    ['what only strict settings forbid', 'export const f = (x) => x;\n'],
  ])('finds %s', (_what, text) => {
    const page = chapter(fence('ts example=bad', text));
    expect(exampleProblems([page], root)).not.toEqual([]);
  });
});

describe('The comparison of what the terminal shows', () => {
  it.each([
    ['times', 'at 12:49:18, after 12 ms', 'at 01:02:03, after 1,234.5 ms'],
    ['ports', 'http://localhost:6001/blocks', 'http://localhost:34567/blocks'],
    ['hashes that were mined', `hash 00${'a1'.repeat(31)}`, `hash 00${'9c'.repeat(31)}`],
    ['nonces', '"nonce":12,"data"', '"nonce":123456,"data"'],
    ['the order in which test files end', 'PASS a\nPASS b (2 s)', 'PASS b\nPASS a'],
    ['lines that stand for others', 'first\n…\nlast', 'first\nsecond\nthird\nlast'],
  ])('overlooks %s', (_what, shown, output) => {
    expect(sameOutput(shown, output)).toBe(true);
  });

  it.each([
    ['words', 'Block 1 is valid', 'Block 1 is invalid'],
    ['numbers that are always the same', '128 of 256 bits', '127 of 256 bits'],
    ['hashes that are always the same', 'a1'.repeat(32), '9c'.repeat(32)],
    ['the order of other lines', 'a\nb', 'b\na'],
    ['a line more', 'a', 'a\nb'],
  ])('sees other %s', (_what, shown, output) => {
    expect(sameOutput(shown, output)).toBe(false);
  });

  it('masks nothing in words', () => {
    const text = 'Each block costs some seconds and 5 coins.';
    expect(masked(text)).toBe(text);
  });
});

const missing = missingPrograms('$ curl x\n');
if (missing.length > 0) {
  process.stderr.write(
    `Left out: the tests of sessions, without ${missing.join(', ')}.\n`,
  );
} else {
  describe('A session', () => {
    it('gets the output of its commands, and keeps the blank lines between them', async () => {
      const now = await runSession(
        '$ echo one\n\n$ echo two\nold\n\n$ echo three\n',
        root,
      );
      expect(now).toBe('$ echo one\none\n\n$ echo two\ntwo\n\n$ echo three\nthree\n');
    });

    it('keeps what it shows where only a time is another', async () => {
      const text = '$ echo it took 12 ms\nit took 99 ms\n';
      expect(await runSession(text, root)).toBe(text);
    });

    it('runs the programs of its page that readers save as my/NAME.ts', async () => {
      const program = "import { sha256 } from '#hashing';\nconsole.log(sha256('abc'));\n";
      const programs = new Map([['abc', program]]);
      const command = '$ node --import tsx my/abc.ts\n';
      expect(await runSession(command, root, programs)).toBe(
        `${command}ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n`,
      );
    });

    it('starts nodes, speaks to them at the ports of the text, and ends them', async () => {
      const now = await runSession(
        [
          '$ ./pychain -d 2 &',
          '$ ./pychain -n ws://localhost:8000 -p 6002 -w 8001 &',
          `$ curl --silent --json '{"data":"hi"}' localhost:6001/blocks --output -`,
          '$ ./pychain blocks -p 6002\n',
        ].join('\n'),
        root,
      );
      expect(now).toContain('HTTP API   http://127.0.0.1:6001/blocks');
      expect(now).toContain('for peers  ws://127.0.0.1:8001');
      expect(now).toContain('data       /home/you/pychain/.pychain/8000\n');
      expect(now).toContain('Joined the network 00');
      expect(now).toMatch(/^ +1 .* {2}"hi"$/m);
      expect(now).not.toContain('refused');
    });
  });
}
