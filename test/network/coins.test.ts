/** What a network with coins promises to who pays, is paid, or asks. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { accountLine, coinGenesis, parseReward, sealLines } from '#accounts';
import { type Block } from '#blocks';
import { rootOf } from '#merkle';
import { newKeys, paymentId, paymentLine as line } from '#signatures';
import type {
  AccountList,
  AccountProof,
  DryRun,
  LineProof,
  Status,
} from '../../final/api/schemas.ts';
import { openStore } from '../../final/storage/level-store.ts';
import { CoinNode, linkTo, stopNodes } from './coins.ts';
import { cleanUp, newFolder } from './harness.ts';
import { closeRawPeers, dial, helloOf, pretend } from './raw-peer.ts';

const bob = newKeys();

afterEach(async () => {
  closeRawPeers();
  await stopNodes();
  await cleanUp();
});

interface Problem {
  readonly detail: string;
}

describe('Two people', () => {
  it('pay each other, and both nodes say the same of it', async () => {
    const root = await CoinNode.start();
    await root.mine(2);
    const joiner = await CoinNode.start({ peers: [root.node.wsUrl] });
    await joiner.follows(root);
    expect(await joiner.coins()).toMatchObject({ reward: 100, halving: 10, size: 2 });

    const forth = root.sign(joiner.address, 50, 0, 3);
    expect(await root.take(forth)).toMatchObject({ state: 'waiting', block: null });
    await joiner.has(forth);
    await joiner.mine();
    await root.follows(joiner);
    const back = joiner.sign(root.address, 20, 0);
    await joiner.take(back);
    await root.has(back);
    await root.mine();
    await joiner.follows(root);

    for (const node of [root, joiner]) {
      expect(await node.account(root.address)).toMatchObject({
        ...{ balance: 2 * 100 - 50 - 3 + 20 + 100 + 1, count: 1, known: true },
        pending: { count: 1 },
      });
      expect((await node.account(joiner.address)).balance).toBe(50 + 100 + 3 - 20 - 1);
      expect(await node.payment(forth)).toMatchObject({
        ...{ state: 'included', block: { index: 3 }, onTop: 1, payment: forth },
        reason: 'It is in block 3, with 1 on top.',
      });
      const list = await node.get<AccountList>('/accounts');
      expect(list).toMatchObject({ total: 2, supply: 400, block: { index: 4 } });
      const sum = list.accounts.reduce((all, { balance }) => all + balance, 0);
      expect([sum, (await node.coins()).supply]).toEqual([400, 400]);
    }
  });

  it('get payments that were made before one of them came', async () => {
    const root = await CoinNode.start();
    await root.mine(1);
    const early = root.sign(bob.address, 1, 0);
    await root.take(early);
    const joiner = await CoinNode.start({ peers: [root.node.wsUrl] });
    await joiner.has(early);
  });
});

describe('A payment', () => {
  it('comes into blocks by its fee, two to a block, and in the order of its payer', async () => {
    const node = await CoinNode.start();
    await node.mine(1);
    const [a, b, c] = [1, 9, 5].map((fee, count) =>
      node.sign(bob.address, 2, count, fee),
    );
    for (const payment of [a, b, c]) if (payment) await node.take(payment);
    const waiting = await node.waiting();
    expect(waiting.map(({ fee, next }) => [fee, next])).toEqual([
      [1, true],
      [9, true],
      [5, false],
    ]);
    await node.mine(1);
    expect((await node.waiting()).map(({ fee, next }) => [fee, next])).toEqual([
      [5, true],
    ]);
    expect(await node.coins()).toMatchObject({ waiting: 1, parked: 0 });
  });

  it('that cannot be made yet is parked, and says why', async () => {
    const node = await CoinNode.start();
    await node.mine(1);
    const second = node.sign(bob.address, 10, 1);
    expect(await node.take(second)).toMatchObject({
      state: 'parked',
      reason:
        'It waits here, and cannot be made yet: payment 1 of its payer is not the next one, 0.',
    });
    expect((await node.account()).pending).toEqual({ balance: 100, count: 0 });
    await node.take(node.sign(bob.address, 10, 0));
    expect(await node.payment(second)).toMatchObject({ state: 'waiting' });
    expect((await node.account()).pending).toEqual({ balance: 78, count: 2 });
    const tooMuch = node.sign(bob.address, 500, 2);
    expect((await node.take(tooMuch)).reason).toContain(
      'its payer has 78 coins, not the 500 to pay and 1 as a fee',
    );
    expect(await node.coins()).toMatchObject({ waiting: 3, parked: 1 });
  });

  it('gives way to another one in its place with a higher fee, and both say so', async () => {
    const node = await CoinNode.start();
    await node.mine(1);
    const [first, second] = [
      node.sign(bob.address, 5, 0),
      node.sign(bob.address, 6, 0, 2),
    ];
    await node.take(first);
    const again = await node.request<Problem>('/payments', node.sign(bob.address, 7, 0));
    expect([again.status, again.body.detail]).toEqual([
      409,
      'Not taken: another payment 0 of its payer waits, with a fee of 1.',
    ]);
    await node.take(second);
    const by = paymentId(second);
    expect(await node.payment(first)).toMatchObject({ state: 'replaced', by });
    await node.mine();
    expect(await node.payment(first)).toMatchObject({
      ...{ state: 'used', by, block: { index: 2 }, onTop: 0 },
      reason: `Its count 0 was used by payment ${by}, in block 2, with 0 on top.`,
    });
    expect(await node.payment(second)).toMatchObject({ state: 'included' });
  });

  it('may be given twice, also when it is in a block', async () => {
    const node = await CoinNode.start();
    await node.mine();
    const payment = node.sign(bob.address, 5, 0);
    expect(await node.take(payment)).toEqual(await node.take(payment));
    await node.mine();
    const again = await node.request('/payments', payment);
    expect(again).toMatchObject({ status: 200, body: { state: 'included' } });
  });

  it('is answered with 202 and a Location that leads to it', async () => {
    const node = await CoinNode.start();
    await node.mine();
    const payment = node.sign(bob.address, 5, 0);
    const response = await fetch(`${node.url}/payments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(payment),
    });
    const location = response.headers.get('location') ?? '';
    expect([response.status, location]).toEqual([202, `/payments/${paymentId(payment)}`]);
    expect(await node.get(location)).toEqual(await response.json());
  });

  it('that is wrong is refused with a sentence', async () => {
    const node = await CoinNode.start();
    await node.mine();
    const good = node.sign(bob.address, 5, 0);
    const elsewhere = await CoinNode.start();
    const cases: [unknown, number, string][] = [
      [{ ...good, amount: 6 }, 400, 'The signature is not that of the payer'],
      [elsewhere.sign(bob.address, 5, 0, 1, node.keys), 400, 'for this network'],
      [{ ...good, amount: 0 }, 400, 'Give "amount" as a whole number from 1.'],
      [{ ...good, amount: 2 ** 53 }, 400, 'Give "amount" as'],
      [{ ...good, fee: 0 }, 400, 'Give "fee" as a whole number from 1.'],
      [{ ...good, to: 'bob' }, 400, 'Give "to" as an address: 64 hex digits.'],
      [{ ...good, signature: 'x' }, 400, 'Give "signature" as 128 hex digits.'],
      [node.sign(bob.address, 5, 64), 409, 'has to make payment 0 first'],
      [[], 400, 'Send a JSON object such as'],
      [null, 400, 'Send a JSON object such as'],
    ];
    for (const [body, status, words] of cases) {
      const answer = await node.request<Problem>('/payments', body);
      expect([answer.status, answer.body.detail]).toEqual([
        status,
        expect.stringContaining(words),
      ]);
    }
    const { status, body } = await node.request<Problem>(`/payments/${paymentId(good)}`);
    expect([status, body.detail]).toEqual([404, expect.stringMatching(/^No payment/)]);
    expect(await node.waiting()).toEqual([]);
  });
});

describe('A reorganization', () => {
  it('takes a payment off, and it waits again at both nodes until it is in a block', async () => {
    const one = await CoinNode.start();
    await one.mine();
    const link = await linkTo(one);
    const other = await CoinNode.start({ peers: [link.url] });
    await other.follows(one);
    const gone = new Promise((resolve) => one.node.network.once('gone', resolve));
    link.cut();
    await gone;

    const payment = one.sign(bob.address, 5, 0);
    await one.take(payment);
    await one.mine();
    expect(await one.payment(payment)).toMatchObject({ state: 'included' });
    await other.mine(2);
    link.heal();
    await one.follows(other);
    expect(await one.payment(payment)).toMatchObject({ state: 'waiting', block: null });
    expect((await one.account(bob.address)).known).toBe(false);
    await other.has(payment);
    await other.mine();
    await one.follows(other);
    expect(await one.payment(payment)).toMatchObject({ block: { index: 4 } });
  });
});

describe('A node that starts again', () => {
  it('has what it had answered for, whether it waits, is in a block, or cannot be', async () => {
    const folder = await newFolder();
    const before = await CoinNode.start({ folder });
    const { keys } = before;
    await before.mine();
    const replaced = before.sign(bob.address, 1, 0);
    const included = before.sign(bob.address, 2, 0, 2);
    const waiting = before.sign(bob.address, 3, 1);
    const parked = before.sign(bob.address, 3, 3);
    await before.take(replaced);
    await before.take(included);
    await before.mine();
    for (const payment of [waiting, parked]) await before.take(payment);
    const all = [replaced, included, waiting, parked];
    const told = await Promise.all(all.map((payment) => before.payment(payment)));
    expect(told.map(({ state }) => state)).toEqual([
      'used',
      'included',
      'waiting',
      'parked',
    ]);
    await before.stop();

    const after = await CoinNode.start({ folder, keys });
    expect(await Promise.all(all.map((payment) => after.payment(payment)))).toEqual(told);
    await after.mine();
    expect(await after.payment(waiting)).toMatchObject({ state: 'included' });
    expect((await after.account(bob.address)).balance).toBe(5);
  });

  it('offers what waits to the peers that it finds', async () => {
    const folder = await newFolder();
    const before = await CoinNode.start({ folder });
    await before.mine();
    const payment = before.sign(bob.address, 1, 0);
    await before.take(payment);
    await before.stop();
    const after = await CoinNode.start({ folder });
    const joiner = await CoinNode.start({ peers: [after.node.wsUrl] });
    await joiner.has(payment);
  });

  it('refuses a network with rules that it does not know, in words', async () => {
    const folder = await newFolder();
    const store = await openStore(folder);
    const coin = { reward: 1, halving: 1, size: 1 };
    const known = coinGenesis(coin, { timestamp: 0, difficulty: 0 });
    const genesis = sealLines({ ...known, data: `${known.data}\n["pace",10000,120000]` });
    await store.write({ blocks: [genesis], tip: genesis.hash });
    await store.close();
    await expect(CoinNode.start({ folder })).rejects.toThrow(
      /cannot be used\. This network has rules that this node does not know/,
    );
  });
});

describe('Blocks of a network with coins', () => {
  it('carry no texts, and those of one with texts carry no payments', async () => {
    const coins = await CoinNode.start();
    const post = await coins.request<Problem>('/blocks', { data: 'hello' });
    expect([post.status, post.body.detail]).toEqual([
      409,
      expect.stringMatching(
        /carry payments, and no texts\. Mine one with \.\/pychain mine/,
      ),
    ]);
    const mined = await coins.request<Block>('/blocks', { data: '' });
    expect([mined.status, mined.body.index]).toEqual([201, 1]);

    const texts = await CoinNode.start({ coin: null });
    const payment = coins.sign(bob.address, 1, 0);
    for (const [path, body] of [
      ['/payments', payment],
      [`/payments/${paymentId(payment)}`, undefined],
      ['/mempool', undefined],
      ['/accounts', undefined],
      [`/accounts/${bob.address}`, undefined],
      [`/proofs/account/${bob.address}`, undefined],
      ['/proofs/line/0/0', undefined],
    ] as const) {
      const { status, body: answer } = await texts.request<Problem>(path, body);
      expect([path, status, answer.detail]).toEqual([
        ...[path, 409],
        expect.stringMatching(/carries texts.*\.\/pychain --coin/),
      ]);
    }
    expect((await texts.get<Status>('/status')).coin).toBeNull();
  });

  it('are judged as a peer would judge them, with their signatures', async () => {
    const node = await CoinNode.start();
    await node.mine();
    await node.take(node.sign(bob.address, 5, 0));
    await node.mine();
    const [genesis, first, second] = [...node.node.chain.slice(0)] as Block[];
    const judge = (...blocks: unknown[]) =>
      node.request<DryRun>('/blocks/check', { blocks }).then(({ body }) => body);
    expect((await judge(genesis, first, second)).verdict).toBe('known');
    const { data = '', ...others } = second ?? {};
    const changed = (from: string | RegExp, to: string) =>
      judge(sealLines({ ...others, data: data.replace(from, to) } as Block));
    const refused: [RegExp, string, string][] = [
      [/,5,1,0,/, ',5,1,00,', 'one of its lines is not a payment'],
      [/,5,1,0,/, ',5,1,1,', 'payment 1 of its payer is not the next one, 0'],
      [
        /,5,1,0,/,
        ',99,2,0,',
        'its payer has 100 coins, not the 99 to pay and 2 as a fee',
      ],
      [/,101,/, ',102,', 'its reward is 102, not 101'],
      [/\w{128}/, '0'.repeat(128), 'one of its payments is not signed by its payer'],
      [/,101,"\w{64}/, `,101,"${'0'.repeat(64)}`, 'its state root is not that of'],
    ];
    for (const [from, to, reason] of refused)
      expect((await changed(from, to)).reason).toContain(reason);
  });

  it('tell what an address had after one of them, where that is at hand', async () => {
    const node = await CoinNode.start();
    await node.mine(2);
    const [, first] = node.node.chain.slice(0);
    const then = await node.get(`/accounts/${node.address}?at=${first?.hash}`);
    expect(then).toMatchObject({ balance: 100, block: { index: 1 }, pending: null });
    const missing = await node.request(`/accounts/${node.address}?at=${'0'.repeat(64)}`);
    expect(missing.status).toBe(404);
  });

  it('prove each line, and what an address has, to who has but the header', async () => {
    const node = await CoinNode.start();
    await node.mine(2);
    await node.take(node.sign(bob.address, 30, 0));
    await node.mine();
    const { hash, data, dataHash } = node.node.chain.tip;
    for (const [number, text] of data.split('\n').entries())
      for (const id of ['3', hash]) {
        const proof = await node.get<LineProof>(`/proofs/line/${id}/${number}`);
        expect(proof).toMatchObject({ line: text, number, dataHash, block: { hash } });
        expect(rootOf(proof.line, proof.proof)).toBe(dataHash);
      }

    const before = node.node.chain.at(2)?.hash;
    for (const [address, at, balance, count] of [
      [bob.address, hash, 30, 0],
      [node.address, hash, 270, 1],
      [node.address, before, 200, 0],
    ] as const) {
      const path = `/proofs/account/${address}?at=${at}`;
      const proof = await node.get<AccountProof>(path);
      const { reward, account, dataHash: root } = proof;
      expect(account.line).toBe(accountLine(address, { balance, count }));
      expect(rootOf(account.line, account.proof)).toBe(parseReward(reward.line)?.root);
      expect(rootOf(reward.line, reward.proof)).toBe(root);
      expect(root).toBe(node.node.find(at ?? '')?.dataHash);
    }
    const latest = await node.get<AccountProof>(`/proofs/account/${bob.address}`);
    expect(latest.block.hash).toBe(hash);

    for (const [path, words] of [
      [`/proofs/account/${newKeys().address}`, /has no account after block 3/],
      [`/proofs/account/${bob.address}?at=${before}`, /has no account after block 2/],
      [`/proofs/account/${bob.address}?at=${'0'.repeat(64)}`, /There is no block/],
      ['/proofs/line/3/2', /Block 3 has no line 2/],
      ['/proofs/line/4/0', /There is no block 4/],
      [`/proofs/line/${'0'.repeat(64)}/0`, /There is no block 0{64}/],
    ] as const) {
      const { status, body } = await node.request<Problem>(path);
      expect([path, status, body.detail]).toEqual([
        path,
        404,
        expect.stringMatching(words),
      ]);
    }
    for (const path of ['/proofs/line/x/0', '/proofs/line/3/x', '/proofs/account/x'])
      expect((await node.request(path)).status).toBe(400);
  });

  it('bring ever fewer coins, which is told before', async () => {
    const node = await CoinNode.start({ coin: { reward: 3, halving: 2, size: 1 } });
    const issue = async () => {
      const { subsidy, nextHalving, supply, maxSupply } = await node.coins();
      return [subsidy, nextHalving, supply, maxSupply];
    };
    expect(await issue()).toEqual([3, { index: 2, reward: 1 }, 0, 5]);
    await node.mine(2);
    expect(await issue()).toEqual([1, { index: 4, reward: 0 }, 4, 5]);
    await node.mine(3);
    expect(await issue()).toEqual([0, null, 5, 5]);
  });
});

describe('A peer', () => {
  it('that sends payments which nobody signed is parted with, and nothing of it stays', async () => {
    const node = await CoinNode.start();
    await node.mine();
    const { network, tip } = node.node.status;
    const good = node.sign(bob.address, 1, 0);
    for (const [body, words] of [
      [{ lines: [line({ ...good, amount: 2 })] }, 'that its payer did not sign'],
      [{ lines: ['[]'] }, 'a line that is no payment'],
      [{ lines: [` ${line(good)}`] }, 'a line that is no payment'],
      [{ lines: [] }, 'What it sent '],
      ['payments', 'What it sent '],
    ] as const) {
      const peer = await dial({ ws: node.node.wsUrl }, { genesis: network, tip });
      peer.send({ type: 'topic', topic: 'payments', body });
      expect(await peer.closed()).toContain(words);
    }
    expect(await node.waiting()).toEqual([]);
    const honest = await dial({ ws: node.node.wsUrl }, { genesis: network, tip });
    honest.send({ type: 'topic', topic: 'payments', body: { lines: [line(good)] } });
    await node.has(good);
  });

  it('that floods a node with payments is parted with', async () => {
    const node = await CoinNode.start();
    await node.mine();
    const { network, tip } = node.node.status;
    const peer = await dial({ ws: node.node.wsUrl }, { genesis: network, tip });
    const good = node.sign(bob.address, 1, 0);
    const lines = Array<string>(100).fill(line(good));
    for (let i = 0; i < 6; i += 1)
      peer.send({ type: 'topic', topic: 'payments', body: { lines } });
    expect(await peer.closed()).toMatch(/too many payments|says too much/);
  });

  it('of a network of texts may say on payments what it likes', async () => {
    const texts = await CoinNode.start({ coin: null });
    const { network, tip } = texts.node.status;
    const peer = await dial({ ws: texts.node.wsUrl }, { genesis: network, tip });
    peer.send({ type: 'topic', topic: 'payments', body: 7 });
    peer.send({ type: 'getPeers' });
    expect(await peer.receive('peers')).toEqual({ type: 'peers', urls: [] });
  });

  it('whose network has rules that are not known is left, in words', async () => {
    const known = coinGenesis(
      { reward: 1, halving: 1, size: 1 },
      { timestamp: 0, difficulty: 0 },
    );
    const genesis = sealLines({ ...known, data: 'Genesis Block\n["coin",1]' });
    const { url, next } = await pretend();
    await CoinNode.joining(url);
    const peer = await next();
    await peer.receive('hello');
    const tip = { hash: genesis.hash, index: 0, work: '1' };
    peer.send(helloOf(genesis.hash, { tip }));
    await peer.receive('getBlocks');
    peer.send({ type: 'blocks', blocks: [genesis] });
    expect(await peer.closed()).toBe(
      'This network has rules that this node does not know: a newer one may.',
    );
  });
});
