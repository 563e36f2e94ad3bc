import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { accessSync, constants, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { Program } from '../../final/lab/program.ts';
import { sameOutput } from './masks.ts';
import type { Fence } from './markdown.ts';

/** A command of a session, and what the terminal shows then. */
export interface Command {
  readonly command: string;
  readonly output: string;
}

const TIME_LIMIT = 180_000;
const QUIET = 300;

/** Whether a block is a session that a script runs. */
export function isSession(fence: Fence): boolean {
  return fence.lang === 'console' && fence.words.includes('run');
}

/** Reads a session: lines after `$ ` are commands, the others what they print. */
export function parseSession(text: string): Command[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [command = ''] = /^(.*\\\n)*.*\n?/.exec(part) ?? [];
      return { command: command.trimEnd(), output: part.slice(command.length) };
    });
}

/** Returns the programs that the commands of a session need and that are not installed. */
export function missingPrograms(text: string): string[] {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const isMissing = (name: string) =>
    !folders.some((folder) => {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
  const needed = ['sh', 'curl', 'sha256sum', 'printf'];
  const commands = parseSession(text).map(({ command }) => command);
  return needed
    .filter((name) => name === 'sh' || commands.some((line) => line.includes(`${name} `)))
    .filter(isMissing);
}

/**
 * Runs a session in the project's folder. The nodes that it starts get free ports and lose
 * their data at the end; what is printed speaks of the ports that the text names.
 *
 * @param programs - what readers were told to save: `my/race.ts` runs the program "race"
 * @returns the session's text with what its commands print now, the shown output wherever
 * only a time, a port or another masked thing is different
 */
export async function runSession(
  text: string,
  root: string,
  programs: ReadonlyMap<string, string> = new Map(),
): Promise<string> {
  const ports = await Ports.choose();
  // Not in my/, which belongs to the reader, but where #names lead to the steps as well.
  const saved = `.pychain/programs-${randomInt(2 ** 47)}`;
  const nodes: Running[] = [];
  let session = '';
  try {
    for (const { command, output } of parseSession(text)) {
      const isNode = command.endsWith(' &');
      const plain = command.replace(/ &$/, '').replaceAll('\\\n', '');
      const line = save(programs, ports.inCommand(plain), root, saved);
      if (nodes.length > 0) await allQuiet(nodes);
      const running = new Running(line, root, isNode);
      if (isNode) nodes.push(running);
      await (isNode ? running.ready() : running.ended());
      const printed = tidy(ports.inOutput(running.output), root);
      const blank = /(^|\n)\n$/.test(output) ? '\n' : ''; // between two commands
      const now = printed === '' ? '' : `${printed}\n`;
      session += `$ ${command}\n`;
      session += sameOutput(output, printed) ? output : now + blank;
    }
  } finally {
    await Promise.all(nodes.map((node) => node.stop()));
    const folders = ports.chosen.map((port) => `.pychain/${port}`);
    for (const folder of [saved, ...folders]) {
      rmSync(join(root, folder), { recursive: true, force: true });
    }
  }
  return session;
}

/** Writes the programs that a command names as `my/NAME.ts`; returns where it finds them. */
function save(
  programs: ReadonlyMap<string, string>,
  command: string,
  root: string,
  folder: string,
): string {
  return command.replace(/\bmy\/([\w-]+)\.ts\b/g, (path, name: string) => {
    const program = programs.get(name);
    if (program === undefined) return path;
    mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, folder, `${name}.ts`), program);
    return `${folder}/${name}.ts`;
  });
}

function tidy(output: string, root: string): string {
  return stripVTControlCharacters(output)
    .replace(/^.*\r(?!\n)/gm, '')
    .replaceAll(root, '/home/you/pychain')
    .replace(/[ \t]+$/gm, '')
    .replace(/^\n+|\s+$/g, '');
}

async function allQuiet(nodes: readonly Running[]): Promise<void> {
  let before = '';
  for (;;) {
    await sleep(QUIET);
    const now = nodes.map(({ output }) => output).join('\0');
    if (now === before) return;
    before = now;
  }
}

/** A command that runs. */
class Running {
  readonly #program: Program;
  readonly #line: string;

  constructor(line: string, root: string, asTerminal: boolean) {
    this.#line = line;
    // A node prints for people only on a terminal, so it is told that it has one.
    const terminal = { NODE_OPTIONS: `--import ${asUrl(pretendTerminal)}` };
    this.#program = new Program('sh', ['-c', `{ ${line}\n} 2>&1`], {
      cwd: root,
      asGroup: true,
      env: {
        ...process.env,
        ...(asTerminal ? terminal : {}),
        NO_COLOR: '1',
        FORCE_COLOR: undefined,
        npm_config_loglevel: 'silent',
        npm_config_update_notifier: 'false',
      },
    });
  }

  get output(): string {
    return this.#program.output;
  }

  async ended(): Promise<void> {
    await this.#within(this.#program.end);
  }

  /** Waits until a node says that it is ready and, if it joins others, has joined them. */
  async ready(): Promise<void> {
    const joins = / (-n|--node)[ =]/.test(this.#line);
    const words = joins ? /End with[^]*Joined/ : /End with/;
    await this.#within(this.#program.untilOutput(words).catch(() => undefined));
    await allQuiet([this]);
  }

  async stop(): Promise<void> {
    this.#program.signal('SIGTERM');
    await this.#program.end;
  }

  async #within(work: Promise<unknown>): Promise<void> {
    const limit = new AbortController();
    const late = sleep(TIME_LIMIT, 'late', { signal: limit.signal });
    try {
      if ((await Promise.race([work, late])) !== 'late') return;
    } finally {
      limit.abort();
      late.catch(() => undefined);
    }
    await this.stop();
    throw new Error(`"${this.#line}" still ran after ${TIME_LIMIT / 1000} seconds.`);
  }
}

const pretendTerminal = `
  Object.assign(process.stdout, { isTTY: true, columns: 100 });
  for (const name of ['clearLine', 'cursorTo', 'moveCursor']) process.stdout[name] = () => true;
`;

const asUrl = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;

/** The ports that the chapters name, and the free ones that are used instead of them. */
class Ports {
  static readonly #named = [6001, 6002, 6003, 6004, 8000, 8001, 8002, 8003];
  readonly #free = new Map<number, number>();

  static async choose(): Promise<Ports> {
    const ports = new Ports();
    for (const named of Ports.#named) {
      // Four digits, as the named ones have, so that columns keep their widths.
      let port = randomInt(2_000, 10_000);
      while (ports.#has(port) || !(await isFree(port))) port = randomInt(2_000, 10_000);
      ports.#free.set(named, port);
    }
    return ports;
  }

  #has(port: number): boolean {
    return Ports.#named.includes(port) || this.chosen.includes(port);
  }

  get chosen(): number[] {
    return [...this.#free.values()];
  }

  inCommand(command: string): string {
    let line = command;
    for (const [program, ...defaults] of [
      [/\.\/pychain(?= (mine|blocks|block|peers|status)\b)/, ['-p', 6001]],
      [/\.\/pychain(?= (pay|payment|account|accounts|mempool)\b)/, ['-p', 6001]],
      [/\.\/pychain(?= verify\b)/, ['-w', 8000]],
      [/\.\/pychain(?! \w)/, ['-p', 6001], ['-w', 8000]],
    ] as const) {
      if (!program.test(line)) continue;
      for (const [option, port] of defaults) {
        if (!line.includes(` ${option} `)) line += ` ${option} ${port}`;
      }
    }
    for (const [named, free] of this.#free)
      line = line.replaceAll(String(named), String(free));
    return line;
  }

  inOutput(output: string): string {
    let text = output;
    for (const [named, free] of this.#free) {
      text = text.replace(new RegExp(`\\b${free}\\b`, 'g'), String(named));
    }
    return text.replaceAll(' -p 6001', ''); // said only where it is not the default
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
