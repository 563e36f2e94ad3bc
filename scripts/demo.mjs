// npm run demo 03         runs the demonstration of one step
// npm run demo 09 -- 3    that of chapter 9, and there the third stage
import { checkNode, install } from './install.mjs';
import { node } from './run.mjs';
import { demoFile } from './steps.mjs';

checkNode();
install({ withTools: false });
const [number, ...args] = process.argv.slice(2);
const demo = demoFile(number, 'npm run demo 03');
const loaders = ['--import', './scripts/pipe.mjs', '--import', 'tsx'];
process.exitCode = await node([...process.execArgv, ...loaders, demo, ...args]);
