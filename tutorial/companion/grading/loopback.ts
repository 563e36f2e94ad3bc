/**
 * Keeps a process from connecting to anything but itself.
 *
 * @module
 */
import { Socket } from 'node:net';

/** How connections are asked for: a port and a host, or an object that holds them. */
interface Target {
  readonly host?: unknown;
  readonly port?: unknown;
  readonly path?: unknown;
}

/** Lets sockets connect to this machine only. It must be called before anything is locked. */
export function allowOnlyLoopback(): void {
  const connect = Reflect.get(Socket.prototype, 'connect') as (
    this: Socket,
    ...args: unknown[]
  ) => Socket;
  Socket.prototype.connect = function (this: Socket, ...args: unknown[]): Socket {
    // Node itself calls it with a list of what it was called with.
    const [first, second] = (Array.isArray(args[0]) ? args[0] : args) as unknown[];
    const heard = (Array.isArray(args[0]) ? (args[0] as unknown[]) : args).findLast(
      (one) => typeof one === 'function',
    );
    const asked: Target =
      typeof first === 'object' && first !== null
        ? { ...(first as Target) } // what is looked at twice must not change
        : { port: first, ...(typeof second === 'string' && { host: second }) };
    const rest = heard === undefined ? [] : [heard];
    if (isLoopback(asked))
      return connect.call(this, { ...asked, lookup: undefined }, ...rest);
    const words = `A submission may connect to its own machine only, and not to ${String(asked.host ?? asked.path)}.`;
    process.nextTick(() => this.destroy(new Error(words)));
    return this;
  };
}

function isLoopback({ host = 'localhost', path }: Target): boolean {
  if (path !== undefined && path !== null) return false;
  return (
    typeof host === 'string' && /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host)
  );
}
