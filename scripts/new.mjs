// Lays the kit out in a new folder: pychain new FOLDER.
import { join } from 'node:path';
import { checkNode } from './install.mjs';
import { layOut } from './kit.mjs';

checkNode();
const [, , folder = ''] = process.argv;
const onWindows = process.platform === 'win32';
/** What a terminal is to show and a shell is to take: a name may hold what either would obey. */
const shown = folder.replace(/\p{C}/gu, '?');
const inQuotes = onWindows
  ? `"${shown}"`
  : `'${shown.replaceAll("'", String.raw`'\''`)}'`;
const quoted = /^[\w./:-]+$/.test(folder) ? folder : inQuotes;
try {
  await layOut(folder);
  console.log(
    [
      `The kit is in ${join(shown)}. Go there, and begin:`,
      `  cd ${quoted}`,
      onWindows
        ? '  node learn      to write the steps yourself'
        : '  ./learn         to write the steps yourself',
      onWindows ? '  node pychain    to run a node' : '  ./pychain       to run a node',
      '  npm test        to run the tests',
      'The first of these installs the packages. README.md says what else there is.',
    ].join('\n'),
  );
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
