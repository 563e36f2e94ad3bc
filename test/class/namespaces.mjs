import { spawnSync } from 'node:child_process';

const works = (program, ...args) =>
  spawnSync(program, args, { stdio: 'ignore' }).status === 0;

/**
 * Whether networks can be made that nobody else is in: by Linux, for root, with iproute2. Where
 * NAMESPACES is set, nobody is asked.
 */
export const hasNamespaces =
  process.env.NAMESPACES !== undefined ||
  (process.platform === 'linux' &&
    works('ip', '-V') &&
    works('unshare', '--net', 'true'));
