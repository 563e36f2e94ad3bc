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
    name: 'blames a node for its version of the protocol',
    file: 'peer.ts',
    replace: [
      `      if (error instanceof OtherVersion) return this.close(error.message);\n`,
      '',
    ],
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
      `      if (message.type === 'hello') throw new Error('It said hello twice.');\n`,
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
    replace: [
      `      else throw new Error('It sent blocks that nobody had asked for.');\n`,
      '',
    ],
  },
  {
    name: 'takes any pong for an answer to its ping',
    file: 'peer.ts',
    replace: ['(data) => (this.#pong = String(data))', '() => (this.#pong = this.#ping)'],
  },
  {
    name: 'leaves its timers behind',
    file: 'peer.ts',
    replace: ['    for (const timer of this.#timers) clearTimeout(timer);\n', ''],
  },
  {
    name: 'cuts a reason in the middle of a character',
    file: 'peer.ts',
    replace: ['reason.slice(0, read)', 'reason.slice(0, 123) + String(read).slice(9)'],
  },
  {
    name: 'takes itself for a peer',
    file: 'network.ts',
    replace: [
      `    if (peer.id === this.id) return 'A node cannot be its own peer.';\n`,
      '',
    ],
  },
  {
    name: 'does not ask which network a peer is of',
    file: 'network.ts',
    replace: [
      'dialing !== null && dialing !== dialed',
      'dialing !== dialed && peer.id === this.id',
    ],
  },
  {
    name: 'keeps two connections to one node',
    file: 'network.ts',
    replace: ['    if (twin?.id === peer.id) return twice(nonce, twin.key);\n', ''],
  },
  {
    name: 'refuses a caller whose id it knows already',
    file: 'network.ts',
    replace: [
      'const twin = this.#at(peer.place);',
      'const twin = this.peers.find(({ id }) => id === peer.id);',
    ],
  },
  {
    name: 'does not dial whom a caller claims to be',
    file: 'network.ts',
    replace: ['peer.outbound && peer.url === url);', 'peer.url === url);'],
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
    name: 'broadcasts to everybody',
    file: 'network.ts',
    replace: ['if (peer !== except) peer.send(message)', 'peer.send(message)'],
  },
  {
    name: 'keeps a peer that is gone',
    file: 'network.ts',
    replace: ['      this.#peers.delete(peer);\n', ''],
  },
  {
    name: 'serves pages in a browser',
    isEndless: true,
    file: 'network.ts',
    replace: ['if (call.origin !== undefined) return answer(false, 403);', ''],
  },
];
