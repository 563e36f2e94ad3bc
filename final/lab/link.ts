import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { Block } from '#blocks';
import { WireTap } from './wire-tap.ts';

/** Is told of blocks that go through a link, from one node to another. */
export type OnBlocks = (from: string, to: string, blocks: readonly Block[]) => void;

/**
 * A connection between two nodes that can be cut. The one node dials the link instead of
 * the other, and neither can tell a cut from a broken network.
 */
export class Link {
  /** The names of the node that dials, and of the one that is dialed. */
  readonly from: string;
  readonly to: string;
  readonly #target: () => number;
  readonly #onBlocks: OnBlocks | undefined;
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((socket) => this.#pass(socket));
  #isWhole = true;

  /**
   * @param target - gives the port of the node that is dialed
   * @param onBlocks - is told of the blocks that pass; nobody reads along without it
   */
  constructor(from: string, to: string, target: () => number, onBlocks?: OnBlocks) {
    this.from = from;
    this.to = to;
    this.#target = target;
    this.#onBlocks = onBlocks;
  }

  /** Whether anything passes. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** What the one node has to dial. */
  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `ws://127.0.0.1:${port}`;
  }

  /** Takes a free port. */
  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  /** Cuts it: what passes ends, and nothing passes any more. */
  cut(): void {
    this.#isWhole = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Mends it. */
  heal(): void {
    this.#isWhole = true;
  }

  /** Takes it away. */
  close(): void {
    this.cut();
    this.#server.close();
  }

  #pass(near: Socket): void {
    if (!this.#isWhole) return void near.destroy();
    const far = connect(this.#target(), '127.0.0.1');
    this.#readAlong(near, this.from, this.to);
    this.#readAlong(far, this.to, this.from);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(socket);
      socket.pipe(other);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
  }

  #readAlong(socket: Socket, from: string, to: string): void {
    const onBlocks = this.#onBlocks;
    if (onBlocks === undefined) return;
    const tap = new WireTap((blocks) => onBlocks(from, to, blocks));
    socket.on('data', (bytes: Buffer) => tap.write(bytes));
  }
}
