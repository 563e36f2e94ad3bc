// The hardware's limit: the last block of header texts, hashed with the SHA instructions of
// the processor, four nonces in turn. Reads the state before the block (8 words), the block
// (16 words), and which word holds the digits; then, for each number of milliseconds that it
// reads, hashes for so long, and prints hashes, seconds, and seconds of the processor.
// After "0" milliseconds it prints the first words of the hashes of the nonces 0000 to 0003.
#include <cpuid.h>
#include <immintrin.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const uint32_t K[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
    0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
    0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
    0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
    0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
    0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
    0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
    0xc67178f2};

enum { STREAMS = 4 };
static uint32_t state[8], block[STREAMS][16];

// Hashes the four blocks, and gives the first word of each hash.
static inline void hash(uint32_t *first) {
  __m128i abef[STREAMS], cdgh[STREAMS], w[STREAMS][4];
  for (int s = 0; s < STREAMS; s++) {
    abef[s] = _mm_set_epi32(state[0], state[1], state[4], state[5]);
    cdgh[s] = _mm_set_epi32(state[2], state[3], state[6], state[7]);
    for (int i = 0; i < 4; i++) w[s][i] = _mm_loadu_si128((const __m128i *)&block[s][4 * i]);
  }
#pragma GCC unroll 16
  for (int i = 0; i < 16; i++) { // four rounds
#pragma GCC unroll 4
    for (int s = 0; s < STREAMS; s++) {
      __m128i x = _mm_add_epi32(w[s][i & 3], _mm_load_si128((const __m128i *)&K[4 * i]));
      cdgh[s] = _mm_sha256rnds2_epu32(cdgh[s], abef[s], x);
      abef[s] = _mm_sha256rnds2_epu32(abef[s], cdgh[s], _mm_shuffle_epi32(x, 0x0e));
      if (i < 12) {
        __m128i y = _mm_sha256msg1_epu32(w[s][i & 3], w[s][(i + 1) & 3]);
        y = _mm_add_epi32(y, _mm_alignr_epi8(w[s][(i + 3) & 3], w[s][(i + 2) & 3], 4));
        w[s][i & 3] = _mm_sha256msg2_epu32(y, w[s][(i + 3) & 3]);
      }
    }
  }
  for (int s = 0; s < STREAMS; s++) first[s] = state[0] + (uint32_t)_mm_extract_epi32(abef[s], 3);
}

static double now(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

int main(void) {
  unsigned a, b, c, d;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || !(b & (1u << 29))) return 3; // no SHA
  static uint32_t digits[10000];
  for (int i = 0; i < 10000; i++) {
    digits[i] = ((48u + i / 1000) << 24) | ((48u + i / 100 % 10) << 16) |
                ((48u + i / 10 % 10) << 8) | (48u + i % 10);
  }
  int at;
  for (int i = 0; i < 8; i++) if (scanf("%u", &state[i]) != 1) return 1;
  for (int i = 0; i < 16; i++) if (scanf("%u", &block[0][i]) != 1) return 1;
  if (scanf("%d", &at) != 1) return 1;
  for (int s = 1; s < STREAMS; s++) memcpy(block[s], block[0], sizeof block[0]);

  double milliseconds;
  uint32_t first[STREAMS];
  while (scanf("%lf", &milliseconds) == 1) {
    double start = now(CLOCK_MONOTONIC), cpu = now(CLOCK_PROCESS_CPUTIME_ID), hashes = 0;
    do {
      int end = milliseconds == 0 ? STREAMS : 10000;
      for (int i = 0; i < end; i += STREAMS) {
        for (int s = 0; s < STREAMS; s++) block[s][at] = digits[i + s];
        hash(first);
        for (int s = 0; s < STREAMS; s++) if (first[s] == 0) hashes += 1e-9; // nobody knows
        hashes += STREAMS;
      }
    } while ((now(CLOCK_MONOTONIC) - start) * 1e3 < milliseconds);
    if (milliseconds == 0) printf("%u %u %u %u\n", first[0], first[1], first[2], first[3]);
    else printf("%.0f %.6f %.6f\n", hashes, now(CLOCK_MONOTONIC) - start, now(CLOCK_PROCESS_CPUTIME_ID) - cpu);
    fflush(stdout);
  }
  return 0;
}
