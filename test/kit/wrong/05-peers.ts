import type { WrongProgram } from './program.ts';

export const programs: readonly WrongProgram[] = [
  {
    name: 'lets the error of the parser through',
    file: 'messages.ts',
    replace: [
      `throw new Error('Invalid message: it is not JSON, or has too many parts');`,
      'return undefined;',
    ],
  },
  {
    name: 'returns what came in',
    file: 'messages.ts',
    replace: ['return result.data;', 'return parseJson(text) as Message;'],
  },
  {
    name: 'does not say where a message is wrong',
    file: 'messages.ts',
    replace: [`\${issue?.path.join('.')} `, ''],
  },
  {
    name: 'takes what nests without end',
    file: 'messages.ts',
    replace: [", { error: 'nests too deep' })", ').or(z.unknown())'],
  },
  {
    name: 'goes to the bottom of what nests first',
    file: 'messages.ts',
    replace: [
      '(depth > 0 && Object.values(value).every((part) => isFlat(part, depth - 1)))',
      '(Object.values(value).every((part) => isFlat(part, depth - 1)) && depth > 0)',
    ],
  },
  {
    name: 'blames a node for its version of the protocol',
    file: 'peer.ts',
    replace: ['error instanceof OtherVersion ? this.close(reason) : ', ''],
  },
  {
    name: 'says no hello when it dials',
    file: 'peer.ts',
    replace: [`    if (this.outbound) socket.once('open', () => this.greet());\n`, ''],
  },
  {
    name: 'takes a second hello',
    file: 'peer.ts',
    replace: [
      `    if (message.type === 'hello') return this.blame('It said hello twice.');\n`,
      '',
    ],
  },
  {
    name: 'takes large messages from everybody',
    file: 'peer.ts',
    replace: ['data.length > limits.MAX_NEWS && this.#asked === 0', 'isBinary'],
  },
  {
    name: 'takes blocks that it has not asked for',
    file: 'peer.ts',
    replace: ['if (this.#asked === 0)', 'if (bytes < 0)'],
  },
  {
    name: 'counts characters as bytes',
    file: 'peer.ts',
    replace: [
      'this.#traffic.sent += bytes.length;',
      'this.#traffic.sent += JSON.stringify(message).length;',
    ],
  },
  {
    name: 'has no listener for errors of the socket',
    file: 'peer.ts',
    replace: [`    socket.on('error', (error) => this.#fail(error));\n`, ''],
  },
  {
    name: 'says its hello to whoever calls',
    file: 'peer.ts',
    replace: [
      `if (this.outbound) socket.once('open', () => this.greet());`,
      `if (this.outbound) socket.once('open', () => this.greet());\n    else setTimeout(() => this.greet());`,
    ],
  },
  {
    name: 'takes any pong for an answer to its ping',
    file: 'peer.ts',
    replace: ['this.#pong = String(data);', 'this.#pong = String(data) && this.#ping;'],
  },
  {
    name: 'leaves its timers behind',
    file: 'peer.ts',
    replace: ['    for (const timer of this.#timers) clearTimeout(timer);\n', ''],
  },
  {
    name: 'cuts a reason in the middle of a character',
    file: 'reasons.ts',
    replace: ['reason.slice(0, read)', 'reason.slice(0, 123) + String(read).slice(9)'],
  },
  {
    name: 'lets everybody say as much as they like',
    file: 'peer.ts',
    replace: [`if (!isPaid) this.blame('It says too much.');`, 'void isPaid;'],
  },
  {
    name: 'brings nothing back with time',
    file: 'allowance.ts',
    replace: [
      'Math.min(this.#atOnce, this.#left + back) - cost',
      'this.#left + 0 * back - cost',
    ],
  },
  {
    name: 'comes back to more than there was at first',
    file: 'allowance.ts',
    replace: [
      'Math.min(this.#atOnce, this.#left + back) - cost',
      'this.#left + back - cost',
    ],
  },
  {
    name: 'dials all nodes again at the same moment',
    file: 'address-book.ts',
    replace: ['wait * (0.5 + this.#random() / 2)', 'wait'],
  },
  {
    name: 'never forgets failures, though a connection lasted',
    file: 'address-book.ts',
    replace: ['lasted > SUCCESS ? 0 : address.failures + 1', 'address.failures + 1'],
  },
  {
    name: 'never gives a url free again',
    file: 'address-book.ts',
    replace: ['    address.busy = false;\n', ''],
  },
  {
    name: 'takes a url again that is taken',
    file: 'address-book.ts',
    replace: ['    for (const address of taken) address.busy = true;\n', ''],
  },
  {
    name: 'dials the oldest url first',
    file: 'address-book.ts',
    replace: ['.filter(({ keep }) => !keep).reverse()', '.filter(({ keep }) => !keep)'],
  },
  {
    name: 'forgets where nodes were met for the sake of urls that others name',
    file: 'address-book.ts',
    replace: ['if (!keep && !busy && !reached)', 'if (!keep && !busy)'],
  },
  {
    name: 'takes itself for a peer',
    file: 'admission.ts',
    replace: [`  if (nodeId === own.id) return 'A node cannot be its own peer.';\n`, ''],
  },
  {
    name: 'does not ask which network a peer is of',
    file: 'admission.ts',
    replace: [
      'dialing !== null && dialing !== dialed',
      'dialing !== dialed && nodeId === own.id',
    ],
  },
  {
    name: 'turns away who wants to join',
    file: 'admission.ts',
    replace: ['dialing !== null && dialing !== dialed', 'dialing !== dialed'],
  },
  {
    name: 'refuses a caller whose id it knows already',
    file: 'admission.ts',
    replace: ['outbound && place === peer.place', 'outbound || place === peer.place'],
  },
  {
    name: 'keeps two connections to one node',
    file: 'connection-manager.ts',
    replace: ['refusal(peer, own, this.peers)', 'refusal(peer, own, [])'],
  },
  {
    name: 'does not dial whom a caller claims to be',
    file: 'connection-manager.ts',
    replace: ['peer.outbound && peer.url === url);', 'peer.url === url);'],
  },
  {
    name: 'serves pages in a browser',
    file: 'connection-manager.ts',
    replace: ['if (call.origin !== undefined) return answer(false, 403);', ''],
  },
  {
    name: 'broadcasts to everybody',
    file: 'connection-manager.ts',
    replace: ['if (peer !== except) peer.send(message)', 'peer.send(message)'],
  },
  {
    name: 'keeps a peer that is gone',
    file: 'connection-manager.ts',
    replace: ['      this.#peers.delete(peer);\n', ''],
  },
  {
    name: 'goes on dialing when it is closed',
    file: 'network.ts',
    // Not for ever: a hundred of them would leave the tests no time.
    replace: [
      'clearInterval(this.#timer);',
      'setTimeout(() => clearInterval(this.#timer), 1_000);',
    ],
  },
  {
    name: 'measures intervals by a clock that can be set',
    file: 'network.ts',
    replace: [
      `import { once } from 'node:events';`,
      `import { once } from 'node:events';\nconst performance = Date;`,
    ],
  },
  {
    name: 'tells a peer of itself',
    file: 'network.ts',
    replace: ['other !== peer', 'other.key !== this.id'],
  },
  {
    name: 'blames who is at a url that others named',
    file: 'connection-manager.ts',
    replace: ['if (!peer.outbound) peer.once(', 'peer.once('],
  },
  {
    name: 'lets connections wait without end',
    file: 'connection-manager.ts',
    replace: ['    oldest?.destroy();\n', '    void oldest;\n'],
  },
];
