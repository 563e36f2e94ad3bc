import { loadSteps } from '../../tutorial/companion/kit.ts';
import { testPrefixes } from './prefix.ts';

for (const step of loadSteps()) testPrefixes(step);
