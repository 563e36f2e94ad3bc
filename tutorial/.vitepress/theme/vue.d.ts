// For tools that cannot read .vue files; vue-tsc reads them itself.
declare module '*.vue' {
  import type { DefineComponent } from 'vue';

  const component: DefineComponent;
  export default component;
}

/** What tells the built files of the workbench from those that a browser has kept. */
declare const WORKBENCH_VERSION: string;
