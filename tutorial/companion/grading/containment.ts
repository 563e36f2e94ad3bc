/**
 * What keeps a submission from the rest of the machine, as far as Node and the system offer it.
 *
 * @module
 */
import { spawnSync } from 'node:child_process';

/** How a process of a submission is started. */
export interface Containment {
  /** The program to start, and what it is given before Node's own path. */
  readonly before: readonly string[];
  /** What Node is given. */
  readonly flags: readonly string[];
  /** What is not contained, as sentences. */
  readonly gaps: readonly string[];
}

/** Gives a process networks and processes of its own, of which it is the first; only itself it can reach. */
const ALONE = [
  'unshare',
  '--map-root-user',
  '--net',
  '--pid',
  '--fork',
  '--kill-child',
  'sh',
  '-c',
  'ip link set lo up && exec "$0" "$@"',
];

/** Finds what this machine offers. */
export function findContainment(): Containment {
  const known = process.allowedNodeEnvironmentFlags;
  const permission = known.has('--permission')
    ? '--permission'
    : '--experimental-permission';
  const gaps: string[] = [];
  const isAlone =
    process.platform === 'linux' && works([...ALONE, process.execPath, '-v']);
  if (!isAlone) {
    gaps.push(
      'Network: the system offers no network of its own for each submission (on Linux, `unshare` does). ' +
        'Only a guard in the process keeps submissions from other machines, and they reach the servers of this one.',
    );
  }
  if (process.platform !== 'linux') {
    gaps.push(
      'Memory: only what JavaScript itself holds is limited, and no buffers beside it.',
    );
  }
  gaps.push(
    'Processors: a submission may use one of them until its time is up.',
    'Node itself: whoever knows a hole in Node or in the system can use it. Grade whom you do not trust at all in a virtual machine.',
  );
  return {
    before: isAlone ? ALONE : [],
    flags: [
      permission,
      ...(known.has('--allow-net') ? ['--allow-net'] : []),
      '--disallow-code-generation-from-strings',
      '--experimental-vm-modules',
      '--no-warnings',
    ],
    gaps,
  };
}

function works([program = '', ...args]: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore', timeout: 10_000 }).status === 0;
}
