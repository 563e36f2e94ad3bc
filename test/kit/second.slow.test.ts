import { loadSteps } from '../../tutorial/companion/kit.ts';
import { testAllSeconds, testSecond } from './second.ts';

for (const step of loadSteps().slice(1)) testSecond(step);
testAllSeconds();
