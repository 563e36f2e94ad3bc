import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';

/**
 * Asks a node, or posts JSON to it, and waits for the head of the answer. Unlike `fetch`, this
 * does not give up after five minutes: to mine a block may take longer.
 *
 * @throws the system's error, such as ECONNREFUSED
 */
export async function send(url: string, json?: string): Promise<IncomingMessage> {
  const sent = request(url, {
    method: json === undefined ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json' },
  });
  sent.end(json);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return response;
}
