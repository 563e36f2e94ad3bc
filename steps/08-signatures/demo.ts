import pc from 'picocolors';
import { genesisBlock } from '#blocks';
import { isSigned, newKeys, pay, paymentId, paymentLine, paymentText } from '#signatures';

// Two pairs of keys that stand in RFC 8032. Everybody knows them, so nobody should trust them.
const alice = {
  address: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
  secret: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
};
const bob = {
  address: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
  secret: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
};
const mallory = newKeys();
const network = genesisBlock({ timestamp: 1_700_000_000_000 }).hash;
const elsewhere = genesisBlock({ timestamp: 1_700_000_000_001 }).hash;

const payment = pay(network, alice, { to: bob.address, amount: 5, fee: 1, count: 0 });

/** Leaves only the beginning of each long name. */
const short = (text: string) =>
  text.replaceAll(/[0-9a-f]{64,}/g, (hex) => `${hex.slice(0, 8)}…`);

console.log(
  pc.bold('Alice has two keys. One is her address, and the other she tells nobody.'),
);
console.log(`  address  ${pc.green(alice.address)}`);
console.log(
  `  secret   ${pc.dim(`${alice.secret.slice(0, 8)}… (these stand in a book)`)}`,
);

console.log(
  pc.bold(
    '\nShe signs: in this network I pay Bob 5, with a fee of 1; I paid 0 times before.',
  ),
);
console.log(`  ${short(paymentText(network, payment))}`);
console.log(`  ${pc.yellow(payment.signature.slice(0, 64))}`);
console.log(`  ${pc.yellow(payment.signature.slice(64))}`);

console.log(
  pc.bold(
    '\nMallory tries all she can think of. Whoever knows the address can check it.',
  ),
);
const flipped = payment.signature.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
const tries: [words: string, network: string, change: Partial<typeof payment>][] = [
  ['as Alice signed it', network, {}],
  ['50 coins instead of 5', network, { amount: 50 }],
  ['to Mallory instead of Bob', network, { to: mallory.address }],
  ['once more, as payment number 1', network, { count: 1 }],
  ['in another network', elsewhere, {}],
  ['from Bob instead of Alice', network, { from: bob.address }],
  ['with another last digit of the signature', network, { signature: flipped }],
];
for (const [words, where, change] of tries) {
  const shown = { ...payment, ...change };
  const holds = isSigned(paymentText(where, shown), shown.signature, shown.from);
  console.log(`  ${holds ? pc.green('✓') : pc.red('✗')} ${words}`);
}

console.log(
  pc.bold('\nSo the payment can go through any hands, as one line of a block:'),
);
console.log(`  ${short(paymentLine(payment))}`);
console.log(`  id ${paymentId(payment)}`);

const ROUNDS = 500;
const start = performance.now();
for (let i = 0; i < ROUNDS; i += 1) {
  isSigned(paymentText(network, payment), payment.signature, payment.from);
}
const time = (performance.now() - start) / ROUNDS;
console.log(`
One check took ${time.toFixed(2)} ms here. Three things it does not tell: whether Alice has 5 coins, whether
this very line was there before, and whether Alice is who you think. Step 9 answers the first
two. The third no computer can.`);
