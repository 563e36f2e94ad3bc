import type { WrongProgram } from './program.ts';

export const programs: readonly WrongProgram[] = [
  {
    name: 'lets the error of the parser through',
    file: 'messages.ts',
    replace: [`throw new Error('Invalid message: it is not JSON');`, 'return undefined;'],
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
    name: 'says no hello when it dials',
    file: 'peer.ts',
    replace: [`else socket.once('open', () => this.send(options.hello()));`, ''],
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
    replace: [
      `    if (this.#peers.has(peer.id)) return 'The two nodes are connected already.';\n`,
      '',
    ],
  },
  {
    name: 'goes on dialing when it is closed',
    file: 'network.ts',
    replace: ['    clearInterval(this.#timer);\n', ''],
  },
  {
    name: 'broadcasts to everybody',
    file: 'network.ts',
    replace: ['if (peer !== except) peer.send(message)', 'peer.send(message)'],
  },
  {
    name: 'keeps a peer that is gone',
    file: 'network.ts',
    replace: ['      this.#peers.delete(peer.id);\n', ''],
  },
  {
    name: 'serves pages in a browser',
    isEndless: true,
    file: 'network.ts',
    replace: ['if (origin !== undefined) return answer(false, 403);', ''],
  },
];
