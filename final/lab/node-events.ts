import type { ApiClient } from '../api/client.ts';
import type { AgainEvent, ChainEvent } from '../api/schemas.ts';

/** An event of `GET /events` that changes what a node has. */
export type NodeEvent =
  | { readonly name: 'chain'; readonly data: ChainEvent }
  | { readonly name: 'again'; readonly data: AgainEvent };

/**
 * Listens to what a node tells, until it ends.
 *
 * @param listening - is called once nothing is missed any more
 */
export async function* eventsOf(
  client: ApiClient,
  listening: () => void,
): AsyncGenerator<NodeEvent> {
  const answer = await client.send('/events');
  listening();
  let text = '';
  for await (const piece of answer.setEncoding('utf8')) {
    const parts = (text + String(piece)).split('\n\n');
    text = parts.pop() ?? '';
    for (const part of parts) {
      const event = read(part);
      if (event !== undefined) yield event;
    }
  }
}

function read(text: string): NodeEvent | undefined {
  const [, name, data = ''] = /^event: (chain|again)\ndata: (.*)$/.exec(text) ?? [];
  if (name === 'chain') return { name, data: JSON.parse(data) as ChainEvent };
  if (name === 'again') return { name, data: JSON.parse(data) as AgainEvent };
  return undefined;
}
