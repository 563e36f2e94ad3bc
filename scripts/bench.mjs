// npm run bench            all benchmarks
// npm run bench -- sync    one of them
import { checkNode, install, root } from './install.mjs';
import { node } from './run.mjs';
import { join } from 'node:path';

checkNode();
install({ withTools: false });
const bench = join(root, 'bench', 'index.ts');
const args = ['--import', 'tsx', bench, ...process.argv.slice(2)];
process.exitCode = await node(args);
