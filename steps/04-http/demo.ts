// A node that you can talk to with curl. In a terminal it runs until you press Ctrl-C;
// elsewhere it talks to itself for a moment and ends.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pc from 'picocolors';
import { Chain, blockRules, genesisBlock, type Block } from '#blocks';
import { MiningQueue, createApi } from '#http';
import { mine, workRules } from '#proof-of-work';

const genesis = await mine(genesisBlock({ timestamp: Date.now(), difficulty: 14 }));
const chain = new Chain(genesis, [...blockRules, ...workRules]);
const queue = new MiningQueue({
  tip: () => chain.tip,
  add: (block) => {
    chain.append(block);
    if (process.stdin.isTTY) tell(block);
    return true;
  },
});
const api = createApi({ chain, mine: (data) => queue.mine(data) });

const server = await listen(6001).catch(() => listen(0)); // 0: any port that is free
const { port } = server.address() as AddressInfo;
const url = `http://localhost:${port}`;
console.log(pc.bold(`A node with a chain of one block serves ${pc.cyan(url)}`));
tell(genesis);

if (process.stdin.isTTY) {
  const requests = ['', `--json '{"data":"hello"}' `, `--json '{"data":42}' `];
  console.log('\nTalk to it from another terminal, or open the first in a browser:\n');
  for (const option of requests) console.log(pc.cyan(`  curl ${option}${url}/blocks`));
  console.log('\nIt runs until you press Ctrl-C. New blocks show up here:\n');
} else {
  await curl('/blocks/latest');
  await curl('/blocks', '{"data":"hello"}');
  console.log('\nTwo requests at the same moment are mined one after the other:');
  await Promise.all([curl('/blocks', '{"data":"a"}'), curl('/blocks', '{"data":"b"}')]);
  console.log('\nWhat makes no sense is refused, in words:');
  await curl('/blocks', '{"data":42}');
  await curl('/blocks/99');
  console.log(`\nIn the end the chain has ${pc.bold(String(chain.length))} blocks.`);
  server.close();
}

async function listen(port: number): Promise<Server> {
  const server = createServer(api);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** Does what curl would do, and shows what comes back. */
async function curl(path: string, json?: string): Promise<void> {
  const headers = { 'Content-Type': 'application/json' };
  const request = json === undefined ? {} : { method: 'POST', headers, body: json };
  const res = await fetch(`http://127.0.0.1:${port}${path}`, request);
  const text = short(await res.text()).trim();
  const option = json === undefined ? '' : `--json '${json}' `;
  console.log(pc.cyan(`\n> curl ${option}${url}${path}`));
  console.log((res.ok ? pc.green : pc.red)(`${res.status} ${res.statusText}`));
  console.log(text.replace(/.{1,84}(,|$)/g, '  $&\n').trimEnd());
}

function tell({ index, data, nonce, hash }: Block): void {
  console.log(
    pc.dim(`  block ${index}: "${data}", nonce ${nonce}, hash ${hash.slice(0, 12)}…`),
  );
}

/** Shortens hashes, so that a line stays readable. */
function short(text: string): string {
  return text.replace(/"([0-9a-f]{8})[0-9a-f]{56}"/g, '"$1…"');
}
