import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Block } from '#blocks';
import type { Status } from '../../final/api/schemas.ts';
import { openStore } from '../../final/storage/level-store.ts';
import {
  TestNode,
  cleanUp,
  newFolder,
  runCommand,
  startCommand,
  easy,
} from './harness.ts';

afterEach(cleanUp);

describe('The command line', () => {
  it('lists the options and commands with -h and --help', async () => {
    const short = await runCommand('-h');
    expect(short).toEqual(await runCommand('--help'));
    expect(short.code).toBe(0);
    for (const words of [
      /-n, --node <url>/,
      /-p, --http-port <port>[^-]*6001/,
      /-w, --ws-port <port>[^-]*8000/,
      /-d, --difficulty <digits>[^-]*4\)/,
      /-h, --help/,
      /mine .*<data>/,
      /blocks/,
      /block .*<id>/,
      /peers/,
      /status/,
      /events/,
    ]) {
      expect(short.output).toMatch(words);
    }
  });

  it.each([
    ['-p 70000', /port.*0 to 65535/],
    ['-p eighty', /port.*0 to 65535/],
    ['--ws-port -1', /port.*0 to 65535/],
    ['-d -1', /difficulty.*0 to 64/i],
    ['-d 65', /difficulty.*0 to 64/i],
    ['-d 1.5', /difficulty.*0 to 64/i],
    ['-n localhost:8000', /ws:\/\/host:port/],
    ['-n http://localhost:8000', /ws:\/\/host:port/],
    ['--log-level loud', /debug, info/],
    ['--unknown', /unknown option/],
    ['dance', /no command 'dance'/],
    ['mine', /missing.*data/],
    ['mine hello world', /quotes: \.\/pychain mine "hello world"$/],
    ['mine $HOME `ls` -p 1', /quotes: \.\/pychain mine "hello world"$/],
    ['mine Gr\ufffd\ufffde', /not UTF-8\. Let the terminal use UTF-8/],
    ['--allow-host a/b', /'a\/b' is invalid\. Give a name, such as vm\.lan/],
    ['network 2 --allow-host http://a:b', /is invalid\. Give a name, such as vm\.lan/],
    ['blocks --limit 0', /limit/i],
  ])('answers "%s" with one clear line and exit code 2', async (line, words) => {
    const { code, output } = await runCommand(...line.split(' '));
    expect(output.trim()).toMatch(words);
    expect(output.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(2);
  });

  it.each(['-p', '-w'])(
    'says which port of %s is in use and what to try',
    async (option) => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as { port: number };
      const others = option === '-p' ? ['-w', '0'] : ['-p', '0'];
      const folder = await newFolder();
      const result = await runCommand(
        option,
        String(port),
        ...others,
        '--data-dir',
        folder,
      );
      server.close();
      expect(result.output).toMatch(new RegExp(`^Port ${port} is in use.*${option} 0`));
      expect(result.code).toBe(1);
    },
  );

  it('says that another node uses the data folder', async () => {
    const node = await TestNode.start(easy);
    const result = await runCommand('-p', '0', '-w', '0', '--data-dir', node.folder);
    expect(result.output).toMatch(/^Another node uses the data folder .*--data-dir/);
    expect(result.code).toBe(1);
  });

  it('answers, and ends when told to, while it mines as fast as it can', async () => {
    const node = await TestNode.start(['--memory', '-d', '0', '--mine']);
    const before = await node.get<Status>('/status');
    await node.until(({ msg }) => msg.startsWith(`Block ${before.tip?.index}`));
    const after = await node.get<Status>('/status');
    expect(after.tip?.index).toBeGreaterThan(before.tip?.index ?? NaN);
    expect(await node.stop()).toBe(0);
  });

  it('ends as if told to where nobody reads any more what it prints', async () => {
    const node = startCommand('--memory', '-p', '0', '-w', '0', '-d', '0', '--mine');
    await node.untilOutput(/"Block 3:/);
    node.stopReading();
    const { code, output } = await node.end;
    expect(code).toBe(0);
    expect(output).not.toMatch(/EPIPE|Error/);

    const talkative = startCommand('-h');
    talkative.stopReading();
    expect((await talkative.end).output).toBe('');
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'ends cleanly on %s, even while mining',
    async (signal) => {
      const node = await TestNode.start(easy);
      const other = await TestNode.join(node);
      const hard = await TestNode.start(['-d', '64', '-n', node.ws]); // ignores its own -d
      expect(await other.stop(signal)).toBe(0);
      expect(await hard.stop(signal)).toBe(0);
      const posts = Array.from({ length: 50 }, (_, i) =>
        node.request<Block>('/blocks', { data: `block ${i}` }).catch(() => undefined),
      );
      await node.until(({ msg }) => msg.startsWith('Block 3:'));
      expect(await node.stop(signal)).toBe(0);
      const answers = await Promise.all(posts);
      expect(answers.some((answer) => answer?.status === 503)).toBe(true);
      const acknowledged = answers.filter((answer) => answer?.status === 201);
      const again = await TestNode.start([], node.folder);
      const chain = await again.chain();
      for (const answer of acknowledged) expect(chain).toContainEqual(answer?.body);
    },
  );
});

describe('The commands that speak to a running node', () => {
  it('mine a block, and show blocks, peers and the state', async () => {
    const node = await TestNode.start(easy);
    const joiner = await TestNode.join(node);
    const port = ['-p', node.httpPort];

    const mined = await runCommand('mine', 'from the terminal', '--json', ...port);
    const block = JSON.parse(mined.output) as Block;
    expect([mined.code, block.data, block.index]).toEqual([0, 'from the terminal', 1]);
    expect(await node.get('/blocks/1')).toEqual(block);

    const blocks = await runCommand('blocks', ...port);
    expect(blocks.output).toMatch(/0 .*"Genesis Block"\n.*1 .*"from the terminal"/);
    const limited = await runCommand('blocks', '--from', '0', '--limit', '1', ...port);
    expect(limited.output).not.toContain('from the terminal');
    const one = await runCommand('block', 'latest', ...port);
    expect(one.output).toContain(block.hash);
    const peers = await runCommand('peers', ...port);
    expect(peers.output).toContain(joiner.ws);
    const status = await runCommand('status', ...port);
    expect(status.output).toMatch(/blocks +2\n[^]*difficulty +8 bits[^]*peers +1/);
  });

  it('show the posts that wait to be mined again', async () => {
    const folder = await newFolder();
    const store = await openStore(folder);
    await store.write([], [{ hash: 'a'.repeat(64), data: 'a promise' }]);
    await store.close();
    const node = await TestNode.start(['-n', 'ws://127.0.0.1:1'], folder); // has no chain
    const { output } = await runCommand('status', '-p', node.httpPort);
    expect(output).toMatch(/^waiting +1 \(posts to be mined again\)$/m);
    const other = await TestNode.start(easy);
    const nothing = await runCommand('status', '-p', other.httpPort);
    expect(nothing.output).not.toContain('waiting');
  });

  it('tell what happens, and that a post was mined again', async () => {
    const origin = await TestNode.start(easy);
    await origin.stop();
    const winner = await TestNode.start([], await newFolder(origin.folder));
    const node = await TestNode.start([], origin.folder);
    const events = startCommand('events', '-p', node.httpPort);
    const json = startCommand('events', '--json', '-p', node.httpPort);
    for (const each of [events, json]) await each.untilOutput(/^Listening to http/m);
    const first = await node.post('first');
    const post = await node.post('a \u001bpromise');
    await events.untilOutput(new RegExp(`^The last block is 2: ${post.hash}$`, 'm'));
    await json.untilOutput(/"index":2/);
    for (const data of ['1', '2', '3']) await winner.post(data);
    await node.request('/peers', { url: winner.ws });
    await events.untilOutput(
      /^Mined "first" again, as block 4: .* taken [0-9a-f]{12}… off/m,
    );
    await events.untilOutput(/^Mined "a \\u001bpromise" again, as block 5/m);
    await json.untilOutput(/^\{"event":"again".*"index":5/m);
    await node.stop();
    const { code, output } = await events.end;
    expect(output).toMatch(/^The last block is 3 after a reorganization: [0-9a-f]{64}$/m);
    expect(output).toMatch(/^Peers: 1$/m);
    expect(output.trim()).toMatch(/The node at http:\S+ has ended\.$/);
    expect(code).toBe(1);
    const lines = (await json.end).output
      .split('\n')
      .filter((line) => line.startsWith('{'));
    const [event] = lines.map(
      (line) => JSON.parse(line) as { event: string; data: object },
    );
    expect(event).toMatchObject({
      event: 'chain',
      data: { added: [{ hash: first.hash }] },
    });
  });

  it('print text from elsewhere so that it cannot drive the terminal', async () => {
    const node = await TestNode.start(easy);
    await node.post('\u001b[2Jcleared \u009b31mred');
    const { output } = await runCommand('block', '1', '-p', node.httpPort);
    expect(output).toContain('\\u001b[2Jcleared \\u009b31mred');
    expect(output).not.toContain('\u001b[2J');
  });

  it('say in one line what is wrong', async () => {
    const node = await TestNode.start(easy);
    const missing = await runCommand('block', '99', '-p', node.httpPort);
    expect(missing).toEqual({
      code: 1,
      output: 'There is no block 99: give an index, a hash, or "latest".\n',
    });
    await node.stop();
    const gone = await runCommand('status', '-p', node.httpPort);
    expect(gone.code).toBe(1);
    expect(gone.output).toMatch(/^No node answers at .*\.\/pychain/);
  });
});
