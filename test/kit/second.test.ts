import { loadSteps } from '../../tutorial/companion/kit.ts';
import { testSecond } from './second.ts';

// That of the first step here, those of all others in second.slow.test.ts.
for (const step of loadSteps().slice(0, 1)) testSecond(step);
