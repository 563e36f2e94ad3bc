import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { AllowedHost } from '../api/allowed-hosts.ts';
import { ApiServer } from '../api/server.ts';
import { createLabApp } from '../lab/api.ts';
import { Lab } from '../lab/lab.ts';
import { HOST } from '../node/defaults.ts';

/** What the command line says of a laboratory. */
export interface NetworkOptions {
  readonly httpPort: number;
  /** In zero hex digits. */
  readonly difficulty: number;
  readonly coin?: boolean;
  readonly dataDir?: string;
  readonly allowHost?: readonly AllowedHost[];
}

/** Starts a local network, and a page that shows and controls it. */
export async function runNetwork(count: number, options: NetworkOptions): Promise<void> {
  const folder = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'pychain-')));
  const lab = new Lab(resolve(folder), options.difficulty, options.coin);
  const server = new ApiServer(createLabApp(lab, options.allowHost));
  const stopping = new AbortController();
  const stop = async (exitCode: number) => {
    if (stopping.signal.aborted) process.exit(1); // asked twice: at once
    stopping.abort();
    await lab.stop();
    if (options.dataDir === undefined) await rm(folder, { recursive: true, force: true });
    process.exit(exitCode);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => void stop(0));
  }
  try {
    await server.listen(options.httpPort, HOST);
    console.log(`Starting ${count} nodes …`);
    await lab.start(count);
    console.log(`They run. Open ${server.url}/ to see and control them.`);
    console.log(`Their data is in ${folder}. End with Ctrl-C.`);
  } catch (error) {
    if (stopping.signal.aborted) return;
    console.error((error as Error).message);
    await stop(1);
  }
}
