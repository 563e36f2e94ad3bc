import type { Theme } from 'vitepress';
import { defineAsyncComponent } from 'vue';
import DefaultTheme from 'vitepress/theme-without-fonts';
import ChapterProgress from './ChapterProgress.vue';
import GlossaryFilter from './GlossaryFilter.vue';
import LandingPage from './LandingPage.vue';
import Layout from './Layout.vue';
import NeedsNode from './NeedsNode.vue';
import Playground from './Playground.vue';
import TaskDone from './TaskDone.vue';
import WriteItHere from './WriteItHere.vue';
import './style.css';
import './print.css';

export default {
  extends: DefaultTheme,
  Layout,
  enhanceApp({ app }) {
    app.component('ChapterProgress', ChapterProgress); // in the default theme's sidebar
    app.component('GlossaryFilter', GlossaryFilter);
    app.component('Landing', LandingPage);
    // Only the first page shows it, so the others do not load it.
    app.component(
      'HeroChain',
      defineAsyncComponent(() => import('../../playgrounds/hero/HeroChain.vue')),
    );
    app.component('NeedsNode', NeedsNode);
    app.component('Playground', Playground);
    app.component('TaskDone', TaskDone);
    app.component('WriteItHere', WriteItHere);
  },
} satisfies Theme;
