import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ConnectionManager } from '#peers';
import type { DnsPacket, OpenLine } from '../node/discovery.ts';
import { classUrl } from './class-address.ts';
import { wordsFor } from './class.ts';
import { theOnly } from './join.ts';
import { afterRefusal, afterSilence, networkAt } from './meet.ts';

describe('The address of a class', () => {
  it.each([
    ['192.168.1.20', 'ws://192.168.1.20:8000'],
    ['192.168.1.20:8001', 'ws://192.168.1.20:8001'],
    ['ws://192.168.1.20:8001', 'ws://192.168.1.20:8001'],
    ['ws://192.168.1.20:8001/', 'ws://192.168.1.20:8001'],
    ['teacher.local', 'ws://teacher.local:8000'],
    ['8001', 'ws://localhost:8001'],
    ['2001:db8::1', 'ws://[2001:db8::1]:8000'],
    ['[2001:db8::1]:8001', 'ws://[2001:db8::1]:8001'],
    ['wss://chain.example.org', 'wss://chain.example.org'],
  ])('%s leads to %s', (text, url) => {
    expect(classUrl(text)).toBe(url);
  });

  it.each([
    'a b',
    '',
    '192.168.1.20/class',
    'me@192.168.1.20',
    '192.168.1.20:99999',
    'a?b',
  ])('%j is none, and a sentence says what to type', (text) => {
    expect(() => classUrl(text)).toThrow(/is no address .* join 192\.168\.1\.20$/);
  });

  it('is not that of its pages', () => {
    expect(() => classUrl('http://192.168.1.20:6001')).toThrow(/http leads to the pages/);
  });
});

describe('What a terminal shows of a class', () => {
  const page = 'http://127.0.0.1:6001/class';
  const lines = ['./pychain join 192.168.1.20', './pychain join 10.0.0.5:8001'];

  it('is every line that others can type, and where the page is', () => {
    const words = wordsFor(page, lines, { announce: true }).join('\n');
    for (const line of [...lines, './pychain join'])
      expect(words).toContain(`${line} --name Ada`);
    expect(words).toContain(page);
    expect(words).toMatch(/[█▀▄]{10}/);
  });

  it('does not say that the class is found where it is not announced', () => {
    const words = wordsFor(page, lines, { announce: false }).join('\n');
    expect(words).not.toContain('without an address');
  });

  it('is the page alone where nobody can join', () => {
    expect(wordsFor(page, [], { announce: true }).join('\n')).not.toMatch(/join|[█▀▄]/);
  });
});

describe('Who looks for a class', () => {
  const place = (...found: DnsPacket[]) => {
    const open: OpenLine = (_address, hear) => ({
      send: () => found.forEach((packet, i) => hear(packet, `192.168.1.2${i}`)),
      close: () => Promise.resolve(),
    });
    return { open, addresses: () => ['192.168.1.99'] };
  };
  const said = (id: string, name: string, port: number): DnsPacket => ({
    type: 'response',
    answers: [
      { name: '_pychain._tcp.local', type: 'PTR', data: `${id}._pychain._tcp.local` },
      { name: `${id}._pychain._tcp.local`, type: 'SRV', data: { port } },
      {
        name: `${id}._pychain._tcp.local`,
        type: 'TXT',
        data: [`network=${'0a'.repeat(32)}`, `name=${name}`],
      },
    ],
  });

  it('is led to the only one', async () => {
    const only = place(said('a1', 'Room 12', 8_001));
    expect(await theOnly(only, 100)).toBe('ws://192.168.1.20:8001');
  });

  it('is shown the line of each where there are several', async () => {
    const both = place(said('a1', 'Room 12', 8_000), said('b2', 'Room 13', 8_001));
    await expect(theOnly(both, 100)).rejects.toThrow(
      [
        'There are several classes here. Type the line of yours:',
        '  ./pychain join 192.168.1.20   ("Room 12", network 0a0a0a0a0a0a…)',
        '  ./pychain join 192.168.1.21:8001   ("Room 13", network 0a0a0a0a0a0a…)',
      ].join('\n'),
    );
  });

  it('is told to type the address where there is none, or where the machine is in no network', async () => {
    await expect(theOnly(place(), 100)).rejects.toThrow(
      /^No class was found in 0\.1 s\. .* type its address.* join 192\.168\.1\.20$/,
    );
    const nowhere = { ...place(), addresses: () => [] };
    await expect(theOnly(nowhere, 100)).rejects.toThrow(/^This machine is in no network/);
  });
});

describe('Where a class cannot be joined', () => {
  const room = { host: '192.168.1.20', port: 8_000 };

  it.each([
    ['ECONNREFUSED', /nobody listens on port 8000\. Is \.\/pychain class running/],
    ['ENOTFOUND', /No machine is called "192\.168\.1\.20" here\. Type the address/],
    ['ENETUNREACH', /this machine, which has 10\.0\.0\.5\. Connect it to the network/],
    ['ETIMEDOUT', /other network .*10\.0\.0\.5.*firewall.*client isolation.*phone/s],
    ['EHOSTUNREACH', /client isolation/],
  ])('%s is told in words', (code, words) => {
    const sentence = afterSilence(code, room, ['10.0.0.5']);
    expect(sentence.replace('another network', 'other network')).toMatch(words);
    expect(sentence).not.toContain(code);
  });

  it.each([
    ['Different protocol versions: 2 and 3.', /another version .* git pull/],
    ['No node is there, but a web server: …', /web server and no node\. The pages/],
    ['The node that was dialed has not joined a network yet.', /waits for its own/],
    ['The node does not let this one in for now.', /Try again in a minute/],
    ['\u001b[2Jpwned', /not as a node does: "\\u001b\[2Jpwned"$/],
  ])('"%s" is told in words', (reason, words) => {
    expect(afterRefusal(reason, room)).toMatch(words);
  });
});

describe('A node that is asked for its network', () => {
  let end: () => unknown = () => undefined;
  afterEach(async () => {
    await end();
  });

  it('tells its beginning, and takes nobody for a peer', async () => {
    const genesis = '0123456789ab'.padEnd(64, '0');
    const node = new ConnectionManager({ chain: () => ({ genesis, tip: null }) });
    end = () => node.close();
    const seen: unknown[] = [];
    node.on('peer', (peer) => seen.push(peer));
    node.on('blamed', (peer) => seen.push(peer));
    await node.listen(0);
    expect(await networkAt(`ws://127.0.0.1:${node.port}`)).toBe('0123456789ab');
    expect(seen).toEqual([]);
  });

  it('may have none yet', async () => {
    const node = new ConnectionManager({ chain: () => ({ genesis: null, tip: null }) });
    end = () => node.close();
    await node.listen(0);
    await expect(networkAt(`ws://localhost:${node.port}`)).rejects.toThrow(
      /waits for its own network/,
    );
  });

  it('may be no node, or not be there', async () => {
    const server: Server = createServer((socket) => {
      socket.on('error', () => undefined).resume();
      socket.end('SSH-2.0-OpenSSH_9.6\r\n');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    await expect(networkAt(`ws://127.0.0.1:${port}`)).rejects.toThrow(
      /^At 127\.0\.0\.1, port \d+, somebody answers, but not as a node does: "/,
    );
    server.close();
    await once(server, 'close');
    await expect(networkAt(`ws://127.0.0.1:${port}`)).rejects.toThrow(/nobody listens/);
  });
});
