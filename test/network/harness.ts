/** Real nodes for tests: each is a process of its own, started by the launcher. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import type { Block } from '#blocks';
import { Link } from '../../final/lab/link.ts';
import { NodeProcess } from '../../final/lab/node-process.ts';
import type { Program, Result } from '../../final/lab/program.ts';
import { env, startProgram } from '../program.ts';

/** The program that starts a node. */
export const launcher = join(import.meta.dirname, '../../pychain');

/** An answer of the HTTP API. */
export interface Answer<T> {
  readonly status: number;
  readonly type: string;
  readonly body: T;
}

/** A difficulty that makes mining quick: two zero digits. */
export const easy = ['-d', '2'];

/** Returns what the blocks of a chain carry. */
export const dataOf = (chain: readonly Block[]): string[] =>
  chain.map(({ data }) => data);

const nodes = new Set<TestNode>();
const folders = new Set<string>();
const links = new Set<Link>();

/** Stops all nodes and removes all folders. To be called after each test. */
export async function cleanUp(): Promise<void> {
  await Promise.all([...nodes].map((node) => node.kill()));
  await Promise.all(
    [...folders].map((folder) => rm(folder, { recursive: true, force: true })),
  );
  for (const link of links) link.close();
  nodes.clear();
  folders.clear();
  links.clear();
}

/** Returns a new empty folder, or a copy of another one. */
export async function newFolder(original?: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pychain-test-'));
  folders.add(folder);
  if (original !== undefined) await cp(original, folder, { recursive: true });
  return folder;
}

/** Starts `pychain`. */
export function startCommand(...args: string[]): Program {
  return startProgram(launcher, args);
}

/** Runs `pychain` to its end. */
export async function runCommand(...args: string[]): Promise<Result> {
  return startCommand(...args).end;
}

/** A node in a process of its own, which a test asks and ends. */
export class TestNode extends NodeProcess {
  readonly folder: string;

  private constructor(
    folder: string,
    args: string[],
    starter: string[],
    nodeOptions: string[],
  ) {
    const own = ['-p', '0', '-w', '0', '--data-dir', folder];
    super([...own, ...args], { starter, nodeOptions, env });
    this.folder = folder;
    nodes.add(this);
  }

  /**
   * Starts a node on free ports, by default in a new folder, and waits until it is ready.
   *
   * @param starter - a program that starts the node in its turn, with its arguments
   * @param nodeOptions - options of Node itself
   */
  static async start(
    args: string[] = [],
    folder?: string,
    starter: string[] = [],
    nodeOptions: string[] = [],
  ): Promise<TestNode> {
    const node = new TestNode(folder ?? (await newFolder()), args, starter, nodeOptions);
    await node.ready();
    return node;
  }

  /** Starts a node that joins others, and waits until it has their genesis block. */
  static async join(...others: TestNode[]): Promise<TestNode> {
    const node = await TestNode.start(others.flatMap(({ ws }) => ['-n', ws]));
    await node.until(({ msg }) => msg.startsWith('Joined the network'));
    return node;
  }

  get httpPort(): string {
    return new URL(this.http).port;
  }

  get wsPort(): string {
    return new URL(this.ws).port;
  }

  /** Waits until the node has written more, or has ended. */
  async nextLine(): Promise<void> {
    if (!this.hasEnded) await once(this, 'change');
  }

  /** Waits until the node's best block was this one. */
  async untilTip(hash: string): Promise<void> {
    await this.until((line) => line.hash === hash);
  }

  async get<T = unknown>(path: string): Promise<T> {
    const { status, body } = await this.request<T>(path);
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`);
    return body;
  }

  async post(data: string): Promise<Block> {
    const { status, body } = await this.request<Block>('/blocks', { data });
    if (status !== 201)
      throw new Error(`POST /blocks: ${status} ${JSON.stringify(body)}`);
    return body;
  }

  /** Asks the API and gives the whole answer; with a body it is a POST. */
  async request<T = unknown>(path: string, body?: unknown): Promise<Answer<T>> {
    const init = { headers: { 'content-type': 'application/json' } };
    const post = { ...init, method: 'POST', body: JSON.stringify(body) };
    const response = await fetch(this.http + path, body === undefined ? init : post);
    const type = response.headers.get('content-type') ?? '';
    return { status: response.status, type, body: (await response.json()) as T };
  }

  async chain(): Promise<Block[]> {
    return this.get('/blocks');
  }

  /** Waits for the end of the process, and gives its exit code. */
  async ended(): Promise<number | null> {
    return (await this.end).code;
  }

  /** Ends the node without giving it a chance to clean up. */
  async kill(): Promise<void> {
    await this.stop('SIGKILL');
  }
}

/** Waits until all nodes have the same best block, and gives their chain. */
export async function agreed(...all: TestNode[]): Promise<Block[]> {
  for (;;) {
    const change = Promise.race(all.map((node) => node.nextLine()));
    const tips = await Promise.all(all.map((node) => node.get<Block>('/blocks/latest')));
    if (new Set(tips.map(({ hash }) => hash)).size === 1) {
      const chains = await Promise.all(all.map((node) => node.chain()));
      // A block may have come between the two questions.
      if (new Set(chains.map((chain) => chain.at(-1)?.hash)).size === 1) {
        return theSame(chains);
      }
    }
    await change;
  }
}

function theSame(chains: readonly Block[][]): Block[] {
  const [chain = []] = chains;
  for (const other of chains) {
    if (JSON.stringify(other) !== JSON.stringify(chain)) {
      throw new Error('The nodes have the same tip and different chains.');
    }
  }
  return chain;
}

/** How much memory the node's process holds, in MB, as it says itself. */
export async function memoryOf(node: TestNode): Promise<number> {
  const read = await metricsOf(node);
  return read('process_resident_memory_bytes') / 1_000_000;
}

/**
 * Asks a node for its metrics once, and gives what reads one of them by its name: the sum over
 * its labels, if it has some; NaN if the node has no such number.
 */
export async function metricsOf(node: TestNode): Promise<(name: string) => number> {
  const text = await (await fetch(`${node.http}/metrics`)).text();
  return (name) => {
    const samples = text.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)`, 'gm'));
    const [first = NaN, ...others] = [...samples].map(([, value]) => Number(value));
    return others.reduce((sum, value) => sum + value, first);
  };
}

/** Two nodes that belong together, with the line between them cut. */
export interface CutPair {
  readonly one: TestNode;
  readonly other: TestNode;
  /** Lets them meet again. */
  readonly heal: () => void;
}

/** Starts two nodes that know nobody else, and cuts the line between them. */
export async function startCutPair(): Promise<CutPair> {
  const one = await TestNode.start([...easy, '--outbound', '0']);
  const link = new Link('other', 'one', () => Number(one.wsPort));
  links.add(link);
  await link.listen();
  const other = await TestNode.start(['-n', link.url, '--outbound', '0']);
  await other.until(({ msg }) => msg.startsWith('Joined'));
  link.cut();
  await other.until(({ msg }) => msg.startsWith('Lost'));
  return { one, other, heal: () => link.heal() };
}
