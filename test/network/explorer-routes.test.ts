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

interface Seen {
  readonly block?: Block;
  readonly origin?: object;
  readonly holders: readonly object[];
  readonly peers: number;
  readonly since: number;
}

/** What an event of the stream carries. */
interface Told {
  readonly search?: object | null;
  readonly time?: number;
}

/** Listens to a node's events. */
async function listen(node: TestNode, path: string) {
  const stop = new AbortController();
  const { body } = await fetch(node.http + path, { signal: stop.signal });
  if (body === null) throw new Error('The stream of events has no body.');
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  let next = 0;
  const all = () =>
    [...text.matchAll(/event: (\w+)\ndata: (.*)\n\n/g)].map(
      ([, name = '', data = '']) => {
        return { name, told: JSON.parse(data) as Told };
      },
    );
  return {
    names: () => [...new Set(all().map(({ name }) => name))],
    /** Waits for an event of this name that came after the last one that was waited for. */
    async until(wanted: string, isIt: (told: Told) => boolean = () => true) {
      for (;;) {
        const at = all().findIndex(
          ({ name, told }, i) => i >= next && name === wanted && isIt(told),
        );
        if (at >= 0) {
          next = at + 1;
          return all()[at]?.told ?? {};
        }
        const { value = '', done } = await reader.read();
        if (done) throw new Error(`The stream ended without "${wanted}".`);
        text += value;
      }
    },
    close: () => stop.abort(),
  };
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
    const [seen, best] = [
      await one.get<Seen>(`/blocks/${lost.hash}/seen`),
      await one.get<Seen>(`/blocks/${tip.hash}/seen`),
    ];
    expect([seen.block, seen.origin]).toMatchObject([lost, { from: null }]);
    expect([best.block, seen.holders]).toEqual([undefined, []]);
    expect(reorganizations).toMatchObject([
      { removed: 1, added: 2, from: lost.hash, to: tip.hash },
    ]);
  });

  it.each(['0', '501', 'x', '-1'])('refuses to go %s levels back', async (last) => {
    const node = await TestNode.start(easy);
    expect((await node.request(`/forks?last=${last}`)).status).toBe(400);
  });
});

describe('GET /blocks/:id/seen', () => {
  const seenBy = (node: TestNode, hash: string) => node.get<Seen>(`/blocks/${hash}/seen`);

  it('says who sent a block first, which node mined it itself, and who has it', async () => {
    const one = await TestNode.start(easy);
    const other = await TestNode.join(one);
    const block = await one.post('hello');
    await other.untilTip(block.hash);
    const [mined, heard] = [
      await seenBy(one, block.hash),
      await seenBy(other, block.hash),
    ];
    expect(mined.origin).toMatchObject({ from: null });
    expect(mined.holders).toMatchObject([{ url: other.ws }]);
    expect(heard.origin).toMatchObject({ from: { url: one.ws } });
    expect(heard.holders).toMatchObject([{ url: one.ws }]);
    expect([mined.peers, heard.peers]).toEqual([1, 1]);
    const { blocks } = await other.get<Forks>('/forks');
    expect(blocks.at(-1)).toMatchObject({ origin: { from: { url: one.ws } } });
  });

  it('does not guess where a block came from that was there before the node started', async () => {
    const first = await TestNode.start(easy);
    const block = await first.post('before');
    const { folder } = first;
    await first.stop();
    const again = await TestNode.start([], folder);
    const { origin, since } = await seenBy(again, block.hash);
    expect(origin).toBeUndefined();
    expect(since).toBeGreaterThan(block.timestamp);
  });

  it('refuses what is no hash, and a hash that no block has', async () => {
    const node = await TestNode.start(easy);
    expect((await node.request('/blocks/0/seen')).status).toBe(400);
    expect((await node.request(`/blocks/${'0'.repeat(64)}/seen`)).status).toBe(404);
  });
});

describe('GET /events?live=yes', () => {
  it('tells of the search under way and of its end, and that the node does not hang', async () => {
    const node = await TestNode.start(['-d', '6']);
    const events = await listen(node, '/events?live=yes');
    const leaving = new AbortController();
    const searched = events.until('search', ({ search }) => search !== null);
    const post = fetch(`${node.http}/blocks`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ data: 'x'.repeat(300) }),
      signal: leaving.signal,
    });
    const { search } = await searched;
    expect(search).toMatchObject({ data: 'x'.repeat(200), expected: 2 ** 24 });
    leaving.abort();
    await expect(post).rejects.toThrow();
    await events.until('search', ({ search }) => search === null);
    const alive = await events.until('alive');
    expect(alive).toHaveProperty('time', expect.any(Number));
    events.close();
  });

  it('is what one asks for: others hear of changes only', async () => {
    const node = await TestNode.start(easy);
    const plain = await listen(node, '/events');
    const live = await listen(node, '/events?live=yes');
    await live.until('alive');
    await node.post('hello');
    await plain.until('chain');
    expect(plain.names()).toEqual(['chain']);
    plain.close();
    live.close();
    expect((await node.request('/events?live=perhaps')).status).toBe(400);
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
