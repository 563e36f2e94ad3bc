import type { Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme-without-fonts';
import Landing from './Landing.vue';
import Layout from './Layout.vue';
import Playground from './Playground.vue';
import WriteItHere from './WriteItHere.vue';
import './style.css';

export default {
  extends: DefaultTheme,
  Layout,
  enhanceApp({ app }) {
    app.component('Landing', Landing);
    app.component('Playground', Playground);
    app.component('WriteItHere', WriteItHere);
  },
} satisfies Theme;
