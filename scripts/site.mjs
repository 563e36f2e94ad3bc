// npm run site          the tutorial as a site that follows every change, to read and to write it
// npm run site:build    writes the site into the folder site/, for any file server
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkNode, install, root } from './install.mjs';
import { checkPath } from './path.mjs';
import { bin, node } from './run.mjs';
import { steps } from './steps.mjs';

const api = join(root, 'tutorial', 'api');

/** Lets the first page of the API say of each step what it is, in the words of the step itself. */
function describeSteps() {
  const items = steps.map(({ folder }) => {
    const text = readFileSync(join(api, `${folder}.md`), 'utf8').replaceAll('\r\n', '\n');
    const [, about = ''] = /^# .*\n\n([^#]+?)\n\n/.exec(text) ?? [];
    return `- [${folder}](${folder}.md)  \n  ${about.replaceAll('\n', ' ')}\n`;
  });
  const intro = 'What each step gives to those above it, as its docstrings say.';
  const page = `# API of the steps\n\n${intro}\n\n${items.join('')}`;
  writeFileSync(join(api, 'index.md'), page);
}

checkNode();
checkPath(process.argv[2]);
install({ withTools: true });
const [command, ...args] = process.argv.slice(2);
rmSync(api, { recursive: true, force: true });
const documented = await node([
  bin('typedoc'),
  '--options',
  'tutorial/.vitepress/typedoc.json',
]);
if (documented === 0) describeSteps();
process.exitCode =
  documented || (await node([bin('vitepress'), command, 'tutorial', ...args]));
