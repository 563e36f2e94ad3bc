// npm run demo 03    runs the demonstration of one step
import { checkNode, install, root } from './install.mjs';
import { node } from './run.mjs';
import { stepFolder } from './steps.mjs';
import { join } from 'node:path';

checkNode();
install({ withTools: false });
const [step, ...args] = process.argv.slice(2);
const demo = join(root, 'steps', stepFolder(step, 'npm run demo 03'), 'demo.ts');
process.exitCode = await node([...process.execArgv, '--import', 'tsx', demo, ...args]);
