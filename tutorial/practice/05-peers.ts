import { once } from 'node:events';
import { WebSocket } from 'ws';
import { PROTOCOL_VERSION, PeerNetwork, type Hello } from '#peers';
import type { Answer, Attack, Exercise, Exports } from './practice.ts';

const GENESIS = '0'.repeat(64);

/** A node that believes that whatever comes is a message, and that whatever is in it is true. */
export class NaiveNode {
  readonly chain: { index: number }[] = [];

  receive(text: string): void {
    const message = JSON.parse(text) as { type: string; blocks: { index: number }[] };
    if (message.type === 'blocks') this.chain.push(...message.blocks);
  }
}

/** Takes the message out of what the reader's file exports. */
function messageIn({ message }: Exports): string {
  if (typeof message === 'string') return message;
  throw new Error('Export a text named "message": what the stranger sends.');
}

function fool(text: string): Answer {
  const node = new NaiveNode();
  try {
    node.receive(text);
    const isFooled = node.chain.some(({ index }) => index === 1000);
    return isFooled
      ? { believes: true, words: 'Its chain has a block with the number 1000.' }
      : { believes: false, words: `Its chain has ${node.chain.length} new blocks.` };
  } catch (error) {
    return { believes: true, words: `It is gone: ${String(error)}.` };
  }
}

/** Starts a node of a network, and ends it when `work` is done. */
async function withNode<T>(
  chain: () => Pick<Hello, 'genesis' | 'tip' | 'name'>,
  work: (node: PeerNetwork, url: string) => Promise<T>,
): Promise<T> {
  const node = new PeerNetwork({ chain, outbound: 0 });
  try {
    await node.listen(0);
    return await work(node, `ws://127.0.0.1:${node.port}`);
  } finally {
    await node.close();
  }
}

/** Shows a message to a node after a hello that it takes. */
function attackOwn(text: string): Promise<Answer> {
  const chain = () => ({ genesis: GENESIS, tip: null });
  return withNode(chain, async (node, url) => {
    const passedOn: string[] = [];
    node.on('message', (_peer, message) => passedOn.push(message.type));
    const socket = new WebSocket(url);
    const end = new Promise<string>((resolve) => {
      socket.once('close', (_code, reason) => resolve(String(reason)));
      // Who answers a ping has read all that was sent before.
      socket.once('pong', () => resolve(''));
    });
    const joined = once(node, 'peer');
    await once(socket, 'open');
    const own = { version: PROTOCOL_VERSION, nodeId: '0'.repeat(32), time: Date.now() };
    const hello = { type: 'hello', ...own, genesis: GENESIS, tip: null, port: null };
    socket.send(JSON.stringify(hello));
    await joined;
    socket.send(text);
    socket.ping();
    const reason = await end;
    socket.terminate();
    if (passedOn.includes('blocks'))
      return { believes: true, words: 'It has passed these blocks on.' };
    const words =
      reason === ''
        ? 'It goes on talking to the stranger, as nothing is wrong with that message.'
        : `It parts with the stranger, and says why: "${reason}".`;
    return { believes: false, words };
  });
}

export const attack: Attack = {
  file: '05-one-message.ts',
  goal: 'With one message, end the naive node, or have it believe in a block with the number 1000.',
  start: `/** What a stranger sends to a node. */
export const message = '{"type":"getPeers"}';
`,
  naive: (exports) => fool(messageIn(exports)),
  own: (exports) => attackOwn(messageIn(exports)),
};

/** Has the reader's function ask two nodes of different networks who they are. */
async function checkByHand({ whoIsThere }: Exports): Promise<void> {
  if (typeof whoIsThere !== 'function')
    throw new Error('Export a function named "whoIsThere".');
  const ask = whoIsThere as (url: string) => Promise<Partial<Hello> | undefined>;
  for (const name of ['Ada’s', 'Ben’s']) {
    const genesis = name === 'Ada’s' ? GENESIS : 'f'.repeat(64);
    const chain = () => ({ genesis, tip: null, name });
    await withNode(chain, async (node, url) => {
      const left = once(node, 'gone');
      const found = await ask(url);
      if (found?.type !== 'hello')
        throw new Error('whoIsThere should give back the hello of the node.');
      if (found.nodeId !== node.id || found.name !== name || found.genesis !== genesis)
        throw new Error(
          `At this url is ${name} node, and whoIsThere gave another hello.`,
        );
      const patience = new Promise<'late'>((resolve) => {
        setTimeout(resolve, 3_000, 'late').unref();
      });
      if ((await Promise.race([left, patience])) === 'late')
        throw new Error('whoIsThere left its connection open: close the socket.');
    });
  }
}

interface Door {
  readonly size: number;
  blame(host: string, now: number): void;
  refuse(host: string, now: number): string | undefined;
}

/** Asks a door about hosts that were blamed, and about others. */
function checkDoor(exports: Exports): void {
  if (typeof exports.Door !== 'function') throw new Error('Export a class named "Door".');
  const door = new (exports.Door as new (ban: number) => Door)(1_000);
  const expectRefusal = (host: string, now: number, isRefused: boolean) => {
    const reason: unknown = door.refuse(host, now);
    if (isRefused && typeof reason !== 'string')
      throw new Error(`refuse('${host}', ${now}) should give a sentence.`);
    if (!isRefused && reason !== undefined)
      throw new Error(`refuse('${host}', ${now}) should give undefined.`);
  };
  expectRefusal('10.0.0.1', 0, false);
  door.blame('10.0.0.1', 0);
  expectRefusal('10.0.0.1', 1, true);
  expectRefusal('10.0.0.1', 999, true);
  expectRefusal('10.0.0.2', 999, false);
  expectRefusal('10.0.0.1', 1_001, false);
  door.blame('10.0.0.3', 2_000);
  door.blame('10.0.0.3', 2_900); // again: the time begins anew
  expectRefusal('10.0.0.3', 3_800, true);
  expectRefusal('10.0.0.3', 3_901, false);
  for (let i = 0; i < 1_000; i += 1) door.blame(`10.1.${i >> 8}.${i & 255}`, 10_000);
  door.blame('10.0.0.4', 90_000);
  door.refuse('10.0.0.4', 90_000);
  if (door.size > 1)
    throw new Error(`The door remembers ${door.size} hosts, and only one is kept out.`);
}

export const exercises: readonly Exercise[] = [
  {
    number: 1,
    file: '5.1-by-hand.ts',
    start: `import type { Hello } from '#peers';

/** Asks the node at a url who it is. */
export async function whoIsThere(url: string): Promise<Hello> {
  throw new Error(\`Dial \${url}, and say hello.\`);
}
`,
    check: checkByHand,
  },
  {
    number: 3,
    file: '5.3-door.ts',
    start: `/** Keeps out for a while who broke the protocol. */
export class Door {
  /** @param ban - for how long, in milliseconds */
  constructor(ban: number) {
    console.log(\`A door that is closed for \${ban} ms.\`);
  }

  /** How many hosts it remembers. */
  get size(): number {
    return 0;
  }

  /** Notes that a host broke the protocol. */
  blame(host: string, now: number): void {
    console.log(\`\${host} broke the protocol at \${now}.\`);
  }

  /** Says why a host is to stay out, if it is. */
  refuse(_host: string, _now: number): string | undefined {
    return undefined;
  }
}
`,
    check: checkDoor,
  },
];
