import mDns from 'multicast-dns';
import { EVERYWHERE } from './addresses.ts';
import type { DnsPacket, OpenLine } from './discovery.ts';

/** How long a goodbye may take, in milliseconds. */
const GOODBYE = 300;

/**
 * Opens a line by multicast DNS. It has a socket of its own for each address: one for all would
 * send on that which the system happens to take first.
 */
export const openMulticast: OpenLine = (address, hear, fail) => {
  const socket = mDns({ interface: address, bind: EVERYWHERE });
  const failed = (error: Error | null | undefined) => {
    if (error) fail(error.message);
  };
  socket.on('error', failed);
  // Of its warnings, most are of packets of others that nobody can read.
  socket.on('warning', (error) => {
    if ('syscall' in error) failed(error);
  });
  socket.on('query', ({ questions = [] }, { address: from }) =>
    hear({ type: 'query', questions }, from),
  );
  socket.on('response', ({ answers = [], additionals = [] }, { address: from }) =>
    hear({ type: 'response', answers, additionals }, from),
  );
  const send = (packet: DnsPacket, done: (error: Error | null) => void) => {
    try {
      // The library's types want lists that it might change; it does not.
      if (packet.type === 'query') socket.query(packet as never, done);
      else socket.respond(packet as never, done);
    } catch (error) {
      done(error as Error);
    }
  };
  return {
    send: (packet) => send(packet, failed),
    close: async (last) => {
      if (last !== undefined) {
        await new Promise<void>((resolve) => {
          setTimeout(resolve, GOODBYE).unref();
          send(last, () => resolve());
        });
      }
      await new Promise<void>((resolve) => socket.destroy(resolve));
    },
  };
};
