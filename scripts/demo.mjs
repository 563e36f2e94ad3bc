// npm run demo 03                    runs the demonstration of one step
// npm run demo mining-faster -- 3    that of a chapter, and there the third stage
import { checkNode, install } from './install.mjs';
import { node } from './run.mjs';
import { demoFile } from './steps.mjs';

checkNode();
install({ withTools: false });
const [wanted, ...args] = process.argv.slice(2);
const demo = demoFile(wanted, 'npm run demo 03');
const loaders = ['--import', './scripts/pipe.mjs', '--import', 'tsx'];
process.exitCode = await node([...process.execArgv, ...loaders, demo, ...args]);
