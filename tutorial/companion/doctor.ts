/**
 * Looks for what commonly keeps the companion from working.
 *
 * @module
 */
import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { problemOfPath } from '../../scripts/path.mjs';
import { root } from './kit.ts';

/** One thing that was looked at. */
export interface Finding {
  /** What was found, as a sentence. */
  readonly text: string;
  /** What to do about it; undefined if all is well. */
  readonly advice?: string;
}

/** Checks the machine and the clone. The launcher has checked Node and the packages before. */
export function examine(): Finding[] {
  return [
    { text: `Node ${process.versions.node} on ${process.platform}.` },
    { text: 'The packages that package-lock.json asks for are installed.' },
    parentModules(),
    nodeOptions(),
    projectPath(),
    ownFolder(),
  ];
}

/** A node_modules above the project serves packages in versions that nobody has tried. */
function parentModules(): Finding {
  for (let folder = dirname(root); folder !== dirname(folder); folder = dirname(folder)) {
    const stray = join(folder, 'node_modules');
    if (!existsSync(stray)) continue;
    return {
      text: `There is a node_modules above the project: ${stray}.`,
      advice: 'If packages behave oddly, rename it, or move the project elsewhere.',
    };
  }
  return { text: 'No other node_modules is in the way.' };
}

function nodeOptions(): Finding {
  const { NODE_OPTIONS: options = '' } = process.env;
  if (options === '') return { text: 'NODE_OPTIONS is not set.' };
  return {
    text: `NODE_OPTIONS is set to "${options}".`,
    advice: 'If tests behave oddly, unset it.',
  };
}

/** The rest of the kit works in any folder; the tool that makes the site does not. */
function projectPath(): Finding {
  const problem = problemOfPath('dev');
  return problem === undefined
    ? { text: `The project is in ${root}.` }
    : { text: problem, advice: 'Rename that folder, to read the site on this machine.' };
}

function ownFolder(): Finding {
  const folder = join(root, 'my');
  if (isLinkToNothing(folder)) {
    return {
      text: `${folder} is a link to ${readlinkSync(folder)}, which is not there.`,
      advice: 'Make that folder, or remove the link.',
    };
  }
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return { text: `Your code goes to ${folder}, which updates leave alone.` };
  } catch {
    return {
      text: `${folder} cannot be written.`,
      advice: 'Give yourself the right to write there, or clone the project elsewhere.',
    };
  }
}

function isLinkToNothing(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.isSymbolicLink() === true && !existsSync(path);
}
