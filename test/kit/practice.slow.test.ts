import { loadSteps } from '../../tutorial/companion/kit.ts';
import { testNearlyRight, testPractice } from './practice.ts';

const steps = loadSteps();
for (const step of steps.slice(1)) testPractice(step);

for (const step of steps.filter(({ folder }) => folder === '06-consensus')) {
  testNearlyRight(step, [
    {
      name: 'lets the shop wait for one block more',
      number: 3,
      replace: ['length - 1 >= depth', 'length - 1 > depth'],
    },
    {
      name: 'lets the shop wait for one block less',
      number: 3,
      replace: ['length - 1 >= depth', 'length >= depth'],
    },
    {
      name: 'begins with one block in hand',
      number: 3,
      replace: [
        'const secret: Block[] = [];',
        "const secret = [nextBlock(genesis, 'Mallory keeps it', 1)];",
      ],
    },
  ]);
}
