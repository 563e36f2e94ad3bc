import type { Block } from '#blocks';
import type { Seen } from '../../api/schemas.ts';

export type { Block } from '#blocks';
export type {
  ClassState,
  DryRun,
  Forks,
  NetworkState,
  PeerState,
  Reorganization,
  SearchEvent,
  Seen,
  Status,
  TreeEntry,
} from '../../api/schemas.ts';

/** An answer that says no, in the words of the node; status 0 if there was no answer. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

/**
 * Returns the address of a path of the API. It is relative to the page, since a proxy may have put
 * both into a folder of its own.
 */
export const at = (path: `/${string}`): string => `.${path}`;

/** Asks the node that this page comes from. With a body it is a POST. */
export async function ask<T>(
  path: `/${string}`,
  body?: unknown,
  init: RequestInit = {},
): Promise<T> {
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  const post = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  let response: Response;
  let answer: unknown;
  try {
    response = await fetch(at(path), { headers, ...post, ...init });
    answer = response.status === 204 ? undefined : await response.json();
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiError(0, 'The node does not answer.');
  }
  if (response.ok) return answer as T;
  const { detail = `HTTP status ${response.status}` } = answer as { detail?: string };
  throw new ApiError(response.status, detail);
}

/** Asks for a block by its index, or by its hash: then of any branch, lost ones too. */
export async function askBlock(id: string): Promise<{ block: Block; isLost: boolean }> {
  const path = `/blocks/${encodeURIComponent(id)}` as const;
  const lost = isHash(id) ? (await ask<Seen>(`${path}/seen`)).block : undefined;
  return { block: lost ?? (await ask<Block>(path)), isLost: lost !== undefined };
}

/** Whether a text is a whole hash. */
export const isHash = (text: string): boolean => /^[0-9a-f]{64}$/i.test(text);

/** Returns what went wrong, as a sentence. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
