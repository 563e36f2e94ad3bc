import { EventEmitter, on, once } from 'node:events';
import { createServer as createWebServer, type IncomingMessage } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket, WebSocketServer } from 'ws';
import { genesisBlock } from '#blocks';
import {
  MAX_MESSAGE_BYTES,
  PROTOCOL_VERSION,
  Peer,
  type Hello,
  type Message,
  type PeerOptions,
} from '#peers';

const hash = '0123456789abcdef'.repeat(4);

function helloOf(digit: string, port: number | null = 8000): Hello {
  const nodeId = digit.repeat(32);
  return {
    type: 'hello',
    version: PROTOCOL_VERSION,
    nodeId,
    genesis: hash,
    tip: null,
    port,
    time: 1_700_000_000_000,
  };
}

const getBlocks: Message = { type: 'getBlocks', locator: [] };

/** A block whose data is that long. */
const blockOf = (length: number, filling = 'x') =>
  genesisBlock({ timestamp: 1, data: filling.repeat(length) });

function tipOf(index: number): Message {
  return { type: 'tip', tip: { hash, index, work: '1' } };
}

const servers: WebSocketServer[] = [];
/** Connections, one with and one without a hello; they are begun first, as it takes seconds. */
let polite: Awaited<ReturnType<typeof meet>>;
let silent: Awaited<ReturnType<typeof meet>>;

beforeAll(async () => {
  polite = await meet();
  polite.remote.say(helloOf('b'));
  silent = await meet();
  servers.length = 0; // not to be closed after the first test
});
afterAll(() => {
  polite.remote.socket.terminate();
  polite.server.close();
  silent.server.close();
});

afterEach(() => {
  for (const server of servers.splice(0)) {
    for (const socket of server.clients) socket.terminate();
    server.close();
  }
});

/** Opens a bare server on a free port. */
async function serve(): Promise<{ server: WebSocketServer; url: string }> {
  const maxPayload = MAX_MESSAGE_BYTES;
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', maxPayload });
  servers.push(server);
  await once(server, 'listening');
  return { server, url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** The other end of a connection: a bare WebSocket that does what the test says. */
class Remote {
  /** What it was told: each message as JSON, and in the end why it was closed. */
  readonly heard: unknown[] = [];
  readonly closed: Promise<{ reason: string }>;
  readonly socket: WebSocket;
  readonly #messages: AsyncIterator<unknown>;

  constructor(socket: WebSocket) {
    this.socket = socket;
    this.#messages = on(socket, 'message');
    socket.on('message', (data) => this.heard.push(JSON.parse(textOf(data))));
    socket.on('error', () => undefined); // a broken connection ends in 'close' as well
    this.closed = new Promise((resolve) => {
      socket.once('close', (_code, reason) => resolve({ reason: String(reason) }));
    });
  }

  /** Sends messages: objects as JSON, texts as they stand, and bytes as bytes. */
  say(...messages: unknown[]): void {
    for (const message of messages) {
      const raw = typeof message === 'string' || Buffer.isBuffer(message);
      this.socket.send(raw ? message : JSON.stringify(message));
    }
  }

  async next(): Promise<unknown> {
    const { value } = (await soon(this.#messages.next(), 'a message')) as {
      value: [WebSocket.RawData];
    };
    return JSON.parse(textOf(value[0]));
  }
}

function textOf(data: WebSocket.RawData): string {
  return (data as Buffer).toString();
}

/** Connects a Peer that was dialed with the bare WebSocket that dialed it. */
async function meet(options: Partial<PeerOptions> & { autoPong?: boolean } = {}) {
  const { autoPong = true, ...rest } = options;
  const { server, url } = await serve();
  const accepted = once(server, 'connection') as Promise<[WebSocket, IncomingMessage]>;
  const remote = new Remote(new WebSocket(url, { autoPong }));
  const [socket, { socket: line }] = await accepted;
  const peer = peerOf(socket, { line, ...rest });
  await once(remote.socket, 'open');
  return { remote, server, ...peer };
}

/** Makes a Peer that dials, and the bare WebSocket that it reaches. */
async function call(options: Partial<PeerOptions> = {}) {
  const { server, url } = await serve();
  const accepted = once(server, 'connection') as Promise<[WebSocket]>;
  const peer = peerOf(new WebSocket(url), { dialed: url, ...options });
  const remote = new Remote((await accepted)[0]);
  return { remote, server, url, ...peer };
}

/** Makes a Peer, and notes all that it reports. */
function peerOf(socket: WebSocket, options: Partial<PeerOptions>) {
  const peer = new Peer(socket, {
    host: '127.0.0.1',
    keepAlive: 30_000,
    hello: () => helloOf('a'),
    ...options,
  });
  const events: unknown[][] = [];
  const news = new EventEmitter();
  const note = (...event: unknown[]) => {
    events.push(event);
    news.emit('event');
  };
  peer.on('hello', () => note('hello'));
  peer.on('message', (message) => note('message', message));
  peer.on('closed', (reason) => note('closed', reason));
  /** Waits until the peer has reported that many events. */
  const heard = async (count: number) => {
    while (events.length < count) {
      await soon(once(news, 'event'), `event ${events.length + 1} of the peer`);
    }
  };
  const closed = new Promise<string>((resolve) => peer.once('closed', resolve));
  return { peer, events, heard, closed };
}

/** Turns a wait without end into a sentence. */
function soon<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(reject, 10_000, new Error(`Waited in vain for ${what}.`));
  });
  return Promise.race([promise, end]).finally(() => clearTimeout(timer));
}

const aSentence = expect.stringMatching(/\w+ \w+/);

describe('Task 2: the peer', () => {
  describe('the handshake', () => {
    it('says hello as soon as the connection stands when it dials', async () => {
      const { peer, remote } = await call();
      expect(await remote.next()).toEqual({ ...helloOf('a'), nonce: peer.key });
    });

    it('says nothing when it was dialed, before it is told to greet', async () => {
      const { peer, remote, heard } = await meet();
      remote.say(helloOf('b'));
      await heard(1);
      peer.send(tipOf(1));
      peer.greet();
      await remote.next();
      expect(await remote.next()).toEqual({ ...helloOf('a'), nonce: peer.key });
      expect(remote.heard).toHaveLength(2);
    });

    it('has a key of its own for each connection, 32 hex digits, and says it as its nonce', async () => {
      const [one, other] = [await call(), await call()];
      const nonces = [await one.remote.next(), await other.remote.next()];
      expect(nonces).toMatchObject([{ nonce: one.peer.key }, { nonce: other.peer.key }]);
      expect(one.peer.key).toMatch(/^[0-9a-f]{32}$/);
      expect(one.peer.key).not.toBe(other.peer.key);
    });

    it("reports the other one's hello, and knows it from then on", async () => {
      const { peer, remote, events, heard } = await meet({ host: '10.0.0.1' });
      expect(() => peer.hello).toThrow(/hello/);
      expect(peer.outbound).toBe(false);
      remote.say(helloOf('b', 9000));
      await heard(1);
      expect(events).toEqual([['hello']]);
      expect({
        hello: peer.hello,
        id: peer.id,
        url: peer.url,
        place: peer.place,
      }).toEqual({
        hello: helloOf('b', 9000),
        id: 'b'.repeat(32),
        url: 'ws://10.0.0.1:9000',
        place: 'ws://10.0.0.1:9000',
      });
    });

    it('has no url for one whose address means nothing to others', async () => {
      const { peer, remote } = await meet({ host: '[fe80::1%wlan0]' });
      remote.say(helloOf('b', 9000));
      await once(peer, 'hello');
      expect([peer.url, peer.place]).toEqual([undefined, undefined]);
    });

    it('knows one that it dialed by the url, and by where it leads, whatever that one says', async () => {
      const { server, url } = await serve();
      server.on('connection', (socket) =>
        socket.send(JSON.stringify(helloOf('b', 9000))),
      );
      const named = url.replace('127.0.0.1', 'localhost');
      const { peer, heard } = peerOf(new WebSocket(named), { dialed: named });
      await heard(1);
      expect([peer.url, peer.place]).toEqual([named, url]);
    });

    it('has no url for one that does not listen', async () => {
      const { peer, remote } = await meet();
      remote.say(helloOf('b', null));
      await once(peer, 'hello');
      expect(peer.url).toBeUndefined();
    });

    it('knows that it was the one who dialed', async () => {
      expect((await call()).peer.outbound).toBe(true);
    });
  });

  describe('messages', () => {
    it('reports those that come, read and in order', async () => {
      const { remote, events, heard } = await meet();
      const urls = ['ws://LOCALHOST:8000/path'];
      remote.say(helloOf('b'), tipOf(1), tipOf(2), { type: 'peers', urls });
      await heard(4);
      expect(events).toEqual([
        ['hello'],
        ['message', tipOf(1)],
        ['message', tipOf(2)],
        ['message', { type: 'peers', urls: ['ws://localhost:8000'] }],
      ]);
    });

    it('sends its own as JSON, in order', async () => {
      const { peer, remote } = await meet();
      peer.send(tipOf(1));
      peer.send({ type: 'getPeers' });
      expect([await remote.next(), await remote.next()]).toEqual([
        tipOf(1),
        { type: 'getPeers' },
      ]);
    });

    it('takes the largest block, though JSON escapes all its data, if it asked for it', async () => {
      const { peer, remote, events, heard } = await meet();
      remote.say(helloOf('b'));
      peer.send(getBlocks);
      await remote.next();
      remote.say({ type: 'blocks', blocks: [blockOf(1_048_576, '\0')] });
      await heard(2);
      expect(events[1]?.[0]).toBe('message');
    });

    it('takes an answer to each of its questions, however late', async () => {
      const { peer, remote, events, heard } = await meet();
      remote.say(helloOf('b'));
      for (const message of [getBlocks, tipOf(1), getBlocks]) peer.send(message);
      const answer: Message = { type: 'blocks', blocks: [blockOf(100_000)] };
      remote.say(answer, tipOf(2), answer);
      await heard(4);
      expect(events.slice(1)).toEqual(
        [answer, tipOf(2), answer].map((one) => ['message', one]),
      );
    });

    it('sends the largest block twice in one go to a peer that reads', async () => {
      const { peer, remote } = await meet();
      const large: Message = { type: 'blocks', blocks: [blockOf(1_048_576, '\0')] };
      for (const message of [large, large, tipOf(1)]) peer.send(message);
      const types: unknown[] = [];
      for (let i = 0; i < 3; i += 1) types.push(((await remote.next()) as Message).type);
      expect(types).toEqual(['blocks', 'blocks', 'tip']);
    });

    it('sends a small block inside its tip, and a large one only if it is asked', async () => {
      const { peer, remote } = await meet();
      const tip = { hash, index: 1, work: '1' };
      const [small, large] = [blockOf(100), blockOf(100_000)];
      peer.send({ type: 'tip', tip, block: small });
      peer.send({ type: 'tip', tip, block: large });
      expect(await remote.next()).toEqual({ type: 'tip', tip, block: small });
      expect(await remote.next()).toEqual({ type: 'tip', tip });
    });

    it('does not send, and does not throw, when the connection is over', async () => {
      const { peer, remote, closed } = await meet();
      peer.close('That is all.');
      peer.send(tipOf(1));
      await closed;
      peer.send(tipOf(2));
      await remote.closed;
      expect(remote.heard).toEqual([]);
    });
  });

  describe('what no honest node sends', () => {
    const hello = helloOf('b');
    it.each<[name: string, said: unknown[], reason: RegExp]>([
      ['a message before hello', [tipOf(1), hello], /hello/i],
      ['hello twice', [hello, hello], /hello/i],
      ['what is not JSON', [hello, '{bad'], /\w+ \w+/],
      ['nothing', [hello, ''], /\w+ \w+/],
      ['null', [hello, 'null'], /\w+ \w+/],
      ['a type that is a number', [hello, '{"type":2}'], /type/],
      ['a number and a list in a text', [hello, '{"type":2,"data":"[]"}'], /type/],
      ['blocks that are none', [hello, { type: 'blocks', blocks: [null] }], /blocks/],
      ['bytes', [hello, Buffer.from(JSON.stringify(tipOf(1)))], /\w+ \w+/],
      ['hello in bytes', [Buffer.from(JSON.stringify(hello))], /\w+ \w+/],
      ['hello with half an id', [{ ...hello, nodeId: 'b' }], /nodeId/],
      ['not JSON as hello', ['{bad'], /\w+ \w+/],
      ['null as hello', ['null'], /\w+ \w+/],
    ])(
      'ends the connection on %s, and tells both sides why',
      async (_name, said, why) => {
        const { remote, closed } = await meet();
        remote.say(...said);
        expect(await soon(closed, 'the end of the connection')).toMatch(why);
        expect((await remote.closed).reason).toMatch(why);
      },
    );

    it('reports nothing that comes after it', async () => {
      const { remote, events, closed } = await meet();
      remote.say(hello, tipOf(1), '{bad', tipOf(2), hello);
      await soon(closed, 'the end of the connection');
      expect(events).toEqual([['hello'], ['message', tipOf(1)], ['closed', aSentence]]);
    });

    it.each<[name: string, said: unknown[]]>([
      ['a hello', [{ ...hello, junk: 'x'.repeat(65_536) }]],
      ['news', [hello, { ...tipOf(1), block: blockOf(65_536) }]],
      ['blocks', [hello, { type: 'blocks', blocks: [blockOf(65_536)] }]],
      [
        'what nobody knows',
        [hello, { type: 'topic', topic: 'x', body: 'x'.repeat(65_536) }],
      ],
    ])(
      'ends the connection on %s of more than 64 KiB without being asked',
      async (_name, said) => {
        const { remote, events, closed } = await meet();
        remote.say(...said);
        expect(await soon(closed, 'the end of the connection')).toMatch(
          /large|65536|64 KiB/,
        );
        expect(events.flat()).not.toContain('message');
      },
    );

    it('does not wait for the end of a message that becomes too large', async () => {
      const { remote, closed } = await meet();
      remote.say(hello);
      remote.socket.send('x'.repeat(400_000), { fin: false });
      expect(await soon(closed, 'the end of the connection')).toMatch(
        /large|65536|64 KiB/,
      );
    });

    it('ends a connection that it dialed for the same', async () => {
      const { remote, closed } = await call();
      remote.say(hello);
      remote.socket.send('x'.repeat(400_000), { fin: false });
      expect(await soon(closed, 'the end of the connection')).toMatch(
        /large|65536|64 KiB/,
      );
    });

    it('ends the connection on a message that is too large for any answer', async () => {
      const { peer, remote, closed } = await meet();
      peer.send(getBlocks);
      remote.say(hello, { type: 'blocks', blocks: ['x'.repeat(MAX_MESSAGE_BYTES)] });
      expect(await soon(closed, 'the end of the connection')).toMatch(/\w+ \w+/);
    });

    it('ends the connection on blocks that it has not asked for, however few', async () => {
      const { peer, remote, events, closed } = await meet();
      const answer: Message = { type: 'blocks', blocks: [] };
      peer.send(getBlocks);
      remote.say(hello, answer, answer);
      expect(await soon(closed, 'the end of the connection')).toMatch(/ask/);
      expect(events).toEqual([['hello'], ['message', answer], ['closed', aSentence]]);
    });

    it('ends the connection on text that is not UTF-8', async () => {
      const { remote, closed } = await meet();
      remote.socket.send(Buffer.from([0x22, 0xff, 0x22]), { binary: false });
      expect(await soon(closed, 'the end of the connection')).toMatch(/\w+ \w+/);
    });
  });

  describe('blame', () => {
    const send = (data: unknown, options = {}) => [data, options] as const;
    const hello = send(JSON.stringify(helloOf('b')));
    it.each([
      ['what is not JSON', [send('{bad')]],
      ['bytes in place of text', [send(Buffer.from('{}'))]],
      ['a message before the hello', [send('{"type":"getPeers"}')]],
      ['a second hello', [hello, hello]],
      ['text that is not UTF-8', [hello, send(Buffer.from([0xff]), { binary: false })]],
      ['a message that is too large', [hello, send('x'.repeat(MAX_MESSAGE_BYTES + 1))]],
    ])('goes to the other node for %s, once', async (_name, frames) => {
      const { peer, remote, closed } = await meet();
      const blamed: string[] = [];
      peer.on('blamed', (reason) => blamed.push(reason));
      for (const [data, options] of frames) {
        remote.socket.send(data as string | Buffer, options);
      }
      const reason = await soon(closed, 'the end of the connection');
      expect({ blamed }).toEqual({ blamed: [reason] });
      expect(reason).toMatch(/\w+ \w+/);
    });

    it('goes to nobody where a connection ends in an ordinary way', async () => {
      const [left, broken, told] = [await meet(), await meet(), await meet()];
      const { server, url } = await serve();
      await new Promise((resolve) => server.close(resolve));
      const absent = peerOf(new WebSocket(url), { dialed: url });
      const blamed: string[] = [];
      for (const { peer } of [left, broken, told, absent]) {
        peer.on('blamed', (reason) => blamed.push(reason));
      }
      left.remote.socket.close();
      broken.remote.socket.terminate();
      told.peer.close('It is late.');
      await Promise.all([left.closed, broken.closed, told.closed, absent.closed]);
      expect({ blamed }).toEqual({ blamed: [] });
    });

    it('ends the connection with its reason', async () => {
      const { peer, remote, closed } = await meet();
      const blamed = once(peer, 'blamed');
      peer.blame('It sent an invalid block.');
      expect(await blamed).toEqual(['It sent an invalid block.']);
      expect(await closed).toBe('It sent an invalid block.');
      expect(await remote.closed).toEqual({ reason: 'It sent an invalid block.' });
    });
  });

  describe('what it knows of the other node', () => {
    it('is the address at first, and the id as well after the hello', async () => {
      const { peer, remote, heard } = await meet({ host: '127.0.0.1' });
      expect([peer.host, peer.id]).toEqual(['127.0.0.1', '']);
      remote.say(helloOf('b'));
      await heard(1);
      expect([peer.host, peer.id]).toEqual(['127.0.0.1', 'b'.repeat(32)]);
    });

    it('is counted in bytes, both ways', async () => {
      const traffic = { received: 0, sent: 0 };
      const { peer, remote, heard } = await meet({ traffic });
      const messages = [{ ...helloOf('b'), unknown: 'grüß dich' }, tipOf(1)];
      remote.say(...messages);
      await heard(2);
      peer.send(tipOf(7));
      const bytesOf = (all: unknown[]) =>
        all.reduce<number>(
          (sum, each) => sum + Buffer.byteLength(JSON.stringify(each)),
          0,
        );
      expect(traffic).toEqual({
        received: bytesOf(messages),
        sent: bytesOf([tipOf(7)]),
      });
    });
  });

  describe('the end', () => {
    it('reports once why it closed the connection, and tells the other side', async () => {
      const { peer, remote, events, closed } = await meet();
      peer.close('It is late.');
      peer.close('Another reason.');
      await closed;
      await remote.closed;
      expect(await remote.closed).toEqual({ reason: 'It is late.' });
      expect(events).toEqual([['closed', 'It is late.']]);
    });

    it('reports what the other side gives as its reason', async () => {
      const { remote, closed } = await meet();
      remote.socket.close(4_001, 'You are of another network.');
      expect(await closed).toBe('You are of another network.');
    });

    it('has a sentence for a connection that breaks without one', async () => {
      const { remote, closed } = await meet();
      remote.socket.terminate();
      expect(await closed).toMatch(/\w+ \w+/);
    });

    it('has a sentence for a port where nobody listens', async () => {
      const { server, url } = await serve();
      await new Promise((resolve) => server.close(resolve));
      const { closed } = peerOf(new WebSocket(url), { dialed: url });
      expect(await soon(closed, 'the end of a call to nobody')).toMatch(/\w+ \w+/);
    });

    it('has a sentence for a port where a web server is, as the HTTP API is one', async () => {
      const server = createWebServer((_req, res) => res.end('Welcome!'));
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const { closed } = peerOf(new WebSocket(url), { dialed: url });
      expect(await soon(closed, 'the end of a call to a web server')).toMatch(/HTTP/);
      server.close();
    });

    it('can be closed before the connection stands', async () => {
      const { url } = await serve();
      const { peer, closed } = peerOf(new WebSocket(url), { dialed: url });
      peer.close('Never mind.');
      expect(await soon(closed, 'the end of a call given up')).toBe('Never mind.');
    });

    it.each([
      ['ASCII', 'far too long '.repeat(50)],
      ['two bytes each', `x${'é'.repeat(100)}`],
      ['four bytes each', `xy${'🎉'.repeat(50)}`],
    ])(
      'cuts a reason to the 123 bytes of a close frame, between characters (%s)',
      async (_name, reason) => {
        const { peer, remote } = await meet();
        peer.close(reason);
        const told = (await soon(remote.closed, 'the end')).reason;
        expect(told.slice(0, 20)).toBe(reason.slice(0, 20));
        expect(Buffer.byteLength(told)).toBeLessThanOrEqual(123);
        expect(told).not.toContain('\ufffd');
      },
    );

    it('leaves no timer behind', async () => {
      const timers = () =>
        process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
      const { peer, remote, server, closed } = await meet({ keepAlive: 60_000 });
      const during = timers();
      peer.close('It is late.');
      await Promise.all([closed, remote.closed]);
      await new Promise((resolve) => server.close(resolve));
      const another = await meet({ keepAlive: 60_000 });
      expect({ timersLeft: timers() - during }).toEqual({ timersLeft: 0 });
      another.peer.close('It is late.');
      await another.closed;
    });
  });

  describe('peers that are slow, mute or loud', () => {
    it('drops one that answers no ping, and keeps one that does', async () => {
      const keepAlive = 500;
      const good = await meet({ keepAlive });
      const mute = await meet({ keepAlive, autoPong: false });
      good.remote.say(helloOf('b'));
      mute.remote.say(helloOf('c'));
      const end = soon(mute.closed, 'the end of a peer that answers no ping');
      for (let i = 0; i < 3; i += 1) {
        await soon(once(good.remote.socket, 'ping'), 'a ping every half second');
      }
      expect(await end).toMatch(/\w+ \w+/);
      good.remote.say(tipOf(1));
      await good.heard(2);
      expect(good.events).toEqual([['hello'], ['message', tipOf(1)]]);
    });

    it('does not stumble over a call that nobody answers', async () => {
      const server = createServer(); // it takes calls, and never says a word
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const keepAlive = 20;
      const waiting = peerOf(new WebSocket(`ws://127.0.0.1:${port}`), { keepAlive });
      const other = await meet({ keepAlive });
      for (let i = 0; i < 5; i += 1) {
        await soon(
          once(other.remote.socket, 'ping'),
          'a ping of a connection that stands',
        );
      }
      waiting.peer.close('Never mind.');
      await waiting.closed;
      server.close();
    });

    it('drops one that answers its pings with other pongs', async () => {
      const { remote, closed } = await meet({ keepAlive: 200, autoPong: false });
      remote.say(helloOf('b'));
      remote.socket.on('ping', () => remote.socket.pong('I am here'));
      expect(await soon(closed, 'the end of a peer that makes up pongs')).toMatch(
        /\w+ \w+/,
      );
    });

    it('takes some hundred messages at once, and loses none', async () => {
      const { remote, events, heard } = await meet();
      const many = Array.from({ length: 500 }, (_, i) => tipOf(i));
      remote.say(helloOf('b'), ...many);
      await heard(1 + many.length);
      expect(events.slice(1)).toEqual(many.map((message) => ['message', message]));
    });

    it.each<[name: string, flood: (socket: WebSocket) => void]>([
      ['news', (socket) => socket.send(JSON.stringify(tipOf(1)))],
      ['questions', (socket) => socket.send('{"type":"getPeers"}')],
      [
        'what it does not know',
        (socket) => socket.send('{"type":"topic","topic":"x","body":1}'),
      ],
      ['pings', (socket) => socket.ping()],
      ['pongs', (socket) => socket.pong()],
    ])(
      'parts with one that floods it with %s, and serves others meanwhile',
      async (_name, flood) => {
        const [one, other] = [await meet(), await meet()];
        one.remote.say(helloOf('b'));
        other.remote.say(helloOf('c'));
        for (let i = 0; i < 20_000; i += 1) flood(one.remote.socket);
        await talk(other);
        expect(await soon(one.closed, 'the end of a peer that floods')).toMatch(
          /\w+ \w+/,
        );
        expect(one.events.length).toBeLessThan(20_000);
        await talk(other);
      },
    );

    it('takes one question for blocks after the other from a peer that takes the answers', async () => {
      const { peer, remote, events, heard } = await meet();
      peer.on('message', () => peer.send({ type: 'blocks', blocks: [] }));
      remote.say(helloOf('b'));
      for (let i = 1; i <= 500; i += 1) {
        remote.say(getBlocks);
        await heard(1 + i);
        await remote.next();
      }
      expect(events.slice(1)).toEqual(Array(500).fill(['message', getBlocks]));
    });

    it('parts with one that asks for blocks again and again before it takes them', async () => {
      const { peer, remote, events, closed } = await meet({ autoPong: false });
      peer.on('message', () => peer.send({ type: 'blocks', blocks: [] }));
      remote.say(helloOf('b'), ...Array<Message>(500).fill(getBlocks));
      expect(await soon(closed, 'the end of a peer that asks in haste')).toMatch(
        /\w+ \w+/,
      );
      expect(events.length).toBeLessThan(500);
    });

    /** Sends twenty messages, each when the one before has arrived. */
    async function talk({ remote, events, heard }: Awaited<ReturnType<typeof meet>>) {
      const before = Math.max(events.length, 1); // the hello counts, whether it is there or not
      for (let i = 1; i <= 20; i += 1) {
        remote.say(tipOf(i));
        await heard(before + i);
      }
    }

    it('answers one that does not read only once, and gives it up in the end', async () => {
      const { peer, remote, events, heard, closed } = await meet({ keepAlive: 500 });
      const large: Message = { type: 'blocks', blocks: [blockOf(1_048_576)] };
      remote.say(helloOf('b'));
      await heard(1);
      remote.socket.pause();
      for (let i = 0; i < 20; i += 1) peer.send(large); // more than waits on the way
      expect(peer.unsent).toBeGreaterThan(0);
      remote.say(getBlocks, { type: 'getPeers' }, tipOf(7));
      await heard(2);
      expect(await soon(closed, 'the end of a peer that does not read')).toMatch(
        /\w+ \w+/,
      );
      expect(events).toEqual([['hello'], ['message', tipOf(7)], ['closed', aSentence]]);
    });

    it('parts with one that says nothing for some seconds, and says why', async () => {
      expect(await soon(silent.closed, 'the end of a silent peer')).toMatch(/hello/i);
      expect((await silent.remote.closed).reason).toMatch(/hello/i);
      polite.remote.say(tipOf(1));
      await polite.heard(2);
      expect(polite.events).toEqual([['hello'], ['message', tipOf(1)]]);
    });
  });
});
