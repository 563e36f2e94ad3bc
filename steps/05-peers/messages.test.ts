import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { genesisBlock, nextBlock } from '#blocks';
import { PROTOCOL_VERSION, parseMessage, peerUrl } from '#peers';

const hash = '0123456789abcdef'.repeat(4);
const genesis = genesisBlock({ timestamp: 1_700_000_000_000 });
const block = nextBlock(genesis, 'hello', 0);
const marks = nextBlock(genesis, '"\\'.repeat(40_000), 0);
const tip = { hash, index: 7, work: '123456789012345678901234567890' };
const hello = {
  type: 'hello',
  version: PROTOCOL_VERSION,
  nodeId: '0123456789abcdef'.repeat(2),
  genesis: hash,
  tip,
  port: 8000,
  time: 1_700_000_000_000,
};

/** The value of a field of a message, wherever in it that stands. */
function valueOf(message: unknown, field: string): unknown {
  if (typeof message !== 'object' || message === null) return undefined;
  if (Object.hasOwn(message, field)) return (message as Record<string, unknown>)[field];
  return Object.values(message)
    .map((part) => valueOf(part, field))
    .find((value) => value !== undefined);
}

/** Lists or objects in each other, so many, as JSON. */
const nested = (start: '[' | '{"a":', depth: number) =>
  `${start.repeat(depth)}0${(start === '[' ? ']' : '}').repeat(depth)}`;

/** A url of this length. */
const urlOf = (length: number) => 'ws://a:1/'.padEnd(length, 'x');

/** Ends the program's work after so many milliseconds, where it would go on for minutes. */
function within(limit: number, work: () => void): void {
  runInNewContext('work()', { work }, { timeout: limit });
}

describe('Task 1: messages', () => {
  describe('peerUrl', () => {
    it.each([
      ['ws://localhost:8000', 'ws://localhost:8000'],
      ['ws://localhost:8000/', 'ws://localhost:8000'],
      ['ws://localhost:8000/some/path?query#part', 'ws://localhost:8000'],
      ['ws://user:secret@example.com:8000', 'ws://example.com:8000'],
      ['WS://LOCALHOST:8000', 'ws://localhost:8000'],
      ['ws://127.0.0.1:8000', 'ws://127.0.0.1:8000'],
      ['ws://[::1]:8000', 'ws://[::1]:8000'],
      ['wss://example.com', 'wss://example.com'],
    ])('reduces %s to %s', (url, reduced) => {
      expect(peerUrl.parse(url)).toBe(reduced);
    });

    it.each([
      '',
      'localhost',
      'localhost:8000',
      '127.0.0.1:8000',
      'http://localhost:8000',
      'https://localhost:8000',
      'javascript:alert(1)',
      'ws://',
      'ws://:8000',
      'ws://localhost:99999',
      'ws://local host:8000',
      8000,
      null,
      undefined,
      ['ws://localhost:8000'],
      { url: 'ws://localhost:8000' },
    ])('refuses %j, and says how to write a peer', (url) => {
      const { success, error } = peerUrl.safeParse(url);
      expect({ success }).toEqual({ success: false });
      expect(error?.issues[0]?.message).toMatch(/ws:\/\//);
    });

    it('refuses a url without end', () => {
      expect(peerUrl.safeParse(`ws://${'a'.repeat(5_000)}:8000`).success).toBe(false);
    });

    it('takes 200 characters, and not one more', () => {
      const [longest, longer] = [urlOf(200), urlOf(201)];
      expect(peerUrl.safeParse(longest)).toEqual({ success: true, data: 'ws://a:1' });
      expect(peerUrl.safeParse(longer).success).toBe(false);
    });
  });

  describe('parseMessage', () => {
    it.each([
      ['hello', hello],
      [
        'hello of a node without blocks that does not listen',
        { ...hello, genesis: null, tip: null, port: null },
      ],
      ['hello of a node with steps of its own', { ...hello, code: 'my 01 03' }],
      ['hello with a nonce', { ...hello, nonce: 'fedcba9876543210'.repeat(2) }],
      ['hello with a name', { ...hello, name: 'Zoë’s node 🚀' }],
      ['hello with the longest name', { ...hello, name: '🚀'.repeat(24) }],
      ['tip', { type: 'tip', tip }],
      ['tip with its block', { type: 'tip', tip, block }],
      ['tip with its block of marks', { type: 'tip', tip, block: marks }],
      ['getBlocks', { type: 'getBlocks', locator: [hash, genesis.hash] }],
      ['getBlocks without a block', { type: 'getBlocks', locator: [] }],
      ['getBlocks at its longest', { type: 'getBlocks', locator: Array(100).fill(hash) }],
      ['blocks', { type: 'blocks', blocks: [genesis, block] }],
      ['blocks without blocks', { type: 'blocks', blocks: [] }],
      ['blocks at its longest', { type: 'blocks', blocks: Array(500).fill(block) }],
      ['getPeers', { type: 'getPeers' }],
      ['peers', { type: 'peers', urls: ['ws://localhost:8000', 'ws://10.0.0.1:8001'] }],
      ['peers without peers', { type: 'peers', urls: [] }],
      ['peers at its longest', { type: 'peers', urls: Array(100).fill('ws://a:1') }],
      [
        'topic',
        { type: 'topic', topic: 'payments_2', body: { any: ['thing', 1, null] } },
      ],
      [
        'topic of 15,000 short texts',
        { type: 'topic', topic: 'names', body: Array(15_000).fill('Alice') },
      ],
      [
        'topic that nests 32 deep',
        { type: 'topic', topic: 'x', body: JSON.parse(nested('[', 32)) as unknown },
      ],
    ])('reads %s', (_name, message) => {
      expect(parseMessage(JSON.stringify(message))).toEqual(message);
    });

    it('reduces the urls in peers', () => {
      const text = '{"type":"peers","urls":["WS://LOCALHOST:8000/chat"]}';
      expect(parseMessage(text)).toEqual({
        type: 'peers',
        urls: ['ws://localhost:8000'],
      });
    });

    it('leaves out of peers what no node can be dialed at, as it may be of use to others', () => {
      const urls = [
        'ws://[fe80::1%wlan0]:8000',
        'nonsense',
        'http://a:1',
        'ws://a:1',
        '',
      ];
      expect(parseMessage(JSON.stringify({ type: 'peers', urls }))).toEqual({
        type: 'peers',
        urls: ['ws://a:1'],
      });
    });

    it('leaves out of peers what has more than 200 characters', () => {
      const text = JSON.stringify({ type: 'peers', urls: [urlOf(201), urlOf(200)] });
      expect(parseMessage(text)).toEqual({ type: 'peers', urls: ['ws://a:1'] });
    });

    it('takes a hello with what it does not know: it may be of a later program', () => {
      const later = JSON.stringify({ ...hello, mood: 'good' });
      expect(parseMessage(later)).toEqual(hello);
    });

    it.each([
      ['an older version', { ...hello, version: 1, time: undefined }],
      ['a later version', { ...hello, version: 99 }],
      [
        'a version that says all else in another way',
        { type: 'hello', version: 3, at: 1 },
      ],
    ])('says of a hello of %s that this is the matter', (_name, other) => {
      expect(() => parseMessage(JSON.stringify(other))).toThrow(/version/);
      const words = `2.*${other.version}|${other.version}.*2`;
      expect(() => parseMessage(JSON.stringify(other))).toThrow(new RegExp(words));
    });

    it.each([
      ['brackets', '['.repeat(1_000_000)],
      ['lists', `[${'[],'.repeat(1_000_000)}[]]`],
      ['objects', `[${'{"a":{}},'.repeat(200_000)}{}]`],
      ['numbers', `[${'1,'.repeat(1_000_000)}1]`],
      ['texts', `[${'"",'.repeat(1_000_000)}""]`],
      ['brackets behind an escaped mark', `["\\"",${'[],'.repeat(1_000_000)}[]]`],
      ['brackets behind an escaped escape', `["\\\\",${'[],'.repeat(1_000_000)}[]]`],
    ])('does not spend time on a large message that is made of %s', (_name, junk) => {
      const parse = JSON.parse;
      let parsed = 0;
      JSON.parse = (text: string, ...rest: []): unknown => {
        parsed = Math.max(parsed, text.length);
        return parse(text, ...rest);
      };
      try {
        const text = `{"type":"blocks","blocks":${junk}}`;
        expect(() => within(10_000, () => parseMessage(text))).toThrow(/JSON|parts/);
      } finally {
        JSON.parse = parse;
      }
      expect(parsed).toBeLessThan(100_000);
    });

    it('finds out soon what is wrong with marks and escapes of texts that do not end', () => {
      const text = '\\"'.repeat(200_000);
      expect(() => within(10_000, () => parseMessage(text))).toThrow(/JSON|parts/);
    });

    it.each([
      ['nothing', ''],
      ['what is not JSON', '{bad'],
      ['more than one message', '{"type":"getPeers"}{"type":"getPeers"}'],
    ])('says of %s that it is no JSON', (_name, text) => {
      expect(() => parseMessage(text)).toThrow(/\w+ .*JSON/);
    });

    it.each([
      ['a text without end', `"${'\\\\"'.repeat(1_000_000)}`],
      ['null', 'null'],
      ['a number', '42'],
      ['a text', '"hello"'],
      ['a list', '[]'],
      ['a message in a list', '[{"type":"getPeers"}]'],
    ])('refuses %s with a sentence', (_name, text) => {
      expect(() => parseMessage(text)).toThrow(/\w+ \w+/);
    });

    const withHello = (fields: object) => ({ ...hello, ...fields });
    const withTip = (fields: object) => ({ type: 'tip', tip: { ...tip, ...fields } });
    const withBlock = (fields: object) => ({
      type: 'blocks',
      blocks: [genesis, { ...block, ...fields }],
    });

    it.each<[field: string, wrong: unknown[]]>([
      [
        'type',
        [
          {},
          { type: 2 },
          { type: 2, data: '[]' },
          { type: null },
          { type: ['getPeers'] },
          { type: 'mine' },
          { type: 'HELLO' },
          { type: 'constructor' },
        ],
      ],
      ['version', [undefined, null, '1', 1.5].map((version) => withHello({ version }))],
      [
        'nodeId',
        [undefined, null, 42, '', hash, hello.nodeId.toUpperCase()].map((nodeId) =>
          withHello({ nodeId }),
        ),
      ],
      [
        'genesis',
        [undefined, '', 0, hash.slice(1), hash.toUpperCase(), `${hash}\n`].map(
          (genesis) => withHello({ genesis }),
        ),
      ],
      [
        'port',
        [undefined, '8000', 0, -1, 65_536, 80.5].map((port) => withHello({ port })),
      ],
      ['time', [undefined, null, '1', -1, 1.5].map((time) => withHello({ time }))],
      [
        'code',
        [null, 7, '', 'x'.repeat(41), '\u001b[31m'].map((code) => withHello({ code })),
      ],
      ['nonce', [null, 7, '', hash].map((nonce) => withHello({ nonce }))],
      [
        'name',
        [null, 7, '', 'x'.repeat(25), 'a\nb', '\u001b[31m', '\u202eevil', '\ud800'].map(
          (name) => withHello({ name }),
        ),
      ],
      [
        'topic',
        [undefined, 7, '', 'two words', 'x'.repeat(21)].map((topic) => ({
          type: 'topic',
          topic,
          body: 1,
        })),
      ],
      [
        'junk',
        [
          { type: 'getPeers' },
          { type: 'peers', urls: [] },
          { type: 'tip', tip },
          { type: 'tip', tip: { ...tip, junk: 1 } },
          { type: 'getBlocks', locator: [] },
          { type: 'blocks', blocks: [] },
          { type: 'topic', topic: 'x', body: 1 },
        ].map((message) => ({ junk: 1, ...message })),
      ],
      [
        'tip',
        [
          ...[undefined, hash, 7, []].map((tip) => withHello({ tip })),
          ...[undefined, null, hash].map((tip) => ({ type: 'tip', tip })),
        ],
      ],
      ['hash', [undefined, null, 'zzz', `${hash}\n`].map((hash) => withTip({ hash }))],
      ['index', [undefined, null, -1, '7', 0.5].map((index) => withTip({ index }))],
      [
        'work',
        [undefined, 1, '', '-1', '1e9', '0x1', '1.5', '9'.repeat(5_000)].map((work) =>
          withTip({ work }),
        ),
      ],
      ['block', [{}, null, 'x'].map((block) => ({ type: 'tip', tip, block }))],
      [
        'locator',
        [undefined, hash, [null], [hash, 'zzz'], Array(101).fill(hash)].map(
          (locator) => ({
            type: 'getBlocks',
            locator,
          }),
        ),
      ],
      [
        'blocks',
        [
          undefined,
          block,
          { length: 0 },
          [null],
          ['x'],
          [{}],
          Array(501).fill(block),
        ].map((blocks) => ({ type: 'blocks', blocks })),
      ],
      ['index', ['2', -1, null].map((index) => withBlock({ index }))],
      ['nonce', [-1, '0', 1.5].map((nonce) => withBlock({ nonce }))],
      ['timestamp', [-1, 'whenever'].map((timestamp) => withBlock({ timestamp }))],
      ['hash', ['deadbeef', null].map((hash) => withBlock({ hash }))],
      ['data', [null, 5, '\ud800'].map((data) => withBlock({ data }))],
      ['coins', [withBlock({ coins: 5 })]],
      [
        'urls',
        [
          undefined,
          'ws://localhost:8000',
          [null],
          ['ws://localhost:8000', 7],
          Array(101).fill('ws://a:1'),
        ].map((urls) => ({ type: 'peers', urls })),
      ],
      ['tip.work', [withTip({ work: 1 })]],
    ])('names %s where it is wrong', (field, wrong) => {
      for (const message of wrong) {
        const text = JSON.stringify(message);
        const value = valueOf(message, field);
        let reason = 'It was accepted.';
        try {
          parseMessage(text);
        } catch (error) {
          reason = String(error);
        }
        expect({ [field]: value, reason }).toEqual({
          [field]: value,
          reason: expect.stringContaining(field),
        });
        expect(reason).not.toContain('\n'); // a sentence, as it goes into a close frame
      }
    });

    it.each([
      ['[', 33],
      ['{"a":', 33],
      ['[', 20_000],
      ['{"a":', 10_000],
    ] as const)('names body where %s is in it %i times', (start, depth) => {
      const text = `{"type":"topic","topic":"x","body":${nested(start, depth)}}`;
      let reason = 'It was accepted.';
      try {
        parseMessage(text);
      } catch (error) {
        reason = String(error);
      }
      expect(reason).toContain('body');
    });
  });
});
