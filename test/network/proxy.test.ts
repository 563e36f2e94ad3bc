/** A node behind a proxy that serves it in a folder, to others by https. */
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Proxy } from '../proxy.ts';
import { TestNode, cleanUp, easy } from './harness.ts';

const proxies: Proxy[] = [];
afterEach(async () => {
  for (const proxy of proxies.splice(0)) proxy.stop();
  await cleanUp();
});

/** Starts a node and a proxy before it; gives what asks the proxy, as a browser would. */
async function behindProxy(keepsHost: boolean, ...options: string[]) {
  const node = await TestNode.start([...easy, ...options]);
  const proxy = new Proxy(node.http, keepsHost);
  proxies.push(proxy);
  const url = await proxy.start();
  const host = 'chain.example.org';
  const origin = `https://${host}`;
  const ask = async (path: string, data?: string): Promise<IncomingMessage> => {
    const json = { 'content-type': 'application/json', origin };
    const headers = { host, ...(data === undefined ? {} : json) };
    const method = data === undefined ? 'GET' : 'POST';
    const sent = request(url + path, { method, headers, agent: false });
    sent.end(data === undefined ? undefined : JSON.stringify({ data }));
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    return answer.setEncoding('utf8');
  };
  return { node, ask };
}

describe('Behind a proxy', () => {
  it.each([
    ['tells it the name', true, 'chain.example.org'],
    ['does not tell it the name', false, 'https://chain.example.org'],
  ])('that %s, a node serves its pages with --allow-host', async (_what, keeps, name) => {
    const { node, ask } = await behindProxy(keeps, '--allow-host', name);
    expect((await ask('status')).statusCode).toBe(200);
    expect((await ask('blocks', 'through a proxy')).statusCode).toBe(201);
    expect((await node.chain()).at(-1)?.data).toBe('through a proxy');
  });

  it.each([true, false])('it refuses them without (%s)', async (keepsHost) => {
    const { ask } = await behindProxy(keepsHost);
    const answer = await ask('blocks', 'from anywhere');
    expect(answer.statusCode).toBe(403);
    const [words] = (await once(answer, 'data')) as [string];
    expect(words).toMatch(/start (it|the node) with --allow-host/);
  });

  it('events come at once, since they ask not to be kept', async () => {
    const { node, ask } = await behindProxy(true, '--allow-host', 'chain.example.org');
    const events = await ask('events');
    expect(events.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'x-accel-buffering': 'no',
    });
    let text = '';
    events.on('data', (piece: string) => (text += piece));
    const { hash } = await node.post('told at once');
    while (!text.includes(hash)) await once(events, 'data');
    events.destroy();
  });
});
