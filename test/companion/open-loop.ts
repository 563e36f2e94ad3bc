/** The loop of the companion on a terminal for tests, in a copy of the project. */
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { Project } from './project.ts';
import { TestTerminal } from './terminal.ts';

const companion = 'tutorial/companion';

/** Makes a copy of the project for the tests of a file; gives what opens the loop in it. */
export function withLoop() {
  const project = new Project();
  let loop: typeof import('../../tutorial/companion/loop.ts');
  let sessions: typeof import('../../tutorial/companion/session.ts');
  let terminal: TestTerminal | undefined;
  let ended: Promise<void> | undefined;

  beforeAll(async () => {
    const load = (name: string): Promise<unknown> =>
      import(pathToFileURL(project.path(`${companion}/${name}`)).href);
    loop = (await load('loop.ts')) as typeof loop;
    sessions = (await load('session.ts')) as typeof sessions;
  });
  afterEach(async () => {
    terminal?.press('\u0003'); // Ctrl-C
    await ended;
    project.clear();
  });
  afterAll(() => project.remove());

  /** Opens the reader's work, as the loop does. */
  const openSession = () => new sessions.Session();

  /** Opens the loop on a step, as `learn` does on a terminal. */
  function open(number: number, on = new TestTerminal()): TestTerminal {
    const session = openSession();
    terminal = on;
    ended = new loop.Loop(session, session.step(number), '  A note.', on).run();
    return on;
  }

  /** Opens the loop on step 1, solved, and waits for its result. */
  async function openSolved(): Promise<TestTerminal> {
    project.solve('01-hashing');
    const terminal = open(1);
    await terminal.until(/✓ Step 1 passes all its tests/);
    return terminal;
  }

  /** Waits for the end of the loop that was opened last. */
  const untilEnded = async (): Promise<void> => ended;

  return { project, open, openSession, openSolved, untilEnded };
}
