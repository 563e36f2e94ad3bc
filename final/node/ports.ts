/** Returns the url of a port on a host; an IPv6 address is put in brackets (RFC 3986). */
export function urlOf(scheme: 'http' | 'ws', host: string, port: number | null): string {
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
