// npm run build:kernel    compiles the mining kernel, and writes its bytes into a module
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkNode, install, root } from './install.mjs';
import { bin, node } from './run.mjs';

checkNode();
install({ withTools: true });

/** The module to be written, or that is given as the first argument. */
const target = process.argv[2] ?? join(root, 'final/mining/kernel-bytes.ts');
const folder = mkdtempSync(join(tmpdir(), 'pychain-kernel-'));
try {
  const file = join(folder, 'kernel.wasm');
  const source = 'final/mining/assembly/kernel.ts';
  const options = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd'];
  const code = await node([
    bin('assemblyscript', 'asc'),
    source,
    '-o',
    file,
    ...options,
    '--initialMemory',
    '1',
  ]);
  if (code !== 0) process.exit(code);
  const lines = readFileSync(file)
    .toString('base64')
    .match(/.{1,80}/g);
  const text = lines.map((line) => `  '${line}'`).join(' +\n');
  writeFileSync(
    target,
    `// Written by "npm run build:kernel" from assembly/kernel.ts. Do not edit.\n\n` +
      `/** The mining kernel: a WebAssembly module, in base64. */\n` +
      `export const kernelBytes =\n${text};\n`,
  );
} finally {
  rmSync(folder, { recursive: true });
}
