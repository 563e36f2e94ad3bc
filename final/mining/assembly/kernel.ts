// The mining kernel, in AssemblyScript: TypeScript's syntax, compiled to WebAssembly by
// `npm run build:kernel`. It hashes the last block (64 bytes) of header texts with SHA-256
// (FIPS 180-4, section 6.2.2); whatever those of a batch have in common is done before, in
// ../kernel.ts. Its tricks, and how many times as fast each made it (there is more about them
// in tutorial/mining-faster.md):
//
//  2.9  Four nonces in the four lanes of a 128-bit vector (SIMD).
//  1.9  The schedule depends on the nonce alone, so it serves 32 timestamps (AsicBoost's idea).
//  1.08 Rotations are XORs of independent shifts, which the processor computes side by side.
//  1.06 The first round only adds the digits to two words: the rest of it is known before.
//  1.4  Two vectors take turns, so that one computes while the other waits for a result.

/** The constants of the 64 rounds: FIPS 180-4, section 4.2.2. */
const K = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
], 16);

/** Input: the 16 words of the last block. The word with the last four digits does not matter. */
export const words = memory.data(16 * 4, 16);
/** Input: 9 words per timestamp: the state as the digits' round leaves it, if their word and its
 *  K were 0, and the first word of the state before the block. */
export const states = memory.data(32 * 36, 16);
/** W + K of each round, for two vectors of four nonces: 32 bytes. */
const schedule = memory.data(64 * 32, 16);

// @ts-ignore: decorator
@inline function add(x: v128, y: v128): v128 { return i32x4.add(x, y); }
// @ts-ignore: decorator
@inline function xor(x: v128, y: v128): v128 { return v128.xor(x, y); }
// @ts-ignore: decorator
@inline function rotr(x: v128, n: i32): v128 { return xor(i32x4.shr_u(x, n), i32x4.shl(x, 32 - n)); }

/** T1 of a round, in which W + K stand at `p`. */
// @ts-ignore: decorator
@inline function T1(e: v128, f: v128, g: v128, h: v128, p: usize): v128 {
  const ch = xor(g, v128.and(e, xor(f, g)));
  return add(add(add(h, v128.load(p)), ch), xor(xor(rotr(e, 6), rotr(e, 11)), rotr(e, 25)));
}

/** T2 of a round. */
// @ts-ignore: decorator
@inline function T2(a: v128, b: v128, c: v128): v128 {
  const maj = xor(b, v128.and(xor(a, b), xor(b, c)));
  return add(xor(xor(rotr(a, 2), rotr(a, 13)), rotr(a, 22)), maj);
}

/** The four digits of a number to 9999, as the word that they make in the text. */
function digits(n: u32): u32 {
  return 0x30303030 + ((n / 1000) << 24) + (((n / 100) % 10) << 16) + (((n / 10) % 10) << 8) + (n % 10);
}

/** Writes W + K of all rounds, for the nonces that end in n to n + 7. */
function expand(n: u32, at: u32): void {
  const first = schedule + 32 * at, end = schedule + 64 * 32;
  for (let i: u32 = 0; i < 32; i++) v128.store(schedule + 16 * i, v128.load32_splat(words + 4 * (i >> 1)));
  v128.store(first, i32x4(digits(n), digits(n + 1), digits(n + 2), digits(n + 3)));
  v128.store(first, i32x4(digits(n + 4), digits(n + 5), digits(n + 6), digits(n + 7)), 16);
  for (let p = schedule + 16 * 32; p < end; p += 16) {
    const x = v128.load(p - 15 * 32), y = v128.load(p - 2 * 32);
    const s0 = xor(xor(rotr(x, 7), rotr(x, 18)), i32x4.shr_u(x, 3));
    const s1 = xor(xor(rotr(y, 17), rotr(y, 19)), i32x4.shr_u(y, 10));
    v128.store(p, add(add(v128.load(p - 16 * 32), s0), add(v128.load(p - 7 * 32), s1)));
  }
  for (let i = 2 * at; i < 128; i++) {
    const p = schedule + 16 * i;
    v128.store(p, add(v128.load(p), v128.load32_splat(K + 4 * (i >> 1))));
  }
}

/** Where the first of four hashes without a bit of `mask` in its first word is, or -1. */
// @ts-ignore: decorator
@inline function find(a: v128, s: usize, mask: u32): i32 {
  const left = v128.and(add(a, v128.load32_splat(s, 32)), i32x4.splat(mask));
  return i32x4.all_true(left) ? -1 : ctz(i32x4.bitmask(i32x4.eq(left, i32x4.splat(0))));
}

/**
 * Tries the nonces whose last digits are `from` to `to` - 1, eight at a time, each with `count`
 * timestamps. `at` says which word holds the digits. Gives the first hash whose first word has
 * no bit of `mask`, as 10,000 times the number of its timestamp plus its last digits, or -1.
 */
export function scan(from: u32, to: u32, count: u32, at: u32, mask: u32): i32 {
  for (let n = from; n < to; n += 8) {
    expand(n, at);
    for (let m: u32 = 0, s = states; m < count; m++, s += 36) {
      let a = v128.load32_splat(s), b = v128.load32_splat(s, 4), c = v128.load32_splat(s, 8);
      let d = v128.load32_splat(s, 12), e = v128.load32_splat(s, 16), f = v128.load32_splat(s, 20);
      let g = v128.load32_splat(s, 24), h = v128.load32_splat(s, 28), t = v128.load(schedule + 32 * at);
      let A = a, B = b, C = c, D = d, E = e, F = f, G = g, H = h, T = v128.load(schedule + 32 * at, 16);
      a = add(a, t); e = add(e, t);
      A = add(A, T); E = add(E, T);
      for (let p = schedule + 32 * (at + 1); p < schedule + 64 * 32; p += 32) {
        t = T1(e, f, g, h, p); h = g; g = f; f = e; e = add(d, t);
        t = add(t, T2(a, b, c)); d = c; c = b; b = a; a = t;
        T = T1(E, F, G, H, p + 16); H = G; G = F; F = E; E = add(D, T);
        T = add(T, T2(A, B, C)); D = C; C = B; B = A; A = T;
      }
      let lane = find(a, s, mask);
      if (lane < 0 && (lane = find(A, s, mask)) >= 0) lane += 4;
      if (lane >= 0) return m * 10000 + n + lane;
    }
  }
  return -1;
}
