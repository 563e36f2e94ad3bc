/**
 * What makes a command line one for people: help in groups with examples, and a sentence that says
 * what to type where something is wrong.
 *
 * @module
 */
import { Command, type ErrorOptions, type Help, Option } from 'commander';
import { colors } from '../terminal/colors.ts';
import { quote } from '../terminal/quote.ts';
import { columnsOf } from '../terminal/width.ts';
import { nearest } from './nearest.ts';

/** The exit code for a command line that makes no sense. */
export const USAGE_ERROR = 2;

/** What one types for `./pychain` where no such file is; undefined where it is (see `launch.mjs`). */
export const TYPED = process.env.PYCHAIN_TYPED;

/** How much of what was typed is shown again. */
const SHOWN = 40;

/** How wide help is: elsewhere than on a terminal, and at most. */
const HELP_WIDTH = { elsewhere: 80, most: 100 };

/** Where descriptions are to have less room than this, they stand below what they describe. */
const LEAST_ROOM = 40;

/** A command line that makes no sense. Its message says in a sentence what to type. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Whether that is what an error says. Commands that another loader has loaded have a class of
 * their own for it, so the name decides.
 */
export const isUsageError = (error: unknown): error is Error =>
  error instanceof Error && error.name === 'UsageError';

/** What an option or an argument takes. */
export interface Value<T> {
  /** What it is called, as in "port". */
  readonly noun: string;
  /** What may be written, as in "a whole number from 0 to 65,535". */
  readonly form: string;
  /** One that is right. */
  readonly example: string;
  /** Reads what was written; undefined if it is wrong. */
  readonly read: (text: string) => T | undefined;
}

/** What an example of a command line is for, and the command line. */
type Example = readonly [command: string, purpose: string];

/** An option that takes a value. The last one counts, so that an alias may be overruled. */
class ValueOption<T> extends Option {
  readonly takes: Value<T>;

  constructor(flags: string, description: string, takes: Value<T>) {
    super(flags, description);
    this.takes = takes;
    this.argParser((text: string) => readValue(this.shortest, takes, text));
  }

  get shortest(): string {
    return this.short ?? this.long ?? '';
  }
}

/** An option that may be given several times, each with a value. */
class ListOption<T> extends ValueOption<T> {
  constructor(flags: string, description: string, takes: Value<T>) {
    super(flags, description, takes);
    this.argParser((text: string, before: T[] | undefined) => [
      ...(before ?? []),
      readValue(this.shortest, takes, text),
    ]);
  }
}

/** A command with help in groups and with examples, which says in sentences what is wrong. */
export class CommandLine extends Command {
  readonly #examples: Example[] = [];
  readonly #arguments = new Map<string, Value<unknown>>();
  #excess: ((extra: string) => string) | undefined;
  #unknown: ((typed: string) => string) | undefined;

  /** @param name - what is typed to run it */
  constructor(name?: string) {
    super(name);
    this.helpOption('-h, --help', 'show this help');
    const columns = columnsOf(process.stdout);
    const helpWidth =
      columns === Infinity ? HELP_WIDTH.elsewhere : Math.min(columns, HELP_WIDTH.most);
    this.configureHelp({
      helpWidth,
      minWidthToWrap: 20,
      formatItem,
      styleTitle: colors.bold,
    });
    this.addHelpText('after', () => examplesOf(this, this.#examples));
  }

  /** Commands below it are of the same kind. */
  override createCommand(name?: string): CommandLine {
    return new CommandLine(name);
  }

  /** Adds an option that takes a value. */
  value<T>(flags: string, description: string, takes: Value<T>, standard?: T): this {
    const option = new ValueOption(flags, description, takes);
    return this.addOption(
      standard === undefined ? option : option.default(standard, String(standard)),
    );
  }

  /** Adds an option that may take a value; where it stands alone, it is true. */
  perhaps<T>(flags: string, description: string, takes: Value<T>): this {
    return this.addOption(new ValueOption(flags, description, takes));
  }

  /** Adds an option that takes a value and may be given several times. */
  values<T>(flags: string, description: string, takes: Value<T>): this {
    return this.addOption(new ListOption(flags, description, takes));
  }

  /** Takes an argument, which has to be there unless it is `optional`. */
  takes<T>(name: string, description: string, value: Value<T>, optional = false): this {
    this.#arguments.set(name, value);
    return this.argument(
      optional ? `[${name}]` : `<${name}>`,
      description,
      (text: string) => readValue(this.typed, value, text),
    );
  }

  /** Says that an argument is missing. */
  lackOf(name: string): UsageError {
    const value = this.#arguments.get(name);
    return new UsageError(value === undefined ? '' : lackOf(this.typed, value));
  }

  /** Adds examples to the help. */
  examples(...examples: readonly Example[]): this {
    this.#examples.push(...examples);
    return this;
  }

  /** Says what to type instead where there is a word too many. */
  insteadOf(excess: (extra: string) => string): this {
    this.#excess = excess;
    return this;
  }

  /** Says what to type instead of a command that there is not. */
  insteadOfUnknown(unknown: (typed: string) => string): this {
    this.#unknown = unknown;
    return this;
  }

  /** Refuses a command that there is not. */
  refuseUnknown(): void {
    const [typed] = this.args;
    if (this.#unknown === undefined || typed === undefined || typed.startsWith('-'))
      return;
    throw this.unknownCommand(typed);
  }

  /** Returns what says that there is no such command. */
  unknownCommand(typed: string): UsageError {
    const advice = this.#unknown?.(typed) ?? '';
    return new UsageError(`There is no command ${quote(typed, SHOWN)}. ${advice}`);
  }

  /** What is typed to run it. */
  get typed(): string {
    if (!(this.parent instanceof CommandLine)) return './pychain';
    return `${this.parent.typed} ${this.name()}`;
  }

  /** Says in a sentence what commander says in its own words. */
  override error(message: string, { code }: ErrorOptions = {}): never {
    this.refuseUnknown();
    throw new UsageError(this.#inWords(message, code));
  }

  #inWords(message: string, code: string | undefined): string {
    if (code === 'commander.unknownOption') {
      const [, flag = ''] = /'(.*?)'(?=$|\n)/s.exec(message) ?? [];
      return this.#unknownOption(flag);
    }
    if (code === 'commander.optionMissingArgument') {
      const option = this.options.find(({ flags }) => message.includes(`'${flags}'`));
      if (option instanceof ValueOption)
        return lackOf(option.shortest, option.takes as Value<unknown>);
    }
    if (code === 'commander.missingArgument') {
      const [, name = ''] = /'(.*?)'/.exec(message) ?? [];
      if (this.#arguments.has(name)) return this.lackOf(name).message;
    }
    if (code === 'commander.excessArguments') {
      const extra = this.args[this.registeredArguments.length] ?? '';
      const instead = this.#excess?.(extra) ?? `Leave it out: ${this.typed}`;
      return `${this.typed} does not take ${quote(extra, SHOWN)}. ${instead}`;
    }
    return message.replace(/^error: /, '');
  }

  #unknownOption(flag: string): string {
    const known = this.options.flatMap(({ short, long }) => [short ?? '', long ?? '']);
    const [name = flag, value] = flag.split('=');
    const similar = nearest(name, [...known, '--help']);
    if (similar === name && value !== undefined)
      return `${name} takes no value: leave out ${quote(`=${value}`, SHOWN)}.`;
    const advice =
      similar === undefined
        ? `${this.typed} --help lists the options.`
        : `Did you mean ${similar}?`;
    return `There is no option ${quote(flag, SHOWN)}. ${advice}`;
  }
}

/** Refuses options that stand before the command that they are meant for. */
export function refuseMisplaced(program: CommandLine, command: Command): void {
  const misplaced = program.options.find(
    (option) => program.getOptionValueSource(option.attributeName()) === 'cli',
  );
  if (misplaced === undefined) return;
  const flag = misplaced.short ?? misplaced.long ?? '';
  const typed = `./pychain ${command.name()}`;
  const isKnown = command.options.some(({ long }) => long === misplaced.long);
  const value = program.getOptionValue(misplaced.attributeName()) as unknown;
  const example = value === true ? flag : `${flag} ${String(value)}`;
  throw new UsageError(
    isKnown
      ? `${flag} is to stand behind the command: ${typed} ${example}`
      : `${typed} has no option ${flag}, which is for running a node: leave it out.`,
  );
}

function readValue<T>(where: string, takes: Value<T>, text: string): T {
  const value = takes.read(text);
  if (value !== undefined) return value;
  const { noun, form, example } = takes;
  throw new UsageError(
    `${quote(text, SHOWN)} is no ${noun}: ${where} takes ${form}, such as ${where} ${example}`,
  );
}

function lackOf(where: string, { noun, form, example }: Value<unknown>): string {
  const article = /^[aeiou]/.test(noun) ? 'an' : 'a';
  return `${where} needs ${article} ${noun}: ${form}, such as ${where} ${example}`;
}

function examplesOf(command: Command, examples: readonly Example[]): string {
  if (examples.length === 0) return '';
  const helper = command.createHelp();
  const width = Math.max(...examples.map(([text]) => text.length));
  const items = examples.map(([text, purpose]) =>
    helper.formatItem(text, width, purpose, helper),
  );
  return ['', colors.bold('Examples:'), ...items].join('\n');
}

/** Writes a term and its description beside each other, or below where that is too narrow. */
function formatItem(
  term: string,
  termWidth: number,
  description: string,
  helper: Help,
): string {
  const width = helper.helpWidth ?? HELP_WIDTH.elsewhere;
  const left = termWidth + 4;
  const isNarrow = width - left < Math.min(LEAST_ROOM, description.length);
  const room = isNarrow ? width - 6 : width - left;
  const lines = helper.boxWrap(description, room).split('\n');
  if (isNarrow) return [`  ${term}`, ...lines.map((line) => `      ${line}`)].join('\n');
  const [first = '', ...others] = lines;
  const begin = `  ${term.padEnd(termWidth)}  ${first}`;
  return [begin, ...others.map((line) => ' '.repeat(left) + line)].join('\n');
}
