import { spawnSync } from 'node:child_process';

const works = (program, ...args) =>
  spawnSync(program, args, { stdio: 'ignore' }).status === 0;

/** The ways to make a network namespace: as root, or as root of a user namespace of one's own. */
const ways = [[], ['--user', '--map-root-user']];

const hasTools = process.platform === 'linux' && works('ip', '-V');

/**
 * What `unshare` takes to make a network that nobody else is in; undefined where there are no
 * such networks. It takes Linux, iproute2, and the permission.
 */
export const namespaceOptions = hasTools
  ? ways.find((way) => works('unshare', ...way, '--net', 'true'))
  : undefined;

/** Whether there are such networks. Where NAMESPACES is set, it is taken for granted. */
export const hasNamespaces =
  process.env.NAMESPACES !== undefined || namespaceOptions !== undefined;
