import { EventEmitter, on, once } from 'node:events';
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
  };
}

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
  const accepted = once(server, 'connection') as Promise<[WebSocket]>;
  const remote = new Remote(new WebSocket(url, { autoPong }));
  const peer = peerOf((await accepted)[0], { outbound: false, ...rest });
  await once(remote.socket, 'open');
  return { remote, server, ...peer };
}

/** Makes a Peer, and notes all that it reports. */
function peerOf(socket: WebSocket, options: Partial<PeerOptions>) {
  const peer = new Peer(socket, {
    outbound: true,
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
    it('says hello first when it was dialed', async () => {
      const { remote } = await meet();
      expect(await remote.next()).toEqual(helloOf('a'));
    });

    it('says hello as soon as the connection stands when it dials', async () => {
      const { server, url } = await serve();
      const accepted = once(server, 'connection') as Promise<[WebSocket]>;
      peerOf(new WebSocket(url), { outbound: true });
      const remote = new Remote((await accepted)[0]);
      expect(await remote.next()).toEqual(helloOf('a'));
    });

    it("reports the other one's hello, and knows it from then on", async () => {
      const { peer, remote, events, heard } = await meet({ host: '10.0.0.1' });
      expect(() => peer.hello).toThrow(/hello/);
      expect(peer.outbound).toBe(false);
      remote.say(helloOf('b', 9000));
      await heard(1);
      expect(events).toEqual([['hello']]);
      expect({ hello: peer.hello, id: peer.id, url: peer.url }).toEqual({
        hello: helloOf('b', 9000),
        id: 'b'.repeat(32),
        url: 'ws://10.0.0.1:9000',
      });
    });

    it('has no url for one that does not listen', async () => {
      const { peer, remote } = await meet();
      remote.say(helloOf('b', null));
      await once(peer, 'hello');
      expect(peer.url).toBeUndefined();
    });

    it('knows that it was the one who dialed', async () => {
      const { url } = await serve();
      expect(peerOf(new WebSocket(url), { outbound: true }).peer.outbound).toBe(true);
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
      expect([await remote.next(), await remote.next(), await remote.next()]).toEqual([
        helloOf('a'),
        tipOf(1),
        { type: 'getPeers' },
      ]);
    });

    it('takes the largest block, though JSON escapes all its data', async () => {
      const { remote, events, heard } = await meet();
      const data = '\0'.repeat(1_048_576);
      const block = genesisBlock({ timestamp: 1, data });
      remote.say(helloOf('b'), { type: 'blocks', blocks: [block] });
      await heard(2);
      expect(events[1]?.[0]).toBe('message');
    });

    it('sends the largest block twice in one go to a peer that reads', async () => {
      const { peer, remote } = await meet();
      const block = genesisBlock({ timestamp: 1, data: '\0'.repeat(1_048_576) });
      const large: Message = { type: 'blocks', blocks: [block] };
      for (const message of [large, large, tipOf(1)]) peer.send(message);
      const types: unknown[] = [];
      for (let i = 0; i < 4; i += 1) types.push(((await remote.next()) as Message).type);
      expect(types).toEqual(['hello', 'blocks', 'blocks', 'tip']);
    });

    it('does not send, and does not throw, when the connection is over', async () => {
      const { peer, remote, closed } = await meet();
      peer.close('That is all.');
      peer.send(tipOf(1));
      await closed;
      peer.send(tipOf(2));
      await remote.closed;
      expect(remote.heard).toEqual([helloOf('a')]);
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

    it('ends the connection on a message that is too large', async () => {
      const { remote, closed } = await meet();
      const junk = 'x'.repeat(MAX_MESSAGE_BYTES);
      remote.say(hello, { type: 'getPeers', junk });
      expect(await soon(closed, 'the end of the connection')).toMatch(/\w+ \w+/);
      await remote.closed;
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
      const absent = peerOf(new WebSocket(url), { outbound: true });
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
      expect(peer.caller).toEqual({ host: '127.0.0.1', id: undefined });
      remote.say(helloOf('b'));
      await heard(1);
      expect(peer.caller).toEqual({ host: '127.0.0.1', id: 'b'.repeat(32) });
    });

    it('is counted in bytes, both ways', async () => {
      const traffic = { received: 0, sent: 0 };
      const { peer, remote, heard } = await meet({ traffic });
      const messages = [helloOf('b'), { ...tipOf(1), unknown: 'grüß dich' }];
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
        sent: bytesOf([helloOf('a'), tipOf(7)]),
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
      const { closed } = peerOf(new WebSocket(url), { outbound: true });
      expect(await soon(closed, 'the end of a call to nobody')).toMatch(/\w+ \w+/);
    });

    it('can be closed before the connection stands', async () => {
      const { url } = await serve();
      const { peer, closed } = peerOf(new WebSocket(url), { outbound: true });
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

    it('slows one that floods it, loses nothing, and serves others meanwhile', async () => {
      const [one, other] = [await meet(), await meet()];
      const flood = Array.from({ length: 2_000 }, (_, i) => tipOf(i));
      one.remote.say(helloOf('b'), ...flood);
      other.remote.say(helloOf('c'));
      await talk(other);
      if (one.events.length > flood.length) {
        throw new Error('All of 2,000 messages at once were taken in the same second.');
      }
      await one.heard(1 + flood.length);
      expect(one.events.slice(1)).toEqual(flood.map((message) => ['message', message]));

      // A new second begins: the one may talk again, while now the other floods.
      other.remote.say(...flood);
      await talk(one);
      if (other.events.length === 1 + 20 + flood.length) {
        throw new Error('After a flood, a peer that is quiet again must not stay slow.');
      }
    });

    /** Sends twenty messages, each when the one before has arrived. */
    async function talk({ remote, events, heard }: Awaited<ReturnType<typeof meet>>) {
      const before = Math.max(events.length, 1); // the hello counts, whether it is there or not
      for (let i = 1; i <= 20; i += 1) {
        remote.say(tipOf(i));
        await heard(before + i);
      }
    }

    it('gives up one that does not read what it is sent', async () => {
      const { peer, remote, closed } = await meet();
      const block = genesisBlock({ timestamp: 1, data: 'x'.repeat(1_048_576) });
      remote.socket.pause();
      for (let i = 0; i < 100; i += 1) peer.send({ type: 'blocks', blocks: [block] });
      remote.socket.resume();
      expect(await soon(closed, 'the end of a peer that does not read')).toMatch(
        /slow|read/,
      );
      expect(remote.heard.length).toBeLessThan(100);
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
