import { describe, expect, it } from '@jest/globals';
import { fullName, originInShort, originInWords, shortName } from './peers.ts';

const id = 'ab'.repeat(16);
const local = { id, url: 'ws://127.0.0.1:8001', name: null };
const words = (origin: Parameters<typeof originInWords>[0], timestamp = 0, since = 50) =>
  originInWords(origin, timestamp, since, (time) => `<${time}>`);

describe('The name of a peer', () => {
  it('is short by what the peer calls itself, its port, its host or its id', () => {
    expect(shortName({ ...local, name: 'Ada' })).toBe('Ada');
    expect(shortName(local)).toBe(':8001');
    expect(shortName({ id, url: 'ws://example.org:8000' })).toBe('example.org:8000');
    expect(shortName({ id, url: null })).toBe('abababab');
  });

  it('hides nothing that cannot be seen', () => {
    expect(shortName({ ...local, name: 'A\u200bda' })).toBe('A\\u200bda');
  });

  it('in full says where it is too, since anybody can take a name', () => {
    expect(fullName({ ...local, name: 'Ada' })).toBe('“Ada” (ws://127.0.0.1:8001)');
  });
});

describe('Who mined a block', () => {
  it('is told of what this node mined itself', () => {
    expect(words({ time: 60, from: null })).toBe('This node, at <60>.');
    expect(originInShort({ time: 60, from: null })).toBe('this node');
  });

  it('is not claimed of a peer that sent the block first', () => {
    expect(words({ time: 60, from: local })).toBe(
      'Not this node: it heard of the block first from ws://127.0.0.1:8001, at <60>. ' +
        'Who mined it, a block does not say.',
    );
    expect(originInShort({ time: 60, from: local })).toBe('from :8001');
  });

  it('is not guessed where the node cannot know', () => {
    expect(words(undefined, 40)).toBe(
      'This node does not know: it had the block before it started, at <50>.',
    );
    expect(words(undefined, 60)).toContain('the last 1,000 blocks only');
    expect(originInShort(undefined)).toBe('');
  });
});
