/** What a peer can do to a node over the port for peers: one attack of each kind that is quick. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { TestNode, cleanUp, easy } from './harness.ts';
import { expectDialed, expectHarmony, parted } from './peers-attacks.ts';
import { RawPeer, closeRawPeers, dial, helloOf } from './raw-peer.ts';

afterEach(closeRawPeers);
afterEach(cleanUp);

describe('A peer that sends 8 MB of brackets at a time', () => {
  it('is parted with, and the others are served', async () => {
    const node = await TestNode.start(easy);
    const friend = await TestNode.join(node);
    const peer = await dial(node);
    const half = 4_000_000;
    const junk = `{"type":"getPeers","x":${'['.repeat(half)}${']'.repeat(half)}}`;
    let reason: string | undefined;
    void peer.closed().then((why) => (reason = why));
    while (reason === undefined) {
      if (peer.socket.bufferedAmount === 0) peer.send(junk);
      await sleep(1);
    }
    expect(node.output).toContain('Parting with');
    await expectHarmony(node, friend);
  });
});

describe('A caller with the id and the port of somebody else', () => {
  it('does not keep that node away', async () => {
    const { node, id, port, comeBack } = await parted();
    await dial(node, { nodeId: id, port });
    const victim = await comeBack();
    await expectDialed(node, victim);
    await expectHarmony(node, victim);
  });
});

describe('A port that is taken for the other one', () => {
  it('tells an HTTP client of the other port, with status 426', async () => {
    const node = await TestNode.start(easy);
    const response = await fetch(node.ws.replace('ws:', 'http:'));
    expect(response.status).toBe(426);
    expect(await response.text()).toMatch(/WebSocket.*HTTP API.*port/);
  });

  it('tells a WebSocket client and a node where peers connect', async () => {
    const node = await TestNode.start(easy);
    const url = node.http.replace('http:', 'ws:');
    const socket = new WebSocket(url).on('error', () => undefined);
    const [, answer] = (await once(socket, 'unexpected-response')) as [
      unknown,
      NodeJS.ReadableStream,
    ];
    let text = '';
    for await (const piece of answer) text += String(piece);
    expect(JSON.parse(text)).toMatchObject({ detail: expect.stringContaining(node.ws) });
    const { body } = await node.request<{ detail: string }>('/peers', { url });
    expect(body.detail).toMatch(/HTTP API/);
  });
});

describe('A hello', () => {
  it('may carry a name, which the node takes as text', async () => {
    const node = await TestNode.start(easy);
    const peer = await dial(node, { name: 'Ada’s node' });
    peer.send({ type: 'getPeers' });
    await peer.receive('peers');
    const bad = new RawPeer(new WebSocket(node.ws));
    await once(bad.socket, 'open');
    bad.send(helloOf(null, { name: '\u001b[2J' }));
    expect(await bad.closed()).toMatch(/^Invalid message: name/);
  });

  it('of a version before this one is answered in words, without blame', async () => {
    const node = await TestNode.start(easy);
    const old = { ...helloOf(null), version: 1, time: undefined }; // JSON leaves that out
    const peer = new RawPeer(new WebSocket(node.ws));
    await once(peer.socket, 'open');
    peer.send(old);
    expect(await peer.closed()).toBe('Different protocol versions: 2 and 1.');
    expect(node.output).not.toContain('Parting with');
  });
});
