import type { Change } from '#consensus';
import type { Post } from '../storage/store.ts';

/**
 * Remembers which blocks this node mined for clients. Where a reorganization takes one off
 * the best chain, its data is to be mined again: a client that was told 201 can rely on it.
 */
export class Posts {
  readonly #kept = new Set<string>();
  /** Their data may be large, and is read when it is asked for. */
  readonly #lost = new Map<string, Post>();

  /** Takes up posts as a store kept them. */
  load(posts: readonly Post[]): void {
    for (const post of posts) {
      if (post.data === undefined) this.#kept.add(post.hash);
      else this.#lost.set(post.hash, post);
    }
  }

  /** How many posts are off the best chain and wait to be mined again. */
  get waiting(): number {
    return this.#lost.size;
  }

  /** The post that is to be mined again next, if there is one. */
  get next(): { readonly hash: string; readonly data: string } | undefined {
    for (const { hash, data = '' } of this.#lost.values()) return { hash, data };
    return undefined;
  }

  /** Whether the data of a block waits to be mined again. */
  isWaiting(hash: string): boolean {
    return this.#lost.has(hash);
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
      for (const block of removed) {
        const { hash } = block;
        if (!this.#kept.delete(hash)) continue;
        const post: Post = {
          hash,
          get data() {
            return block.data;
          },
        };
        this.#lost.set(hash, post);
        posts.push(post);
      }
      for (const { hash } of added)
        if (this.#lost.delete(hash)) posts.push(this.mined(hash));
    }
    return posts;
  }
}
