/** What deploy/Dockerfile makes of a clean Debian, and how it runs; see `npm run test:deploy`. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  afterAll,
  afterEach,
  beforeAll,
  describe,
  expect,
  it,
  jest,
} from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { HTTP_PORT, WS_PORT } from '../../final/node/defaults.ts';
import { cleanUp, newFolder } from '../network/harness.ts';
import { Container, type ContainerOptions } from './container.ts';
import { need, needRoot, read } from './debian.ts';
import { buildImage, newVolume, type Image } from './image.ts';

jest.setTimeout(900_000);

let image: Image;
let volume = '';
const containers: Container[] = [];

async function start(options: Partial<ContainerOptions> = {}): Promise<Container> {
  const container = await Container.start(image, { volume, ...options });
  containers.push(container);
  return container;
}

async function makeVolume(): Promise<string> {
  const folder = join(await newFolder(), 'data');
  newVolume(image, '/data', folder);
  return folder;
}

beforeAll(async () => {
  need('debootstrap', 'ip');
  needRoot('a clean Debian takes its rights');
  image = buildImage(join(await newFolder(), 'root'));
});
afterEach(async () => {
  await Promise.all(containers.splice(0).map((container) => container.kill()));
});
afterAll(cleanUp);

/** The paths in a folder of the image, as they are in it. */
const pathsIn = (folder: string) =>
  readdirSync(join(image.root, folder), { recursive: true, encoding: 'utf8' });

describe('The image', () => {
  it('holds the node with its packages, and neither tests nor tools', () => {
    expect(readdirSync(join(image.root, image.workdir)).sort()).toEqual([
      '.npmrc',
      'LICENSE',
      'final',
      'node_modules',
      'package-lock.json',
      'package.json',
      'pychain',
      'scripts',
      'steps',
      'tsconfig.json',
    ]);
    expect(pathsIn('app/final').filter((path) => path.endsWith('.test.ts'))).toEqual([]);
    const packages = readdirSync(join(image.root, 'app/node_modules'));
    expect(packages).toContain('classic-level');
    expect(packages).not.toContain('jest');
  });

  it('says where its chain is, and at which ports it listens', () => {
    expect([image.volumes, image.ports]).toEqual([
      ['/data'],
      [String(HTTP_PORT), String(WS_PORT)],
    ]);
  });

  it('holds nothing of who built it', () => {
    expect(existsSync(join(image.root, 'authorities.crt'))).toBe(false);
    expect(pathsIn('root').filter((path) => path.includes('_cacache/content'))).toEqual(
      [],
    );
  });
});

describe('A container', () => {
  beforeAll(async () => {
    volume = await makeVolume();
  });

  it('runs a node, not as root, whose health check says whether it answers', async () => {
    const container = await start();
    expect(container.status('Uid').split('\t')).toEqual(['1000', '1000', '1000', '1000']);
    expect(container.status('CapEff')).toMatch(/^0+$/);
    const who = container.run(['id', '--user', '--name']);
    expect(who).toEqual({ code: 0, output: `${image.user}\n` });
    const writable = container.run(['find', image.workdir, '-writable']);
    expect(writable).toEqual({ code: 0, output: '' });
    process.kill(container.first, 'SIGSTOP');
    expect(container.isHealthy()).toBe(false);
    process.kill(container.first, 'SIGCONT');
    expect(container.isHealthy()).toBe(true);
  });

  it('keeps its chain in a volume, where the next one finds it', async () => {
    const first = await start({ volume });
    const { status, body } = first.ask('/blocks', 'kept in the volume');
    expect(status).toBe(201);
    expect(await first.stop()).toBe(0);

    const next = await start({ volume, isReadOnly: true, args: ['--name', 'next'] });
    expect(next.ask('/status').body).toMatchObject({ name: 'next' });
    expect(next.ask('/blocks/latest').body).toEqual(body);
    expect(next.ask('/blocks', 'and gone on with').status).toBe(201);
    expect(await next.stop()).toBe(0);
  });
});

interface StatefulSet {
  readonly kind: string;
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: readonly { readonly command: readonly string[] }[];
      };
    };
  };
}

describe('The nodes of kubernetes.yaml', () => {
  const things = parseAllDocuments(read('deploy/kubernetes.yaml')).map(
    (document) => document.toJS() as StatefulSet,
  );
  const set = things.find(({ kind }) => kind === 'StatefulSet');
  const command = set?.spec.template.spec.containers[0]?.command ?? [];

  /** Starts one of them, as its cluster does: it can write in its volume and in /tmp only. */
  const launch = async (hostname: string) => {
    const one = { command, hostname, isReadOnly: true, volume: await makeVolume() };
    const container = Container.launch(image, one);
    containers.push(container);
    return container;
  };

  it('form a network: the first starts it, and another joins it by its name', async () => {
    const hosts = `127.0.0.1 localhost\n10.0.0.1 pychain-0.pychain pychain-0\n`;
    writeFileSync(join(image.root, 'etc', 'hosts'), hosts);
    const first = await launch('pychain-0');
    const second = await launch('pychain-1');
    await second.untilOutput(/"msg":"Ready"/);
    first.plug('10.0.0.1', second, '10.0.0.2');
    await second.untilOutput(/"msg":"Joined the network/);
    const { status, body } = first.ask('/blocks', 'for all', 'pychain-api');
    expect(status).toBe(201);
    const { hash } = body as { hash: string };
    await second.untilOutput(new RegExp(`"hash":"${hash}"`));
    expect(second.ask('/blocks/latest').body).toEqual(body);
    expect(first.ask('/status', undefined, 'elsewhere').status).toBe(403);
    expect(await Promise.all([first.stop(), second.stop()])).toEqual([0, 0]);
  });
});
