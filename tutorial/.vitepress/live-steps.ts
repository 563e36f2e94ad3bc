import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'es-module-lexer/js';
import blank from 'ts-blank-space';
import type { Plugin } from 'vite';
import { root } from '../companion/kit.ts';
import { steps } from '../../scripts/steps.mjs';

const LIVE = '\0live:';
const places = join(root, 'tutorial', 'playgrounds', 'shared', 'live.ts');

/**
 * Lets the playgrounds of a page change over to other steps while it is open: what a step is imported
 * by is a module whose names stand for those of the project's step, or for those of the reader's own.
 * Nothing else need know of it, since a name that is imported always means what it means by then.
 */
export function liveSteps(): Plugin {
  const live = steps.filter(({ opensSockets }) => !opensSockets);
  return {
    name: 'live steps',
    enforce: 'pre',
    resolveId: (id) => (live.some(({ name }) => name === id) ? LIVE + id : undefined),
    load(id) {
      const step = live.find(({ name }) => LIVE + name === id);
      if (step === undefined) return undefined;
      const file = join(root, 'steps', step.folder, 'index.ts');
      this.addWatchFile(file);
      const [, found] = parse(blank(readFileSync(file, 'utf8')));
      const names = found.flatMap((one) =>
        one.type === 'reexport-all' ? [] : [one.name],
      );
      const each = (write: (name: string, i: number) => string) => names.map(write);
      return [
        `import * as ours from ${JSON.stringify(file)};`,
        `import { addPlace } from ${JSON.stringify(places)};`,
        `let ${each((name, i) => `live${i} = ours.${name}`).join(', ')};`,
        `export { ${each((name, i) => `live${i} as ${name}`).join(', ')} };`,
        `addPlace('${step.name}', ours, (own) => {`,
        ...each((name, i) => `  live${i} = own.${name};`),
        `});`,
      ].join('\n');
    },
  };
}
