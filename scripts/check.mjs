// npm run check              everything that can be checked without running the project
// npm run check -- format    one of these checks
import { checkNode, install } from './install.mjs';
import { bin, node } from './run.mjs';

checkNode();
install({ withTools: true });
const checks = {
  types: [bin('typescript', 'tsc'), '-p', '.'],
  'types of the site': [bin('vue-tsc'), '--noEmit', '-p', 'tutorial'],
  'types of the explorer': [bin('vue-tsc'), '--noEmit', '-p', 'final/explorer'],
  lint: [bin('eslint'), '.', '--max-warnings=0'],
  format: [bin('prettier'), '--check', '--log-level=warn', '.'],
  // What git ignores in folders above the project is no matter of it.
  'unused code': [bin('knip'), '--no-gitignore', '--no-config-hints'],
  package: [bin('publint'), '.', '--strict'],
  'API documentation': [bin('typedoc'), '--logLevel', 'Warn'],
};
const wanted = process.argv.slice(2);
for (const [name, args] of Object.entries(checks)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`Checking ${name} …`);
  if ((await node(args)) !== 0) {
    console.error(`The check of ${name} failed.`);
    process.exitCode = 1;
  }
}
