/** A node's place in a graph, from 0 to 1 in both directions. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** A connection between two nodes, by their ids. */
export interface Link {
  readonly a: string;
  readonly b: string;
  /** How long a message takes, in milliseconds. */
  readonly latency: number;
}

/** Whether a link joins these two, whichever is named first. */
export function joins(link: Pick<Link, 'a' | 'b'>, one: string, other: string): boolean {
  return (link.a === one && link.b === other) || (link.a === other && link.b === one);
}

/** A node as the graph draws it. */
export interface GraphNode {
  readonly id: string;
  /** What stands in its circle; the id unless given. */
  readonly name?: string;
  readonly place: Place;
  /** One or two short lines below the name. */
  readonly note: string;
  /** Which of the colors it has; undefined for none. */
  readonly color: number | undefined;
  /** What a screen reader says of it, after its name. */
  readonly words: string;
  /** Whether it takes no part for now. */
  readonly dim?: boolean;
}

/** A link as the graph draws it. */
export interface GraphLink {
  readonly a: string;
  readonly b: string;
  readonly label: string;
  /** Whether it stands out. */
  readonly strong: boolean;
  /** Whether an arrow leads from `a` to `b`. */
  readonly directed?: boolean;
  /** Whether nothing passes. */
  readonly broken?: boolean;
}

/** A message on its way: how far it has come, from 0 to 1. */
export interface GraphPacket {
  readonly id: number;
  readonly from: string;
  readonly to: string;
  readonly progress: number;
  readonly color: number;
}

/** The room around the places, in pixels, so that nodes stay within the picture. */
const MARGIN = 26;

/** Returns where a place is in a picture of this size. */
export function toPixels({ x, y }: Place, width: number, height: number): Place {
  return {
    x: MARGIN + x * (width - 2 * MARGIN),
    y: MARGIN + y * (height - 2 * MARGIN),
  };
}

/** Returns the place that a point in the picture stands for, within its bounds. */
export function toPlace(point: Place, width: number, height: number): Place {
  const clamp = (value: number) => Math.min(1, Math.max(0, value));
  return {
    x: clamp((point.x - MARGIN) / (width - 2 * MARGIN)),
    y: clamp((point.y - MARGIN) / (height - 2 * MARGIN)),
  };
}
