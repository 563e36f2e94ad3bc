/** What it costs to catch up on two blocks. */
import { TestNode, cleanUp } from '../test/network/harness.ts';
import { makeChain, metric, storeChain } from './fixtures.ts';
import { number, print } from './table.ts';

const SIZES = [1_000, 100_000];

/** Returns how many bytes go both ways until a node has two blocks that it missed. */
async function bytesFor(length: number): Promise<number> {
  const chain = makeChain(length);
  const source = await TestNode.start([], await storeChain(chain));
  for (const data of ['missed', 'missed too']) await source.post(data.padEnd(100, '.'));
  const tip = (await source.chain()).at(-1)?.hash ?? '';
  const joiner = await TestNode.start(['-n', source.ws], await storeChain(chain));
  await joiner.untilTip(tip);
  const [received, sent] = [
    await metric(joiner, 'pychain_received_bytes_total'),
    await metric(joiner, 'pychain_sent_bytes_total'),
  ];
  await cleanUp();
  return received + sent;
}

export async function benchCatchUp(): Promise<void> {
  const bytes: number[] = [];
  for (const size of SIZES) bytes.push(await bytesFor(size));
  const [short = NaN, long = NaN] = bytes;
  print('Catching up on two blocks of 100 bytes', [
    ...SIZES.map((size, i) => ({
      what: `at ${number(size)} blocks`,
      result: `${number(bytes[i] ?? NaN)} bytes`,
    })),
    {
      what: 'difference',
      result: `${number(100 * (long / short - 1), 1)} %`,
      goal: 'at most 5 %',
    },
  ]);
}
