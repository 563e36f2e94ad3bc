/** Returns the url of a port on a host; an IPv6 address is put in brackets (RFC 3986). */
export function urlOf(scheme: 'http' | 'ws', host: string, port: number | null): string {
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Returns what turns the error of a port that cannot be listened on into a sentence. */
export function explainPort(port: number, option: string): (error: unknown) => never {
  return (error) => {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE')
      throw new Error(`Cannot listen on port ${port}: ${message}`);
    throw new Error(
      `Port ${port} is in use. Stop the program that uses it, or choose another port with ` +
        `${option} (${option} 0 takes a free one).`,
    );
  };
}
