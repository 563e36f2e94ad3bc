import { loadSteps } from '../../tutorial/companion/kit.ts';
import { withWorkbench } from './harness.ts';
import { testVerdicts } from './verdicts.ts';

const workbench = withWorkbench();
const steps = loadSteps().filter(({ opensSockets }) => !opensSockets);
for (const step of steps) await testVerdicts(step, workbench);
