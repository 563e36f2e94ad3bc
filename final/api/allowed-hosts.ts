/** A name of this machine, or of a proxy before it, that the machine itself does not know. */
export interface AllowedHost {
  /** What requests may call it. */
  readonly name: string;
  /** The one origin (scheme, name and port) of its pages; undefined if they name their host. */
  readonly origin?: string;
}

/**
 * Reads a name such as `vm.lan`, or an origin such as `https://chain.example.org`.
 *
 * @returns undefined if it is neither
 */
export function parseAllowedHost(text: string): AllowedHost | undefined {
  const isOrigin = /^https?:\/\//i.test(text);
  const url = isOrigin ? text : `http://${text}`;
  if (!URL.canParse(url) || (!isOrigin && text.includes(':'))) return undefined;
  const { hostname: name, origin, pathname, search, hash, username } = new URL(url);
  const rest = pathname.slice(1) + search + hash + username;
  if (rest !== '' || !/^[\w.-]+$/.test(name)) return undefined;
  return isOrigin ? { name, origin } : { name };
}
