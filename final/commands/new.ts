import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../../scripts/new.mjs', import.meta.url));

/** Lays the whole kit out in a folder, by the script that knows what it consists of. */
export async function layOutKit(folder: string): Promise<void> {
  const child = spawn(process.execPath, [script, folder], { stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  process.exitCode = code ?? 1;
}
