import { join } from 'node:path';
import { addressesOf, EVERYWHERE } from '../node/addresses.ts';
import { HOST, WS_PORT } from '../node/defaults.ts';
import { find, type Offer, type Place } from '../node/discovery.ts';
import { openMulticast } from '../node/multicast.ts';
import { urlOf } from '../node/ports.ts';
import { quote } from '../terminal/quote.ts';
import { classUrl } from './class-address.ts';
import { networkAt } from './meet.ts';
import { run, type RunOptions } from './run.ts';

/** How long a class is looked for, in milliseconds. */
const PATIENCE = 6_000;

const EXAMPLE = './pychain join 192.168.1.20';

/**
 * Runs a node of a class: one that was named, or the one that is found in the network. Each class
 * has a folder of its own, so that who was in another one before need not clear anything away.
 */
export async function runJoin(
  where: string | undefined,
  options: RunOptions,
): Promise<void> {
  const named = where === undefined ? undefined : classUrl(where);
  try {
    const url = named ?? (await findOne());
    const network = await networkAt(url);
    const { wsPort, dataDir = wsPort === 0 ? undefined : folderOf(network, wsPort) } =
      options;
    const own = { ...options, ...(dataDir !== undefined && { dataDir }) };
    await run({ ...own, node: [url] }, { apiHost: HOST });
  } catch (error) {
    if (!(error instanceof Error) || error.name === 'UsageError') throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

/** Returns where a node keeps its chain of a class unless told otherwise. */
const folderOf = (network: string, wsPort: number): string =>
  join('.pychain', `${network}-${wsPort}`);

async function findOne(): Promise<string> {
  const addresses = () => addressesOf(EVERYWHERE);
  console.error('Looking for a class …');
  return theOnly({ open: openMulticast, addresses }, PATIENCE);
}

/**
 * Looks for the class in the network, and returns its url.
 *
 * @param patience - for how long, in milliseconds
 * @throws Error with a sentence where there is none, or more than one
 */
export async function theOnly(place: Place, patience: number): Promise<string> {
  if (place.addresses().length === 0)
    throw new Error(
      'This machine is in no network. Connect it to the one of the class, then try again; ' +
        'a class on this machine itself is joined by ./pychain join localhost',
    );
  const reasons = new Set<string>();
  const offers = await find(patience, place, (reason) => reasons.add(reason));
  const [first, ...others] = offers;
  if (first === undefined) throw new Error(notFound(patience, [...reasons]));
  if (others.length === 0) return urlOf('ws', first.host, first.port);
  throw new Error(
    ['There are several classes here. Type the line of yours:', ...offers.map(inWords)]
      .join('\n')
      .trimEnd(),
  );
}

function notFound(patience: number, reasons: readonly string[]): string {
  const why = reasons.length === 0 ? '' : ` (${reasons.join('; ')})`;
  return (
    `No class was found in ${patience / 1_000} s${why}. Is ./pychain class running? Some networks ` +
    'do not pass on how it makes itself known (multicast DNS). Then type its address, as ' +
    `./pychain class prints it: ${EXAMPLE}`
  );
}

function inWords({ name, host, port, network }: Offer): string {
  const address = host.includes(':') ? `[${host}]` : host;
  const suffix = port === WS_PORT ? '' : `:${port}`;
  const called = name === null ? '' : `${quote(name)}, `;
  return `  ./pychain join ${address}${suffix}   (${called}network ${network.slice(0, 12)}…)`;
}
