import type { WrongProgram } from './program.ts';

export const programs: readonly WrongProgram[] = [
  {
    name: 'looks at each payment alone, so that coins are spent ten times',
    file: 'payable.ts',
    replace: ['account = after;', 'account = { ...account, count: account.count + 1 };'],
  },
  {
    name: 'begins with the payment of count 0',
    file: 'payable.ts',
    replace: ['let account = payer;', 'let account = { ...payer, count: 0 };'],
  },
  {
    name: 'takes payments without a fee',
    file: 'pool.ts',
    replace: ['if (fee < 1)', 'if (fee < 0)'],
  },
  {
    name: 'lets a payer fill the pool',
    file: 'pool.ts',
    replace: ['count >= payer.count + MAX_AHEAD', 'count > Number.MAX_SAFE_INTEGER'],
  },
  {
    name: 'sorts counts as texts',
    file: 'pool.ts',
    replace: ['a.count - b.count', 'String(a.count) < String(b.count) ? -1 : 1'],
  },
  {
    name: 'refuses what cannot be made now',
    file: 'pool.ts',
    replace: [
      '    const id = paymentId(payment);\n',
      "    if (payment.amount > payer.balance) return 'its payer lacks the coins';\n    const id = paymentId(payment);\n",
    ],
  },
  {
    name: 'parks a payment, and never looks at it again',
    file: 'pool.ts',
    replace: [
      'if (ready.has(payment)) this.#parked.delete(id);\n      else ',
      'if (!ready.has(payment)) ',
    ],
  },
  {
    name: 'replaces a payment for the same fee',
    file: 'pool.ts',
    replace: ['if (payment.fee >= fee)', 'if (payment.fee > fee)'],
  },
  {
    name: 'leaves what was replaced in the map by id',
    file: 'pool.ts',
    replace: ['    this.#waiting.delete(id);\n', ''],
  },
  {
    name: 'sorts by fees, and takes what comes first',
    file: 'pool.ts',
    replace: [
      '    const picked: Payment[] = [];\n',
      '    const sorted = [...this.#waiting.values()].sort((a, b) => b.fee - a.fee);\n' +
        '    if (sorted.length > 0) return sorted.slice(0, limit);\n' +
        '    const picked: Payment[] = [];\n',
    ],
  },
  {
    name: 'is locked by a payment that cannot be made',
    file: 'pool.ts',
    replace: ['(balances.get(from) ?? 0) - fee) best', 'Infinity) best'],
  },
  {
    name: 'does not give the payee the coins within the block',
    file: 'pool.ts',
    replace: ['if (payee !== undefined) balances', 'if (payee === Infinity) balances'],
  },
  {
    name: 'reads the payee before it writes the payer',
    file: 'pool.ts',
    replace: [
      `      balances.set(from, (balances.get(from) ?? 0) - fee - amount);
      const payee = balances.get(to);
`,
      `      const payee = balances.get(to);
      balances.set(from, (balances.get(from) ?? 0) - fee - amount);
`,
    ],
  },
  {
    name: 'never makes room',
    file: 'pool.ts',
    replace: ['    if (this.#isCrowded) this.#makeRoom();\n    return', '    return'],
  },
  {
    name: 'lets a newcomer push out what offers as much',
    file: 'pool.ts',
    replace: [
      'payment.fee <= (lowest?.fee ?? Infinity)',
      'payment.fee < (lowest?.fee ?? Infinity)',
    ],
  },
  {
    name: 'looks at the last payment of each payer only, when it makes room',
    file: 'pool.ts',
    replace: [
      'for (const payment of this.#waiting.values())\n      if (payment.fee <=',
      'for (const payment of this.#waiting.values())\n' +
        '      if (this.of(payment.from).at(-1) === payment && payment.fee <=',
    ],
  },
  {
    name: 'lets the newest of what is parked go',
    file: 'pool.ts',
    replace: [
      'const [oldest = this.#leastWanted()] = this.#parked;',
      'const oldest = [...this.#parked].at(-1) ?? this.#leastWanted();',
    ],
  },
  {
    name: 'loses what is taken off the chain',
    file: 'pool.ts',
    replace: ['this.#takeBack(payment, accounts);', 'void payment;'],
  },
  {
    name: 'asks what comes back for a fee',
    file: 'pool.ts',
    replace: [
      'if (count < accountOf(accounts, from).count) return;',
      'if (fee < 1 || count < accountOf(accounts, from).count) return;',
    ],
  },
  {
    name: 'brings back what is on the other branch, too',
    file: 'pool.ts',
    replace: ['if (count < accountOf(accounts, from).count) return;', ''],
  },
  {
    name: 'forgets that rewards are coins',
    file: 'pool.ts',
    replace: ['reward === undefined ? payments', 'reward !== null ? payments'],
  },
  {
    name: 'looks only at payers when the chain changes',
    file: 'pool.ts',
    replace: ['({ from, to }) => [from, to]', '({ from }) => [from]'],
  },
  {
    name: 'sends a payment back to who sent it',
    file: 'gossip.ts',
    replace: ['if (!known.has(id)) queue.add(id);', 'queue.add(id);'],
  },
  {
    name: 'passes on what its pool does not take',
    file: 'gossip.ts',
    replace: [
      'if (this.#pool.add(payment, accounts) !== undefined) return;',
      'this.#pool.add(payment, accounts);',
    ],
  },
  {
    name: 'sends all in one message',
    file: 'gossip.ts',
    replace: ['const MAX_LINES = 100;', 'const MAX_LINES = 10_000;'],
  },
  {
    name: 'believes every signature',
    file: 'gossip.ts',
    replace: [
      'if (!isSigned(text, payment.signature, payment.from))',
      'if (text === "")',
    ],
  },
  {
    name: 'takes a payment for another network',
    file: 'gossip.ts',
    replace: [
      'const text = paymentText(this.#network, payment);',
      "const text = [this.#network, '0'.repeat(64)]\n      .map((network) => paymentText(network, payment))\n      .find((one) => isSigned(one, payment.signature, payment.from)) ?? '';",
    ],
  },
  {
    name: 'blames the peer for what cannot be made here',
    file: 'gossip.ts',
    replace: [
      'if (this.#pool.add(payment, accounts) !== undefined) return;',
      "if (this.#pool.add(payment, accounts) !== undefined) return this.#drop(peer, 'No.');",
    ],
  },
  {
    name: 'overlooks gaps in a list',
    file: 'gossip.ts',
    replace: [
      'return texts.length === lines.length ? texts : undefined;',
      "return lines.every((line) => typeof line === 'string') ? lines : undefined;",
    ],
  },
  {
    name: 'does not count what it knows already, so that it may be flooded with it',
    file: 'gossip.ts',
    replace: ['state.maySend -= lines.length;', 'state.maySend -= new Set(lines).size;'],
  },
  {
    name: 'saves up what it did not send',
    file: 'gossip.ts',
    replace: [
      'Math.min(RATE.burst, peer.mayGet + RATE.second)',
      'peer.mayGet + RATE.second',
    ],
  },
  {
    name: 'sends what is parked before what can be made',
    file: 'gossip.ts',
    replace: ['[...ready, ...parked]', '[...parked, ...ready]'],
  },
  {
    name: 'repeats payments of others, too',
    file: 'gossip.ts',
    replace: [
      '    this.#passOn(id);\n  }',
      '    this.#own.add(id);\n    this.#passOn(id);\n  }',
    ],
  },
  {
    name: 'sends a payment once, and never again',
    file: 'gossip.ts',
    replace: ['if (this.#ticks % REPEAT === 0)', 'if (this.#ticks === Infinity)'],
  },
];
