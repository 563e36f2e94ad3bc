import type { Command } from 'commander';
import { parseAllowedHost, type AllowedHost } from '../api/allowed-hosts.ts';

/** Reads what `--allow-host` says, and ends with a sentence where that is neither kind. */
export function allowedHosts(
  { allowHost = [] }: { readonly allowHost?: readonly string[] },
  command: Command,
): AllowedHost[] {
  return allowHost.map((text) => {
    const host = parseAllowedHost(text);
    if (host !== undefined) return host;
    return command.error(
      `error: option '--allow-host <name>' argument '${text}' is invalid. Give a name, such as ` +
        'vm.lan, or the address of the pages, such as https://chain.example.org.',
    );
  });
}
