import { readFileSync } from 'node:fs';

/** A picture in its light and in its dark form, each as an address that holds it. */
export interface PictureForms {
  readonly width: string;
  readonly light: string;
  readonly dark: string;
}

/** Makes two pictures of one that follows the system, for pages that have a switch of their own. */
export function pictureForms(file: string): PictureForms {
  const svg = readFileSync(file, 'utf8');
  const [, , width = '0'] = /viewBox="([^"]*)"/.exec(svg)?.[1]?.split(/\s+/) ?? [];
  const as = (answer: string) => {
    const text = svg.replaceAll('(prefers-color-scheme: dark)', answer);
    return `data:image/svg+xml;base64,${Buffer.from(text).toString('base64')}`;
  };
  return { width, light: as('not all'), dark: as('all') };
}
