/** The ways to forge a block that the rules of a coin name: each makes one that must be refused. */
import { hashBlock, type Block } from '#blocks';
import { sha256 } from '#hashing';
import { sealLines } from '#accounts';
import { leadingZeroBits } from '#proof-of-work';
import { pay, paymentLine, type Keys, type Order, type Payment } from '#signatures';
import { withWork } from '../with-work.ts';

/** What a forger knows: a block that is right, its parent, and what somebody has after it. */
export interface Scene {
  readonly network: string;
  readonly parent: Block;
  readonly block: Block;
  /** The payments of the block, which leave room for one more. */
  readonly payments: readonly Payment[];
  /** Makes a block like it with other payments, whose reward and root are right for them. */
  make(payments: readonly Payment[]): Block;
  readonly payer: Keys;
  readonly payee: Keys;
  /** What the payer has after the payments, without the reward. */
  readonly balance: number;
  readonly count: number;
  /** The state root before the block. */
  readonly rootBefore: string;
  readonly size: number;
}

/** A forged block; undefined where there is nothing to forge. */
type Forgery = (scene: Scene) => Block | undefined;

/** The same block with other lines, sealed and mined. */
const withLines = ({ block }: Scene, change: (lines: string[]) => string[]): Block =>
  withWork(sealLines({ ...block, data: change(block.data.split('\n')).join('\n') }));

/** The same block with another first line. */
const withReward = (scene: Scene, change: (line: string) => string) =>
  withLines(scene, ([first = '', ...rest]) => [change(first), ...rest]);

/** The block with one more line. */
const withLine = (scene: Scene, line: string): Block =>
  withLines(scene, (lines) => [...lines, line]);

const order = ({ payee, count }: Scene, changes: Partial<Order> = {}): Order => ({
  to: payee.address,
  amount: 1,
  fee: 0,
  count,
  ...changes,
});

/** A block with one more payment, signed as it has to be, of somebody who has coins. */
const withPayment = (scene: Scene, changes: Partial<Order>): Block =>
  withLine(scene, paymentLine(pay(scene.network, scene.payer, order(scene, changes))));

/** A block with one more payment, right but for what is changed: in the payment, or in its line. */
function withForged(
  scene: Scene,
  change: (payment: Payment) => Payment | string,
): Block | undefined {
  if (scene.balance < 2) return undefined;
  const honest = pay(scene.network, scene.payer, order(scene));
  const forged = change(honest);
  if (typeof forged !== 'string')
    return withWork(scene.make([...scene.payments, forged]));
  const block = scene.make([...scene.payments, honest]);
  const lines = block.data.split('\n').with(-1, forged);
  return withWork(sealLines({ ...block, data: lines.join('\n') }));
}

const rewardAmount = (line: string, change: (amount: number) => number) =>
  line.replace(/,(\d+),/, (_all, digits: string) => `,${change(Number(digits))},`);

const MOST = Number.MAX_SAFE_INTEGER;
const ZEROS = '0'.repeat(64);

export const forgeries: Readonly<Record<string, Forgery>> = {
  'an index that leaves one out': ({ block }) =>
    withWork({ ...block, index: block.index + 1 }),
  'a time that is not later': ({ block, parent }) =>
    withWork({ ...block, timestamp: parent.timestamp }),
  'less difficulty': ({ block }) => withWork({ ...block, difficulty: 0 }),
  'more difficulty': ({ block }) =>
    withWork({ ...block, difficulty: block.difficulty + 1 }),
  'another hash': ({ block }) => ({ ...block, hash: sha256(block.hash) }),
  'one more field': ({ block }) => ({ ...block, more: 1 }) as Block,
  'no work'({ block }) {
    for (let nonce = 0; ; nonce += 1) {
      const hash = hashBlock({ ...block, nonce });
      if (leadingZeroBits(hash) < block.difficulty) return { ...block, nonce, hash };
    }
  },
  'the digest of a text as dataHash': ({ block }) =>
    block.data.includes('\n')
      ? withWork({ ...block, dataHash: sha256(block.data) })
      : undefined,
  'other data under the same root': ({ block }) => ({
    ...block,
    data: `${block.data}\n`,
  }),
  'more payments than it may hold': (scene) =>
    withLines(scene, (lines) => [
      ...lines,
      ...Array.from({ length: scene.size }, () => 'x'),
    ]),
  'a line that is too long': (scene) => withLine(scene, `["${'x'.repeat(400)}"]`),
  'no reward': (scene) => withLines(scene, (lines) => lines.slice(1)),
  'no line at all': (scene) => withLines(scene, () => []),
  'two rewards': (scene) =>
    withLines(scene, ([first = '', ...rest]) => [first, first, ...rest]),
  'the reward at the end': (scene) =>
    withLines(scene, ([first = '', ...rest]) =>
      rest.length === 0 ? ['', first] : [...rest, first],
    ),
  'a coin too many': (scene) =>
    withReward(scene, (line) => rewardAmount(line, (amount) => amount + 1)),
  'a coin too few': (scene) =>
    withReward(scene, (line) =>
      rewardAmount(line, (amount) => (amount === 0 ? 1 : amount - 1)),
    ),
  'all the coins there can be': (scene) =>
    withReward(scene, (line) => rewardAmount(line, () => MOST)),
  'a state root of zeros': (scene) =>
    withReward(scene, (line) => line.replace(/"[0-9a-f]{64}"\]$/, `"${ZEROS}"]`)),
  'the state root before it': (scene) =>
    withReward(scene, (line) =>
      line.replace(/"[0-9a-f]{64}"\]$/, `"${scene.rootBefore}"]`),
    ),
  'a reward with a space': (scene) =>
    withReward(scene, (line) => line.replace(',', ', ')),
  'a reward with a carriage return': (scene) => withReward(scene, (line) => `${line}\r`),
  'a reward with an exponent': (scene) =>
    withReward(scene, (line) => line.replace(/,(\d+),/, ',$1e0,')),
  'a reward for somebody else': (scene) =>
    withReward(scene, (line) => line.replace(/"[0-9a-f]{64}"/, `"${sha256(line)}"`)),
  'an empty line': (scene) => withLine(scene, ''),
  'a line of words': (scene) => withLine(scene, 'Ada pays Ben 5'),
  'a count that is used': (scene) =>
    scene.count === 0 ? undefined : withPayment(scene, { count: scene.count - 1 }),
  'a count before its turn': (scene) => withPayment(scene, { count: scene.count + 1 }),
  'more than there is': (scene) => withPayment(scene, { amount: scene.balance + 1 }),
  'a fee that is not there': (scene) =>
    withPayment(scene, { fee: scene.balance, amount: 1 }),
  'a sum that is rounded': (scene) => withPayment(scene, { amount: MOST, fee: MOST }),
  'the same payment twice'(scene) {
    const { block } = scene;
    const [, first] = block.data.split('\n');
    return first === undefined ? undefined : withLine(scene, first);
  },
  'the last line doubled': (scene) =>
    withLine(scene, scene.block.data.split('\n').at(-1) ?? ''),
  'the last line doubled under the same root': ({ block }) => ({
    ...block,
    data: `${block.data}\n${block.data.split('\n').at(-1)}`,
  }),
  'an amount below 0': (scene) =>
    withForged(scene, (payment) => paymentLine(payment).replace(',1,0,', ',-50,0,')),
  'an amount of 0': (scene) =>
    withForged(scene, (payment) => ({ ...payment, amount: 0 })),
  'a signature for another network': (scene) =>
    withForged(scene, () => pay(ZEROS, scene.payer, order(scene))),
  'a signature of the payee': (scene) =>
    withForged(scene, (payment) => ({
      ...payment,
      signature: pay(scene.network, scene.payee, order(scene)).signature,
    })),
  'another amount than was signed': (scene) =>
    withForged(scene, (payment) => ({ ...payment, amount: 2 })),
  'another payee than was signed': (scene) =>
    withForged(scene, (payment) => ({ ...payment, to: sha256('somebody') })),
  'another fee than was signed': (scene) =>
    withForged(scene, (payment) => ({ ...payment, amount: 1, fee: 1 })),
  'a signature of zeros': (scene) =>
    withForged(scene, (payment) => ({ ...payment, signature: '0'.repeat(128) })),
  'a payment with a byte order mark': (scene) =>
    withForged(scene, (payment) => `\uFEFF${paymentLine(payment)}`),
  'a payment with a space': (scene) =>
    withForged(scene, (payment) => `${paymentLine(payment)} `),
  'a payment with an escaped letter': (scene) =>
    withForged(scene, (payment) =>
      paymentLine(payment).replace(
        /[a-f]/,
        (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`,
      ),
    ),
  'a fee of minus zero': (scene) =>
    withForged(scene, (payment) => paymentLine(payment).replace(',1,0,', ',1,-0,')),
  'an amount that is rounded': (scene) =>
    withForged(scene, (payment) =>
      paymentLine(payment).replace(',1,0,', ',9007199254740993,0,'),
    ),
};
