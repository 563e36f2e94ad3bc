// An odd place for a copy of the project: its path holds what tools take for signs of their own,
// around it lie settings of others, which are none of its business, and beside each file lies
// one that is none, as macOS puts them on disks of others.
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const original = join(import.meta.dirname, '..');
const mine =
  /^(\.git|\.pychain|coverage|docs|my|node_modules|site|tutorial.\.vitepress.cache|.*planted-\w+)$/;

/** A name of a folder in which all works. The digits after % would be a code for "%". */
export const ODD = "[x] 100%25 a'b & c! (1)";

/** One in which Vite does not work. */
export const WITH_HASH = `C# ${ODD}`;

const shout = 'throw new Error("This file is none of the project\'s.");\n';
const surroundings = {
  'babel.config.js': shout,
  'eslint.config.js': shout,
  'jest.config.js': shout,
  'postcss.config.js': shout,
  'prettier.config.js': shout,
  'vite.config.js': shout,
  '.browserslistrc': 'none of the browsers\n',
  '.editorconfig': '[*]\nindent_style = tab\nend_of_line = crlf\n',
  '.gitignore': '*\n',
  'knip.json': '{ "entry": "none.js" }\n',
  'typedoc.json': '{ "entryPoints": ["none.js"] }\n',
  'tsconfig.json': JSON.stringify({
    compilerOptions: { target: 'es3', paths: { '*': ['./none/*'] }, types: ['none'] },
    include: ['none'],
  }),
  'package.json': JSON.stringify({
    private: true,
    type: 'commonjs',
    workspaces: ['*'],
    imports: { '#hashing': './none.js' },
    browserslist: ['none of them'],
  }),
};

/**
 * Copies the project, without what is installed or made, to an odd place; returns the path.
 *
 * @param {string} name - what the folder is to be called
 * @param {readonly string[] | undefined} parts - files and folders of it; unless given, all
 */
export function copyProject(name, parts) {
  const parent = realpathSync(mkdtempSync(join(tmpdir(), 'odd-')));
  for (const [file, text] of Object.entries(surroundings)) {
    writeFileSync(join(parent, file), text);
  }
  const root = join(parent, name);
  mkdirSync(root);
  const isPart = (path) => !mine.test(path.slice(original.length + 1));
  for (const part of parts ?? ['.'])
    cpSync(join(original, part), join(root, part), { recursive: true, filter: isPart });
  addResourceForks(root);
  symlinkSync(join(original, 'node_modules'), join(root, 'node_modules'), 'junction');
  return root;
}

/** Puts a file such as ._block.ts beside each file and folder: it is no text at all. */
function addResourceForks(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    writeFileSync(
      join(folder, `._${entry.name}`),
      '\0\x05\x16\x07\0\x02\0\0Mac OS X        ',
    );
    if (entry.isDirectory()) addResourceForks(join(folder, entry.name));
  }
}
