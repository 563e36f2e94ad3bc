// Four nonces in turn, with the SHA instructions of the processor: while one waits for its result,
// another goes on.
#include <cpuid.h>
#include <immintrin.h>

enum { STREAMS = 4 };
static uint32_t block[STREAMS][16];

static int is_here(void) {
  unsigned a, b, c, d;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & (1u << 29));
}

static inline void set_word(int stream, int at, uint32_t word) { block[stream][at] = word; }

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
