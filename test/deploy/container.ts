/**
 * Runs an image as a container is run, without Docker: in namespaces of its own, so that it sees no
 * network, no process and no file of this machine.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Program } from '../../final/lab/program.ts';
import { eventually } from './debian.ts';
import { variables, type Image } from './image.ts';

/** How to run a container. */
export interface ContainerOptions {
  /** What stands behind the name of the image. */
  readonly args?: readonly string[];
  /** Takes the place of the entrypoint, as `command` does in Kubernetes. */
  readonly command?: readonly string[];
  readonly hostname?: string;
  /** The folder that is at /data. */
  readonly volume: string;
  /** Whether it can write nowhere but there and in /tmp. */
  readonly isReadOnly?: boolean;
}

/** What is done as root before the program starts: $1 is the root, $2 the volume. */
const setUp = (isReadOnly: boolean) => `set -e
ip link set lo up
mount --bind "$1" "$1"
mount --bind "$2" "$1/data"
mount --rbind /dev "$1/dev"
mount -t proc proc "$1/proc"
mount -t tmpfs -o mode=1777 tmpfs "$1/tmp"
${isReadOnly ? 'mount -o remount,bind,ro "$1" "$1"' : ''}
hostname "$3"
root=$1
shift 3
exec chroot --userspec=1000:1000 "$root" "$@"`;

/** A container that runs, or has run. */
export class Container extends Program {
  readonly #image: Image;

  private constructor(image: Image, options: ContainerOptions) {
    const { volume, args = [], hostname = 'node', isReadOnly = false } = options;
    const { entrypoint } = image;
    const namespaces = ['--mount', '--net', '--pid', '--uts', '--fork', '--kill-child'];
    super('unshare', [
      ...namespaces,
      ...['sh', '-c', setUp(isReadOnly), 'sh', image.root, volume, hostname],
      ...inImage(image, options.command ?? [...entrypoint, ...args], {
        HOSTNAME: hostname,
      }),
    ]);
    this.#image = image;
  }

  /** Starts a container, and waits until its health check says that all is well. */
  static async start(image: Image, options: ContainerOptions): Promise<Container> {
    const container = Container.launch(image, options);
    await eventually(async () => {
      if (container.hasEnded) throw new Error(container.output);
      return container.isHealthy() ? true : undefined;
    });
    return container;
  }

  /** Starts a container. */
  static launch(image: Image, options: ContainerOptions): Container {
    return new Container(image, options);
  }

  /** The process that is the first in the container, by its number out here. */
  get first(): number {
    const path = `/proc/${this.pid}/task/${this.pid}/children`;
    return Number(readFileSync(path, 'utf8').trim());
  }

  /** A line of what Linux says of that process. */
  status(name: string): string {
    const text = readFileSync(`/proc/${this.first}/status`, 'utf8');
    return new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(text)?.[1] ?? '';
  }

  /** Runs the command of HEALTHCHECK in the container, for as long as it may take. */
  isHealthy(): boolean {
    const { command, timeout } = this.#image.healthcheck;
    return this.run(command, timeout).code === 0;
  }

  /**
   * Runs a command in the container, as its user; gives its exit code and what it writes.
   *
   * @param timeout - after how many milliseconds it is ended
   */
  run(
    command: readonly string[],
    timeout = 60_000,
  ): { code: number | null; output: string } {
    const namespaces = ['--target', String(this.pid), '--mount', '--net', '--uts'];
    const chroot = ['chroot', '--userspec=1000:1000', this.#image.root];
    const args = [...namespaces, ...chroot, ...inImage(this.#image, command)];
    const options = { encoding: 'utf8', timeout } as const;
    const { status, stdout, stderr } = spawnSync('nsenter', args, options);
    return { code: status, output: stdout + stderr };
  }

  /** Asks the API from within, by a name that it has; with data it posts a block. */
  ask(
    path: string,
    data?: string,
    host = '127.0.0.1',
  ): { status: number; body: unknown } {
    const program = `
      const [path, data, host] = process.argv.slice(1);
      const headers = { host, 'content-type': 'application/json' };
      const method = data === '' ? 'GET' : 'POST';
      const options = { hostname: '127.0.0.1', port: 6001, path, method, headers };
      const sent = require('node:http').request(options, async (answer) => {
        let text = '';
        for await (const piece of answer.setEncoding('utf8')) text += piece;
        console.log(JSON.stringify({ status: answer.statusCode, body: JSON.parse(text) }));
      });
      sent.end(data);`;
    const body = data === undefined ? '' : JSON.stringify({ data });
    const { code, output } = this.run(['node', '-e', program, path, body, host]);
    if (code !== 0) throw new Error(output);
    return JSON.parse(output) as { status: number; body: unknown };
  }

  /** Joins it and another one by a cable, each with an address at its end. */
  plug(own: string, other: Container, theirs: string): void {
    const cable = ['link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'eth0'];
    this.#ip(...cable, 'netns', String(other.pid));
    for (const [container, address] of [
      [this, own],
      [other, theirs],
    ] as const) {
      container.#ip('address', 'add', `${address}/24`, 'dev', 'eth0');
      container.#ip('link', 'set', 'eth0', 'up');
    }
  }

  #ip(...args: string[]): void {
    execFileSync('nsenter', ['--target', String(this.pid), '--net', 'ip', ...args]);
  }

  /** Ends it at once, with all that runs in it. */
  async kill(): Promise<void> {
    if (!this.hasEnded) process.kill(this.first, 'SIGKILL');
    await this.end;
  }

  /** Ends it as `docker stop` does; gives its exit code. */
  async stop(): Promise<number | null> {
    process.kill(this.first, 'SIGTERM');
    return (await this.end).code;
  }
}

/** A command with the variables and in the folder that an image names. */
function inImage(
  image: Image,
  command: readonly string[],
  more: Readonly<Record<string, string>> = {},
): string[] {
  const env = variables({ HOME: '/home/node', ...image.env, ...more });
  return [
    'env',
    ...env,
    'sh',
    '-c',
    `cd ${image.workdir} && exec "$@"`,
    'sh',
    ...command,
  ];
}
