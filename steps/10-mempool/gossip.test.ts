import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { noAccounts, type Accounts } from '#accounts';
import type { Outgoing } from '#consensus';
import { Gossip, Pool, type GossipEffects } from '#mempool';
import { parsePayment, paymentLine, type Payment } from '#signatures';
import { accountsOfKeys, genesis, payment, signed } from './payments-for-test.ts';

const rich = accountsOfKeys({ Alice: 1_000, Bob: 1_000, Carol: 1_000 });
const bodyOf = (...payments: readonly Payment[]) => ({
  lines: payments.map(paymentLine),
});

/** A node that passes payments on, with these peers. */
function nodeWith(...peers: readonly string[]) {
  const pool = new Pool();
  const gossip = new Gossip(genesis.hash, pool);
  for (const peer of peers) gossip.connected(peer);
  return { pool, gossip };
}

/** The lines of a message on the topic of payments. */
function linesOf({ message }: Outgoing): readonly string[] {
  if (message.type !== 'topic' || message.topic !== 'payments')
    throw new Error(`The message is none on the topic "payments": ${message.type}.`);
  const { lines } = message.body as { lines: readonly string[] };
  if (lines.length < 1 || lines.length > 100)
    throw new Error(`A message holds ${lines.length} lines, and not 1 to 100.`);
  return lines;
}

/** What is sent to a peer, payment by payment. */
function sentTo(peer: string, { send }: GossipEffects): Payment[] {
  const lines = send.filter(({ to }) => to === peer).flatMap(linesOf);
  return lines.flatMap((line) => parsePayment(line) ?? []);
}

/** The peers that were parted from, each for a reason. */
function refusedBy({ refuse }: GossipEffects): string[] {
  for (const { reason } of refuse) expect(reason).toMatch(/\w{2}/);
  return refuse.map(({ peer }) => peer);
}

describe('Task 7: passing payments on', () => {
  const [one, two] = [signed('Alice'), signed('Alice', { count: 1 })];

  it('says nothing to a new peer where nothing waits', () => {
    const { gossip } = nodeWith();
    expect(gossip.connected('ann')).toEqual({ send: [], taken: [], refuse: [] });
  });

  it('sends a new peer what waits', () => {
    const { pool, gossip } = nodeWith('ann');
    for (const some of [one, two]) pool.add(some, rich);
    expect(sentTo('bob', gossip.connected('bob'))).toEqual([one, two]);
  });

  it('sends messages that the protocol has, of at most 100 lines', () => {
    const { pool, gossip } = nodeWith();
    for (let i = 0; i < 150; i += 1)
      pool.add(payment({ from: `payer ${i}` }), noAccounts);
    const { send } = gossip.connected('ann');
    const form = { type: 'topic', topic: 'payments', body: { lines: expect.any(Array) } };
    for (const { message } of send) expect(message).toEqual(form);
    expect(send.map((outgoing) => linesOf(outgoing).length)).toEqual([100, 50]);
  });

  it('offers a payment of its own to all peers', () => {
    const { pool, gossip } = nodeWith('ann', 'bob');
    pool.add(one, rich);
    const effects = gossip.offer(one);
    expect(['ann', 'bob'].map((peer) => sentTo(peer, effects))).toEqual([[one], [one]]);
    expect([effects.taken, effects.refuse]).toEqual([[], []]);
  });

  it('takes what a peer sends into the pool, and passes it on to all others', () => {
    const { pool, gossip } = nodeWith('ann', 'bob', 'cleo');
    const effects = gossip.received('bob', bodyOf(one, two), rich);
    expect(effects.taken).toEqual([one, two]);
    expect([...pool.waiting.values()]).toEqual([one, two]);
    for (const peer of ['ann', 'cleo']) expect(sentTo(peer, effects)).toEqual([one, two]);
    expect(sentTo('bob', effects)).toEqual([]);
    expect(effects.refuse).toEqual([]);
  });

  it('sends each payment once to each peer, whoever sends it again', () => {
    const { gossip } = nodeWith('ann', 'bob', 'cleo');
    gossip.received('ann', bodyOf(one), rich);
    expect(gossip.offer(one).send).toEqual([]);
    for (const peer of ['ann', 'bob', 'cleo']) {
      const effects = gossip.received(peer, bodyOf(one), rich);
      expect(effects).toEqual({ send: [], taken: [], refuse: [] });
    }
  });

  it('passes on what cannot be made yet: the one before it may come later', () => {
    const { gossip } = nodeWith('ann', 'bob');
    const effects = gossip.received('ann', bodyOf(two), rich);
    expect(sentTo('bob', effects)).toEqual([two]);
  });

  it('does not pass on what the pool does not take', () => {
    const { pool, gossip } = nodeWith('ann', 'bob');
    const effects = gossip.received('ann', bodyOf(signed('Alice', { fee: 0 })), rich);
    expect([effects.send, effects.taken, pool.size]).toEqual([[], [], 0]);
  });

  it('sends nothing more to who is gone, and all anew to who comes again', () => {
    const { gossip } = nodeWith('ann', 'bob');
    gossip.received('ann', bodyOf(one), rich);
    gossip.disconnected('bob');
    expect(gossip.received('ann', bodyOf(two), rich).send).toEqual([]);
    expect(sentTo('bob', gossip.connected('bob'))).toEqual([one, two]);
  });

  it('leaves alone what comes from who is no peer', () => {
    const { pool, gossip } = nodeWith('ann');
    gossip.disconnected('ann');
    for (const peer of ['ann', 'stranger'])
      expect(gossip.received(peer, bodyOf(one), rich)).toEqual({
        send: [],
        taken: [],
        refuse: [],
      });
    expect(pool.size).toBe(0);
  });

  it('tells of each event once', () => {
    const { gossip } = nodeWith('ann', 'bob');
    gossip.received('ann', bodyOf(one), rich);
    expect(gossip.received('ann', bodyOf(two), rich).taken).toEqual([two]);
    expect(gossip.connected('cleo').taken).toEqual([]);
  });
});

describe('Task 8: what a peer is blamed for', () => {
  const good = signed('Alice');
  const [line] = bodyOf(good).lines as [string];
  const flipped = good.signature.startsWith('0') ? '1' : '0';
  const forged = { ...good, signature: flipped + good.signature.slice(1) };

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', line],
    ['a list', [line]],
    ['an object without lines', {}],
    ['lines that are a text', { lines: line }],
    ['no lines', { lines: [] }],
    ['101 lines', { lines: Array.from({ length: 101 }, () => line) }],
    ['a line that is a number', { lines: [line, 1] }],
    ['a list with a gap', { lines: [line, , line] }], // eslint-disable-line no-sparse-arrays
    ['something like a list', { lines: { length: 1, 0: line } }],
  ])('parts from a peer that sends %s', (_name, body) => {
    const { pool, gossip } = nodeWith('ann');
    expect(refusedBy(gossip.received('ann', body, rich))).toEqual(['ann']);
    expect(pool.size).toBe(0);
  });

  it.each([
    ['any text', 'Alice pays Bob 5'],
    ['an empty line', ''],
    ['a payment with a space more', line.replace(',', ', ')],
    ['a payment with a space behind it', `${line} `],
    ['a payment with another form of a number', line.replace(',1,1,0,', ',1.0,1,0,')],
    ['a payment with a field more', line.replace(']', ',1]')],
    ['a giant line', `["${'a'.repeat(100_000)}"]`],
  ])('parts from a peer whose line is %s', (_name, text) => {
    const { pool, gossip } = nodeWith('ann');
    expect(text).not.toBe(line);
    expect(refusedBy(gossip.received('ann', { lines: [text] }, rich))).toEqual(['ann']);
    expect(pool.size).toBe(0);
  });

  it('parts from a peer that sends a payment which its payer did not sign', () => {
    for (const wrong of [
      forged,
      { ...good, amount: 2 },
      { ...good, from: good.to },
      signed('Alice', {}, '0'.repeat(64)),
    ]) {
      const { pool, gossip } = nodeWith('ann', 'bob');
      const effects = gossip.received('ann', bodyOf(wrong), rich);
      expect(refusedBy(effects)).toEqual(['ann']);
      expect([effects.send, effects.taken, pool.size]).toEqual([[], [], 0]);
    }
  });

  it('blames nobody for what cannot be made here: the peer may have another tip', () => {
    const { pool, gossip } = nodeWith('ann');
    const later = accountsOfKeys({ Alice: 10 });
    for (const [wish, accounts] of [
      [{ fee: 0 }, rich],
      [{ count: 64 }, rich],
      [{ amount: 5_000 }, later],
      [{ count: 3 }, noAccounts],
    ] as const) {
      const effects = gossip.received('ann', bodyOf(signed('Alice', wish)), accounts);
      expect(effects.refuse).toEqual([]);
    }
    pool.add(signed('Bob', { fee: 9 }), rich);
    const cheap = gossip.received('ann', bodyOf(signed('Bob', { fee: 2 })), rich);
    expect(cheap).toEqual({ send: [], taken: [], refuse: [] });
  });

  it('takes it later what it refused: the tip may have changed', () => {
    const { gossip } = nodeWith('ann', 'bob');
    const far = signed('Alice', { count: 70 });
    expect(gossip.received('ann', bodyOf(far), rich).taken).toEqual([]);
    const tenMade = accountsAfter(10);
    expect(gossip.received('bob', bodyOf(far), tenMade).taken).toEqual([far]);
  });

  it('keeps what came before the fault, and looks at nothing behind it', () => {
    const { pool, gossip } = nodeWith('ann', 'bob');
    const next = signed('Alice', { count: 1 });
    const effects = gossip.received('ann', bodyOf(good, forged, next, forged), rich);
    expect(effects.taken).toEqual([good]);
    expect(refusedBy(effects)).toEqual(['ann']);
    expect(sentTo('bob', effects)).toEqual([good]);
    expect(pool.size).toBe(1);
  });

  it('has nothing more to do with a peer that it has parted from', () => {
    const { pool, gossip } = nodeWith('ann', 'bob');
    gossip.received('ann', bodyOf(forged), rich);
    expect(gossip.received('ann', bodyOf(good), rich).taken).toEqual([]);
    const effects = gossip.received('bob', bodyOf(good), rich);
    expect(sentTo('ann', effects)).toEqual([]);
    expect(pool.size).toBe(1);
  });

  it('says why in words, and does not throw, whatever it is sent', () => {
    const bodies = fc.oneof(
      fc.anything(),
      fc.record({ lines: fc.anything() }),
      fc.record({ lines: fc.array(fc.oneof(fc.string(), fc.json(), fc.constant(line))) }),
    );
    fc.assert(
      fc.property(bodies, (body) => {
        const { refuse } = nodeWith('ann').gossip.received('ann', body, rich);
        for (const { reason } of refuse) expect(reason).toMatch(/\w{2}/);
        expect(refuse.length).toBeLessThanOrEqual(1);
      }),
    );
  });
});

/** Accounts after so many payments of Alice. */
function accountsAfter(count: number): Accounts {
  return accountsOfKeys({ Alice: 1_000 }, count);
}

/** So many payments that wait, each of another payer. */
function fill(pool: Pool, count: number, fee = 1): Payment[] {
  const some = Array.from({ length: count }, (_, i) =>
    payment({ from: `payer ${i}`, fee }),
  );
  for (const one of some) pool.add(one, noAccounts);
  return some;
}

describe('Task 9: not too much at once', () => {
  it('sends 200 payments at once, and 20 more each second, each once', () => {
    const { pool, gossip } = nodeWith();
    const some = fill(pool, 250);
    const sent = sentTo('ann', gossip.connected('ann'));
    expect(sent).toEqual(some.slice(0, 200));
    const second = () => sentTo('ann', gossip.tick());
    expect(second()).toEqual(some.slice(200, 220));
    expect(second()).toEqual(some.slice(220, 240));
    expect(second()).toEqual(some.slice(240));
    expect(second()).toEqual([]);
  });

  it('sends no more than 200 at once, however long it was quiet', () => {
    const { gossip } = nodeWith('ann', 'bob');
    for (let second = 0; second < 40; second += 1) gossip.tick();
    const some = ['Alice', 'Bob', 'Carol', 'Dora', 'Emil'].flatMap((name) =>
      Array.from({ length: 50 }, (_, count) => signed(name, { count })),
    );
    const sent = [0, 100, 200].map((start) => {
      const body = bodyOf(...some.slice(start, start + 100));
      return sentTo('ann', gossip.received('bob', body, rich)).length;
    });
    expect(sent).toEqual([100, 100, 0]);
  });

  it('has what comes meanwhile wait, too', () => {
    const { pool, gossip } = nodeWith();
    fill(pool, 200);
    gossip.connected('ann');
    const one = signed('Alice');
    pool.add(one, rich);
    expect(gossip.offer(one).send).toEqual([]);
    expect(sentTo('ann', gossip.tick())).toEqual([one]);
  });

  it('sends nothing that has ceased to wait meanwhile, and saves its place', () => {
    const { pool, gossip } = nodeWith();
    fill(pool, 230);
    gossip.connected('ann');
    fill(pool, 230, 2); // replaces them all
    const one = signed('Alice');
    pool.add(one, rich);
    gossip.offer(one);
    expect(sentTo('ann', gossip.tick())).toEqual([one]);
    expect(gossip.tick().send).toEqual([]);
  });

  it('does not send a peer what that has sent itself meanwhile', () => {
    const { pool, gossip } = nodeWith();
    fill(pool, 200);
    gossip.connected('ann');
    const one = signed('Alice');
    pool.add(one, rich);
    gossip.offer(one);
    gossip.received('ann', bodyOf(one), rich);
    expect(gossip.tick().send).toEqual([]);
  });

  it('sends what can be made now before what is parked', () => {
    const { pool, gossip } = nodeWith();
    const parked = fill(pool, 210);
    const ready = [0, 1, 2].map((count) => signed('Alice', { count }));
    for (const one of ready) pool.add(one, rich);
    const sent = sentTo('ann', gossip.connected('ann'));
    expect(sent).toEqual([...ready, ...parked.slice(0, 197)]);
  });

  it('counts for each peer alone', () => {
    const { pool, gossip } = nodeWith();
    fill(pool, 200);
    gossip.connected('ann');
    expect(sentTo('bob', gossip.connected('bob'))).toHaveLength(200);
  });

  /** Lets a peer send so many lines, in messages of 100; says whether it was parted from. */
  function flood(gossip: Gossip, count: number): boolean {
    let refused = 0;
    for (let left = count; left > 0; left -= 100) {
      const lines = bodyOf(signed('Alice')).lines.concat(
        Array.from({ length: Math.min(100, left) - 1 }, () => paymentLine(again)),
      );
      refused += refusedBy(gossip.received('ann', { lines }, rich)).length;
    }
    return refused > 0;
  }
  const again = signed('Alice');

  it('lets a peer send 400 payments at once, and parts from it at one more', () => {
    expect(flood(nodeWith('ann').gossip, 400)).toBe(false);
    expect(flood(nodeWith('ann').gossip, 401)).toBe(true);
  });

  it('lets it send 20 more each second, but never more than 400 at once', () => {
    const { gossip } = nodeWith('ann');
    expect(flood(gossip, 400)).toBe(false);
    for (let second = 0; second < 5; second += 1) {
      gossip.tick();
      expect(flood(gossip, 20)).toBe(false);
    }
    for (let second = 0; second < 50; second += 1) gossip.tick();
    expect(flood(gossip, 401)).toBe(true);
  });

  it('never sends what another node would part with it for', () => {
    const [ann, bob] = [nodeWith(), nodeWith('ann')];
    for (let i = 0; i < 64; i += 1)
      for (const name of ['Alice', 'Bob', 'Carol', 'Dora', 'Emil', 'Fay', 'Gus', 'Hal'])
        ann.pool.add(signed(name, { count: i }), noAccounts);
    let refused = 0;
    const deliver = ({ send }: GossipEffects) => {
      for (const { message } of send)
        if (message.type === 'topic')
          refused += bob.gossip.received('ann', message.body, noAccounts).refuse.length;
    };
    deliver(ann.gossip.connected('bob'));
    for (let second = 0; second < 20; second += 1) {
      // The clock of the other one is slower by a half.
      if (second % 2 === 0) bob.gossip.tick();
      deliver(ann.gossip.tick());
    }
    expect([refused, bob.pool.size]).toEqual([0, 512]);
  });
});
