import { describe, expect, it } from '@jest/globals';
import { genesisBlock, nextBlock } from '#blocks';
import { Posts } from './posts.ts';

const genesis = genesisBlock({ timestamp: 0 });
const post = nextBlock(genesis, 'a post', 1);
const rival = nextBlock(genesis, 'of another node', 1);

describe('Posts', () => {
  it('wait to be mined again when a reorganization takes them off the chain', () => {
    const posts = new Posts();
    expect(posts.mined(post.hash)).toEqual({ hash: post.hash });
    const noted = posts.changed([{ removed: [post], added: [rival] }]);
    expect(noted).toEqual([{ hash: post.hash, data: 'a post' }]);
    expect(posts.next).toEqual({ hash: post.hash, data: 'a post' });
    expect(posts.waiting).toBe(1);
  });

  it('do not wait any more when they come back', () => {
    const posts = new Posts();
    posts.mined(post.hash);
    posts.changed([{ removed: [post], added: [rival] }]);
    const noted = posts.changed([{ removed: [rival], added: [post] }]);
    expect(noted).toEqual([{ hash: post.hash }]);
    expect(posts.next).toBeUndefined();
    posts.changed([{ removed: [post], added: [rival] }]);
    expect(posts.waiting).toBe(1);
  });

  it('do not wait any more when their data was mined again', () => {
    const posts = new Posts();
    posts.mined(post.hash);
    posts.changed([{ removed: [post], added: [rival] }]);
    expect(posts.minedAgain(post.hash)).toEqual({ hash: post.hash, done: true });
    expect(posts.waiting).toBe(0);
  });

  it('are only those of this node', () => {
    const posts = new Posts();
    expect(posts.changed([{ removed: [rival], added: [post] }])).toEqual([]);
    expect(posts.waiting).toBe(0);
  });

  it('go on after a restart where they were', () => {
    const posts = new Posts();
    posts.load([{ hash: post.hash }, { hash: rival.hash, data: rival.data }]);
    expect(posts.next).toEqual({ hash: rival.hash, data: rival.data });
    posts.changed([{ removed: [post], added: [] }]);
    expect(posts.waiting).toBe(2);
  });
});
