import { afterEach, describe, expect, it } from '@jest/globals';
import {
  SENTENCE,
  blockOf,
  blocksOf,
  call,
  cleanUp,
  getBlocks,
  helloOf,
  meet,
  someTurns,
  soon,
  tipOf,
  topicOf,
} from './far-end-for-test.ts';
import { PROTOCOL_VERSION, type Message } from '#peers';

const hello = helloOf({ port: 8_000 });
const aSentence = expect.stringMatching(SENTENCE);
const bytesOf = (...messages: unknown[]) =>
  messages.reduce<number>((sum, one) => sum + Buffer.byteLength(JSON.stringify(one)), 0);

afterEach(cleanUp);

describe('Task 5: hello first, and once', () => {
  it('reports the messages that come, read and in order', async () => {
    const { peer, far, events, heard } = await meet();
    const urls = ['ws://LOCALHOST:8000/path'];
    peer.send(getBlocks);
    await far.say(hello, tipOf(1), tipOf(2), { type: 'peers', urls }, blocksOf(5));
    await heard(5);
    expect(events).toEqual([
      ['hello'],
      ['message', tipOf(1)],
      ['message', tipOf(2)],
      ['message', { type: 'peers', urls: ['ws://localhost:8000'] }],
      ['message', blocksOf(5)],
    ]);
  });

  it.each<[name: string, said: unknown[], reason: RegExp]>([
    ['a message before the hello', [tipOf(1)], /hello/i],
    ['a second hello', [hello, hello], /hello/i],
    ['what is not JSON', [hello, '{bad'], SENTENCE],
    ['nothing', [hello, ''], SENTENCE],
    ['null', [hello, 'null'], SENTENCE],
    ['a type that is a number', [hello, '{"type":2}'], /type/],
    ['a number and a list in a text', [hello, '{"type":2,"data":"[]"}'], /type/],
    ['blocks that are none', [hello, { type: 'blocks', blocks: [null] }], /blocks/],
    ['bytes in place of text', [hello, Buffer.from(JSON.stringify(tipOf(1)))], SENTENCE],
    ['a hello in bytes', [Buffer.from(JSON.stringify(hello))], SENTENCE],
    ['a hello with half an id', [{ ...hello, nodeId: 'b' }], /nodeId/],
    ['a hello that is not JSON', ['{bad'], SENTENCE],
    ['null as hello', ['null'], SENTENCE],
  ])(
    'blames the other node for %s, and tells both sides why',
    async (_name, said, why) => {
      const { peer, far, end } = await meet();
      const blamed: string[] = [];
      peer.on('blamed', (reason) => blamed.push(reason));
      await far.say(...said);
      const reason = await end();
      expect(reason).toMatch(why);
      expect({ blamed }).toEqual({ blamed: [reason] });
      expect(reason).toContain(await soon(far.closed, 'a close frame'));
    },
  );

  it.each([
    ['an older version', { ...hello, version: 1, time: undefined }],
    ['a later version', { ...hello, version: PROTOCOL_VERSION + 1 }],
  ])(
    'blames nobody for a hello of %s, and says that this is the matter',
    async (_, said) => {
      const { peer, far, events, end } = await meet();
      const blamed: string[] = [];
      peer.on('blamed', (reason) => blamed.push(reason));
      await far.say(said);
      expect(await end()).toMatch(/version/);
      expect({ blamed, events }).toEqual({ blamed: [], events: [['closed', aSentence]] });
    },
  );

  it('reports nothing that comes after what is wrong', async () => {
    const { far, events, end } = await meet();
    await far.say(hello, tipOf(1), '{bad', tipOf(2), hello);
    await end();
    expect(events).toEqual([['hello'], ['message', tipOf(1)], ['closed', aSentence]]);
  });

  it('parts with one that says nothing in the time for it, and with no other', async () => {
    const [polite, silent] = [
      await meet({ handshake: 400 }),
      await meet({ handshake: 400 }),
    ];
    await polite.far.say(hello);
    expect(await silent.end()).toMatch(/hello/i);
    expect(await soon(silent.far.closed, 'a close frame')).toMatch(/hello/i);
    await polite.far.say(tipOf(1));
    await polite.heard(2);
    expect(polite.events).toEqual([['hello'], ['message', tipOf(1)]]);
  });

  it('gives everybody some seconds to say hello, unless told otherwise', async () => {
    const { far, heard } = await meet();
    await someTurns(40);
    await far.say(hello);
    await heard(1);
  });

  it('blames the other node for blocks that it has not asked for, however few', async () => {
    const { peer, far, events, end } = await meet();
    const answer: Message = { type: 'blocks', blocks: [] };
    peer.send(getBlocks);
    await far.say(hello, answer, answer);
    expect(await end()).toMatch(/ask/);
    expect(events).toEqual([['hello'], ['message', answer], ['closed', aSentence]]);
  });

  it.each<[name: string, said: unknown[]]>([
    ['a hello', [{ ...hello, junk: 'x'.repeat(65_536) }]],
    ['news', [hello, { ...tipOf(1), block: blockOf(65_536) }]],
    ['blocks', [hello, blocksOf(65_536)]],
    ['what nobody knows', [hello, topicOf('x', 'x'.repeat(65_536))]],
    ['news of few characters', [hello, topicOf('x', '🎉'.repeat(17_000))]],
  ])(
    'ends the connection on %s of more than 64 KiB without being asked',
    async (_name, said) => {
      const { far, events, end } = await meet();
      await far.say(...said);
      expect(await end()).toMatch(/large|65536|64 KiB/);
      expect(events.flat()).not.toContain('message');
    },
  );

  it('takes news of 64 KiB', async () => {
    const { far, heard, events } = await meet();
    const rest = bytesOf(topicOf('x', ''));
    await far.say(hello, topicOf('x', 'x'.repeat(65_536 - rest)));
    await heard(2);
    expect(events.at(-1)?.[0]).toBe('message');
  });

  it('takes the largest block, though JSON escapes all its data, if it asked for it', async () => {
    const { peer, far, events, heard } = await meet();
    await far.say(hello);
    peer.send(getBlocks);
    await far.next();
    await far.say(blocksOf(1_048_576, '\0'));
    await heard(2);
    expect(events[1]?.[0]).toBe('message');
  });

  it('takes an answer to each of its questions, however late', async () => {
    const { peer, far, events, heard } = await meet();
    await far.say(hello);
    for (const message of [getBlocks, tipOf(1), getBlocks]) peer.send(message);
    const answer = blocksOf(100_000);
    await far.say(answer, tipOf(2), answer);
    await heard(4);
    expect(events.slice(1)).toEqual(
      [answer, tipOf(2), answer].map((one) => ['message', one]),
    );
  });

  it.each([
    ['was called', meet],
    ['has dialed', call],
  ])(
    'does not wait for the end of a message that is too large when it %s',
    async (_, connect) => {
      const { far, end } = await connect();
      await far.say(hello);
      far.socket.send('x'.repeat(400_000), { fin: false });
      expect(await end()).toMatch(/large|65536|64 KiB/);
    },
  );
});
