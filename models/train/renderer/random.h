/* A 64-bit linear congruential generator with a scrambled output: a scene is a function of its seed alone. */
#ifndef RANDOM_H
#define RANDOM_H
#include "portable.h"

typedef struct { uint64_t state; } Random;

static inline uint32_t random_word(Random *random) {
  random->state = random->state * 6364136223846793005ULL + 1442695040888963407ULL;
  uint64_t x = random->state;
  x ^= x >> 33;
  x *= 0xff51afd7ed558ccdULL;
  x ^= x >> 33;
  return (uint32_t)x;
}

/* Uniform in [0, 1). */
static inline float random_unit(Random *random) { return (random_word(random) >> 8) * (1.f / 16777216.f); }

/* Uniform in [low, high). */
static inline float random_range(Random *random, float low, float high) {
  return low + (high - low) * random_unit(random);
}

static inline Random random_from_seed(uint64_t seed) {
  Random random = {seed * 0x9E3779B97F4A7C15ULL + 12345};
  for (int i = 0; i < 4; i++) random_word(&random);
  return random;
}

#endif
