import { join } from 'node:path';
import { steps as all } from '../../scripts/steps.mjs';

/** The project's folder. */
export const root = join(import.meta.dirname, '..', '..');

/** The folders of the steps, such as 03-proof-of-work. */
export const steps = all.map(({ folder }) => folder);
