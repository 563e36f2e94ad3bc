/** How long the reason in a close frame may be, in bytes (RFC 6455, section 5.5). */
const MAX_REASON_BYTES = 123;

/** Returns as much of a reason as a close frame takes, in whole characters. */
export function fitting(reason: string): string {
  const room = new Uint8Array(MAX_REASON_BYTES);
  const { read } = new TextEncoder().encodeInto(reason, room);
  return reason.slice(0, read);
}

/** Says in words why a connection failed. */
export function wordsFor(error: Error & { code?: string }): string {
  if (error.code === 'ECONNREFUSED') return 'No node listens there.';
  if (error.message.endsWith('429')) return 'The node does not let this one in for now.';
  if (error.message.startsWith('Unexpected server response'))
    return 'No node is there, but a web server: it may be the port of the HTTP API.';
  return error.message || String(error.code);
}
