import { peerUrl } from '#peers';
import { WS_PORT } from '../node/defaults.ts';
import { quote } from '../terminal/quote.ts';
import { UsageError } from './usage.ts';

/**
 * Reads the urls of `--node`. They are read when a node is run, since step 5 knows how.
 *
 * @throws UsageError if one is none
 */
export function peerUrls(texts: readonly string[]): string[] {
  return texts.map((text) => {
    const { data } = peerUrl.safeParse(text);
    if (data !== undefined) return data;
    throw new UsageError(`${quote(text, 40)} is no address of a node: ${adviceOn(text)}`);
  });
}

function adviceOn(text: string): string {
  const usual = `-n ws://localhost:${WS_PORT}`;
  if (/^https?:/i.test(text))
    return (
      'http leads to the API of a node. Take what stands behind "for peers" where that node ' +
      `was started, such as ${usual}`
    );
  const host = /^\d+$/.test(text) ? `localhost:${text}` : text;
  const whole = /:\d+$/.test(host) ? host : `${host}:${WS_PORT}`;
  const meant = /^[\w.-]+:\d+$/.test(whole) && peerUrl.safeParse(`ws://${whole}`).success;
  return `-n takes ws://host:port, such as ${meant ? `-n ws://${whole}` : usual}`;
}
