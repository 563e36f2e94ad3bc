/** The chapters that the pages of a node lead to, by their number and the name of their file. */
export const chapters = {
  hashing: ['1', '01-hashing'],
  blocks: ['2', '02-blocks'],
  work: ['3', '03-proof-of-work'],
  http: ['4', '04-http'],
  peers: ['5', '05-peers'],
  consensus: ['6', '06-consensus'],
  merkle: ['7', '07-merkle'],
  signatures: ['8', '08-signatures'],
  accounts: ['9', '09-accounts'],
  mempool: ['10', '10-mempool'],
} as const;

/** A chapter that a page leads to. */
export type Chapter = keyof typeof chapters;

/** What `package.json` may say of where the project is. */
interface About {
  readonly homepage?: string;
  readonly repository?: string | { readonly url: string };
}

/**
 * Returns where chapters can be read, with `*` for the name of their file: on the project's site,
 * or else where its source is public; empty if it says neither.
 */
export function chapterPattern({ homepage, repository }: About): string {
  if (homepage !== undefined) return `${homepage.replace(/\/$/, '')}/*.html`;
  const url = typeof repository === 'string' ? repository : repository?.url;
  if (url === undefined) return '';
  const place = url.replace(/^git\+/, '').replace(/\.git$/, '');
  return `${place}/blob/HEAD/tutorial/*.md`;
}
