import { HOST, HTTP_PORT, WS_PORT } from './defaults.ts';

/** Returns the url of a port on a host; an IPv6 address is put in brackets (RFC 3986). */
export function urlOf(scheme: 'http' | 'ws', host: string, port: number | null): string {
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/**
 * Returns what turns the error of an address that cannot be listened on into a sentence.
 *
 * @param option - the one that says which port
 */
export function explainPort(
  port: number,
  host: string,
  option: string,
): (error: unknown) => never {
  return (error) => {
    throw new Error(inWords(error as NodeJS.ErrnoException, port, host, option));
  };
}

function inWords(
  { code, message }: NodeJS.ErrnoException,
  port: number,
  host: string,
  option: string,
): string {
  switch (code) {
    case 'EADDRINUSE': {
      const isUsual = port === HTTP_PORT || port === WS_PORT;
      const second = `-p ${HTTP_PORT + 1} -w ${WS_PORT + 1}`;
      return (
        `Port ${port} is in use. Stop the program that uses it, or choose another port with ` +
        `${option} (${option} 0 takes a free one).` +
        (isUsual ? ` A second node takes two of its own, such as ${second}` : '')
      );
    }
    case 'EACCES':
      return `Port ${port} is not for everybody. Choose one from 1024 on with ${option}`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EADDRNOTAVAIL':
      return (
        `This machine has no address ${host}. --host takes one of its own, such as ${HOST}, or ` +
        '0.0.0.0 for all.'
      );
    default:
      return `Cannot listen on port ${port} of ${host}: ${message}`;
  }
}
