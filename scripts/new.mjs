// Lays the kit out in a new folder: pychain new FOLDER.
import { join } from 'node:path';
import { checkNode } from './install.mjs';
import { layOut } from './kit.mjs';

checkNode();
const [, , folder = ''] = process.argv;
const onWindows = process.platform === 'win32';
const quoted = /^[\w./\\:-]+$/.test(folder) ? folder : `"${folder}"`;
try {
  await layOut(folder);
  console.log(
    [
      `The kit is in ${join(folder)}. Go there, and begin:`,
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
