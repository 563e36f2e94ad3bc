import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import {
  announce,
  find,
  offersIn,
  type Announcement,
  type DnsPacket,
  type Line,
  type OpenLine,
} from './discovery.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** A network in which all hear what anybody says, and who said it. */
class FakeNetwork {
  readonly packets: DnsPacket[] = [];
  readonly #lines = new Map<Line, (packet: DnsPacket, from: string) => void>();

  /** How many lines are open. */
  get open(): number {
    return this.#lines.size;
  }

  /** What a machine opens that is in it. */
  readonly openLine: OpenLine = (address, hear) => {
    const say = (packet: DnsPacket) => this.say(packet, address);
    const line: Line = {
      send: say,
      close: async (last) => {
        this.#lines.delete(line);
        if (last !== undefined) say(last);
      },
    };
    this.#lines.set(line, hear);
    return line;
  };

  /** Says something to all. */
  say(packet: DnsPacket, from: string): void {
    this.packets.push(packet);
    for (const hear of [...this.#lines.values()]) hear(packet, from);
  }
}

const about: Announcement = {
  id: 'ab12',
  name: 'Room 12',
  network: '00'.repeat(32),
  port: 8_000,
};
const never = (reason: string) => {
  throw new Error(reason);
};
const at = (network: FakeNetwork, ...addresses: string[]) => ({
  open: network.openLine,
  addresses: () => addresses,
});
const query = {
  type: 'query',
  questions: [{ name: '_pychain._tcp.local', type: 'PTR' }],
} as const;

describe('A class that is announced', () => {
  it('is found by who looks for it, at the address that it answers from', async () => {
    const network = new FakeNetwork();
    const end = announce(about, at(network, '192.168.1.20'), never);
    await jest.advanceTimersByTimeAsync(60_000);
    const found = find(6_000, at(network, '192.168.1.21'), never);
    await jest.advanceTimersByTimeAsync(6_000);
    expect(await found).toEqual([{ ...about, host: '192.168.1.20' }]);
    await end();
    expect(network.open).toBe(0);
  });

  it('is found though it has no name, and by whoever looked before it began', async () => {
    const network = new FakeNetwork();
    const found = find(6_000, at(network, '192.168.1.21'), never);
    await jest.advanceTimersByTimeAsync(3_000);
    const end = announce({ ...about, name: null }, at(network, '10.0.0.1'), never);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(await found).toEqual([{ ...about, name: null, host: '10.0.0.1' }]);
    await end();
  });

  it('is found on an address that its machine gets later, and left where one is lost', async () => {
    const network = new FakeNetwork();
    let addresses: string[] = [];
    const place = { open: network.openLine, addresses: () => addresses };
    const end = announce(about, place, never);
    expect(network.packets).toEqual([]);
    addresses = ['192.168.1.20'];
    await jest.advanceTimersByTimeAsync(3_000);
    expect(offersIn(network.packets[0] ?? query, 'x')).toMatchObject([{ id: 'ab12' }]);
    addresses = [];
    await jest.advanceTimersByTimeAsync(3_000);
    expect(network.open).toBe(0);
    await end();
  });

  it('says goodbye, which is no offer', async () => {
    const network = new FakeNetwork();
    await announce(about, at(network, '192.168.1.20'), never)();
    const last = network.packets.at(-1);
    expect(last?.type).toBe('response');
    expect(offersIn(last ?? query, 'x')).toEqual([]);
  });

  it('answers once a second at most, however often it is asked', async () => {
    const network = new FakeNetwork();
    const end = announce(about, at(network, '192.168.1.20'), never);
    await jest.advanceTimersByTimeAsync(2_000);
    network.packets.length = 0;
    for (let i = 0; i < 100; i += 1) network.say(query, '192.168.1.66');
    const answers = () =>
      network.packets.filter(({ type }) => type === 'response').length;
    expect(answers()).toBe(1);
    await jest.advanceTimersByTimeAsync(1_000);
    network.say(query, '192.168.1.66');
    expect(answers()).toBe(2);
    await end();
  });

  it('does not answer who looks for something else', async () => {
    const network = new FakeNetwork();
    const end = announce(about, at(network, '192.168.1.20'), never);
    await jest.advanceTimersByTimeAsync(2_000);
    network.packets.length = 0;
    network.say(
      { type: 'query', questions: [{ name: '_ipp._tcp.local', type: 'PTR' }] },
      'x',
    );
    expect(network.packets).toHaveLength(1);
    await end();
  });

  it('is told of once where it cannot be announced', async () => {
    const reasons: string[] = [];
    const open: OpenLine = (_address, _hear, fail) => ({
      send: () => fail('no multicast here'),
      close: () => Promise.resolve(),
    });
    const place = { open, addresses: () => ['10.0.0.1', '10.0.0.2'] };
    await announce(about, place, (reason) => reasons.push(reason))();
    expect(reasons).toEqual(['no multicast here']);
  });
});

describe('Who looks for a class', () => {
  it('finds none where there is none, after the time that was given', async () => {
    const network = new FakeNetwork();
    let isOver = false;
    const found = find(6_000, at(network, '192.168.1.21'), never).finally(() => {
      isOver = true;
    });
    await jest.advanceTimersByTimeAsync(5_999);
    expect(isOver).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(await found).toEqual([]);
    expect(network.open).toBe(0);
  });

  it('waits for others after the first, and takes each once, by whichever way it came first', async () => {
    const network = new FakeNetwork();
    const other = { ...about, id: 'cd34', name: 'Room 13' };
    const ends = [
      announce(about, at(network, '192.168.1.20', '10.0.0.20'), never),
      announce(other, at(network, '192.168.1.30'), never),
    ];
    await jest.advanceTimersByTimeAsync(2_000);
    const found = find(6_000, at(network, '192.168.1.21'), never);
    await jest.advanceTimersByTimeAsync(1_000);
    const names = (await found).map(({ name, host }) => [name, host]);
    expect(names).toEqual([
      ['Room 12', '192.168.1.20'],
      ['Room 13', '192.168.1.30'],
    ]);
    await Promise.all(ends.map((end) => end()));
  });
});

describe('Who announces many classes', () => {
  it('does not hide the class of somebody else', async () => {
    const network = new FakeNetwork();
    const many = Array.from({ length: 100 }, (_, i) => ({ ...about, id: `x${i}` }));
    const ends = many.map((one) => announce(one, at(network, '192.168.1.66'), never));
    ends.push(announce(about, at(network, '192.168.1.20'), never));
    await jest.advanceTimersByTimeAsync(2_000);
    const found = find(6_000, at(network, '192.168.1.21'), never);
    await jest.advanceTimersByTimeAsync(1_000);
    const hosts = (await found).map(({ host }) => host);
    expect(hosts).toEqual(['192.168.1.66', '192.168.1.66', '192.168.1.20']);
    await Promise.all(ends.map((end) => end()));
  });
});

describe('What is read of a packet', () => {
  /** What a class says, with some records changed. */
  async function said(
    change: Record<string, unknown>,
    name?: string,
  ): Promise<DnsPacket> {
    const network = new FakeNetwork();
    await announce(about, at(network, '10.0.0.1'), never)();
    const [packet] = network.packets;
    if (packet?.type !== 'response') throw new Error('Nothing was said.');
    const additionals = (packet.additionals ?? []).map((record) =>
      record.type === name || name === undefined ? { ...record, ...change } : record,
    );
    return { ...packet, additionals };
  }

  it.each([
    ['SRV', undefined],
    ['SRV', { port: 0, target: 'x' }],
    ['SRV', { port: 70_000, target: 'x' }],
    ['TXT', ['network=00']],
    ['TXT', ['name=Ada']],
    ['TXT', [`network=${'00'.repeat(32)}`, 'name=\u202eadA']],
    ['TXT', [`network=${'00'.repeat(32)}`, `name=${'x'.repeat(25)}`]],
    ['TXT', [`network=${'00'.repeat(32)}`, 'name=\u001b[2J']],
    ['TXT', 7],
  ])('holds no class where %s says %j', async (type, data) => {
    expect(offersIn(await said({ data }, type), 'x')).toEqual([]);
  });

  it('is the same where texts come as bytes, and as other fields as well', async () => {
    const texts = ['later=1', `network=${about.network}`, 'name=Ädä', 'odd', ''];
    const data = texts.map((text) => Buffer.from(text));
    expect(offersIn(await said({ data }, 'TXT'), 'x')).toMatchObject([{ name: 'Ädä' }]);
  });

  it('never ends a node, whatever it is', () => {
    const record = fc.record({
      name: fc.constantFrom('_pychain._tcp.local', 'ab12._pychain._tcp.local', 'x'),
      type: fc.constantFrom('PTR', 'SRV', 'TXT', 'A', 'UNKNOWN_99'),
      ttl: fc.option(fc.nat(), { nil: undefined }),
      data: fc.oneof(fc.anything(), fc.constant('ab12._pychain._tcp.local')),
    });
    const records = fc.array(record);
    fc.assert(
      fc.property(records, records, (answers, additionals) => {
        for (const offer of offersIn({ type: 'response', answers, additionals }, 'x'))
          expect(offer.network).toMatch(/^[0-9a-f]{64}$/);
      }),
    );
  });
});
