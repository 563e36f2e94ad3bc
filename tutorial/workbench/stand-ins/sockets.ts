/**
 * For what opens sockets: steps 4 and 5 name it where they are loaded, and a page has none. Whoever
 * uses it is told so.
 *
 * @module
 */
import { refuse } from './refuse.ts';

/** The words for HTTP's status codes: the build takes them from Node. */
declare const STATUS_CODES: Readonly<Record<string, string>>;

const json = refuse;

/** By the names under which programs import them. */
export const sockets = {
  express: {
    default: Object.assign(() => refuse(), { json, Router: refuse }),
    json,
    Router: refuse,
  },
  ws: { default: refuse, WebSocket: refuse, WebSocketServer: refuse },
  'node:http': {
    STATUS_CODES,
    Agent: refuse,
    Server: refuse,
    createServer: refuse,
    get: refuse,
    request: refuse,
  },
  'node:net': {
    Server: refuse,
    Socket: refuse,
    connect: refuse,
    createConnection: refuse,
    createServer: refuse,
  },
  'node:stream': { Readable: refuse, pipeline: refuse },
  'node:stream/promises': { pipeline: refuse },
};
