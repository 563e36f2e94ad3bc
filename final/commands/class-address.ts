import { isIPv6 } from 'node:net';
import { peerUrl } from '#peers';
import { WS_PORT } from '../node/defaults.ts';
import { quote } from '../terminal/quote.ts';
import { UsageError } from './usage.ts';

/**
 * Reads where a class is: a host, a host and a port, or a url; returns the url.
 *
 * @throws UsageError if it is none of these
 */
export function classUrl(text: string): string {
  const url = /^wss?:/i.test(text) ? text : `ws://${withPort(text)}`;
  const isPlain = /^[^\s/?#@]+$/.test(url.replace(/^wss?:\/\//i, '').replace(/\/$/, ''));
  const { data } = peerUrl.safeParse(url);
  if (data !== undefined && isPlain) return data;
  const advice = /^https?:/i.test(text)
    ? 'http leads to the pages of a node. Take the line that ./pychain class prints, such as'
    : 'it takes what ./pychain class prints, such as';
  throw new UsageError(
    `${quote(text, 40)} is no address of a class: ${advice} ./pychain join 192.168.1.20`,
  );
}

function withPort(text: string): string {
  if (/^\d+$/.test(text)) return `localhost:${text}`; // a port of this machine
  if (isIPv6(text)) return `[${text}]:${WS_PORT}`;
  return /:\d+$/.test(text) ? text : `${text}:${WS_PORT}`;
}
