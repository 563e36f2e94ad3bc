// What C makes of it: the last block of header texts, hashed as HASHER says (sha-ni.h or lanes.h).
// Reads the state before the block (8 words), the block (16 words), and which word holds the
// digits; then, for each number of milliseconds that it reads, hashes for so long, and prints
// hashes, seconds, and seconds of the processor. After "0" milliseconds it prints the first words
// of the hashes of the nonces 0000 to 0003. It ends with 3 where the processor lacks what it takes.
#include <stdint.h>
#include <stdio.h>
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

static uint32_t state[8];

#include HASHER

static double now(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

int main(void) {
  if (!is_here()) return 3;
  static uint32_t digits[10000];
  for (int i = 0; i < 10000; i++) {
    digits[i] = ((48u + i / 1000) << 24) | ((48u + i / 100 % 10) << 16) |
                ((48u + i / 10 % 10) << 8) | (48u + i % 10);
  }
  int at;
  for (int i = 0; i < 8; i++) if (scanf("%u", &state[i]) != 1) return 1;
  for (int i = 0; i < 16; i++) {
    uint32_t word;
    if (scanf("%u", &word) != 1) return 1;
    for (int s = 0; s < STREAMS; s++) set_word(s, i, word);
  }
  if (scanf("%d", &at) != 1) return 1;

  double milliseconds;
  uint32_t first[STREAMS];
  while (scanf("%lf", &milliseconds) == 1) {
    double start = now(CLOCK_MONOTONIC), cpu = now(CLOCK_PROCESS_CPUTIME_ID), hashes = 0;
    do {
      int end = milliseconds == 0 ? STREAMS : 10000;
      for (int i = 0; i < end; i += STREAMS) {
        for (int s = 0; s < STREAMS; s++) set_word(s, at, digits[i + s]);
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
