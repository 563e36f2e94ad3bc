import { connect } from 'node:net';
import { once } from 'node:events';
import { ConnectionManager } from '#peers';
import { addressesOf, EVERYWHERE } from '../node/addresses.ts';
import { list } from '../terminal/list.ts';
import { quote } from '../terminal/quote.ts';

/** How long a machine may take to answer, in milliseconds. */
const PATIENCE = 5_000;

/** The genesis hash of a network that there is not: whoever has mined a block knows that. */
const NOWHERE = 'f'.repeat(64);

/** What stands at the other end, as people know it. */
interface Place {
  readonly host: string;
  readonly port: number;
}

/**
 * Asks a node for its network, and goes. It says hello as one of a network that there is not, so
 * the node refuses it with the beginning of its own genesis hash, and never takes it for a peer.
 *
 * @returns the first twelve digits of the network's genesis hash
 * @throws Error with a sentence that says what to do
 */
export async function networkAt(url: string): Promise<string> {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const place = { host, port: Number(port || (protocol === 'wss:' ? 443 : 80)) };
  await knock(place);
  const caller = new ConnectionManager({
    chain: () => ({ genesis: NOWHERE, tip: null }),
  });
  try {
    // One that takes everybody says it in its hello.
    const { hello } = await caller.connect(url);
    const [network] = /^[0-9a-f]{12}/.exec(hello.genesis ?? '') ?? [];
    if (network !== undefined) return network;
    throw new Error('It does not say which network it belongs to.');
  } catch (error) {
    const { message } = error as Error;
    const [, network] = /^Different networks: .* ([0-9a-f]{12})…\.?$/.exec(message) ?? [];
    if (network !== undefined) return network;
    throw new Error(afterRefusal(message, place), { cause: error });
  } finally {
    await caller.close();
  }
}

/** Sees whether anybody listens. */
async function knock(place: Place): Promise<void> {
  const socket = connect(place);
  const timer = setTimeout(() => {
    socket.destroy(Object.assign(new Error(), { code: 'ETIMEDOUT' }));
  }, PATIENCE);
  try {
    await once(socket, 'connect');
  } catch (error) {
    const code = codeOf(error);
    throw new Error(afterSilence(code, place), { cause: error });
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

/** The code of an error; of the first where all addresses of a name were tried. */
function codeOf(error: unknown): string {
  const { code, errors } = error as NodeJS.ErrnoException & { errors?: unknown[] };
  return code ?? (errors?.[0] === undefined ? '' : codeOf(errors[0]));
}

/**
 * Says what to do where no connection comes about, by the system's code.
 *
 * @param own - the addresses of this machine
 */
export function afterSilence(
  code: string,
  { host, port }: Place,
  own: readonly string[] = addressesOf(EVERYWHERE),
): string {
  const here = own.length === 0 ? 'has no address' : `has ${list(own.slice(0, 3))}`;
  switch (code) {
    case 'ECONNREFUSED':
      return (
        `At ${host} nobody listens on port ${port}. Is ./pychain class running there? ` +
        'It prints the line to type, with the port if that is another one.'
      );
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return (
        `No machine is called ${quote(host)} here. Type the address that ./pychain class ` +
        'prints, such as ./pychain join 192.168.1.20'
      );
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
    case 'EINVAL':
      return `No way leads to ${host} from this machine, which ${here}. Connect it to the network of the class.`;
    default:
      return (
        `${host} does not answer on port ${port}. Three things do that. It is in another ` +
        `network than this machine, which ${here}. Or its firewall lets nobody in: allow ` +
        `Node.js there, or port ${port}. Or the wireless network keeps its devices apart, as ` +
        'those of schools and for guests do (client isolation): ask for one that does not, or ' +
        'let a phone share its connection.'
      );
  }
}

/** Says what to do where somebody listens who does not take this node, by the reason given. */
export function afterRefusal(reason: string, { host, port }: Place): string {
  const where = `${host}, port ${port}`;
  if (reason.startsWith('Different protocol versions'))
    return (
      `The class runs another version of this project. ${reason} Bring all to the same, ` +
      'as with git pull.'
    );
  if (/web server|^Unexpected server response/.test(reason))
    return (
      `At ${where}, is a web server and no node. The pages of a node have another port than ` +
      'its peers: take the line that ./pychain class prints.'
    );
  if (reason.includes('has not joined a network'))
    return `The node at ${where}, waits for its own network. Try again when it has one.`;
  if (/does not let this one in|too many/i.test(reason))
    return `The class lets nobody else in from this address for now. Try again in a minute.`;
  return `At ${where}, somebody answers, but not as a node does: ${quote(reason, 200)}`;
}
