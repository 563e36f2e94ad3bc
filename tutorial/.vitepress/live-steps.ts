import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'es-module-lexer/js';
import blank from 'ts-blank-space';
import { normalizePath, type Plugin } from 'vite';
import { root } from '../companion/kit.ts';
import { steps } from '../../scripts/steps.mjs';

const LIVE = '\0live:';
/** Names in its text, in place of paths: Vite knows how to write those, wherever the project is. */
const [OURS, PLACES] = ['ours:', 'live-places'];

const pathOf = (file: string) => normalizePath(join(root, file));

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
    resolveId(id) {
      if (id === PLACES) return pathOf('tutorial/playgrounds/shared/live.ts');
      const ours = live.find(({ name }) => OURS + name === id);
      if (ours !== undefined) return pathOf(`steps/${ours.folder}/index.ts`);
      const step = live.find(({ name }) => name === id);
      // A `#` in an address would cut it off.
      return step === undefined ? undefined : LIVE + step.folder;
    },
    load(id) {
      const step = live.find(({ folder }) => LIVE + folder === id);
      if (step === undefined) return undefined;
      const file = pathOf(`steps/${step.folder}/index.ts`);
      this.addWatchFile(file);
      const [, found] = parse(blank(readFileSync(file, 'utf8')));
      const names = found.flatMap((one) =>
        one.type === 'reexport-all' ? [] : [one.name],
      );
      const each = (write: (name: string, i: number) => string) => names.map(write);
      return [
        `import * as ours from '${OURS}${step.name}';`,
        `import { addPlace } from '${PLACES}';`,
        `let ${each((name, i) => `live${i} = ours.${name}`).join(', ')};`,
        `export { ${each((name, i) => `live${i} as ${name}`).join(', ')} };`,
        `addPlace('${step.name}', ours, (own) => {`,
        ...each((name, i) => `  live${i} = own.${name};`),
        `});`,
      ].join('\n');
    },
  };
}
