import { isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';

/** The interfaces of a machine, as Node lists them. */
export type Interfaces = ReturnType<typeof networkInterfaces>;

/** All addresses of IPv4, as an address to listen on. */
export const EVERYWHERE = '0.0.0.0';

/** Names of interfaces that lead to virtual machines, containers and tunnels, not to a room. */
const VIRTUAL =
  /^(br-|docker|veth|virbr|vmnet|vboxnet|cni|lxc|tailscale|tun|utun|tap|wg|zt)|vEthernet|VirtualBox|VMware|WSL/i;

/** What a machine gives itself where nobody gives it an address (RFC 3927). */
const SELF_GIVEN = '169.254.';

/**
 * Returns the addresses of this machine that others can dial where it listens on `host`, those
 * first that most likely lead to the people in the room. Where it listens on all, these are the
 * addresses of IPv4; none where it listens to itself alone.
 */
export function addressesOf(
  host: string,
  interfaces: Interfaces = networkInterfaces(),
): string[] {
  if (host !== EVERYWHERE) return isOwn(host) ? [] : [host];
  return Object.entries(interfaces)
    .flatMap(([name, addresses = []]) => addresses.map((one) => ({ name, ...one })))
    .filter(({ internal, address }) => !internal && isIPv4(address))
    .sort((a, b) => rank(a) - rank(b))
    .map(({ address }) => address);
}

function rank({ name, address }: { name: string; address: string }): number {
  if (address.startsWith(SELF_GIVEN)) return 2;
  return VIRTUAL.test(name) ? 1 : 0;
}

/** Whether only this machine itself can dial an address. */
function isOwn(host: string): boolean {
  return /^127\.|^::1$|^localhost$/i.test(host);
}
