import type { Theme } from 'vitepress';
import { defineAsyncComponent } from 'vue';
import DefaultTheme from 'vitepress/theme-without-fonts';
import Landing from './Landing.vue';
import Layout from './Layout.vue';
import Playground from './Playground.vue';
import './style.css';

export default {
  extends: DefaultTheme,
  Layout,
  enhanceApp({ app }) {
    app.component('Landing', Landing);
    // Only the first page shows it, so the others do not load it.
    app.component(
      'HeroChain',
      defineAsyncComponent(() => import('../../playgrounds/hero/HeroChain.vue')),
    );
    app.component('Playground', Playground);
  },
} satisfies Theme;
