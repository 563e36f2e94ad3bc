/** Shows the tests of steps programs that are wrong in typical ways: each is to be refused in good words. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadSteps, pathOf, type Step } from '../../tutorial/companion/kit.ts';
import { Runner } from '../../tutorial/companion/runner.ts';
import { failureScreen } from '../../tutorial/companion/screen.ts';
import { judge } from '../../tutorial/companion/verdict.ts';
import { sample } from '../sample.ts';
import type { WrongProgram } from './wrong/program.ts';

const steps = loadSteps();

/** How many programs with sockets are tried at once: most wait for what does not come. */
const LANES = 3;

/** How long a single test may take, in milliseconds: long, for busy machines, and as for readers. */
const [LONG, SHORT] = [60_000, 20_000];

process.stdout.columns = 90;

/** Takes out of a screen what differs from run to run and from machine to machine. */
function masked(screen: string): string {
  return (
    stripVTControlCharacters(screen)
      .replaceAll(/\S*wrong-\w+/g, 'my')
      .replaceAll(/(localhost|127\.0\.0\.1|\[::1\]):\d{4,5}/g, '$1:PORT')
      .replaceAll(/\b[0-9a-f]{32}\b/g, 'ID')
      .replaceAll(/("ID"\n) +\^ they differ from here on\n/g, '$1') // ids may begin alike
      .replaceAll(/: \d+ ms/g, ': some ms')
      // What other programs have left behind in the process counts as well.
      .replace(/(waitingCallbacks[^]*?<= )\d+(\s+Found: +)\d+/, '$1SOME$2MORE')
      .replaceAll(/\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT/g, 'DATE')
      .replaceAll(/\.(ts|md):\d+/g, '.$1') // lines move with what stands above them
      .replaceAll(/ +$/gm, '')
  );
}

/** The tests of the changed file come first, as those of the task in work do for readers. */
function inOrder(step: Step, { file }: WrongProgram): string[] {
  const rank = (test: string) =>
    basename(test).split('.')[0] === basename(file, '.ts') ? 0 : 1;
  return [...step.tests].sort((a, b) => rank(a) - rank(b));
}

/** A folder and a runner, by which programs are tried one after the other. */
class Lane {
  readonly #step: Step;
  readonly #isSeries: boolean;
  readonly #folder = mkdtempSync(join(tmpdir(), 'wrong-'));
  readonly #runner = new Runner();
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false; // where only some tests run, programs are left over

  /** @param isSeries - whether one process tries all programs of the lane */
  constructor(step: Step, isSeries: boolean) {
    this.#step = step;
    this.#isSeries = isSeries;
    writeFileSync(join(this.#folder, 'package.json'), '{"type":"module"}');
    mkdirSync(this.#own);
  }

  get #own(): string {
    return join(this.#folder, this.#step.folder);
  }

  /** Tries a program when those before it are done; gives the screen of its failure. */
  async screenOf(program: WrongProgram): Promise<string> {
    const screen = this.#last.then(() => (this.#isClosed ? '' : this.#try(program)));
    this.#last = screen.catch(() => undefined);
    return screen;
  }

  async #try(program: WrongProgram): Promise<string> {
    this.#write(program);
    const step = { ...this.#step, tests: inOrder(this.#step, program) };
    const outcome = await this.#runner.run(step, steps, {
      folders: new Map([[step.name, this.#own]]),
      bail: true,
      timeout: program.isEndless === true ? SHORT : LONG,
      seed: 1,
      isSeries: this.#isSeries,
    });
    const verdict = judge(step, outcome, this.#own);
    if (verdict.kind !== 'wrong' && verdict.kind !== 'ended')
      throw new Error(`The verdict is: ${verdict.kind}.`);
    return masked(failureScreen(step, verdict));
  }

  /** Writes the step with the change. */
  #write({ file, replace: [from, to] }: WrongProgram): void {
    for (const name of this.#step.sources) {
      const text = readFileSync(join(pathOf.reference(this.#step), name), 'utf8');
      if (name === file && !text.includes(from)) {
        throw new Error(`There is no such text in ${file}:\n${from}`);
      }
      const changed = name === file ? text.replace(from, () => to) : text;
      writeFileSync(join(this.#own, name), changed);
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#runner.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** How many programs of each step are tried. `npm run check:kit` tries all. */
const COUNT = Number(process.env.PROGRAMS ?? 8);

/** Reads the wrong programs of a step. */
async function programsFor({ folder }: Step): Promise<readonly WrongProgram[]> {
  const file = `wrong/${folder}.ts`;
  if (!existsSync(join(import.meta.dirname, file))) {
    throw new Error(
      `Write typical wrong programs for step ${folder} in test/kit/${file}.`,
    );
  }
  const { programs } = (await import(`./${file}`)) as {
    programs: readonly WrongProgram[];
  };
  return programs;
}

/** Keeps a record, as jest keeps those of skipped tests: it is not obsolete, and no failure of a run. */
function keepRecord(testName: string): void {
  const { snapshotState } = expect.getState() as unknown as {
    snapshotState: { markSnapshotsAsCheckedForTest(testName: string): void };
  };
  snapshotState.markSnapshotsAsCheckedForTest(testName);
}

/** Tests that the tests of a step refuse its wrong programs, with the screens on record. */
export async function testWrongPrograms(step: Step): Promise<void> {
  const all = await programsFor(step);
  const programs = sample(all, COUNT);
  // What is wrong may leave sockets open, which the next program would be blamed for.
  const isSeries = !step.opensSockets;

  const title = `The tests of ${step.folder} refuse a program that`;

  describe(title, () => {
    const lanes: Lane[] = [];
    const screens = new Map<WrongProgram, Promise<string>>();
    beforeAll(() => {
      const count = isSeries ? 1 : LANES;
      for (let n = 0; n < count; n += 1) {
        const lane = new Lane(step, isSeries);
        lanes.push(lane);
        for (const program of programs.filter((_, i) => i % count === n)) {
          screens.set(program, lane.screenOf(program));
        }
      }
    });
    afterAll(() => {
      for (const lane of lanes) lane.close();
      for (const { name } of all) keepRecord(`${title} ${name}`);
    });

    it.each(programs)(
      '$name',
      async (program) => {
        expect(`\n${await screens.get(program)}\n`).toMatchSnapshot();
      },
      120_000,
    );

    it('comes in at least eight kinds', () => {
      expect(all.length).toBeGreaterThanOrEqual(8);
    });
  });
}
