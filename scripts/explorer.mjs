// npm run explorer:build    writes the pages that a node serves into final/explorer/dist
import { join } from 'node:path';
import { checkNode, install, root } from './install.mjs';
import { checkPath } from './path.mjs';
import { bin, node } from './run.mjs';

checkNode();
checkPath('build');
install({ withTools: true });
process.env.NODE_ENV = 'production'; // whoever calls this, the files are the same
const folder = join(root, 'final', 'explorer');
const args = ['build', folder, '--config', join(folder, 'vite.config.ts')];
process.exitCode = await node([bin('vite'), ...args, ...process.argv.slice(2)]);
