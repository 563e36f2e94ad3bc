import { loadSteps } from '../../tutorial/companion/kit.ts';
import { withWorkbench } from './harness.ts';
import { testVerdicts } from './verdicts.ts';

// Some programs of the first step here, of all steps in verdicts.slow.test.ts.
const workbench = withWorkbench();
for (const step of loadSteps().slice(0, 1)) await testVerdicts(step, workbench, 7);
