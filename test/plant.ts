import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const folders: string[] = [];

/** Removes all copies of steps that were made. */
export async function removePlanted(): Promise<void> {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
}

/** Copies a step, puts a bug in the place of a line, and gives what the copy exports. */
export async function plant(
  step: string,
  file: string,
  line: string,
  bug: string,
): Promise<unknown> {
  const folder = await mkdtemp(join(import.meta.dirname, 'planted-'));
  folders.push(folder);
  await cp(join(import.meta.dirname, '../steps', step), folder, {
    recursive: true,
    filter: (name) => !name.endsWith('test.ts'),
  });
  const text = await readFile(join(folder, file), 'utf8');
  if (text.split(line).length !== 2)
    throw new Error(`${file} does not have once: ${line}`);
  await writeFile(join(folder, file), text.replace(line, bug));
  return import(join(folder, 'index.ts'));
}
