import { Router } from 'express';
import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import type { Node } from '../node/node.ts';
import type { History } from '../views/history.ts';

/**
 * Builds the route `GET /metrics`: the node's numbers in the text format of Prometheus, with
 * those of the process (memory, CPU, event-loop delay).
 */
export function metricsRoutes(node: Node, history: History): Router {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  // They go up and down, and only counters may be called a total; `sum(nodejs_active_handles)` and
  // its like give the same.
  for (const kind of ['handles', 'requests', 'resources'])
    registry.removeSingleMetric(`nodejs_active_${kind}_total`);

  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name: `pychain_${name}`,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  gauge('height', 'Index of the best block; -1 before there is one.', () => {
    return node.status.tip?.index ?? -1;
  });
  gauge('work', 'Expected attempts behind the best chain.', () => {
    return Number(node.status.tip?.work ?? 0);
  });
  gauge('peers', 'Connected peers.', () => node.status.peers);
  gauge('posts_waiting', 'Acknowledged posts that wait to be mined again.', () => {
    return node.status.waiting;
  });
  gauge('hash_rate', 'Hashes a second, while it last searched for a block.', () => {
    return node.status.hashRate;
  });

  const total = (name: string, help: string, value: () => number) =>
    new Counter({
      name: `pychain_${name}_total`,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(value());
      },
    });
  total('received_bytes', 'Bytes of messages that came from peers.', () => {
    return node.network.traffic.received;
  });
  total('sent_bytes', 'Bytes of messages that went to peers.', () => {
    return node.network.traffic.sent;
  });

  const reorganizations = new Counter({
    name: 'pychain_reorganizations_total',
    help: 'How often blocks left the best chain.',
    registers,
  });
  history.on('outcome', ({ removed }) => {
    if (removed.length > 0) reorganizations.inc();
  });

  const router = Router();
  router.get('/metrics', async (_req, res) => {
    res.type(registry.contentType).send(await registry.metrics());
  });
  return router;
}
