import picocolors from 'picocolors';
import { isPlain } from './plain.ts';

/** Colors for words on the terminal; a plain one gets none, not even where CI is set. */
export const colors = picocolors.createColors(picocolors.isColorSupported && !isPlain());
