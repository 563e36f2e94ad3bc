import type { Change } from '#consensus';
import type { Post } from '../storage/store.ts';

/**
 * Remembers which blocks this node mined for clients. Where a reorganization takes one off
 * the best chain, its data is to be mined again: a client that was told 201 can rely on it.
 */
export class Posts {
  readonly #kept = new Set<string>();
  readonly #lost = new Map<string, string>();

  /** Takes up posts as a store kept them. */
  load(posts: readonly Post[]): void {
    for (const { hash, data } of posts) {
      if (data === undefined) this.#kept.add(hash);
      else this.#lost.set(hash, data);
    }
  }

  /** How many posts are off the best chain and wait to be mined again. */
  get waiting(): number {
    return this.#lost.size;
  }

  /** The post that is to be mined again next, if there is one. */
  get next(): { readonly hash: string; readonly data: string } | undefined {
    for (const [hash, data] of this.#lost) return { hash, data };
    return undefined;
  }

  /** Notes a block that was mined for a client and is on the best chain. */
  mined(hash: string): Post {
    this.#kept.add(hash);
    return { hash };
  }

  /** Notes that the data of a lost block is on the best chain in another block. */
  minedAgain(hash: string): Post {
    this.#lost.delete(hash);
    return { hash, done: true };
  }

  /** Follows the best chain, and returns the posts that left it or came back. */
  changed(changes: readonly Change[]): Post[] {
    const posts: Post[] = [];
    for (const { removed, added } of changes) {
      for (const { hash, data } of removed) {
        if (!this.#kept.delete(hash)) continue;
        this.#lost.set(hash, data);
        posts.push({ hash, data });
      }
      for (const { hash } of added)
        if (this.#lost.delete(hash)) posts.push(this.mined(hash));
    }
    return posts;
  }
}
