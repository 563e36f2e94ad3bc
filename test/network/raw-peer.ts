/** A peer written by hand, which says what a test wants it to say. */
import { EventEmitter, on, once } from 'node:events';
import { WebSocket, WebSocketServer, type ClientOptions, type RawData } from 'ws';
import { PROTOCOL_VERSION, type Hello, type Message } from '#peers';
import type { TestNode } from './harness.ts';

const open = new Set<{ close(): void }>();

/** Closes what tests left open. */
export function closeRawPeers(): void {
  for (const each of open) each.close();
  open.clear();
}

/** One connection, with all that came over it. */
export class RawPeer {
  readonly messages: Message[] = [];
  readonly socket: WebSocket;
  readonly #events = new EventEmitter();
  #reason: string | undefined;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: RawData) => {
      this.messages.push(JSON.parse((data as Buffer).toString()) as Message);
      this.#events.emit('change');
    });
    socket.on('error', () => undefined);
    socket.on('close', (_code, reason) => {
      this.#reason = reason.toString();
      this.#events.emit('change');
    });
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** Waits for a message of this type, now or before. */
  async receive<T extends Message['type']>(
    type: T,
    isIt: (message: Extract<Message, { type: T }>) => boolean = () => true,
  ): Promise<Extract<Message, { type: T }>> {
    const matches = (message: Message): message is Extract<Message, { type: T }> =>
      message.type === type && isIt(message as Extract<Message, { type: T }>);
    return this.#until(() => this.messages.find(matches));
  }

  /** Waits for the end of the connection, and gives the reason that the node gave. */
  async closed(): Promise<string> {
    return this.#until(() => this.#reason, true);
  }

  async #until<T>(find: () => T | undefined, closing = false): Promise<T> {
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      if (!closing && this.#reason !== undefined) {
        throw new Error(`The node closed the connection: ${this.#reason}`);
      }
      await once(this.#events, 'change');
    }
  }
}

/** A hello as an honest node would say it. */
export function helloOf(genesis: string | null, changes: Partial<Hello> = {}): Hello {
  const nodeId = [...Array<number>(32)].map(() =>
    Math.trunc(Math.random() * 16).toString(16),
  );
  const hello = {
    type: 'hello' as const,
    version: PROTOCOL_VERSION,
    nodeId: nodeId.join(''),
    port: null,
    time: Date.now(),
  };
  return { ...hello, genesis, tip: null, ...changes };
}

/** Dials a node and shakes hands with it, by default as one that has no genesis block yet. */
export async function dial(
  node: Pick<TestNode, 'ws'>,
  changes: Partial<Hello> = {},
  options: ClientOptions = {},
): Promise<RawPeer> {
  const peer = new RawPeer(new WebSocket(node.ws, options));
  open.add(peer.socket);
  await once(peer.socket, 'open');
  peer.send(helloOf(null, changes));
  await peer.receive('getPeers');
  return peer;
}

/** Listens as if it were a node, and gives the connections that come. */
export async function pretend(): Promise<{ url: string; next: () => Promise<RawPeer> }> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  open.add(server);
  const connections = on(server, 'connection') as AsyncIterator<[WebSocket]>;
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const next = async () => {
    const { value } = (await connections.next()) as { value: [WebSocket] };
    return new RawPeer(value[0]);
  };
  return { url: `ws://127.0.0.1:${port}`, next };
}
