/**
 * Carries out deploy/Dockerfile in a clean Debian, without Docker: what its steps need, and what
 * becomes of them, is then what it is on a machine that has nothing else on it.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, matchesGlob, posix, relative } from 'node:path';
import { read, root as project } from './debian.ts';

/** What the Dockerfile makes. */
export interface Image {
  /** The folder that is its root. */
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  readonly workdir: string;
  readonly user: string;
  readonly volumes: readonly string[];
  readonly ports: readonly string[];
  readonly entrypoint: readonly string[];
  /** What asks whether all is well, and for how many milliseconds it may. */
  readonly healthcheck: { readonly command: readonly string[]; readonly timeout: number };
}

/** A line of a Dockerfile: what is to be done, and with what. */
type Instruction = readonly [name: string, rest: string];

/** Reads a Dockerfile: one instruction a line, without comments. */
function instructionsOf(text: string): Instruction[] {
  const lines = text
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n');
  return lines
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [name = '', ...rest] = line.split(' ');
      return [name, rest.join(' ')];
    });
}

const listOf = (json: string) => JSON.parse(json) as string[];

/**
 * Makes what the Dockerfile begins with: Debian, a user `node`, and Node with npm, which are those
 * of this machine.
 */
function makeBase(root: string): void {
  execFileSync('debootstrap', ['--variant=minbase', 'bookworm', root], { stdio: 'pipe' });
  chmodSync(root, 0o755);
  const inside = (...command: string[]) => execFileSync('chroot', [root, ...command]);
  inside('groupadd', '--gid', '1000', 'node');
  inside('useradd', '--uid', '1000', '--gid', 'node', '--create-home', 'node');
  const npm = npmFolder();
  cpSync(process.execPath, join(root, 'usr/local/bin/node'));
  cpSync(npm, join(root, 'usr/local/lib/node_modules/npm'), { recursive: true });
  inside('ln', '-s', '../lib/node_modules/npm/bin/npm-cli.js', '/usr/local/bin/npm');
}

function npmFolder(): string {
  const program = execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' });
  return dirname(dirname(realpathSync(program.trim())));
}

/** What is sent to who builds the image, as deploy/Dockerfile.dockerignore has it. */
function isSent(path: string): boolean {
  const lines = read('deploy/Dockerfile.dockerignore').split('\n');
  let sent = true;
  for (const line of lines.filter((line) => line !== '' && !line.startsWith('#'))) {
    const pattern = line.replace(/^!/, '');
    // A pattern is of a path or of a folder that it is in.
    const parts = path.split('/').map((_part, i, all) => all.slice(0, i + 1).join('/'));
    if (parts.some((part) => matchesGlob(part, pattern))) sent = line.startsWith('!');
  }
  return sent;
}

/** Copies into an image what COPY names. */
function copy(root: string, workdir: string, rest: string): void {
  const words = rest.split(' ');
  const target = words.pop() ?? '';
  const place = join(root, posix.resolve(workdir, target));
  for (const name of words) {
    const source = join(project, name);
    const isFolder = statSync(source).isDirectory();
    const to = isFolder || !target.endsWith('/') ? place : join(place, basename(name));
    const filter = (path: string) => isSent(relative(project, path));
    cpSync(source, to, { recursive: true, filter });
  }
}

/** What a command needs to reach the registry of packages as this machine does. */
function withNetwork(root: string, run: (env: Record<string, string>) => void): void {
  const lent = ['/etc/resolv.conf', '/etc/hosts'].filter((path) => existsSync(path));
  for (const path of lent) cpSync(realpathSync(path), join(root, path));
  const env: Record<string, string> = {};
  const registry = execFileSync('npm', ['config', 'get', 'registry'], {
    encoding: 'utf8',
  });
  env.npm_config_registry = registry.trim();
  const authorities = '/etc/ssl/certs/ca-certificates.crt';
  if (existsSync(authorities)) {
    env.NODE_EXTRA_CA_CERTS = '/authorities.crt';
    cpSync(authorities, join(root, env.NODE_EXTRA_CA_CERTS));
    lent.push(env.NODE_EXTRA_CA_CERTS);
  }
  try {
    run(env);
  } finally {
    for (const path of lent) rmSync(join(root, path));
  }
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The variables of an image, as env(1) takes them, with nothing of this machine. */
export const variables = (env: Readonly<Record<string, string>>): string[] => [
  '-i',
  ...Object.entries({ PATH, ...env }).map(([name, value]) => `${name}=${value}`),
];

/**
 * Makes the image of deploy/Dockerfile in an empty folder.
 *
 * @throws Error if one of its steps fails, or is one that nothing here knows
 */
export function buildImage(root: string): Image {
  const env: Record<string, string> = {};
  const volumes: string[] = [];
  const ports: string[] = [];
  let [workdir, user] = ['/', 'root'];
  let entrypoint: string[] = [];
  let healthcheck: Image['healthcheck'] = { command: [], timeout: 0 };
  const steps: Record<string, (rest: string) => void> = {
    FROM: () => makeBase(root),
    ENV: (rest) => {
      const [name = '', value = ''] = rest.split('=');
      env[name] = value;
    },
    WORKDIR: (rest) => {
      workdir = posix.resolve(workdir, rest);
      mkdirSync(join(root, workdir), { recursive: true });
    },
    COPY: (rest) => copy(root, workdir, rest),
    RUN: (rest) =>
      withNetwork(root, (more) => {
        const command = ['sh', '-c', `cd ${workdir} && ${rest}`];
        const own = variables({ HOME: '/root', ...env, ...more });
        execFileSync('chroot', [root, 'env', ...own, ...command], { stdio: 'pipe' });
      }),
    VOLUME: (rest) => volumes.push(rest),
    USER: (rest) => (user = rest),
    EXPOSE: (rest) => ports.push(...rest.split(' ')),
    HEALTHCHECK: (rest) => {
      const timeout = 1_000 * Number(/--timeout=(\d+)s/.exec(rest)?.[1]);
      healthcheck = { command: listOf(rest.slice(rest.indexOf('['))), timeout };
    },
    ENTRYPOINT: (rest) => (entrypoint = listOf(rest)),
  };
  for (const [name, rest] of instructionsOf(read('deploy/Dockerfile'))) {
    const step = steps[name];
    if (step === undefined) throw new Error(`Nothing here knows what ${name} does.`);
    step(rest);
  }
  writeFileSync(join(root, 'etc', 'hosts'), '127.0.0.1 localhost\n');
  return { root, env, workdir, user, volumes, ports, entrypoint, healthcheck };
}

/** Makes a new volume, which takes over what the image has in that place, and whose it is. */
export function newVolume(image: Image, path: string, folder: string): void {
  const source = join(image.root, path);
  cpSync(source, folder, { recursive: true });
  const { uid, gid } = statSync(source);
  chownSync(folder, uid, gid);
}
