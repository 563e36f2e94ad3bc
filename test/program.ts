/** Programs of the project, for tests. */
import { Program, type ProgramOptions } from '../final/lab/program.ts';

/** Programs write without colors. */
export const env = { ...process.env, FORCE_COLOR: undefined, NO_COLOR: '1' };

/** Starts a script of the project with Node. */
export function startProgram(
  path: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Program {
  return new Program(process.execPath, [path, ...args], { env, ...options });
}
