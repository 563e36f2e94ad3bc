import type { WrongProgram } from './program.ts';

export const programs: readonly WrongProgram[] = [
  {
    name: 'adds amount and fee up in 32 bits',
    file: 'apply.ts',
    replace: ['amount > payer.balance - fee', 'payer.balance < ((amount + fee) | 0)'],
  },
  {
    name: 'takes any count that was not used yet',
    file: 'apply.ts',
    replace: ['count !== payer.count', 'count < payer.count'],
  },
  {
    name: 'asks for no count at all',
    file: 'apply.ts',
    replace: ['if (count !== payer.count)', 'if (count < 0)'],
  },
  {
    name: 'forgets the fee when it compares',
    file: 'apply.ts',
    replace: ['amount > payer.balance - fee', 'amount > payer.balance'],
  },
  {
    name: 'keeps one coin back',
    file: 'apply.ts',
    replace: ['amount > payer.balance - fee', 'amount >= payer.balance - fee'],
  },
  {
    name: 'changes the accounts that it is given',
    file: 'accounts.ts',
    replace: [
      '    if (tree.address === leaf.address) return leaf;\n',
      '    if (tree.address === leaf.address) return Object.assign(tree, leaf);\n',
    ],
  },
  {
    name: 'keeps the object that was written',
    file: 'accounts.ts',
    replace: [
      'account: { balance, count }, hash',
      'account: account && { balance, count } && account, hash',
    ],
  },
  {
    name: 'mistakes one address for another that is in its place',
    file: 'accounts.ts',
    replace: [
      'tree?.address === address ? tree.account : NOTHING',
      'tree?.account ?? NOTHING',
    ],
  },
  {
    name: 'lets a new account push out the one that is in its place',
    file: 'accounts.ts',
    replace: ['if (tree.address === leaf.address) return leaf;', 'return leaf;'],
  },
  {
    name: 'reads the payee before it has written the payer',
    file: 'apply.ts',
    replace: [
      'return credit(withAccount(accounts, payment.from, payer), payment.to, payment.amount);',
      'const payee = accountOf(accounts, payment.to);\n' +
        '  const balance = payee.balance + payment.amount;\n' +
        '  const paid = withAccount(accounts, payment.from, payer);\n' +
        '  return withAccount(paid, payment.to, { ...payee, balance });',
    ],
  },
  {
    name: 'gives the fee to the payee',
    file: 'apply.ts',
    replace: [
      'payment.to, payment.amount);',
      'payment.to, payment.amount + payment.fee);',
    ],
  },
  {
    name: 'makes an account of nothing',
    file: 'apply.ts',
    replace: ['  if (coins === 0) return accounts;\n', ''],
  },
  {
    name: 'halves with a shift of 32 bits',
    file: 'coin.ts',
    replace: [
      'Math.floor(reward / 2 ** Math.floor(index / halving))',
      'reward >> Math.floor(index / halving)',
    ],
  },
  {
    name: 'halves one block late',
    file: 'coin.ts',
    replace: ['Math.floor(index / halving)', 'Math.floor((index - 1) / halving)'],
  },
  {
    name: 'hands out parts of coins',
    file: 'coin.ts',
    replace: [
      'Math.floor(reward / 2 ** Math.floor(index / halving))',
      'reward / 2 ** Math.floor(index / halving)',
    ],
  },
  {
    name: 'seals the first block like a text',
    file: 'coin.ts',
    replace: ['dataHash: merkleRoot(block.data)', 'dataHash: sha256(block.data)'],
  },
  {
    name: 'seals with the old hash',
    file: 'coin.ts',
    replace: ['hash: hashBlock(sealed)', 'hash: hashBlock(block)'],
  },
  {
    name: 'looks at the line of any text',
    file: 'coin.ts',
    replace: ['  if (genesis.dataHash === sha256(genesis.data)) return undefined;\n', ''],
  },
  {
    name: 'passes over rules that it does not know',
    file: 'coin.ts',
    replace: ['others.length === 0 ? parseCoin(line) : undefined', 'parseCoin(line)'],
  },
  {
    name: 'takes a line that only means the same',
    file: 'coin.ts',
    replace: [' && coinLine(coin) === line', ''],
  },
  {
    name: 'counts more coins than numbers can tell',
    file: 'coin.ts',
    replace: [' && 2 * reward * halving <= Number.MAX_SAFE_INTEGER', ''],
  },
  {
    name: 'reads rewards with JSON.parse alone',
    file: 'reward.ts',
    replace: [
      'const fields = parseLine(line);',
      'let fields: readonly unknown[] | undefined;\n' +
        '  try {\n' +
        '    fields = JSON.parse(line) as unknown[];\n' +
        '    if (!Array.isArray(fields)) return undefined;\n' +
        '  } catch {\n' +
        '    return parseLine("");\n' +
        '  }',
    ],
  },
  {
    name: 'takes a reward of any amount',
    file: 'apply.ts',
    replace: [
      '  if (reward.amount !== amount) return `its reward is ${reward.amount}, not ${amount}`;\n' +
        '  return credit(after, reward.to, amount);',
      '  return credit(after, reward.to, amount === 0 ? reward.amount : reward.amount);',
    ],
  },
  {
    name: 'takes a reward that is too small',
    file: 'apply.ts',
    replace: ['reward.amount !== amount', 'reward.amount > amount'],
  },
  {
    name: 'pays the reward first',
    file: 'apply.ts',
    replace: [
      'let after = accounts;',
      'let after = credit(accounts, reward.to, reward.amount);',
    ],
  },
  {
    name: 'judges all payments by the accounts before the block',
    file: 'apply.ts',
    replace: [
      'const next = applyPayment(after, payment);',
      'const payer = afterPaying(accountOf(accounts, payment.from), payment);\n' +
        '    const now = accountOf(after, payment.from);\n' +
        '    const balance = now.balance - payment.amount - payment.fee;\n' +
        '    const paid = withAccount(after, payment.from, { balance, count: now.count + 1 });\n' +
        '    const next = typeof payer === "string" ? payer : credit(paid, payment.to, payment.amount);',
    ],
  },
  {
    name: 'leaves out the payments that cannot be made',
    file: 'apply.ts',
    replace: [
      "if (typeof next === 'string') return next;",
      "if (typeof next === 'string') continue;",
    ],
  },
  {
    name: 'leaves out the lines that are no payments',
    file: 'apply.ts',
    replace: [
      "if (payment === undefined) return 'one of its lines is not a payment';",
      'if (payment === undefined) continue;',
    ],
  },
  {
    name: 'halves by the number of the line',
    file: 'apply.ts',
    replace: ['subsidy(coin, block.index)', 'subsidy(coin, lines.length)'],
  },
  {
    name: 'keeps the hash of an older tree',
    file: 'accounts.ts',
    replace: [
      '? { left, right: put(right, leaf, way, depth + 1), hash: undefined }',
      '? { left, right: put(right, leaf, way, depth + 1), hash: tree.hash }',
    ],
  },
  {
    name: 'hashes all accounts again each time',
    file: 'accounts.ts',
    replace: ['accounts.hash ??=', 'accounts.hash ='],
  },
  {
    name: 'goes by the bits of the address itself',
    file: 'accounts.ts',
    replace: ['BigInt(`0x${sha256(address)}`)', 'BigInt(`0x${address}`)'],
  },
  {
    name: 'loses the zeros in front of a way',
    file: 'accounts.ts',
    replace: ["    .padStart(256, '0')", "    .padEnd(256, '0')"],
  },
  {
    name: 'leaves the count out of the root',
    file: 'accounts.ts',
    replace: [
      'canonicalJson([address, balance, count])',
      'canonicalJson([address, balance, 0 * count])',
    ],
  },
  {
    name: 'proves from the root down',
    file: 'accounts.ts',
    replace: ['proof.unshift(', 'proof.push('],
  },
  {
    name: 'names the side of the way instead of the other',
    file: 'accounts.ts',
    replace: [
      "goesRight ? ['left', stateRoot(left)] : ['right', stateRoot(right)]",
      "goesRight ? ['right', stateRoot(left)] : ['left', stateRoot(right)]",
    ],
  },
  {
    name: 'computes the Merkle root before it counts the lines',
    file: 'ledger.ts',
    replace: [
      '...workRules, checkSize(coin), checkMerkle',
      '...workRules, checkMerkle, checkSize(coin)',
    ],
  },
  {
    name: 'looks at the lines before the work',
    file: 'ledger.ts',
    replace: ['...workRules, checkSize(coin)', 'checkSize(coin), ...workRules'],
  },
  {
    name: 'asks for no work',
    file: 'ledger.ts',
    replace: ['...headerRules, ...workRules,', '...headerRules, ...workRules.slice(2),'],
  },
  {
    name: 'counts the reward as a payment',
    file: 'ledger.ts',
    replace: ['lines.length > size + 1', 'lines.length > size'],
  },
  {
    name: 'believes any state root',
    file: 'ledger.ts',
    replace: [
      'parseReward(first)?.root === stateRoot(accounts)',
      'parseReward(first) && stateRoot(accounts)',
    ],
  },
  {
    name: 'checks only the first signature',
    file: 'ledger.ts',
    replace: [".split('\\n').slice(1).map(", ".split('\\n').slice(1, 2).map("],
  },
  {
    name: 'takes a signature for another network',
    file: 'ledger.ts',
    replace: [
      'checkSignatures(genesis.hash, block)',
      'checkSignatures(genesis.dataHash, block)',
    ],
  },
  {
    name: 'checks no signatures',
    file: 'ledger.ts',
    replace: [
      'checkRoot(after, block) ?? checkSignatures(genesis.hash, block)',
      'checkRoot(after, block) ?? (genesis.index > 0 ? checkSignatures(genesis.hash, block) : undefined)',
    ],
  },
  {
    name: 'gives up at the first payment that cannot be made',
    file: 'ledger.ts',
    replace: [
      "if (typeof after === 'string') continue;",
      "if (typeof after === 'string') break;",
    ],
  },
  {
    name: 'puts more payments into a block than it may hold',
    file: 'ledger.ts',
    replace: ['lines.length === coin.size', 'lines.length > coin.size'],
  },
  {
    name: 'takes the root before the reward',
    file: 'ledger.ts',
    replace: ['stateRoot(credit(accounts, to, amount))', 'stateRoot(accounts)'],
  },
  {
    name: 'takes the subsidy of the block before',
    file: 'ledger.ts',
    replace: ['subsidy(coin, previous.index + 1)', 'subsidy(coin, previous.index)'],
  },
  {
    name: 'keeps no fees for who finds the block',
    file: 'ledger.ts',
    replace: ['    amount += payment.fee;\n', ''],
  },
];
