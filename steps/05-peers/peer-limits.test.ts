import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import {
  SENTENCE,
  blocksOf,
  call,
  cleanUp,
  getBlocks,
  getPeers,
  helloOf,
  meet,
  peerOf,
  soon,
  start,
  tipOf,
  topicOf,
} from './far-end-for-test.ts';
import type { Message } from '#peers';

const hello = helloOf({ port: 8_000 });
const aSentence = expect.stringMatching(SENTENCE);

afterEach(cleanUp);

describe('Task 6: pings, floods and slow readers', () => {
  const largeNews = JSON.stringify(topicOf('x', 'x'.repeat(50_000)));

  it('drops one that answers no ping, and keeps one that does', async () => {
    const keepAlive = 250;
    const [good, mute] = [
      await meet({ keepAlive }),
      await meet({ keepAlive, autoPong: false }),
    ];
    for (const { far } of [good, mute]) await far.say(hello);
    for (let i = 0; i < 3; i += 1) {
      await soon(once(good.far.socket, 'ping'), 'a ping in each round');
    }
    expect(await mute.end()).toMatch(SENTENCE);
    await good.far.say(tipOf(1));
    await good.heard(2);
    expect(good.events).toEqual([['hello'], ['message', tipOf(1)]]);
  });

  it('drops one that answers its pings with other pongs', async () => {
    const { far, end } = await meet({ keepAlive: 50, autoPong: false });
    await far.say(hello);
    far.socket.on('ping', () => far.socket.pong('I am here'));
    expect(await end()).toMatch(SENTENCE);
  });

  it('does not stumble over a call that nobody answers', async () => {
    const url = await start(createServer()); // it takes calls, and never says a word
    const waiting = peerOf(new WebSocket(url), { keepAlive: 150 });
    const other = await meet({ keepAlive: 150 });
    for (let i = 0; i < 3; i += 1) {
      await soon(once(other.far.socket, 'ping'), 'a ping of a connection that stands');
    }
    waiting.peer.close('Never mind.');
    expect(await waiting.end()).toBe('Never mind.');
  });

  it('takes a thousand messages at once, and loses none', async () => {
    const { far, events, heard } = await meet();
    const many = Array.from({ length: 1_000 }, (_, i) => tipOf(i));
    await far.say(hello, ...many);
    await heard(1 + many.length);
    expect(events.slice(1)).toEqual(many.map((message) => ['message', message]));
  });

  it.each<[name: string, flood: (socket: WebSocket) => void]>([
    ['news', (socket) => socket.send(JSON.stringify(tipOf(1)))],
    ['large news', (socket) => socket.send(largeNews)],
    ['questions', (socket) => socket.send('{"type":"getPeers"}')],
    ['pings', (socket) => socket.ping()],
    ['pongs', (socket) => socket.pong()],
  ])('parts with one that floods it with %s, and blames it', async (_name, flood) => {
    const { peer, far, end } = await meet();
    await far.say(hello);
    const blamed: string[] = [];
    peer.on('blamed', (reason) => blamed.push(reason));
    for (let i = 0; i < 20_000 && blamed.length === 0; i += 1) {
      flood(far.socket);
      if (i % 20 === 0) await new Promise(setImmediate); // ws ends who sends many pings at once
    }
    expect(blamed).toEqual([aSentence]);
    expect(await end()).toBe(blamed[0]);
  });

  it.each([
    ['calls', meet],
    ['was dialed', call],
  ])('keeps a quiet peer that %s, though it is pinged for long', async (_, connect) => {
    const { far, events, heard } = await connect();
    await far.say(hello, tipOf(1));
    await heard(2);
    const content = Buffer.alloc(125); // all that a ping takes
    for (let i = 0; i < 2_000; i += 1) {
      far.socket[i % 2 === 0 ? 'ping' : 'pong'](content);
      if (i % 20 === 0) await new Promise(setImmediate); // ws ends who sends many pings at once
    }
    await far.say(tipOf(2));
    await heard(3);
    expect(events.slice(1)).toEqual([tipOf(1), tipOf(2)].map((one) => ['message', one]));
  });

  it('serves others while one floods it', async () => {
    const [one, other] = [await meet(), await meet()];
    await one.far.say(hello);
    await other.far.say(hello);
    await other.heard(1);
    for (let i = 0; i < 6_000; i += 1) one.far.socket.send(JSON.stringify(tipOf(i)));
    for (let i = 1; i <= 20; i += 1) {
      await other.far.say(tipOf(i)); // each when the one before has arrived
      await other.heard(1 + i);
    }
    await one.end();
    expect(one.events.length).toBeLessThan(6_000);
  });

  it('takes one question for blocks after the other from a peer that takes the answers', async () => {
    const { peer, far, events, heard } = await meet();
    peer.on('message', () => peer.send({ type: 'blocks', blocks: [] }));
    let asked = 0;
    const ask = () => {
      if (asked < 200) far.socket.send(JSON.stringify(getBlocks));
      asked += 1;
    };
    far.socket.on('message', ask); // in the same moment, as a node asks that catches up
    await far.say(hello);
    ask();
    await heard(201);
    expect(events.slice(1)).toEqual(Array(200).fill(['message', getBlocks]));
  });

  it('parts with one that asks for blocks again and again before it takes them', async () => {
    const { peer, far, events, end } = await meet({ autoPong: false });
    peer.on('message', () => peer.send({ type: 'blocks', blocks: [] }));
    await far.say(hello, ...Array<Message>(500).fill(getBlocks));
    expect(await end()).toMatch(SENTENCE);
    expect(events.length).toBeLessThan(300);
  });

  it('sends the largest block twice in one go to a peer that reads', async () => {
    const { peer, far } = await meet();
    const large = blocksOf(1_048_576, '\0');
    for (const message of [large, large, tipOf(1)]) peer.send(message);
    const types: unknown[] = [];
    for (let i = 0; i < 3; i += 1) types.push(((await far.next()) as Message).type);
    expect(types).toEqual(['blocks', 'blocks', 'tip']);
  });

  it('answers one that does not read only once, and gives it up in the end', async () => {
    const { peer, far, events, heard, end } = await meet({ keepAlive: 300 });
    const large = blocksOf(1_048_576);
    await far.say(hello);
    await heard(1);
    far.socket.pause();
    for (let i = 0; i < 20; i += 1) peer.send(large); // more than waits on the way
    expect(peer.unsent).toBeGreaterThan(0);
    await far.say(getBlocks, getPeers, tipOf(7));
    await heard(2);
    expect(await end(5_000)).toMatch(SENTENCE);
    expect(events).toEqual([['hello'], ['message', tipOf(7)], ['closed', aSentence]]);
  });

  it('answers a question as soon as all was read', async () => {
    const { peer, far, heard, events } = await meet();
    await far.say(hello);
    await heard(1);
    peer.send(blocksOf(1_048_576));
    await far.next();
    await far.say(getPeers, getBlocks);
    await heard(3);
    expect(events.slice(1)).toEqual([
      ['message', getPeers],
      ['message', getBlocks],
    ]);
  });
});
