// npm run site          the tutorial as a site that follows every change, to read and to write it
// npm run site:build    writes the site into the folder site/, for any file server
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkNode, install, root } from './install.mjs';
import { checkPath } from './path.mjs';
import { bin, node } from './run.mjs';

checkNode();
checkPath(process.argv[2]);
install({ withTools: true });
const [command, ...args] = process.argv.slice(2);
rmSync(join(root, 'tutorial', 'api'), { recursive: true, force: true });
const documented = await node([
  bin('typedoc'),
  '--options',
  'tutorial/.vitepress/typedoc.json',
]);
process.exitCode =
  documented || (await node([bin('vitepress'), command, 'tutorial', ...args]));
