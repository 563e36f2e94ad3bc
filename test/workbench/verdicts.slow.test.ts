import { stepsOfPage } from '../../tutorial/workbench/tasks-of-page.ts';
import { withWorkbench } from './harness.ts';
import { testVerdicts } from './verdicts.ts';

/** How many programs of each step are tried. `npm run test:workbench` tries all. */
const count = Number(process.env.PROGRAMS ?? 2);

/** How many of those steps of which a page tests only some tasks. */
const few = Number(process.env.PROGRAMS ?? 1);

const workbench = withWorkbench();
for (const step of stepsOfPage())
  await testVerdicts(step, workbench, step.opensSockets ? few : count);
