/** Prometheus with the project's configuration, on three nodes; run by `npm run test:deploy`. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { parse } from 'yaml';
import { Program } from '../../final/lab/program.ts';
import { freePort } from '../free-port.ts';
import { TestNode, agreed, cleanUp, easy, newFolder } from '../network/harness.ts';
import { eventually, need, read } from './debian.ts';

// Alerts wait for minutes.
jest.setTimeout(600_000);

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
}

const rules = parse(read('deploy/prometheus/alerts.yml')) as {
  readonly groups: readonly { readonly rules: readonly Alert[] }[];
};
const alerts = rules.groups.flatMap((group) => group.rules);

const dashboard = JSON.parse(read('deploy/grafana/dashboards/pychain.json')) as {
  readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[];
};
const queries = dashboard.panels.flatMap(({ targets }) =>
  targets.map(({ expr }) => expr),
);

/** Runs promtool to its end; gives its exit code and what it says. */
function promtool(
  args: readonly string[],
  input = '',
): [code: number | null, said: string] {
  const { status, stdout, stderr } = spawnSync('promtool', args, {
    input,
    encoding: 'utf8',
  });
  return [status, stdout + stderr];
}

/** A sample or a series, as Prometheus answers. */
interface Series {
  readonly metric: { readonly instance?: string };
  readonly value: readonly [time: number, value: string];
}

interface ActiveAlert {
  readonly labels: { readonly alertname: string; readonly instance: string };
  readonly annotations: Record<string, string>;
  readonly state: 'pending' | 'firing';
}

interface Rule {
  readonly name: string;
  readonly health: 'ok' | 'unknown' | 'err';
  readonly lastError?: string;
}

let folder = '';
let nodes: readonly [TestNode, TestNode, TestNode];
let prometheus: Program | undefined;
let url = '';

const hostOf = (node: TestNode) => new URL(node.http).host;

/** Asks the API of Prometheus. Throws an Error with what it finds wrong. */
async function ask<T>(path: string): Promise<T> {
  const answer = (await (await fetch(`${url}/api/v1/${path}`)).json()) as {
    readonly status: string;
    readonly error?: string;
    readonly data: T;
  };
  if (answer.status !== 'success') throw new Error(`${path}: ${answer.error ?? ''}`);
  return answer.data;
}

async function series(query: string): Promise<readonly Series[]> {
  const path = `query?query=${encodeURIComponent(query)}`;
  return (await ask<{ readonly result: readonly Series[] }>(path)).result;
}

async function active(name: string): Promise<ActiveAlert | undefined> {
  const { alerts: all } = await ask<{ readonly alerts: readonly ActiveAlert[] }>(
    'alerts',
  );
  return all.find(({ labels }) => labels.alertname === name);
}

beforeAll(async () => {
  need('prometheus', 'promtool');
  folder = await newFolder();
  const first = await TestNode.start(easy);
  nodes = [first, await TestNode.join(first), await TestNode.join(first)];
  const targets = JSON.stringify(nodes.map(hostOf));
  const theirs = read('deploy/prometheus/prometheus.yml');
  const ours = theirs.replace(/(?<=targets: )\[.*\]/, targets);
  expect(ours).toContain(targets);
  writeFileSync(join(folder, 'prometheus.yml'), ours);
  writeFileSync(join(folder, 'alerts.yml'), read('deploy/prometheus/alerts.yml'));
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  prometheus = new Program('prometheus', [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
  await prometheus.untilOutput(/Server is ready to receive web requests/);
  await first.post('counted');
  await agreed(...nodes);
});
afterAll(async () => {
  prometheus?.signal('SIGTERM');
  await prometheus?.end;
  await cleanUp();
});

describe('promtool', () => {
  it('finds nothing wrong with the configuration and its rules', () => {
    const [code, said] = promtool(['check', 'config', join(folder, 'prometheus.yml')]);
    expect([code, said]).toEqual([0, expect.stringContaining(`${alerts.length} rules`)]);
  });

  it('has nothing to say of the numbers of a node', async () => {
    const metrics = await (await fetch(`${nodes[0].http}/metrics`)).text();
    expect(metrics).toContain('\npychain_height 1\n');
    expect(promtool(['check', 'metrics'], metrics)).toEqual([0, '']);
    const badlyNamed = metrics.replaceAll('pychain_height', 'pychain_height_total');
    expect(promtool(['check', 'metrics'], badlyNamed)[1]).toContain('"_total" suffix');
  });
});

describe('Prometheus', () => {
  it('reaches every node', async () => {
    await eventually(async () => {
      const up = await series('up == 1');
      return up.length === 3 ? up : undefined;
    });
    const named = (await series('up')).map(({ metric }) => metric.instance);
    expect(named.sort()).toEqual(nodes.map(hostOf).sort());
  });

  it.each(queries)('has an answer of each node for the panel with %s', async (query) => {
    const found = await eventually(async () => {
      const some = await series(query);
      return some.length >= 3 ? some : undefined; // a rate takes a second look at the nodes
    });
    expect(found.map(({ metric }) => metric.instance).sort()).toEqual(
      nodes.map(hostOf).sort(),
    );
    expect(found.filter(({ value }) => Number.isNaN(Number(value[1])))).toEqual([]);
  });

  it('evaluates every alert without an error', async () => {
    const known = await eventually(async () => {
      const { groups } = await ask<{ groups: { rules: Rule[] }[] }>('rules');
      const all = groups.flatMap((group) => group.rules);
      return all.some(({ health }) => health === 'unknown') ? undefined : all;
    });
    expect(known.map(({ name }) => name)).toEqual(alerts.map(({ alert }) => alert));
    expect(known.filter(({ health }) => health !== 'ok')).toEqual([]);
  });

  it('tells when a node is stopped, and when it is there again', async () => {
    expect(await active('NodeDown')).toBeUndefined();
    const [, , last] = nodes;
    const [host, port] = [hostOf(last), last.httpPort];
    await last.kill();
    const alert = await eventually(async () => {
      const alert = await active('NodeDown');
      return alert?.state === 'firing' ? alert : undefined;
    });
    expect(alert.labels.instance).toBe(host);
    expect(alert.annotations.summary).toBe(`${host} does not answer.`);
    await TestNode.start(['-n', nodes[0].ws, '-p', port], last.folder);
    await eventually(async () =>
      (await active('NodeDown')) === undefined ? true : undefined,
    );
  });
});

const one = '{job="pychain",instance="node1:6001"}';
const other = '{job="pychain",instance="node2:6001"}';

/**
 * What each alert makes of numbers, one each 15 seconds from the beginning (`0x4` is five times
 * 0): when it is still silent, and when it tells of `node1`, and of no other.
 */
const stories: Readonly<
  Record<string, { series: Record<string, string>; silent: string; fires: string }>
> = {
  NodeDown: {
    series: { [`up${one}`]: '1x8 0x12', [`up${other}`]: '1x20' },
    silent: '3m',
    fires: '4m',
  },
  NodeWithoutPeers: {
    series: { [`pychain_peers${one}`]: '2x4 0x40', [`pychain_peers${other}`]: '1x44' },
    silent: '5m',
    fires: '7m',
  },
  NodeBehind: {
    series: {
      [`pychain_height${one}`]: '9x4 9x40',
      [`pychain_height${other}`]: '12x4 13x40',
    },
    silent: '5m',
    fires: '7m',
  },
  NodeWithoutChain: {
    series: { [`pychain_height${one}`]: '-1x40', [`pychain_height${other}`]: '0x40' },
    silent: '4m',
    fires: '5m',
  },
  ManyReorganizations: {
    series: {
      [`pychain_reorganizations_total${one}`]: '0x4 0+1x40',
      [`pychain_reorganizations_total${other}`]: '12x4 0x4 0+1x7 8x28', // it was started anew
    },
    silent: '3m',
    fires: '5m',
  },
  PostsWait: {
    series: {
      [`pychain_posts_waiting${one}`]: '0x4 1x80',
      [`pychain_posts_waiting${other}`]: '1x40 0x44',
    },
    silent: '15m',
    fires: '17m',
  },
  EventLoopSlow: {
    series: {
      [`nodejs_eventloop_lag_p99_seconds${one}`]: '0.1x4 2x40',
      [`nodejs_eventloop_lag_p99_seconds${other}`]: '1x44',
    },
    silent: '5m',
    fires: '7m',
  },
};

describe('An alert', () => {
  it.each(alerts.map((rule) => [rule.alert, rule] as const))(
    '%s fires when its time has come, and not before',
    (alertname, { labels, annotations }) => {
      const story = stories[alertname];
      if (story === undefined) throw new Error(`Nothing is told here of ${alertname}.`);
      const firing = {
        exp_labels: { ...labels, job: 'pychain', instance: 'node1:6001' },
        exp_annotations: Object.fromEntries(
          Object.entries(annotations).map(([name, text]) => [
            name,
            text.replaceAll('{{ $labels.instance }}', 'node1:6001'),
          ]),
        ),
      };
      const test = {
        interval: '15s',
        input_series: Object.entries(story.series).map(([series, values]) => ({
          series,
          values,
        })),
        alert_rule_test: [
          { eval_time: story.silent, alertname, exp_alerts: [] },
          { eval_time: story.fires, alertname, exp_alerts: [firing] },
        ],
      };
      const file = join(folder, `${alertname}.yml`);
      // All JSON is YAML.
      const text = JSON.stringify({
        rule_files: ['alerts.yml'],
        evaluation_interval: '15s',
        tests: [test],
      });
      writeFileSync(file, text);
      expect(promtool(['test', 'rules', file])).toEqual([
        0,
        expect.stringContaining('SUCCESS'),
      ]);
    },
  );
});
