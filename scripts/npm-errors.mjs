// Why npm could not install the packages, in sentences that say what to do.

const network =
  'npm cannot reach the registry, where the packages are. Is the network up? If it has a ' +
  'proxy, name it: npm config set https-proxy http://host:port';
const certificate =
  'npm does not trust the certificate of the registry: a proxy on the way may show its own. ' +
  'Name the authority behind it: npm config set cafile FILE';
const refused =
  'The registry refuses to give a package. Which one npm asks, "npm config get registry" ' +
  'says: log in there, or take another one';
const lacking =
  'The registry lacks a package that package-lock.json names. Which one npm asks, "npm ' +
  'config get registry" says: a mirror may lag behind, so take another one';

/** What to do, by the codes of npm's errors. */
const remedies = [
  [network, 'ENOTFOUND EAI_AGAIN ECONNREFUSED ECONNRESET ETIMEDOUT ERR_SOCKET_TIMEOUT'],
  [network, 'EIDLETIMEOUT ENETUNREACH EHOSTUNREACH EPIPE'],
  [certificate, 'SELF_SIGNED_CERT_IN_CHAIN DEPTH_ZERO_SELF_SIGNED_CERT CERT_HAS_EXPIRED'],
  [certificate, 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY UNABLE_TO_GET_ISSUER_CERT'],
  [certificate, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  [refused, 'E401 E403 E407 ENEEDAUTH'],
  [lacking, 'E404 ETARGET'],
  [
    'npm may not write there. Give yourself the right to, or clone the project elsewhere',
    'EACCES EPERM EROFS',
  ],
  ['The disk is full. Make room', 'ENOSPC'],
  ['npm is told to work offline: npm config delete offline', 'ENOTCACHED'],
  [
    'A package is not what package-lock.json says it is. Empty what npm keeps: npm cache ' +
      'clean --force',
    'EINTEGRITY',
  ],
  [
    'package.json and package-lock.json do not fit together. Take them as they were: git ' +
      'checkout package.json package-lock.json',
    'EUSAGE',
  ],
];

const again = 'Then start this again.';

/** How many lines of npm's own are shown of an error that has no sentence here. */
const SHOWN = 8;

/**
 * Says why npm could not install the packages.
 *
 * @param {{ error?: { code?: string }, stderr?: string }} result - how npm ended
 */
export function explainNpm({ error, stderr = '' }) {
  if (error?.code === 'ENOENT') {
    return (
      'There is no npm, which installs the packages. It comes with Node from ' +
      `https://nodejs.org; some systems have it in a package of its own, "npm". ${again}`
    );
  }
  const lines = stderr
    .split(/\r?\n/)
    .map((line) => line.replace(/^npm (ERR!|error) ?/, '').trimEnd())
    .filter((line) => line !== '' && !/^\s+at |^npm warn|complete log/.test(line));
  const word = (name) =>
    lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1);
  const [remedy] =
    remedies.find(([, codes]) => codes.split(' ').includes(word('code'))) ?? [];
  if (remedy === undefined) {
    const words = lines.slice(0, SHOWN).map((line) => `  ${line}\n`);
    return `npm could not install the packages:\n${words.join('')}Mend that. ${again}`;
  }
  const path = word('path');
  return `${path === undefined ? '' : `${path}: `}${remedy}. ${again}`;
}
