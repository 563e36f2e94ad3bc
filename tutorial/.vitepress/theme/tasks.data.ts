import { readTasks, type SiteChapter } from '../tasks.ts';

declare const data: SiteChapter[];
export { data };

export default {
  watch: ['../../*.md'],
  /** Reads which tasks there are. */
  load: (): SiteChapter[] => readTasks(),
};
