/**
 * A room with machines in it, each in a network namespace of its own. They are joined by a bridge in
 * a further one, and by nothing to anybody else: what they say stays in the room.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { NodeProcess } from '../../final/lab/node-process.ts';
import { Program, type Result } from '../../final/lab/program.ts';
import { env } from '../program.ts';
import { namespaceOptions } from './namespaces.mjs';

/** How a namespace is made here. */
const way = namespaceOptions ?? [];

const run = promisify(execFile);
const launcher = join(import.meta.dirname, '../../pychain');

/** A machine in a room. */
export class Machine {
  /** Its address in the room. */
  readonly address: string;
  readonly #holder: ChildProcess;
  readonly #switch: ChildProcess;
  readonly #programs: Program[] = [];

  private constructor(address: string, holder: ChildProcess, bridge: ChildProcess) {
    this.address = address;
    this.#holder = holder;
    this.#switch = bridge;
  }

  /** Puts a machine into the room that a bridge makes. */
  static async at(address: string, bridge: ChildProcess): Promise<Machine> {
    const holder = await newNamespace([...enter(bridge), 'unshare']);
    const machine = new Machine(address, holder, bridge);
    const { port } = machine;
    const ends = ['add', port, 'type', 'veth', 'peer', 'name', 'eth0'];
    await ip(bridge, 'link', ...ends, 'netns', String(holder.pid));
    await ip(bridge, 'link', 'set', port, 'master', 'room', 'up');
    await ip(holder, 'address', 'add', `${address}/24`, 'dev', 'eth0');
    await ip(holder, 'link', 'set', 'eth0', 'up');
    return machine;
  }

  /** The port of the bridge that its cable is in. */
  get port(): string {
    return `port${this.address.split('.').at(-1)}`;
  }

  /** Starts `pychain` on it, on free ports, with its chain in memory. */
  start(command: string, ...args: string[]): NodeProcess {
    const options = ['-p', '0', '-w', '0'];
    const starter = enter(this.#holder);
    const node = new NodeProcess([command, ...args, ...options], { starter, env });
    this.#programs.push(node);
    return node;
  }

  /** Runs a command of `pychain` to its end. */
  async command(...args: string[]): Promise<Result> {
    const [program = '', ...rest] = enter(this.#holder);
    const child = [process.execPath, launcher, ...args];
    return new Program(program, [...rest, ...child], { env }).end;
  }

  /** Asks the API of a node that runs on it; with data it mines a block. */
  async ask<T>(node: NodeProcess, path: string, data?: string): Promise<T> {
    const post = data === undefined ? [] : ['--json', JSON.stringify({ data })];
    const [program = '', ...args] = enter(this.#holder);
    const curl = [...args, 'curl', '-sS', '-H', 'Accept: application/json', ...post];
    const { stdout } = await run(program, [...curl, node.http + path]);
    return JSON.parse(stdout) as T;
  }

  /** Pulls its cable, or puts it in again. */
  async plug(state: 'up' | 'down'): Promise<void> {
    await ip(this.#switch, 'link', 'set', this.port, state);
  }

  /** Keeps from it what is said to all, as some networks do. */
  async withoutMulticast(): Promise<void> {
    await inside(
      this.#switch,
      'bridge',
      'link',
      'set',
      'dev',
      this.port,
      'mcast_flood',
      'off',
    );
  }

  /** Ends all that runs on it, and the machine. */
  async remove(): Promise<void> {
    for (const program of this.#programs) program.signal('SIGKILL');
    await Promise.all(this.#programs.map(({ end }) => end));
    this.#holder.kill('SIGKILL');
  }
}

/** Makes a room with machines at these addresses; gives them, and what clears it all away. */
export async function newRoom(
  addresses: readonly string[],
): Promise<{ machines: Machine[]; clear: () => Promise<void> }> {
  const bridge = await newNamespace();
  await ip(bridge, 'link', 'add', 'room', 'type', 'bridge');
  await ip(bridge, 'link', 'set', 'room', 'up');
  const machines: Machine[] = [];
  for (const address of addresses) machines.push(await Machine.at(address, bridge));
  const clear = async () => {
    await Promise.all(machines.map((machine) => machine.remove()));
    bridge.kill('SIGKILL');
  };
  return { machines, clear };
}

/**
 * Makes a namespace that lives as long as the process that it returns.
 *
 * @param starter - what makes it; within another one, so that it belongs to the same user
 */
export async function newNamespace(
  starter: readonly string[] = ['unshare', ...way],
): Promise<ChildProcess> {
  const [program = '', ...args] = starter;
  const waiting = ['sh', '-c', 'echo; exec sleep infinity'];
  const holder = spawn(program, [...args, '--net', ...waiting], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  const [own, other] = await Promise.all([
    readlink('/proc/self/ns/net'),
    readlink(`/proc/${holder.pid}/ns/net`),
  ]);
  if (own === other) throw new Error('The namespace is that of the machine itself.');
  await ip(holder, 'link', 'set', 'lo', 'up');
  return holder;
}

/** Runs a program where a process is; of another user, it has their permissions there. */
export function enter({ pid }: { readonly pid?: number | undefined }): string[] {
  const user = way.length === 0 ? [] : ['--user', '--preserve-credentials'];
  return ['nsenter', ...user, '--net', '--target', String(pid)];
}

async function inside(holder: ChildProcess, ...command: string[]): Promise<void> {
  const [program = '', ...args] = enter(holder);
  await run(program, [...args, ...command]);
}

const ip = async (holder: ChildProcess, ...args: string[]) =>
  inside(holder, 'ip', ...args);
