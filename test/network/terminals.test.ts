/** What a node writes to terminals of several kinds. */
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Program } from '../../final/lab/program.ts';
import { env, startProgram } from '../program.ts';
import { launcher } from './harness.ts';

// What it does not know of a terminal, Node asks the system, which has none here.
const pretend = `
  Object.assign(process.stdout, { isTTY: true, columns: 100, rows: 30 });
  const move = (text) => () => process.stdout.write(text);
  Object.assign(process.stdout, { cursorTo: move('\\u001b[1G'), clearLine: move('\\u001b[2K') });
`;

let node: Program | undefined;
afterEach(async () => {
  node?.signal('SIGKILL');
  await node?.end;
});

/** Runs a node on a terminal until it is ready; gives what it wrote. */
async function watch(changes: NodeJS.ProcessEnv): Promise<string> {
  const shim = `--import data:text/javascript,${encodeURIComponent(pretend)}`;
  const options = ['--memory', '-p', '0', '-w', '0', '-d', '1'];
  node = startProgram(launcher, options, {
    env: { ...env, NO_COLOR: undefined, NODE_OPTIONS: shim, TERM: 'xterm', ...changes },
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
