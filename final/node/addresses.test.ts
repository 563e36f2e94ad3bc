import { describe, expect, it } from '@jest/globals';
import { addressesOf, EVERYWHERE, type Interfaces } from './addresses.ts';

/** Interfaces as Node lists them, from names and addresses. */
function machine(all: Record<string, string[]>): Interfaces {
  const entries = Object.entries(all).map(([name, addresses]) => {
    const infos = addresses.map((address) => ({
      address,
      family: address.includes(':') ? 'IPv6' : 'IPv4',
      internal: address === '::1' || address.startsWith('127.'),
    }));
    return [name, infos];
  });
  return Object.fromEntries(entries) as Interfaces;
}

describe('The addresses that others can dial', () => {
  it('are those of IPv4 that lead out of the machine, where it listens on all', () => {
    const laptop = machine({
      lo: ['127.0.0.1', '::1'],
      wlan0: ['192.168.1.20', 'fe80::1'],
    });
    expect(addressesOf(EVERYWHERE, laptop)).toEqual(['192.168.1.20']);
  });

  it.each([
    ['docker0', '172.17.0.1'],
    ['br-12ab', '172.18.0.1'],
    ['vEthernet (WSL)', '172.20.0.1'],
    ['VirtualBox Host-Only Network', '192.168.56.1'],
    ['utun3', '10.8.0.2'],
    ['eth1', '169.254.7.7'],
  ])('stand before that of %s, which leads to nobody in the room', (name, address) => {
    const all = machine({ [name]: [address], 'Wi-Fi': ['10.0.0.5'] });
    expect(addressesOf(EVERYWHERE, all)).toEqual(['10.0.0.5', address]);
  });

  it('are the one that it listens on, and none where that is only its own', () => {
    const laptop = machine({ wlan0: ['192.168.1.20'], eth0: ['10.0.0.5'] });
    expect(addressesOf('10.0.0.5', laptop)).toEqual(['10.0.0.5']);
    for (const own of ['127.0.0.1', '::1', 'localhost'])
      expect(addressesOf(own, laptop)).toEqual([]);
  });

  it('are none without a network', () => {
    expect(addressesOf(EVERYWHERE, machine({ lo: ['127.0.0.1'] }))).toEqual([]);
  });
});
