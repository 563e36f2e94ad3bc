import { join } from 'node:path';

/** Returns where a node keeps its chain unless told otherwise, by its port for peers. */
export const dataFolder = (wsPort: number): string => join('.pychain', String(wsPort));
