// For tools that cannot read .vue files; vue-tsc reads them itself.
declare module '*.vue' {
  import type { DefineComponent } from 'vue';

  const component: DefineComponent;
  export default component;
}

/** Where chapters can be read, as the build found it: see `chapter-addresses.ts`. */
declare const __CHAPTERS__: string;
