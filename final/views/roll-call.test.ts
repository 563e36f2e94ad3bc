import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { Chain, genesisBlock, nextBlock, type Block } from '#blocks';
import type { Node } from '../node/node.ts';
import type { History } from './history.ts';
import { RollCall } from './roll-call.ts';

const SELF = 'f'.repeat(32);

/** As much of a peer as the history tells. */
interface FakePeer {
  readonly id: string;
  readonly name?: string;
  readonly code?: string;
}

/** A class of peers that a test makes up, with the chain of the node that calls the roll. */
class FakeClass {
  readonly chain = new Chain(genesisBlock({ timestamp: 0 }));
  readonly roll: RollCall;
  readonly #node = new EventEmitter();
  readonly #history = new EventEmitter();
  readonly #origins = new Map<string, string | null>();
  #peers: readonly FakePeer[] = [];
  #time = 0;

  constructor(size?: number, code: string | null = null, wsUrl = 'ws://127.0.0.1:8000') {
    const { chain } = this;
    const tip = () => ({ hash: chain.tip.hash, index: chain.tip.index, work: '1' });
    const status = () => ({ id: SELF, name: 'Room', network: null, code, tip: tip() });
    Object.defineProperties(this.#node, {
      chain: { value: chain },
      network: { value: { id: SELF, port: Number(new URL(wsUrl).port) } },
      wsUrl: { value: wsUrl },
      status: { get: status },
    });
    Object.defineProperties(this.#history, {
      since: { value: 0 },
      peers: { get: () => this.#peers.map((peer) => ({ ...this.#usual, ...peer })) },
      originOf: { value: (hash: string) => this.#originOf(hash) },
      tree: { value: () => [] },
    });
    this.roll = new RollCall(
      this.#node as unknown as Node,
      this.#history as unknown as History,
      size,
    );
  }

  get #usual() {
    const { hash, index } = this.chain.tip;
    return { name: null, code: null, url: 'ws://10.0.0.1:8000', tip: { hash, index } };
  }

  #originOf(hash: string) {
    const id = this.#origins.get(hash);
    if (id === undefined) return undefined;
    return { time: 0, from: id === null ? null : { id, url: null, name: null } };
  }

  /** Who is connected from now on. */
  peers(...peers: FakePeer[]): void {
    this.#peers = peers;
    this.#node.emit('peers', peers.length);
  }

  /** A block is taken: on the best chain, or beside it. */
  take(from: string | null | undefined, place: 'chain' | 'beside' = 'chain'): Block {
    this.#time += 1;
    const { tip } = this.chain;
    const parent = place === 'chain' ? tip : this.chain.at(tip.index - 1);
    const block = nextBlock(parent ?? tip, `block ${this.#time}`, this.#time);
    if (place === 'chain') this.chain.append(block);
    if (from !== undefined) this.#origins.set(block.hash, from);
    this.#node.emit('taken', [block]);
    this.#history.emit('outcome', { removed: [], added: [] });
    return block;
  }

  /** A block leaves the best chain. */
  lose(block: Block): void {
    this.#history.emit('outcome', { removed: [block], added: [] });
  }

  /** The names of what is done. */
  get done(): string[] {
    return this.roll.state.tasks.filter(({ done }) => done).map(({ id }) => id);
  }

  /** How far something is. */
  task(wanted: string) {
    return this.roll.state.tasks.find(({ id }) => id === wanted);
  }
}

const ada = { id: 'a'.repeat(32), name: 'Ada' };
const bob = { id: 'b'.repeat(32), name: 'Bob' };

describe('The roll call', () => {
  it('names the node itself first, then its peers, with what each says of itself', () => {
    const fake = new FakeClass();
    fake.peers({ ...ada, code: 'my 06' });
    const { nodes } = fake.roll.state;
    expect(nodes.map(({ name, self, code }) => [name, self, code])).toEqual([
      ['Room', true, null],
      ['Ada', false, 'my 06'],
    ]);
  });

  it('counts a block for whom it was heard of first from, and no block that nobody knows of', () => {
    const fake = new FakeClass();
    fake.peers(ada, bob);
    for (const from of [ada.id, null, ada.id, undefined]) fake.take(from);
    const found = fake.roll.state.nodes.map((node) => node.found);
    expect(found).toEqual([1, 2, 0]);
    expect(fake.roll.state.gone).toBe(0);
  });

  it('keeps the blocks of those who have left apart', () => {
    const fake = new FakeClass();
    fake.peers(ada, bob);
    fake.take(ada.id);
    fake.take(bob.id);
    fake.peers(bob);
    expect(fake.roll.state.gone).toBe(1);
  });

  it('is not put off by two who say that they are the same node', () => {
    const fake = new FakeClass();
    fake.peers(ada, { ...ada, name: 'Mallory' });
    fake.take(ada.id);
    expect(fake.roll.state.gone).toBe(0);
  });

  it('ticks off that all have joined when as many are there as were to come, and keeps that', () => {
    const fake = new FakeClass(2);
    fake.peers(ada);
    expect([fake.task('joined')?.have, fake.done]).toEqual([1, []]);
    fake.peers(ada, bob);
    expect(fake.done).toEqual(['joined']);
    fake.peers();
    expect([fake.task('joined')?.have, fake.done]).toEqual([0, ['joined']]);
  });

  it('ticks off that everybody has a block when all who are there have one', () => {
    const fake = new FakeClass(1);
    fake.peers(ada, bob);
    fake.take(ada.id);
    expect(fake.task('blocks')).toMatchObject({ have: 1, of: 2, done: false });
    fake.take(bob.id);
    expect(fake.done).toContain('blocks');
  });

  it('does not take two of ten for everybody', () => {
    const fake = new FakeClass();
    fake.peers(ada);
    fake.take(ada.id);
    expect(fake.task('blocks')).toMatchObject({ have: 1, of: 10, done: false });
  });

  it('ticks off a fork when the chain has gone on beyond it', () => {
    const fake = new FakeClass();
    fake.peers(ada, bob);
    fake.take(ada.id);
    expect(fake.task('fork')).toMatchObject({ have: 0, done: false });
    fake.take(bob.id, 'beside');
    expect(fake.task('fork')).toMatchObject({ have: 1, done: false });
    fake.take(bob.id);
    expect(fake.task('fork')).toMatchObject({ have: 2, done: true });
  });

  it('knows a fork by a block that leaves the chain, too', () => {
    const fake = new FakeClass();
    fake.lose(fake.take(ada.id));
    expect(fake.task('fork')).toMatchObject({ have: 1, done: false });
    fake.take(ada.id);
    expect(fake.done).toContain('fork');
  });

  it('ticks off that somebody runs their own step 6, and no other step', () => {
    const fake = new FakeClass();
    fake.peers({ ...ada, code: 'my 01 05' });
    expect(fake.done).toEqual([]);
    fake.peers({ ...ada, code: 'my 01 06' });
    expect(fake.done).toEqual(['own']);
    expect(new FakeClass(2, 'my 06').done).toEqual(['own']);
  });

  it('says what to type to join, with the port where it is not the usual one', () => {
    const lines = (url: string) => new FakeClass(2, null, url).roll.lines;
    expect(lines('ws://192.168.1.20:8000')).toEqual(['./pychain join 192.168.1.20']);
    expect(lines('ws://192.168.1.20:8001')).toEqual(['./pychain join 192.168.1.20:8001']);
    expect(lines('ws://127.0.0.1:8000')).toEqual([]);
  });
});
