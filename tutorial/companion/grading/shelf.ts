/**
 * What a submission may import while it is graded: the packages of the steps, and what of Node cannot
 * reach files, processes or the judge.
 *
 * @module
 */
import * as assert from 'node:assert';
import * as buffer from 'node:buffer';
import * as crypto from 'node:crypto';
import * as events from 'node:events';
import * as http from 'node:http';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import * as performance from 'node:perf_hooks';
import * as querystring from 'node:querystring';
import * as stream from 'node:stream';
import * as streams from 'node:stream/promises';
import * as decoder from 'node:string_decoder';
import * as timers from 'node:timers';
import * as sleeping from 'node:timers/promises';
import * as url from 'node:url';
import * as util from 'node:util';
import * as zlib from 'node:zlib';
import * as colors from 'picocolors';
import * as ws from 'ws';
import type { Shelf } from './linker.ts';

/** What is locked: nothing of it changes after it has loaded. */
const fixed: Readonly<Record<string, object>> = {
  assert,
  buffer,
  crypto,
  events,
  http,
  net,
  os,
  path,
  perf_hooks: performance,
  querystring,
  stream,
  'stream/promises': streams,
  string_decoder: decoder,
  timers,
  'timers/promises': sleeping,
  url,
  util,
  zlib,
  picocolors: colors,
  ws,
};

/** What programs add to as they use it. It is large, so it is loaded only for those who name it. */
const growing: Readonly<Record<string, () => Promise<object>>> = {
  express: () => import('express'),
  zod: () => import('zod'),
};

/**
 * Returns the modules by their names, for a submission with these texts. What a module gives as its
 * default is a copy that cannot be changed.
 */
export async function shelfFor(texts: readonly string[]): Promise<Shelf> {
  const shelf = new Map<string, () => object>();
  for (const [name, module] of Object.entries(fixed))
    shelf.set(name, () => copyOf(module));
  for (const [name, load] of Object.entries(growing)) {
    if (!texts.some((text) => text.includes(name))) continue;
    const module = await load();
    shelf.set(name, () => copyOf(module));
  }
  return shelf;
}

/** What is to be locked before a submission runs. */
export const lockable: readonly object[] = Object.values(fixed).flatMap(
  (module) => Object.values(module) as object[],
);

function copyOf(module: object): object {
  const copy: Record<string, unknown> = { ...module };
  const main = copy.default;
  if (typeof main === 'object' && main !== null)
    copy.default = Object.freeze({ ...main });
  return copy;
}
