/** Nodes, and whoever greets them, for the tests of step 5. */
import { once } from 'node:events';
import { PeerNetwork, type ConnectionManager, type NetworkOptions } from '#peers';
import { FarEnd, GENESIS, helloOf, soon } from './far-end-for-test.ts';

/** What a test says of a node. */
interface NodeOptions extends Partial<NetworkOptions> {
  /** The genesis block of its network; null for a node that wants to join any. */
  readonly genesis?: string | null;
  /** Where it listens; at a free port unless given. */
  readonly port?: number;
}

const networks: PeerNetwork[] = [];

/** Makes a node that does not listen yet. It waits only briefly before redialing. */
export function makeNode(options: NodeOptions = {}): PeerNetwork {
  const { genesis = GENESIS, ...rest } = options;
  const chain = () => ({ genesis, tip: null });
  const redial = { first: 20, max: 40 };
  const network = new PeerNetwork({ chain, redial, ...rest });
  networks.push(network);
  return network;
}

/** Makes a node that listens. */
export async function startNode(options: NodeOptions = {}): Promise<PeerNetwork> {
  const { port = 0, ...rest } = options;
  const network = makeNode(rest);
  await network.listen(port);
  return network;
}

/** Ends all nodes that were made here. */
export async function closeNodes(): Promise<void> {
  const ends = networks.splice(0).map((network) => network.close());
  await soon(Promise.all(ends), 'close()', 5_000);
}

export const urlOf = ({ port }: Pick<ConnectionManager, 'port'>, host = '127.0.0.1') =>
  `ws://${host}:${port}`;

/** Connects a bare WebSocket that says hello, and waits until the node has made it a peer. */
export async function greet(
  node: ConnectionManager,
  fields: object = {},
): Promise<FarEnd> {
  const joined = soon(once(node, 'peer'), 'the event peer');
  const far = FarEnd.to(node);
  await far.say(helloOf(fields));
  await joined;
  return far;
}
