import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The project's folder. */
export const root = join(import.meta.dirname, '..', '..');

/** The folders of the steps, such as 03-proof-of-work. */
export const steps = readdirSync(join(root, 'steps')).sort();
