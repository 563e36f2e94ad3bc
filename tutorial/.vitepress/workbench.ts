import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';
import { buildWorkbench, type BuiltFiles } from '../workbench/build.ts';

/** Where the site has the files, and what of the project they are made of. */
export const FOLDER = 'workbench/';
const MADE_OF = /[\\/](steps|tutorial[\\/](workbench|companion))[\\/]/;

/** Which state of the files this build has; empty where they are served while they change. */
let version = '';

/** What pages put behind the addresses of these files. */
export const query = (): string => (version === '' ? '' : `?${version}`);

/** What the editor is made of, and loads only when it is opened. */
export const editorPackages = [
  '@codemirror/autocomplete',
  '@codemirror/commands',
  '@codemirror/lang-javascript',
  '@codemirror/language',
  '@codemirror/lint',
  '@codemirror/state',
  '@codemirror/view',
  '@lezer/highlight',
  'buffer',
  'es-module-lexer/js',
  'fflate',
  'github-slugger',
];

const types = new Map([
  ['js', 'text/javascript'],
  ['json', 'application/json'],
]);

/**
 * Serves what runs the tests of steps in a page, or writes it beside the built site. Vite would take
 * most of a minute to build it, mostly for the compiler; so it is built apart.
 */
export function workbench(): Plugin {
  let built: Promise<BuiltFiles> | undefined;
  let isForServer = false;
  return {
    name: 'workbench',
    async config(_config, { command, isSsrBuild = false }) {
      isForServer = isSsrBuild;
      if (command === 'build') {
        const digest = createHash('sha256');
        for (const text of (await (built ??= buildWorkbench())).values())
          digest.update(text);
        version = digest.digest('hex').slice(0, 12);
      }
      return { define: { WORKBENCH_VERSION: JSON.stringify(version) } };
    },
    configureServer({ config, middlewares, watcher }) {
      watcher.on('all', (_event, path) => {
        if (MADE_OF.test(path)) built = undefined;
      });
      middlewares.use((request, response, next) => {
        const { pathname } = new URL(request.url ?? '', 'http://localhost');
        const start = config.base + FOLDER;
        const name = pathname.slice(start.length);
        const type = types.get(name.split('.').at(-1) ?? '');
        if (!pathname.startsWith(start) || type === undefined) return next();
        (built ??= buildWorkbench()).then((files) => {
          response.setHeader('content-type', type);
          response.end(files.get(name));
        }, next);
      });
    },
    async generateBundle() {
      if (isForServer) return;
      for (const [name, source] of await (built ??= buildWorkbench()))
        this.emitFile({ type: 'asset', fileName: FOLDER + name, source });
    },
  };
}
