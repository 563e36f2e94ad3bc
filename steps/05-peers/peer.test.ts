import { once } from 'node:events';
import { createServer as createWebServer } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import {
  SENTENCE,
  blockOf,
  call,
  cleanUp,
  deadUrl,
  getBlocks,
  getPeers,
  helloOf,
  idOf,
  meet,
  peerOf,
  serve,
  someTurns,
  soon,
  start,
  timersAtMost,
  timersBeyond,
  tipOf,
  topicOf,
} from './far-end-for-test.ts';
import { MAX_MESSAGE_BYTES, type Message } from '#peers';

const own = helloOf({ nodeId: idOf('a') });
const hello = helloOf({ port: 8_000 });
const bytesOf = (...messages: unknown[]) =>
  messages.reduce<number>((sum, one) => sum + Buffer.byteLength(JSON.stringify(one)), 0);

afterEach(cleanUp);

describe('Task 3: hello, both ways', () => {
  it('says hello as soon as the connection stands when it dials', async () => {
    const { peer, far } = await call();
    expect(await far.next()).toEqual({ ...own, nonce: peer.key });
  });

  it('says nothing when it was called, before it is told to greet', async () => {
    const { peer, far, heard } = await meet();
    await far.say(hello);
    await heard(1);
    await someTurns();
    expect(far.heard).toEqual([]);
    peer.send(tipOf(1));
    peer.greet();
    expect([await far.next(), await far.next()]).toEqual([
      tipOf(1),
      { ...own, nonce: peer.key },
    ]);
  });

  it('has a key of its own for each connection, 32 hex digits', async () => {
    const [one, other] = [await meet(), await meet()];
    expect(one.peer.key).toMatch(/^[0-9a-f]{32}$/);
    expect(one.peer.key).not.toBe(other.peer.key);
  });

  it('knows whether it was the one who dialed', async () => {
    expect((await call()).peer.outbound).toBe(true);
    expect((await meet()).peer.outbound).toBe(false);
  });

  it('reports that the other one has said hello, and knows what it said', async () => {
    const { peer, far, events, heard } = await meet({ host: '10.0.0.1' });
    await far.say(helloOf({ port: 9_000 }));
    await heard(1);
    expect(events).toEqual([['hello']]);
    expect({ hello: peer.hello, id: peer.id, host: peer.host }).toEqual({
      hello: helloOf({ port: 9_000 }),
      id: idOf('b'),
      host: '10.0.0.1',
    });
  });

  it('knows only the host before that: to ask for the hello is a mistake', async () => {
    const { peer } = await meet({ host: '10.0.0.1' });
    expect({ id: peer.id, host: peer.host }).toEqual({ id: '', host: '10.0.0.1' });
    expect(() => peer.hello).toThrow(/hello/);
  });

  it('finds a caller at its host, and at the port that its hello names', async () => {
    const { peer, far, heard } = await meet({ host: '10.0.0.1' });
    await far.say(helloOf({ port: 9_000 }));
    await heard(1);
    const url = 'ws://10.0.0.1:9000';
    expect({ url: peer.url, place: peer.place }).toEqual({ url, place: url });
  });

  it('knows one that it dialed by the url, and by where it leads, whatever that one says', async () => {
    const { url } = await serve((socket) => {
      socket.send(JSON.stringify(helloOf({ port: 9_000 })));
    });
    const named = url.replace('127.0.0.1', 'localhost');
    const { peer, heard } = peerOf(new WebSocket(named), { dialed: named });
    await heard(1);
    expect({ url: peer.url, place: peer.place }).toEqual({ url: named, place: url });
  });

  it.each([
    ['one that does not listen', '127.0.0.1', null],
    ['one whose address means nothing to others', '[fe80::1%wlan0]', 9_000],
  ])('has no url for %s', async (_name, host, port) => {
    const { peer, far, heard } = await meet({ host });
    await far.say(helloOf({ port }));
    await heard(1);
    expect([peer.url, peer.place]).toEqual([undefined, undefined]);
  });

  it('sends messages as JSON text, in order', async () => {
    const { peer, far } = await meet();
    const kinds: boolean[] = [];
    far.socket.on('message', (_data, isBinary) => kinds.push(isBinary));
    const messages = [tipOf(1), getPeers];
    for (const message of messages) peer.send(message);
    expect([await far.next(), await far.next()]).toEqual(messages);
    expect({ areBytes: kinds }).toEqual({ areBytes: [false, false] });
  });

  it('sends a small block inside its tip, and a large one only if it is asked', async () => {
    const { peer, far } = await meet();
    const tip = { hash: 'a'.repeat(64), index: 1, work: '1' };
    const [small, large] = [blockOf(4_096), blockOf(4_097)];
    peer.send({ type: 'tip', tip, block: small });
    peer.send({ type: 'tip', tip, block: large });
    expect(await far.next()).toEqual({ type: 'tip', tip, block: small });
    expect(await far.next()).toEqual({ type: 'tip', tip });
  });

  it('leaves a message as it was whose block it does not send', async () => {
    const { peer, far } = await meet();
    const tip = { hash: 'a'.repeat(64), index: 1, work: '1' };
    const message: Message = { type: 'tip', tip, block: blockOf(4_097) };
    peer.send(message);
    await far.next();
    expect(message).toEqual({ type: 'tip', tip, block: blockOf(4_097) });
  });

  it('counts in bytes what comes and what goes', async () => {
    const traffic = { received: 5, sent: 7 };
    const { peer, far, heard } = await meet({ traffic });
    const came = { ...hello, unknown: 'grüß dich' };
    const went = topicOf('weather', 'schön ☀️');
    await far.say(came);
    await heard(1);
    peer.send(went);
    expect(traffic).toEqual({ received: 5 + bytesOf(came), sent: 7 + bytesOf(went) });
  });

  it('reports the end of the connection, once', async () => {
    const { far, events, end } = await meet();
    far.socket.close();
    await end();
    await someTurns();
    expect(events).toEqual([['closed', expect.any(String)]]);
  });

  it('leaves no timer behind', async () => {
    const { far, end } = await meet();
    const during = await timersAtMost();
    far.socket.close();
    await end();
    await meet(); // its timers take the places of those
    expect({ timersLeft: await timersBeyond(during) }).toEqual({ timersLeft: 0 });
  });
});

describe('Task 4: ends with reasons', () => {
  it('reports once why it closed the connection, and tells the other side', async () => {
    const { peer, far, events, end } = await meet();
    expect(peer.isEnding).toBe(false);
    peer.close('It is late.');
    peer.close('Another reason.');
    expect(peer.isEnding).toBe(true);
    await end();
    expect(await soon(far.closed, 'a close frame')).toBe('It is late.');
    expect(events).toEqual([['closed', 'It is late.']]);
  });

  it('gives its reason in a close frame of the code 4000', async () => {
    const { peer, far } = await meet();
    const closed = once(far.socket, 'close');
    peer.close('It is late.');
    expect((await soon(closed, 'a close frame'))[0]).toBe(4_000);
  });

  it.each([
    ['ASCII', 'far too long '.repeat(50), 123],
    ['two bytes each', `x${'é'.repeat(100)}`, 123],
    ['four bytes each', `x${'🎉'.repeat(50)}`, 121],
  ])(
    'cuts a reason to the 123 bytes of a close frame, between characters (%s)',
    async (_name, reason, length) => {
      const { peer, far, end } = await meet();
      peer.close(reason);
      const told = await soon(far.closed, 'a close frame');
      expect({ told, length: Buffer.byteLength(told) }).toEqual({
        told: reason.slice(0, told.length),
        length,
      });
      expect(await end()).toBe(reason);
    },
  );

  it('cuts off who does not answer a goodbye', async () => {
    const { peer, far, end } = await meet();
    far.socket.pause();
    peer.close('It is late.');
    expect(await end(5_000)).toBe('It is late.');
  });

  it('does not send, and does not throw, when the connection is over', async () => {
    const { peer, far, end } = await meet();
    peer.close('That is all.');
    peer.send(tipOf(1));
    await end();
    peer.send(tipOf(2));
    await soon(far.closed, 'the end at the other side');
    expect(far.heard).toEqual([]);
  });

  it('does not send, and does not throw, before the connection stands', async () => {
    const traffic = { received: 0, sent: 0 };
    const { url } = await serve();
    const { peer } = peerOf(new WebSocket(url), { dialed: url, traffic });
    peer.send(tipOf(1));
    expect(traffic.sent).toBe(0);
  });

  it('can be closed before the connection stands', async () => {
    const { url } = await serve();
    const { peer, end } = peerOf(new WebSocket(url), { dialed: url });
    peer.close('Never mind.');
    expect(await end()).toBe('Never mind.');
  });

  it('reports what the other side gives as its reason', async () => {
    const { far, end } = await meet();
    far.socket.close(4_001, 'You are of another network.');
    expect(await end()).toBe('You are of another network.');
  });

  it('has a sentence for a connection that breaks without one', async () => {
    const { far, end } = await meet();
    far.socket.terminate();
    expect(await end()).toMatch(SENTENCE);
  });

  it('hears of errors of its socket, which would end the program otherwise', async () => {
    const { socket, end } = await meet();
    expect(socket.listenerCount('error')).toBeGreaterThan(1); // the test listens as well
    socket.emit('error', new Error('The cable was pulled.'));
    socket.terminate();
    expect(await end()).toBe('The cable was pulled.');
  });

  it('has a sentence for a port where nobody listens', async () => {
    const url = await deadUrl();
    const { end } = peerOf(new WebSocket(url), { dialed: url });
    const reason = await end();
    expect(reason).toMatch(SENTENCE);
    expect(reason).not.toMatch(/ECONNREFUSED/); // words, not a code
  });

  it('has a sentence for a port where a web server is, as the HTTP API is one', async () => {
    const url = await start(createWebServer((_req, res) => res.end('Welcome!')));
    const { end } = peerOf(new WebSocket(url), { dialed: url });
    expect(await end()).toMatch(/HTTP/);
  });

  it('has a sentence for a node that lets it in later', async () => {
    const server = createWebServer();
    server.on('upgrade', (_req, socket) => {
      socket.end('HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n');
    });
    const url = await start(server);
    const { end } = peerOf(new WebSocket(url), { dialed: url });
    expect(await end()).toMatch(/let|later|now/);
  });

  it('blames the other node, once, and ends the connection with that reason', async () => {
    const { peer, far, end } = await meet();
    const blamed: string[] = [];
    peer.on('blamed', (reason) => blamed.push(reason));
    peer.blame('It sent an invalid block.');
    peer.blame('And another one.');
    expect(await end()).toBe('It sent an invalid block.');
    expect(await soon(far.closed, 'a close frame')).toBe('It sent an invalid block.');
    expect(blamed).toEqual(['It sent an invalid block.']);
  });

  it('blames nobody where a connection ends in an ordinary way', async () => {
    const [left, broken, told] = [await meet(), await meet(), await meet()];
    const url = await deadUrl();
    const absent = peerOf(new WebSocket(url), { dialed: url });
    const blamed: string[] = [];
    for (const { peer } of [left, broken, told, absent]) {
      peer.on('blamed', (reason) => blamed.push(reason));
    }
    left.far.socket.close();
    broken.far.socket.terminate();
    told.peer.close('It is late.');
    told.peer.blame('It sent nonsense after that.');
    await Promise.all([left, broken, told, absent].map(({ end }) => end()));
    expect(blamed).toEqual([]);
  });

  it.each<[what: string, data: Buffer | string]>([
    ['text that is not UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['a message that is too large for ws', 'x'.repeat(MAX_MESSAGE_BYTES + 1)],
  ])('blames the other node for what ws finds wrong: %s', async (_name, data) => {
    const { peer, socket, far, end } = await meet();
    // As if it had asked for much, so that only ws can object.
    for (let i = 0; i < 3; i += 1) peer.send(getBlocks);
    const blamed: string[] = [];
    peer.on('blamed', (reason) => blamed.push(reason));
    const error = soon(once(socket, 'error'), 'an error of ws');
    far.socket.send(data, { binary: false });
    await error;
    const reason = await end();
    expect(blamed).toEqual([reason]);
    expect(reason).toMatch(SENTENCE);
  });

  it('leaves no timer behind when it has closed the connection', async () => {
    const { peer, end } = await meet();
    const during = await timersAtMost();
    peer.close('It is late.');
    await end();
    await meet();
    expect({ timersLeft: await timersBeyond(during) }).toEqual({ timersLeft: 0 });
  });
});
