import { parseAllowedHost, type AllowedHost } from '../api/allowed-hosts.ts';
import type { Value } from './usage.ts';

/** What `--allow-host` takes. */
export const allowedHost: Value<AllowedHost> = {
  noun: 'name',
  form: 'a name or the address of the pages (https://chain.example.org)',
  example: 'vm.lan',
  read: parseAllowedHost,
};
