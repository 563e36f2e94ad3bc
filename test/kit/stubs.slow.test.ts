import { loadSteps } from '../../tutorial/companion/kit.ts';
import { testStub } from './stubs.ts';

for (const step of loadSteps().slice(1)) testStub(step);
