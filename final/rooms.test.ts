import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

const folder = import.meta.dirname;

/** The files of final/ with what each imports of it, by their paths. */
function imports(): Map<string, string[]> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => /(^|\/)[^./][^/]*\.(ts|vue)$/.test(name))
    .filter((name) => !name.startsWith('mining/assembly/'));
  return new Map(
    names.map((name) => {
      const text = readFileSync(join(folder, name), 'utf8');
      const found = text.matchAll(/(?:from|import)\s*\(?'(\.[^']*)'/g);
      const targets = [...found].map(([, path = '']) => posix.join(dirname(name), path));
      return [name, targets];
    }),
  );
}

/** Returns the way from a file back to itself, if its imports lead there. */
function circleAt(
  start: string,
  graph: ReadonlyMap<string, string[]>,
): string[] | undefined {
  const seen = new Set<string>();
  const walk = (name: string, way: string[]): string[] | undefined => {
    if (name === start && way.length > 0) return way;
    if (seen.has(name)) return undefined;
    seen.add(name);
    for (const next of graph.get(name) ?? []) {
      const found = walk(next, [...way, next]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return walk(start, []);
}

describe('The rooms of final/', () => {
  it('import in no circle', () => {
    const graph = imports();
    expect([...graph.values()].flat().length).toBeGreaterThan(100); // it reads imports indeed
    expect([...graph.keys()].flatMap((name) => circleAt(name, graph) ?? [])).toEqual([]);
    expect(circleAt('a', new Map([['a', ['b']], ['b', ['a']]]))).toEqual(['b', 'a']); // prettier-ignore
  });

  it('import only rooms below them, and of the project outside only the steps', async () => {
    const eslint = new ESLint({
      cwd: join(folder, '..'),
      overrideConfig: [tseslint.configs.disableTypeChecked],
    });
    const complaints = async (filePath: string, path: string) => {
      const line = `import { thing } from '${path}';\nconsole.log(thing);\n`;
      const code = filePath.endsWith('.vue')
        ? `<script setup>\n${line}</script>\n`
        : line;
      const [result] = await eslint.lintText(code, { filePath: join(folder, filePath) });
      return result?.messages.map(({ message }) => message) ?? [];
    };
    for (const [file, path] of [
      ['node/ports.ts', '../api/app.ts'],
      ['mining/search.ts', '../terminal/quote.ts'],
      ['storage/store.ts', '../cli.ts'],
      ['explorer/src/live.ts', '../../commands/run.ts'],
      ['explorer/src/App.vue', '../../../tutorial/playgrounds/fork/fork.ts'],
      ['views/history.ts', '../../test/program.ts'],
    ] as const) {
      expect([file, await complaints(file, path)]).toEqual([
        file,
        [
          expect.stringMatching(
            /imports only rooms below it|and nothing else of the project/,
          ),
        ],
      ]);
    }
    for (const [file, path] of [
      ['api/app.ts', '../views/history.ts'],
      ['explorer/src/live.ts', '../../api/schemas.ts'],
      ['lab/lab.ts', './link.ts'],
    ] as const) {
      expect([file, await complaints(file, path)]).toEqual([file, []]);
    }
  });
});
