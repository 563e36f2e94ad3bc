import { tsImport } from 'tsx/esm/api';
import type { Block } from '../../../steps/02-blocks/index.ts';

declare const data: Block[];
export { data };

export default {
  /** Mines the blocks that the first page shows; they are the same in each build. */
  async load(): Promise<Block[]> {
    const { mineExample } = (await tsImport('./mine-example.ts', import.meta.url)) as {
      mineExample: () => Promise<Block[]>;
    };
    return mineExample();
  },
};
