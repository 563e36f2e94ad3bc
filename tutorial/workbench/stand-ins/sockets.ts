/**
 * For what opens sockets: steps 4 and 5 name it where they are loaded, and a page has none. Whoever
 * uses it is told so.
 *
 * @module
 */
import { Refused, refuse } from './refuse.ts';

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
  ws: { default: Refused, WebSocket: Refused, WebSocketServer: Refused },
  'node:http': {
    STATUS_CODES,
    Agent: Refused,
    Server: Refused,
    createServer: refuse,
    get: refuse,
    request: refuse,
  },
  'node:net': {
    Server: Refused,
    Socket: Refused,
    connect: refuse,
    createConnection: refuse,
    createServer: refuse,
  },
  'node:stream': { Readable: Refused, pipeline: refuse },
  'node:stream/promises': { pipeline: refuse },
};
