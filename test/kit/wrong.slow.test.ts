import { loadSteps } from '../../tutorial/companion/kit.ts';
import { testWrongPrograms } from './wrong.ts';

for (const step of loadSteps().slice(1)) await testWrongPrograms(step);
