import { describe, expect, it } from '@jest/globals';
import { AddressBook } from '#peers';

const redial = { first: 1_000, max: 8_000 };
/** A chance that shortens no wait noticeably, and one that shortens it as far as it may. */
const [late, early] = [() => 0.999_999, () => 0];

const urlOf = (n: number) => `ws://10.0.0.1:${n}`;
const a = urlOf(1);
const b = urlOf(2);

/** An empty book that dials three at a time. */
const bookOf = (random = late, outbound = 3) => new AddressBook(redial, outbound, random);

/** A book that knows one url, noted at the time 0. */
function bookWith(url: string, keep: boolean, random = late): AddressBook {
  const book = bookOf(random);
  book.add(url, 0, keep);
  return book;
}

/** When a url is taken that was released at the time 0, to a hundredth of a second. */
function waitOf(book: AddressBook): number {
  for (let now = 0; now <= 20_000; now += 10) {
    if (book.take(now).length > 0) return now;
  }
  return Infinity;
}

/** Takes a url and releases it in vain, so many times; gives the time. */
function failOften(book: AddressBook, count: number, now = 0): number {
  for (let i = 0; i < count; i += 1) {
    now += 100_000;
    for (const url of book.take(now)) book.release(url, now, 0);
  }
  return now;
}

describe('Task 7: the address book', () => {
  describe('what it knows', () => {
    it('is nothing at first', () => {
      expect([bookOf().known(), bookOf().take(1_000_000)]).toEqual([[], []]);
    });

    it('is each url once, in order, and whether it is to be kept', () => {
      const book = bookOf();
      book.add(a, 0);
      book.add(b, 0, true);
      book.add(a, 5);
      expect(book.known()).toEqual([
        { url: a, keep: false },
        { url: b, keep: true },
      ]);
    });

    it('is to be kept from the first time that somebody says so, and for good', () => {
      const book = bookOf();
      for (const keep of [false, true, false]) book.add(a, 0, keep);
      expect(book.known()).toEqual([{ url: a, keep: true }]);
    });

    it('cannot be changed from outside', () => {
      const book = bookWith(a, true);
      const [known] = book.known() as { url: string; keep: boolean }[];
      Object.assign(known ?? {}, { url: b, keep: false });
      book.known().pop();
      expect(book.known()).toEqual([{ url: a, keep: true }]);
    });
  });

  describe('when it dials what is to be kept', () => {
    it('is at once, and all of them', () => {
      const book = bookOf();
      for (let n = 1; n <= 20; n += 1) book.add(urlOf(n), 5, true);
      expect(book.take(5)).toHaveLength(20);
    });

    it('is not again while it is taken', () => {
      const book = bookWith(a, true);
      expect(book.take(0)).toEqual([a]);
      expect(book.take(0)).toEqual([]);
      expect(book.take(1_000_000)).toEqual([]);
    });

    it('is again when it was released, after a wait', () => {
      const book = bookWith(a, true);
      book.take(0);
      book.release(a, 50_000, 0);
      expect(book.take(50_000)).toEqual([]);
      expect(book.take(51_000)).toEqual([a]);
    });

    it('is after one second, then two, then four, and never more than eight', () => {
      const waits: number[] = [];
      for (let failures = 1; failures <= 6; failures += 1) {
        const book = bookWith(a, true);
        const now = failOften(book, failures - 1);
        book.take(now + 100_000);
        book.release(a, 0, 0);
        waits.push(waitOf(book));
      }
      expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
    });

    it('is sooner by chance, by up to half, so that not all nodes come back at once', () => {
      const waits = [early, () => 0.5, late].map((random) => {
        const book = bookWith(a, true, random);
        book.take(0);
        book.release(a, 0, 0);
        return waitOf(book);
      });
      expect(waits[0]).toBeGreaterThanOrEqual(500);
      expect(waits[0]).toBeLessThan(700);
      expect(waits[1]).toBeGreaterThan(waits[0] ?? 0);
      expect(waits[1]).toBeLessThan(waits[2] ?? 0);
      expect(waits[2]).toBe(1_000);
    });

    it('begins anew after a connection that lasted, for then it works', () => {
      const book = bookWith(a, true);
      const now = failOften(book, 5);
      book.take(now + 100_000);
      book.release(a, 0, 30_001);
      expect(waitOf(book)).toBe(1_000);
      book.release(a, 0, 0); // the first failure after it
      expect(waitOf(book)).toBe(1_000);
      book.release(a, 0, 0);
      expect(waitOf(book)).toBe(2_000);
    });

    it('does not begin anew after a connection that was short', () => {
      const book = bookWith(a, true);
      const now = failOften(book, 2);
      book.take(now + 100_000);
      book.release(a, 0, 30_000);
      expect(waitOf(book)).toBe(4_000);
    });

    it('is for ever, however often it fails', () => {
      const book = bookWith(a, true);
      const now = failOften(book, 50);
      expect(book.known()).toEqual([{ url: a, keep: true }]);
      expect(book.take(now + 8_000)).toEqual([a]);
    });

    it('does not matter to the number of the others', () => {
      const book = bookOf(late, 1);
      for (let n = 1; n <= 5; n += 1) book.add(urlOf(n), 0, true);
      book.add(a.replace('10.', '11.'), 0);
      expect(book.take(1_000)).toHaveLength(6);
    });
  });

  describe('when it dials what others named', () => {
    it('is a little later, by chance, as the node there may be about to dial this one', () => {
      const waits = [early, () => 0.5, late].map((random) =>
        waitOf(bookWith(a, false, random)),
      );
      expect(waits[0]).toBeLessThan(waits[1] ?? 0);
      expect(waits[1]).toBeLessThan(waits[2] ?? 0);
      expect(waits[2]).toBeLessThanOrEqual(1_000);
    });

    it('is at once when it is to be kept after all', () => {
      const book = bookOf(early);
      book.add(a, 0);
      book.add(a, 0, true);
      expect(book.take(0)).toEqual([a]);
    });

    it('is one after the other, with a second between them', () => {
      const book = bookOf(early);
      for (let n = 1; n <= 100; n += 1) book.add(urlOf(n), 0);
      const taken = [0, 0, 500, 999, 1_000, 1_001, 2_000].map(
        (now) => book.take(now).length,
      );
      expect(taken).toEqual([1, 0, 0, 0, 1, 0, 1]);
    });

    it('stops at as many as it was told, and goes on when one is released', () => {
      const book = bookOf(early, 2);
      for (let n = 1; n <= 5; n += 1) book.add(urlOf(n), 0);
      const taken = [0, 1_000, 2_000, 3_000].flatMap((now) => book.take(now));
      expect(taken).toHaveLength(2);
      book.release(taken[0] ?? '', 3_000, 60_000);
      expect(book.take(3_000)).toHaveLength(1);
      expect(book.take(9_000)).toEqual([]);
    });

    it('takes none where it is to look for none', () => {
      const book = bookOf(early, 0);
      book.add(a, 0);
      expect(book.take(1_000_000)).toEqual([]);
    });

    it('takes the newest first, however many false ones came before', () => {
      const book = bookOf(early);
      for (let n = 1; n <= 500; n += 1) book.add(urlOf(n), 0);
      expect(book.take(0)).toEqual([urlOf(500)]);
      expect(book.take(1_000)).toEqual([urlOf(499)]);
    });

    it('takes what failed least often, even if it is older', () => {
      const book = bookOf(early);
      book.add(a, 0);
      book.add(b, 0);
      expect(book.take(0)).toEqual([b]);
      book.release(b, 0, 0);
      expect(book.take(10_000)).toEqual([a]);
    });

    it('is again after a wait where nobody was the first time', () => {
      const book = bookWith(a, false);
      expect(book.take(1_000)).toEqual([a]);
      book.release(a, 1_000, 0);
      expect(book.take(1_400)).toEqual([]);
      expect(book.take(2_000)).toEqual([a]);
    });

    it('is never again after ten failures in a row', () => {
      const book = bookWith(a, false);
      const now = failOften(book, 9);
      expect(book.known()).toHaveLength(1);
      failOften(book, 1, now);
      expect(book.known()).toEqual([]);
    });

    it('counts only failures in a row', () => {
      const book = bookWith(a, false);
      const now = failOften(book, 9);
      book.take(now + 100_000);
      book.release(a, now + 200_000, 60_000);
      failOften(book, 9, now + 200_000);
      expect(book.known()).toHaveLength(1);
    });

    it('does not stumble over a url that it has forgotten', () => {
      const book = bookOf();
      book.release(a, 0, 60_000);
      expect(book.known()).toEqual([]);
    });
  });

  describe('when it is full', () => {
    it('knows a thousand urls that others named, and not more', () => {
      const book = bookOf();
      for (let n = 1; n <= 3_000; n += 1) book.add(urlOf(n), 0);
      expect(book.known()).toHaveLength(1_000);
      expect(book.known()).toContainEqual({ url: urlOf(3_000), keep: false });
    });

    it('keeps what is to be kept, what is taken, and where a node was met', () => {
      const book = bookOf();
      const [kept, taken, met] = [urlOf(9_001), urlOf(9_002), urlOf(9_003)];
      book.add(met, 0);
      book.take(1_000);
      book.release(met, 1_000, 1);
      book.add(taken, 1_000);
      expect(book.take(2_500)).toContain(taken);
      book.add(kept, 2_500, true);
      for (let n = 1; n <= 3_000; n += 1) book.add(urlOf(n), 2_500);
      const urls = book.known().map(({ url }) => url);
      expect(urls).toEqual(expect.arrayContaining([kept, taken, met]));
      expect(urls).toHaveLength(1_000);
    });

    it('lets go of where a node was dialed in vain', () => {
      const book = bookWith(a, false);
      book.take(1_000);
      book.release(a, 1_000, 0);
      for (let n = 2; n <= 3_000; n += 1) book.add(urlOf(n), 1_000);
      expect(book.known()).not.toContainEqual({ url: a, keep: false });
    });

    it('does not grow where all are to be kept, but for one more of these', () => {
      const book = bookOf();
      for (let n = 1; n <= 1_000; n += 1) book.add(urlOf(n), 0, true);
      book.add(urlOf(2_000), 0);
      expect(book.known()).toHaveLength(1_000);
      book.add(urlOf(2_001), 0, true);
      expect(book.known()).toHaveLength(1_001);
    });
  });

  it('draws its chance from Math.random unless told otherwise', () => {
    const { random } = Math;
    try {
      Math.random = late;
      const book = new AddressBook(redial, 8);
      book.add(a, 0);
      Math.random = early;
      const other = new AddressBook(redial, 8);
      other.add(a, 0);
      expect([book.take(100), other.take(100)]).toEqual([[], [a]]);
    } finally {
      Math.random = random;
    }
  });
});
