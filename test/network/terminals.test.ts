/** What a node writes to terminals of several kinds. */
import { stripVTControlCharacters } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Program } from '../../final/lab/program.ts';
import { env, startProgram } from '../program.ts';
import { widthOf } from '../../final/terminal/width.ts';
import { TestNode, cleanUp, launcher } from './harness.ts';

// What it does not know of a terminal, Node asks the system, which has none here.
const pretend = (columns: number) => `
  Object.assign(process.stdout, { isTTY: true, columns: ${columns}, rows: 30 });
  const move = (text) => () => process.stdout.write(text);
  Object.assign(process.stdout, { cursorTo: move('\\u001b[1G'), clearLine: move('\\u001b[2K') });
`;

let node: Program | undefined;
afterEach(async () => {
  node?.signal('SIGKILL');
  await node?.end;
  await cleanUp();
});

/** Returns the environment of a program that believes to have a terminal. */
function onTerminal(columns: number, changes: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const shim = `--import data:text/javascript,${encodeURIComponent(pretend(columns))}`;
  return { ...env, NO_COLOR: undefined, NODE_OPTIONS: shim, TERM: 'xterm', ...changes };
}

/** Runs a node on a terminal until it is ready; gives what it wrote. */
async function watch(changes: NodeJS.ProcessEnv): Promise<string> {
  const options = ['--memory', '-p', '0', '-w', '0', '-d', '1'];
  node = startProgram(launcher, options, {
    env: onTerminal(100, changes),
  });
  await node.untilOutput(/End with[^]*\n\n/);
  return node.output;
}

describe('A terminal', () => {
  it('gets colors, and a line that can be drawn anew', async () => {
    const text = await watch({});
    expect(text).toContain('\u001b[32mINFO\u001b[39m');
    expect(text).toContain('\r\u001b[K[');
    expect(text).toMatch(/Pychain/);
  });

  it.each([{ TERM: 'dumb' }, { TERM: 'dumb', CI: '1' }, { NO_COLOR: '1' }])(
    'gets lines of text and nothing else where it says %j',
    async (changes) => {
      const text = await watch(changes);
      expect(text).toMatch(/^\[\d\d:\d\d:\d\d\] INFO: Mining the genesis block/);
      expect(text).toMatch(/^ {2}explorer {3}http:/m);
      for (const sign of ['\u001b', '\r']) expect(text).not.toContain(sign);
    },
  );
});

describe('What the commands print', () => {
  const commands = [['blocks'], ['block', '1'], ['peers'], ['status'], ['-h']];

  it('is never wider than the terminal, with colors and without', async () => {
    const root = await TestNode.start(['-d', '2', '--memory']);
    await TestNode.join(root);
    await root.post(
      '漢字 and 🌍, and some more words, so that it is too long for all terminals',
    );
    for (const columns of [40, 60, 80, 120]) {
      const lines = commands.map(async (words) => {
        const to = words[0] === '-h' ? [] : ['-p', root.httpPort];
        const look = columns === 60 ? { NO_COLOR: '1' } : {};
        const program = startProgram(launcher, [...words, ...to], {
          env: onTerminal(columns, look),
        });
        const { code, output } = await program.end;
        expect(code).toBe(0);
        if (columns === 60) expect(output).not.toContain('\u001b');
        return stripVTControlCharacters(output).split('\n');
      });
      const [blocks = [], ...others] = await Promise.all(lines);
      expect(blocks[1]).toMatch(/^ *1 .*"漢字/);
      // Commands to copy stand in one line, however long.
      const all = [...blocks, ...others.flat()].filter(
        (line) => !line.includes(' ./pychain'),
      );
      for (const line of all) expect(widthOf(line)).toBeLessThanOrEqual(columns);
    }
  });
});
