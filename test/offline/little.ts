/**
 * A little project that travels by the scripts of this one, and a registry with its packages, which
 * lives on this machine until it is closed.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';

const original = join(import.meta.dirname, '../..');

/** Stands for tsx: whatever TypeScript is loaded says that it runs. */
const tsx = `
exports.register = () => {
  require.extensions['.ts'] = () => console.log('It runs.');
};
`;

/** The packages of the project; the last ones are for one system each. */
const packages = [
  { name: 'tsx', exports: { './cjs/api': './api.cjs' } },
  {
    name: 'tool',
    optionalDependencies: { '@code/win32': '1.0.0', '@code/aix': '1.0.0' },
  },
  { name: '@code/win32', os: ['win32'] },
  { name: '@code/aix', os: ['aix'] },
];

const manifestOf = (name: string) => ({
  version: '1.0.0',
  name,
  ...packages.find((one) => one.name === name),
});

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dist?: { readonly integrity: string };
}

interface Packed {
  readonly name: string;
  readonly filename: string;
  readonly integrity: string;
}

/** Serves packages as a registry does. */
export class Registry {
  readonly #server: Server;
  readonly #tarballs = new Map<string, Buffer>();
  readonly #about = new Map<string, Manifest>();

  /** @param folder - where the packages are made */
  constructor(folder: string) {
    const about = this.#about;
    for (const { name } of packages) {
      const source = join(folder, name.replace('/', '-'));
      mkdirSync(source, { recursive: true });
      writeFileSync(join(source, 'package.json'), JSON.stringify(manifestOf(name)));
      if (name === 'tsx') writeFileSync(join(source, 'api.cjs'), tsx);
    }
    const sources = packages.map(({ name }) => `./${name.replace('/', '-')}`);
    const json = execFileSync('npm', ['pack', '--json', ...sources], { cwd: folder });
    for (const { name, filename, integrity } of JSON.parse(json.toString()) as Packed[]) {
      this.#tarballs.set(`/${name}.tgz`, readFileSync(join(folder, filename)));
      about.set(name, { ...manifestOf(name), dist: { integrity } });
    }
    this.#server = createServer(({ url = '' }, response) => {
      const name = decodeURIComponent(url.slice(1));
      const tarball = this.#tarballs.get(url);
      if (tarball !== undefined) return void response.end(tarball);
      const manifest = about.get(name);
      if (manifest === undefined) return void response.writeHead(404).end('{}');
      const one = {
        ...manifest,
        dist: { ...manifest.dist, tarball: `${this.url}/${name}.tgz` },
      };
      const versions = { '1.0.0': one };
      response.end(JSON.stringify({ name, 'dist-tags': { latest: '1.0.0' }, versions }));
    });
  }

  async open(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** From now on it gives another package for one, with the digest of that. */
  swap(name: string, other: string): void {
    const { dist } = this.#about.get(other) ?? {};
    if (dist === undefined) throw new Error(`There is no package ${other}.`);
    this.#about.set(name, { name, version: '1.0.0', dist });
    this.#tarballs.set(
      `/${name}.tgz`,
      this.#tarballs.get(`/${other}.tgz`) ?? Buffer.of(),
    );
  }

  /** Does not answer any more. */
  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

const manifest = {
  name: 'little',
  version: '1.0.0',
  private: true,
  type: 'module',
  engines: { node: '>=20.19' },
  bin: { little: './pychain', learn: './learn' },
  dependencies: { tsx: '1.0.0' },
  devDependencies: { tool: '1.0.0' },
};

/** Makes the little project in a folder: nothing is installed, and there is no package-lock.json. */
export function makeLittle(folder: string): void {
  for (const part of ['learn', 'pychain', 'scripts', '.gitignore', '.npmrc'])
    cpSync(join(original, part), join(folder, part), { recursive: true });
  const files = {
    'final/cli.ts': '',
    'tutorial/companion/cli.ts': '',
    'package.json': JSON.stringify(manifest),
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}
