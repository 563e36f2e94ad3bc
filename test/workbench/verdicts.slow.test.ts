import { loadSteps } from '../../tutorial/companion/kit.ts';
import { withWorkbench } from './harness.ts';
import { testVerdicts } from './verdicts.ts';

/** How many programs of each step are tried. `npm run test:workbench` tries all. */
const count = Number(process.env.PROGRAMS ?? 10);

const workbench = withWorkbench();
const steps = loadSteps().filter(({ opensSockets }) => !opensSockets);
for (const step of steps) await testVerdicts(step, workbench, count);
