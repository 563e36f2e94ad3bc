import type { Plugin } from 'vite';
import { patched } from './patches.ts';

/** Puts behind each chapter in the sidebar how many of its tasks are done. */
export function progressInSidebar(): Plugin {
  const link =
    /(<component :is="textTag" class="text" v-html="item\.text" \/>)(\s*<\/VPLink>)/;
  return patched('progress in the sidebar', {
    'VPSidebarItem.vue': [[link, '$1<ChapterProgress :link="item.link" />$2']],
  });
}
