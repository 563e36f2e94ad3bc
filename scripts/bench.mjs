// npm run bench            all benchmarks of the node
// npm run bench -- sync    one of them
// npm run bench:mining     the ways to mine, against each other
import { checkNode, install, root } from './install.mjs';
import { node } from './run.mjs';
import { join } from 'node:path';

checkNode();
install({ withTools: true });
let args = process.argv.slice(2);
let folder = join(root, 'bench');
if (args[0] === 'mining') {
  folder = join(folder, 'mining');
  args = args.slice(1);
}
process.exitCode = await node([
  '--expose-gc',
  '--import',
  'tsx',
  join(folder, 'index.ts'),
  ...args,
]);
