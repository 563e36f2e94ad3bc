/** A map that forgets its oldest entries. To set a value makes it the newest. */
export class BoundedMap<K, V> extends Map<K, V> {
  readonly #most: number;

  /** @param most - how many entries it has at most */
  constructor(most: number) {
    super();
    this.#most = most;
  }

  override set(key: K, value: V): this {
    this.delete(key);
    super.set(key, value);
    const [oldest] = this.keys();
    if (this.size > this.#most && oldest !== undefined) this.delete(oldest);
    return this;
  }
}
