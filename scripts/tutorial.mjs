// npm run tutorial:sync                refreshes all listings, and runs all terminal sessions
// npm run tutorial:sync -- 03 final    runs only the sessions of these chapters
import { checkNode, install } from './install.mjs';
import { node } from './run.mjs';

checkNode();
install({ withTools: true });
const args = process.argv.slice(2);
process.exitCode = await node(['--import', 'tsx', 'tutorial/sync/sync.ts', ...args]);
