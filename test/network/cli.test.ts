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
      /-d, --difficulty <digits>[^-]*4 are 16 bits[^-]*4\)/,
      /-h, --help/,
      /mine .*\[data\]/,
      /pay .*<to> <amount>/,
      /blocks/,
      /block .*<id>/,
      /peers/,
      /status/,
      /events/,
    ]) {
      expect(short.output).toMatch(words);
    }
  });

  it('helps in groups, those options first that are needed most, in 80 columns', async () => {
    const { output } = await runCommand('--help');
    const headings = output.match(/^[A-Z][\w ]*:$/gm);
    expect(headings).toEqual([
      'Options:',
      'Network:',
      'Mining:',
      'Safety:',
      'Data and log:',
      'Ask a node that runs:',
      'Coins:',
      'In a class:',
      'Without a node that runs:',
      'Examples:',
    ]);
    const [, first = ''] = /^Options:$([^]*?)^Network:$/m.exec(output) ?? [];
    expect(first.match(/^ {2}-\w/gm)).toEqual(['  -n', '  -p', '  -w', '  -d', '  -h']);
    for (const line of output.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('gives examples with each command, and also by the word "help"', async () => {
    const { output } = await runCommand('--help');
    const [, list = ''] = /^Ask a node[^]*?$([^]*)^Examples:$/m.exec(output) ?? [];
    const names = Array.from(list.matchAll(/^ {2}(\w+) /gm), ([, name = '']) => name);
    expect(names).toHaveLength(17);
    for (const name of names) {
      const help = await runCommand(name, '--help');
      expect(help.output).toMatch(new RegExp(`^Examples:\n {2}\\./pychain ${name}`, 'm'));
      expect(help.code).toBe(0);
    }
    expect(await runCommand('help')).toEqual(await runCommand('--help'));
    expect(await runCommand('help', 'mine')).toEqual(await runCommand('mine', '-h'));
  });

  it.each([
    ['-p 70000', /^"70000" is no port: -p takes .* 0 to 65,535, such as -p 6002$/],
    ['-p eighty', /no port: -p takes a whole number from 0 to 65,535/],
    ['--ws-port -1', /no port: -w takes a whole number from 0 to 65,535/],
    ['-p', /^-p needs a port: a whole number .* such as -p 6002$/],
    ['-p 7001 -w 7001', /^-p and -w are both 7001: .*-p 6001 -w 8000$/],
    ['-p 6002 status', /^-p is to stand behind .*: \.\/pychain status -p 6002$/],
    ['--mine status', /^\.\/pychain status has no option --mine, .* leave it out\.$/],
    ['-d -1', /no difficulty: -d takes a whole number of zero hex digits from 0 to 64/],
    ['-d 65', /no difficulty: -d takes/],
    ['-d 1.5', /no difficulty: -d takes/],
    ['-n localhost:8000', /ws:\/\/host:port, such as -n ws:\/\/localhost:8000$/],
    ['-n 8001', /such as -n ws:\/\/localhost:8001$/],
    ['-n class.lan', /such as -n ws:\/\/class\.lan:8000$/],
    ['-n http://localhost:6001', /http leads to the API .* -n ws:\/\/localhost:8000$/],
    ['-n', /^-n needs a node to join: ws:\/\/host:port, such as -n ws:/],
    ['-n -p', /^"-p" is no node to join: -n takes ws:\/\/host:port/],
    ['--data-dir --memory', /^"--memory" is no folder: --data-dir takes/],
    ['--log-level loud', /^"loud" is no level: --log-level takes debug, info, warn/],
    ['--kernel fast', /^"fast" is no kernel: --kernel takes wasm, typescript or step/],
    ['--name', /^--name needs a name: 1 to 24 characters .* such as --name Ada$/],
    ['--name -x', /^"-x" is no name: --name takes/],
    [`--name ${'x'.repeat(25)}`, /^"x{25}" is no name: --name takes 1 to 24 characters/],
    ['--name a\u202eb', /^"a\\u202eb" is no name: .* that can be seen/],
    ['--name a\u0007b', /^"a\\u0007b" is no name: .* that can be seen/],
    ['--name \u3164', /^"\\u3164" is no name: .* that can be seen/],
    ['--name Ada join', /^--name is to stand behind .*: \.\/pychain join --name Ada$/],
    ['class Ada', /^\.\/pychain class does not take "Ada"\. A name: .* --name "Ada"$/],
    ['class --size 0', /^"0" is no size: --size takes a whole number from 1 to 120/],
    ['join a b', /^\.\/pychain join does not take "b"\. .* join 192\.168\.1\.20$/],
    ['join http://a:6001', /http leads to the pages of a node\. .* 192\.168\.1\.20$/],
    ['join a/b', /^"a\/b" is no address of a class: .* 192\.168\.1\.20$/],
    ['--unknown', /^There is no option "--unknown"\. \.\/pychain --help lists/],
    ['--memroy', /^There is no option "--memroy"\. Did you mean --memory\?$/],
    ['--memory=yes', /^--memory takes no value: leave out "=yes"\.$/],
    ['dance', /^There is no command "dance"\. \.\/pychain --help lists/],
    ['stats', /^There is no command "stats"\. Did you mean \.\/pychain status\?$/],
    ['minee hello --json', /no command "minee"\. Did you mean \.\/pychain mine\?$/],
    ['start', /no command "start"\. \.\/pychain without a command runs a node\.$/],
    ['help dance', /^There is no command "dance"\. /],
    ['mine', /^\.\/pychain mine needs a text: .* such as \.\/pychain mine "hello"$/],
    ['mine hello world', /quotes: \.\/pychain mine "hello world"$/],
    ['mine $HOME `ls` -p 1', /quotes: \.\/pychain mine "hello world"$/],
    ['mine Gr\ufffd\ufffde', /not UTF-8\. Let the terminal use UTF-8/],
    ['mine a --jsn', /^There is no option "--jsn"\. Did you mean --json\?$/],
    ['pay', /^\.\/pychain pay needs a name or address: .* \.\/pychain pay alice$/],
    ['pay bob', /^\.\/pychain pay needs an amount: .* \.\/pychain pay alice 5$/],
    [
      'pay bob 0',
      /^"0" is no amount: \.\/pychain pay takes a whole number of coins from/,
    ],
    ['pay bob 5 --fee 0', /^"0" is no fee: --fee takes a whole number of coins from 1/],
    ['wallet old', /^\.\/pychain wallet does not take "old"/],
    ['wallet new', /^\.\/pychain wallet new needs a name: .* wallet new alice$/],
    ['--coin 1,2', /^"1,2" is no coin: --coin takes .* --coin 100,100000,20$/],
    ['--coin 0,1,1', /^"0,1,1" is no coin: /],
    ['--coin 999999999999,9999,1', /is no coin: .*4,503,599,627,370,495/],
    ['block', /^\.\/pychain block needs a block to show: its index/],
    ['block 1 2', /^\.\/pychain block does not take "2"/],
    ['blocks 5', /\.\/pychain block 5, several: \.\/pychain blocks --from 5$/],
    ['blocks --from x', /^"x" is no index: --from takes a whole number from 0 on/],
    ['blocks --limit 0', /^"0" is no limit: --limit takes a whole number from 1 on/],
    ['status 6002', /^.* Another node: \.\/pychain status -p 6002$/],
    ['status -p 0', /^"0" is no port: -p takes a whole number from 1 to/],
    ['events x', /^\.\/pychain events does not take "x"\. Leave it out: /],
    ['verify x', /A folder: \.\/pychain verify --data-dir "x"$/],
    ['network', /^\.\/pychain network needs a number of nodes: .* network 5$/],
    ['network 1', /^"1" is no number of nodes: .* from 2 to 12, such as .* 5$/],
    ['network 3 4', /^\.\/pychain network does not take "4"/],
    ['--allow-host a/b', /^"a\/b" is no name: --allow-host takes .* vm\.lan$/],
    ['network 2 --allow-host http://a:b', /^"http:\/\/a:b" is no name/],
  ])('answers "%s" with one sentence and exit code 2', async (line, words) => {
    const { code, output } = await runCommand(...line.split(' '));
    expect(output.trim()).toMatch(words);
    expect(output.trim().split('\n')).toHaveLength(1);
    expect(output).not.toMatch(/^error|argument|invalid/);
    expect(code).toBe(2);
  });

  it('says that --host is to be an address of this machine', async () => {
    const { code, output } = await runCommand(
      ...['--host', '192.0.2.1', '--memory', '-p', '0', '-w', '0'],
    );
    expect(output).toMatch(/^This machine has no address 192\.0\.2\.1\. --host takes /);
    expect(code).toBe(1);
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
    expect(status.output).toMatch(/blocks +2\n[^]*work +512 tries expected\n/);
    expect(status.output).toMatch(/difficulty +2 zero digits \(8 bits\)\n[^]*peers +1\n/);
    expect(status.output).toMatch(/hash rate +[\d.]+ [kMG]?H\/s\n/);
    expect(one.output).toMatch(/difficulty +2 zero digits \(8 bits\)\n/);
  });

  it('say what it took to find a block, in a line and without a terminal', async () => {
    const node = await TestNode.start(['-d', '4', '--memory']);
    const { output } = await runCommand('mine', 'a text', '-p', node.httpPort);
    const [line = ''] = /^Found .*$/m.exec(output) ?? [];
    expect(line).toMatch(/^Found after [\d.]+ [kM]? ?tries at [\d.]+ [kMG]?H\/s: /);
    expect(line).toMatch(/: [<>]?\d+ % of searches end sooner\.$/);
    const { found } = await node.get<Status>('/status');
    expect(output).toContain(`hash         ${found?.hash}\n`);
    expect(found?.expected).toBe(65_536);
  });

  it('list blocks by numbers in groups, and say where the chain ends', async () => {
    const node = await TestNode.start(easy);
    const port = ['-p', node.httpPort];
    const beyond = await runCommand('blocks', '--from', '5,000', ...port);
    expect(beyond).toEqual({
      code: 1,
      output:
        'There is no block 5,000: the last is 0. Ask for one up to it, as in --from 0\n',
    });
    const json = await runCommand('blocks', '--from', '5000', '--json', ...port);
    expect(json).toEqual({ code: 0, output: '[]\n' });
    const block = await runCommand('block', '1,234', ...port);
    expect(block.output).toMatch(/^There is no block 1234: /);
  });

  it('say that the port for peers is not the one to ask', async () => {
    const node = await TestNode.start(easy);
    const { code, output } = await runCommand('status', '-p', node.wsPort);
    expect(output).toMatch(
      /is not the API of a Pychain node\. Take the port .* "HTTP API"/,
    );
    expect(code).toBe(1);
  });

  it('show the posts that wait to be mined again', async () => {
    const folder = await newFolder();
    const store = await openStore(folder);
    await store.write({ posts: [{ hash: 'a'.repeat(64), data: 'a promise' }] });
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
