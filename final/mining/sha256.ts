/**
 * The inside of SHA-256 (FIPS 180-4), for miners that hash only what changes.
 *
 * @module
 */

/** The constants of the 64 rounds (section 4.2.2). */
const K = Int32Array.of(
  0x428a2f98,
  0x71374491,
  0xb5c0fbcf,
  0xe9b5dba5,
  0x3956c25b,
  0x59f111f1,
  0x923f82a4,
  0xab1c5ed5,
  0xd807aa98,
  0x12835b01,
  0x243185be,
  0x550c7dc3,
  0x72be5d74,
  0x80deb1fe,
  0x9bdc06a7,
  0xc19bf174,
  0xe49b69c1,
  0xefbe4786,
  0x0fc19dc6,
  0x240ca1cc,
  0x2de92c6f,
  0x4a7484aa,
  0x5cb0a9dc,
  0x76f988da,
  0x983e5152,
  0xa831c66d,
  0xb00327c8,
  0xbf597fc7,
  0xc6e00bf3,
  0xd5a79147,
  0x06ca6351,
  0x14292967,
  0x27b70a85,
  0x2e1b2138,
  0x4d2c6dfc,
  0x53380d13,
  0x650a7354,
  0x766a0abb,
  0x81c2c92e,
  0x92722c85,
  0xa2bfe8a1,
  0xa81a664b,
  0xc24b8b70,
  0xc76c51a3,
  0xd192e819,
  0xd6990624,
  0xf40e3585,
  0x106aa070,
  0x19a4c116,
  0x1e376c08,
  0x2748774c,
  0x34b0bcb5,
  0x391c0cb3,
  0x4ed8aa4a,
  0x5b9cca4f,
  0x682e6ff3,
  0x748f82ee,
  0x78a5636f,
  0x84c87814,
  0x8cc70208,
  0x90befffa,
  0xa4506ceb,
  0xbef9a3f7,
  0xc67178f2,
);

/** The state before the first block (section 5.3.3). */
const START = Int32Array.of(
  0x6a09e667,
  0xbb67ae85,
  0x3c6ef372,
  0xa54ff53a,
  0x510e527f,
  0x9b05688c,
  0x1f83d9ab,
  0x5be0cd19,
);

const rotr = (x: number, n: number) => (x >>> n) | (x << (32 - n));

/** Returns a text of ASCII characters as the words that are hashed, with padding and length. */
export function wordsOf(text: string): Int32Array {
  const bytes = new Uint8Array(64 * Math.ceil((text.length + 9) / 64));
  new TextEncoder().encodeInto(text, bytes);
  bytes[text.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setUint32(bytes.length - 4, 8 * text.length);
  return Int32Array.from({ length: bytes.length / 4 }, (_, i) => view.getInt32(4 * i));
}

/** Returns the state after the first blocks of a text, `count` of them: its midstate. */
export function midstateOf(words: Int32Array, count: number): Int32Array {
  let state = START;
  for (let i = 0; i < count; i += 1) {
    const schedule = scheduleOf(words.subarray(16 * i, 16 * (i + 1)));
    const before = state;
    state = runRounds(before, schedule, 64).map((word, j) => word + (before[j] ?? 0));
  }
  return state;
}

/** Returns W + K of the 64 rounds for a block of 16 words. */
export function scheduleOf(words: Int32Array, into = new Int32Array(64)): Int32Array {
  for (let t = 0; t < 16; t += 1) into[t] = words[t] ?? 0;
  for (let t = 16; t < 64; t += 1) {
    const x = into[t - 15] ?? 0;
    const y = into[t - 2] ?? 0;
    const s0 = rotr(x, 7) ^ rotr(x, 18) ^ (x >>> 3);
    const s1 = rotr(y, 17) ^ rotr(y, 19) ^ (y >>> 10);
    into[t] = ((into[t - 16] ?? 0) + s0 + (into[t - 7] ?? 0) + s1) | 0;
  }
  for (let t = 0; t < 64; t += 1) into[t] = ((into[t] ?? 0) + (K[t] ?? 0)) | 0;
  return into;
}

/** Returns the state after the first `count` rounds of a block. */
export function runRounds(
  state: Int32Array,
  schedule: Int32Array,
  count: number,
  into = new Int32Array(8),
): Int32Array {
  let a = state[0] ?? 0;
  let b = state[1] ?? 0;
  let c = state[2] ?? 0;
  let d = state[3] ?? 0;
  let e = state[4] ?? 0;
  let f = state[5] ?? 0;
  let g = state[6] ?? 0;
  let h = state[7] ?? 0;
  for (let t = 0; t < count; t += 1) {
    const sum1 = rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25);
    const ch = g ^ (e & (f ^ g));
    const t1 = (h + sum1 + ch + (schedule[t] ?? 0)) | 0;
    const sum0 = rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22);
    const maj = b ^ ((a ^ b) & (b ^ c));
    const t2 = (sum0 + maj) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  into[0] = a;
  into[1] = b;
  into[2] = c;
  into[3] = d;
  into[4] = e;
  into[5] = f;
  into[6] = g;
  into[7] = h;
  return into;
}
