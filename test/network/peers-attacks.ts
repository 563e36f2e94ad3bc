/** What the tests of attacks by peers have in common. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { TestNode, agreed, easy } from './harness.ts';

/** Makes sure that blocks still go both ways. */
export async function expectHarmony(node: TestNode, friend: TestNode): Promise<void> {
  await node.post('from the node');
  await agreed(node, friend);
  const { hash } = await friend.post('from its friend');
  await node.untilTip(hash);
}

/** A peer, as `GET /peers` gives it. */
export interface ListedPeer {
  readonly id: string;
  readonly url: string | null;
  readonly direction: string;
}

/** Waits until a node lists a peer of this kind. */
async function untilPeer(
  node: TestNode,
  isIt: (peer: ListedPeer) => boolean,
): Promise<ListedPeer> {
  for (;;) {
    const found = (await node.get<ListedPeer[]>('/peers')).find(isIt);
    if (found !== undefined) return found;
    await sleep(50);
  }
}

/** The id of a node. */
const idOf = async (node: TestNode) => (await node.get<{ id: string }>('/status')).id;

/** Makes sure that a node has dialed another one again, and gives that one to who asks for it. */
export async function expectDialed(node: TestNode, other: TestNode): Promise<void> {
  const back = await untilPeer(
    node,
    ({ url, direction }) => url === other.ws && direction === 'outbound',
  );
  expect(back.id).toBe(await idOf(other));
  const { status, body } = await node.request('/peers', { url: other.ws });
  expect({ status, body }).toEqual({ status: 200, body: back });
}

/** Two nodes, one of which was told of the other, which then goes away. */
export async function parted() {
  const victim = await TestNode.start(easy);
  const node = await TestNode.start(['-n', victim.ws, '--outbound', '0']);
  await node.until(({ msg }) => msg.startsWith('Joined'));
  await victim.post('on disk');
  const id = await idOf(victim);
  const { ws, wsPort, folder } = victim;
  await victim.kill();
  await node.until(({ msg }) => msg.startsWith(`Lost ${ws}`));
  const comeBack = async () => TestNode.start(['-w', wsPort, '--outbound', '0'], folder);
  return { node, id, url: ws, port: Number(wsPort), comeBack };
}
