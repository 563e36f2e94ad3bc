// npm test                     all tests
// npm test -- -t "a sentence"  with jest's own options
// npm run test:step 3          the tests of one step
import { checkNode, install } from './install.mjs';
import { bin, node } from './run.mjs';
import { findStep } from './steps.mjs';

checkNode();
install({ withTools: true });

let args = process.argv.slice(2);
while (args[0] === '--set') {
  const [name, value] = args[1].split('='); // npm scripts set variables so on every system
  process.env[name] = value;
  args = args.slice(2);
}
if (args[0] === '--step') {
  const { folder } = findStep(args[1], 'npm run test:step 3');
  args = ['--selectProjects', folder, ...args.slice(2)];
}
const options = ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning'];
process.exitCode = await node([...process.execArgv, ...options, bin('jest'), ...args]);
