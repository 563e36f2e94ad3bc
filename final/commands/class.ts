import { join } from 'node:path';
import type { Logger } from 'pino';
import { addressesOf } from '../node/addresses.ts';
import { HOST } from '../node/defaults.ts';
import { announce } from '../node/discovery.ts';
import { openMulticast } from '../node/multicast.ts';
import { colors } from '../terminal/colors.ts';
import { counted } from '../terminal/numbers.ts';
import { qrCode } from '../terminal/qr.ts';
import { openPage } from './open-page.ts';
import { run, type RunOptions, type Running } from './run.ts';

/** What the command line says of a class. */
export interface ClassOptions extends RunOptions {
  /** How many nodes are to join. */
  readonly size: number;
  /** Whether to announce the class in the network. */
  readonly announce: boolean;
  /** Whether to open its page. */
  readonly open?: boolean;
}

/** What is said where others cannot reach this machine. */
const ALONE =
  'This machine has no address that others can reach. Connect it to the network of the class: ' +
  'the page shows the line to type as soon as there is one.';

/** What is said where a class was there before. */
const goesOn = (blocks: number): string =>
  `The class goes on with its ${counted(blocks, 'block')}. For a new one, name an empty folder, as ` +
  'in --data-dir another-class';

/** Returns where a class keeps its chain unless told otherwise: it goes on when it is started again. */
const folderOf = (wsPort: number): string => join('.pychain', `class-${wsPort}`);

/**
 * Runs the root of a class: others reach it, its API stays on this machine, it says how to join, and
 * has a page for all to see.
 */
export async function runClass(options: ClassOptions): Promise<void> {
  const { wsPort, dataDir = wsPort === 0 ? undefined : folderOf(wsPort) } = options;
  const own = { ...options, ...(dataDir !== undefined && { dataDir }) };
  await run(own, {
    apiHost: HOST,
    size: options.size,
    ready: (running, log) => begin(running, options, log),
  });
}

function begin(
  { node, server, rollCall }: Running,
  options: ClassOptions,
  log: Logger,
): () => Promise<void> {
  const page = `${server.url}/class`;
  const { lines } = rollCall;
  if (process.stdout.isTTY) console.log(wordsFor(page, lines, options).join('\n'));
  else log.info({ page, lines }, 'The class is open');
  if (lines.length === 0) log.warn(ALONE);
  if (node.chain.length > 1) log.info(goesOn(node.chain.length));
  if (options.open)
    openPage(page, () => log.warn(`No browser was found. Open ${page} yourself.`));
  if (!options.announce) return () => Promise.resolve();
  const { id, name, network } = node.status;
  const about = { id: id.slice(0, 12), name, network: network ?? '' };
  const place = { open: openMulticast, addresses: () => addressesOf(options.host) };
  return announce({ ...about, port: node.network.port ?? 0 }, place, (reason) =>
    log.warn(
      `The class cannot be found by itself here (${reason}): others join by its address`,
    ),
  );
}

/** What a terminal shows of a class. */
export function wordsFor(
  page: string,
  lines: readonly string[],
  { announce, open }: Pick<ClassOptions, 'announce' | 'open'>,
): string[] {
  const [line, ...others] = lines;
  const names = announce ? ['  or without an address  ./pychain join --name Ada'] : [];
  const more = others.map((other) => `  or, by another network  ${other} --name Ada`);
  const join =
    line === undefined
      ? []
      : [
          `  ${colors.bold('To join, others type')}  ${colors.bold(`${line} --name Ada`)}`,
          ...names,
          ...more,
          '',
          ...qrCode(line, '  '),
        ];
  return [
    ...join,
    '',
    `  ${colors.bold('The page of the class')}  ${page}${open ? '' : colors.dim('  (--open opens it)')}`,
    '',
  ];
}
