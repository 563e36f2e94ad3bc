// npm run pack              makes a package of the kit here: a file that npx runs
// npm run pack -- FOLDER    makes it in another folder
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { checkNode } from './install.mjs';
import { layOut, packed } from './kit.mjs';
import { npm } from './npm.mjs';

/** In which folder one is, where npm runs scripts in another one. */
const here = process.env.INIT_CWD ?? process.cwd();

checkNode();
const folder = resolve(here, process.argv[2] ?? '.');
const scratch = mkdtempSync(join(tmpdir(), 'package-'));
try {
  const kit = join(scratch, 'package');
  await layOut(kit, { asPackage: true });
  const args = ['pack', '--json', '--pack-destination', folder];
  const [{ filename, size, unpackedSize }] = packed(await npm(args, { cwd: kit }));
  const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
  console.log(
    `${join(folder, filename)}: ${megabytes(size)}, unpacked ${megabytes(unpackedSize)}`,
  );
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
}
