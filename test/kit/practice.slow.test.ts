import { loadSteps } from '../../tutorial/companion/kit.ts';
import { testPractice } from './practice.ts';

for (const step of loadSteps().slice(1)) testPractice(step);
