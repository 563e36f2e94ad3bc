// npm run test:mutation                breaks all steps in small ways (an hour)
// npm run test:mutation 3              breaks one step
// npm run test:mutation 5 -- --file peer.ts    breaks one file of it; --file may be repeated
// npm run test:mutation 3 -- --list    only lists what it would change
// npm run test:mutation 3 -- --screens 12    shows what a reader would see of twelve of them
import { checkNode, install, root } from './install.mjs';
import { node } from './run.mjs';
import { join } from 'node:path';

checkNode();
install({ withTools: true });
const program = join(root, 'test', 'mutation', 'run.ts');
process.exitCode = await node(['--import', 'tsx', program, ...process.argv.slice(2)]);
