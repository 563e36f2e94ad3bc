/** The routes that the explorer asks for beyond those of the steps. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { nextBlock, type Block } from '#blocks';
import { cleanUp, dataOf, easy, startCutPair, TestNode } from './harness.ts';

interface Forks {
  readonly blocks: readonly { hash: string; index: number; best: boolean }[];
  readonly reorganizations: readonly {
    removed: number;
    added: number;
    from: string;
    to: string;
  }[];
}

interface Network {
  readonly peers: readonly { url: string; tip: { index: number }; direction: string }[];
}

afterEach(cleanUp);

describe('GET /forks', () => {
  it('keeps the branch that lost, and tells of the reorganization', async () => {
    const { one, other, heal } = await startCutPair();
    const lost = await one.post('lost');
    await other.post('first');
    const tip = await other.post('second');
    heal();
    await one.untilTip(tip.hash);

    const { blocks, reorganizations } = await one.get<Forks>('/forks?last=100');
    expect(blocks.find(({ hash }) => hash === lost.hash)).toMatchObject({
      best: false,
      index: 1,
    });
    expect(blocks.find(({ hash }) => hash === tip.hash)).toMatchObject({
      best: true,
      index: 2,
    });
    expect(reorganizations).toMatchObject([
      { removed: 1, added: 2, from: lost.hash, to: tip.hash },
    ]);
  });

  it.each(['0', '501', 'x', '-1'])('refuses to go %s levels back', async (last) => {
    const node = await TestNode.start(easy);
    expect((await node.request(`/forks?last=${last}`)).status).toBe(400);
  });
});

describe('GET /network', () => {
  it('gives the peers with their tips, which follow what they are sent', async () => {
    const one = await TestNode.start(easy);
    const other = await TestNode.join(one);
    const block = await one.post('hello');
    await other.untilTip(block.hash);
    const [seen, back] = [
      await one.get<Network>('/network'),
      await other.get<Network>('/network'),
    ];
    expect(seen.peers).toMatchObject([
      { direction: 'inbound', tip: { index: 1 }, url: other.ws },
    ]);
    expect(back.peers).toMatchObject([
      { direction: 'outbound', tip: { index: 1 }, url: one.ws },
    ]);
  });
});

describe('POST /blocks/check', () => {
  it('answers in the words of the rules, and changes nothing', async () => {
    const node = await TestNode.start(easy);
    const block = await node.post('honest');
    const forged = { ...block, data: 'forged' };
    const check = (blocks: unknown) => node.request('/blocks/check', { blocks });
    expect((await check([block])).body).toMatchObject({ verdict: 'known' });
    expect((await check([forged])).body).toEqual({
      verdict: 'refused',
      index: 1,
      reason: 'its dataHash is not the hash of its data',
    });
    const unmined: Block = nextBlock(block, 'without work', Date.now());
    expect((await check([unmined])).body).toMatchObject({
      verdict: 'refused',
      reason: expect.stringContaining('leading zero bits') as unknown,
    });
    expect((await check([])).status).toBe(400);
    expect((await check('blocks')).status).toBe(400);
    expect(dataOf(await node.chain())).toEqual(['Genesis Block', 'honest']);
  });
});

describe('A client that goes away', () => {
  it('ends the search for its blocks, and nobody else’s', async () => {
    const node = await TestNode.start();
    const leaving = new AbortController();
    const { signal } = leaving;
    const headers = { 'content-type': 'application/json' };
    const texts = Array.from({ length: 10 }, (_, i) => `unwanted ${i}`);
    const posts = texts.map((data) =>
      fetch(`${node.http}/blocks`, {
        method: 'POST',
        headers,
        signal,
        body: JSON.stringify({ data }),
      }),
    );
    const wanted = node.post('wanted');
    leaving.abort();
    await Promise.allSettled(posts);
    await wanted;
    const data = dataOf(await node.chain());
    expect(data.at(-1)).toBe('wanted');
    expect(data).not.toContain(texts.at(-1));
  });
});

describe('GET /', () => {
  it('lists paths, and shows a page to those who ask for HTML', async () => {
    const node = await TestNode.start(easy);
    expect(await node.get('/')).toContain('/blocks');
    const page = await fetch(`${node.http}/`, {
      headers: { accept: 'text/html,*/*;q=0.8' },
    });
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(page.headers.get('content-security-policy')).not.toContain('unsafe');
    expect((await fetch(`${node.http}/assets/../../../package.json`)).status).toBe(404);
    expect(
      (await fetch(`${node.http}/assets/%2e%2e%2findex.html`)).status,
    ).toBeGreaterThan(399);
  });
});
