// npm test                       the quick tests: enough to see in minutes whether all is well
// npm run test:slow              those that npm test leaves out, in files named *.slow.test.ts
// npm run test:all               both
// npm test -- final              the tests whose path contains "final", the slow ones too
// npm test -- -t "a sentence"    with jest's own options, among all tests
// npm run test:step 3            the tests of one step
import { join } from 'node:path';
import { checkNode, install, root } from './install.mjs';
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
// Whoever names tests gets them, be they quick or slow.
let set = args.every((one) => one.startsWith('-')) ? 'quick' : 'all';
if (args[0] === '--slow' || args[0] === '--all') {
  set = args[0].slice('--'.length);
  args = args.slice(1);
}
if (set !== 'all') args.push('--filter', join(root, 'test', 'sets', `${set}.cjs`));

const options = ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning'];
process.exitCode = await node([...process.execArgv, ...options, bin('jest'), ...args]);
if (set === 'quick') {
  console.error(
    'These were the quick tests. npm run test:all runs all, in about twelve minutes; ' +
      'CONTRIBUTING.md lists more.',
  );
}
