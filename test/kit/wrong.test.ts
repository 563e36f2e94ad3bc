import { loadSteps } from '../../tutorial/companion/kit.ts';
import { testWrongPrograms } from './wrong.ts';

// Those of the first step here, those of all others in wrong.slow.test.ts.
for (const step of loadSteps().slice(0, 1)) await testWrongPrograms(step);
