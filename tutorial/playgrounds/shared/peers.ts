import type { Link, Place } from '../../../final/explorer/components/graph.ts';

/** Ten peers, five in either half, and where they stand. */
export const places: Readonly<Record<string, Place>> = {
  Ada: { x: 0.09, y: 0.3 },
  Ben: { x: 0.32, y: 0.1 },
  Cleo: { x: 0.11, y: 0.74 },
  Dan: { x: 0.36, y: 0.48 },
  Eve: { x: 0.34, y: 0.9 },
  Finn: { x: 0.67, y: 0.1 },
  Gus: { x: 0.91, y: 0.28 },
  Hana: { x: 0.64, y: 0.5 },
  Ivo: { x: 0.89, y: 0.72 },
  June: { x: 0.66, y: 0.9 },
};

/** The names of the ten peers. */
export const names: readonly string[] = Object.keys(places);

/** The half of the network that a peer belongs to. */
export type Side = 'left' | 'right';

/** Returns the half that a peer belongs to. */
export function sideOf(name: string): Side {
  return names.indexOf(name) < names.length / 2 ? 'left' : 'right';
}

/** Each half is a ring of five; three links hold the halves together. */
export const links: readonly Link[] = [
  { a: 'Ada', b: 'Ben', latency: 60 },
  { a: 'Ada', b: 'Cleo', latency: 90 },
  { a: 'Ben', b: 'Dan', latency: 140 },
  { a: 'Cleo', b: 'Eve', latency: 45 },
  { a: 'Dan', b: 'Eve', latency: 210 },
  { a: 'Ben', b: 'Finn', latency: 260 },
  { a: 'Dan', b: 'Hana', latency: 80 },
  { a: 'Eve', b: 'June', latency: 310 },
  { a: 'Finn', b: 'Gus', latency: 75 },
  { a: 'Finn', b: 'Hana', latency: 160 },
  { a: 'Gus', b: 'Ivo', latency: 50 },
  { a: 'Hana', b: 'June', latency: 120 },
  { a: 'Ivo', b: 'June', latency: 95 },
];
