// As many nonces at once as the processor's vectors have lanes: sixteen with AVX-512, which can
// rotate and combine three values in one instruction; four with 128 bits and no rotation, which
// is what WebAssembly has.
#include <cpuid.h>

#ifndef LANES
#define LANES 4
#endif
enum { STREAMS = LANES };
typedef uint32_t vec __attribute__((vector_size(4 * LANES)));
static vec block[16];

static int is_here(void) {
  unsigned a, b, c, d;
  return LANES == 4 || (__get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & (1u << 16)));
}

static inline void set_word(int stream, int at, uint32_t word) { block[at][stream] = word; }

#define ROTR(x, n) (((x) >> (n)) | ((x) << (32 - (n))))

// Hashes one block in each lane, and gives the first word of each hash.
static inline void hash(uint32_t *first) {
  vec a = state[0] - (vec){0}, b = state[1] - (vec){0}, c = state[2] - (vec){0};
  vec d = state[3] - (vec){0}, e = state[4] - (vec){0}, f = state[5] - (vec){0};
  vec g = state[6] - (vec){0}, h = state[7] - (vec){0};
  vec w[16];
  for (int i = 0; i < 16; i++) w[i] = block[i];
#pragma GCC unroll 64
  for (int i = 0; i < 64; i++) {
    vec x = w[i & 15];
    if (i >= 16) {
      vec y = w[(i + 1) & 15], z = w[(i + 14) & 15];
      x += (ROTR(y, 7) ^ ROTR(y, 18) ^ (y >> 3)) + w[(i + 9) & 15] +
           (ROTR(z, 17) ^ ROTR(z, 19) ^ (z >> 10));
      w[i & 15] = x;
    }
    vec t = h + (ROTR(e, 6) ^ ROTR(e, 11) ^ ROTR(e, 25)) + (g ^ (e & (f ^ g))) + K[i] + x;
    vec u = (ROTR(a, 2) ^ ROTR(a, 13) ^ ROTR(a, 22)) + ((a & b) | (c & (a | b)));
    h = g, g = f, f = e, e = d + t, d = c, c = b, b = a, a = t + u;
  }
  a += state[0];
  for (int i = 0; i < LANES; i++) first[i] = a[i];
}
