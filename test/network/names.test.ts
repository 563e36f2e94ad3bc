/** What nodes call themselves, shown as text wherever others are told of them. */
import { afterEach, describe, expect, it } from '@jest/globals';
import type {
  ClassState,
  NetworkState,
  PeerInfo,
  Status,
} from '../../final/api/schemas.ts';
import { TestNode, cleanUp, easy, runCommand } from './harness.ts';
import { closeRawPeers, dial } from './raw-peer.ts';

afterEach(async () => {
  closeRawPeers();
  await cleanUp();
});

describe('The name of a node', () => {
  it('is what log, API and commands call it, beside where it is', async () => {
    const ada = await TestNode.start([...easy, '--name', ' Ada ']);
    const bob = await TestNode.start(['-n', ada.ws, '--name', 'Bob 🦊']);
    await bob.until(({ msg }) => msg === `Connected to "Ada" (${ada.ws})`);
    await ada.until(({ msg }) => msg === `"Bob 🦊" (${bob.ws}) connected to this node`);

    expect((await ada.get<Status>('/status')).name).toBe('Ada');
    const [peer] = await ada.get<PeerInfo[]>('/peers');
    expect(peer).toMatchObject({ name: 'Bob 🦊', url: bob.ws });
    const again = await ada.request<PeerInfo>('/addPeer', { url: bob.ws });
    expect(again.body.name).toBe('Bob 🦊');
    const { peers } = await bob.get<NetworkState>('/network');
    expect(peers.map(({ name }) => name)).toEqual(['Ada']);
    const { nodes } = await bob.get<ClassState>('/class');
    expect(nodes.map(({ name, self }) => [name, self])).toEqual([
      ['Bob 🦊', true],
      ['Ada', false],
    ]);

    const status = await runCommand('status', '-p', bob.httpPort);
    expect(status.output).toMatch(/^name +"Bob 🦊"$/m);
    const list = await runCommand('peers', '-p', bob.httpPort);
    expect(list.output).toContain(`${ada.ws} "Ada"`);
    await bob.stop();
    await ada.until(({ msg }) => msg.startsWith(`Lost "Bob 🦊" (${bob.ws}): `));
  });

  it('cannot drive a terminal, nor look like a place', async () => {
    const node = await TestNode.start(easy);
    await dial(node, { name: 'ws://10.0.0.1:8000' });
    await dial(node, { name: 'A\u200bda\u3164', nodeId: '2'.repeat(32) });
    await node.until(({ msg }) => msg.startsWith('"A\\u200bda\\u3164" (a peer that'));
    await node.until(({ msg }) =>
      msg.startsWith('"ws://10.0.0.1:8000" (a peer that does not listen'),
    );
    const { output } = await runCommand('peers', '-p', node.httpPort);
    expect(output).toContain('does not listen "A\\u200bda\\u3164"');
    expect(output).toContain('does not listen "ws://10.0.0.1:8000"');
  });

  it('may be missing, and is that of another where somebody repeats it', async () => {
    const node = await TestNode.start(easy);
    await dial(node, { nodeId: '1'.repeat(32) });
    await dial(node, { nodeId: '2'.repeat(32), name: 'Ada' });
    await dial(node, { nodeId: '3'.repeat(32), name: 'Ada' });
    const peers = await node.get<PeerInfo[]>('/peers');
    expect(peers.map(({ name }) => name).sort()).toEqual(['Ada', 'Ada', null]);
  });
});
