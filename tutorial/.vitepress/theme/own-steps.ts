// Which of the reader's own steps playgrounds may run on, and whether they do.
import { ref } from 'vue';
import type { Step } from '../../companion/kit.ts';
import type { Desk } from '../../workbench/desk.ts';
import type { Files } from '../../workbench/disk.ts';
import { keep, kept } from './kept.ts';

/** The name under which the browser keeps whether there are such steps. */
const OWN = 'pychain-own-steps';
/** The name under which it keeps whether playgrounds shall run on the project's steps. */
const OURS = 'pychain-uses-ours';

/** A step, as playgrounds import it. */
export interface UsedStep {
  readonly number: number;
  readonly name: string;
}

const [hashing, blocks, proofOfWork, consensus] = [
  { number: 1, name: '#hashing' },
  { number: 2, name: '#blocks' },
  { number: 3, name: '#proof-of-work' },
  { number: 6, name: '#consensus' },
] as const satisfies readonly UsedStep[];

const used: Readonly<
  Record<string, { steps: readonly UsedStep[]; rest?: string | undefined }>
> = {
  avalanche: { steps: [hashing] },
  gossip: { steps: [hashing] },
  tamper: { steps: [hashing, blocks] },
  fork: { steps: [hashing, blocks, proofOfWork, consensus] },
  http: { steps: [hashing, blocks, proofOfWork], rest: '; its API is the project’s' },
  'mining-race': {
    steps: [hashing, blocks, proofOfWork],
    rest: '; what searches in the background is the project’s code',
  },
};

/** Returns the steps on which a playground runs, and what of it is always the project's. */
export const stepsUsed = (playground: string) => used[playground] ?? { steps: [] };

/** Whether playgrounds shall run on the reader's own steps where there are some. */
export const usesOwn = ref(kept(OURS) !== true);

/** Changes that. */
export function setUsesOwn(uses: boolean): void {
  usesOwn.value = uses;
  keep(OURS, !uses);
}

/** Whether some step may be there: without that nothing is loaded to look for it. */
export const mayHaveOwn = (): boolean => kept(OWN) === true;

/** Keeps a step that passes as it stands; returns whether it still does. */
export async function keepStep(desk: Desk, step: Step, files: Files): Promise<boolean> {
  const made = await desk.bench.compile(step.number, files);
  if (!('modules' in made)) return false;
  const isKept = await desk.files.keepOwn(step, files, made.modules);
  if (isKept) keep(OWN, true);
  return isKept;
}
