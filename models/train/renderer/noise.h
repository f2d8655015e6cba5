/* Value noise in [0, 1): hashed lattice values, smoothly interpolated. */
#ifndef NOISE_H
#define NOISE_H
#include "portable.h"
#include "vec3.h"

static inline float hash2(int x, int y) {
  uint32_t h = (uint32_t)x * 374761393u + (uint32_t)y * 668265263u;
  h = (h ^ (h >> 13)) * 1274126177u;
  h ^= h >> 16;
  return (h & 0xffffff) * (1.f / 16777216.f);
}
static inline float hash3(int x, int y, int z) { return hash2(x + z * 7919, y - z * 104729); }

static inline float ease(float t) { return t * t * (3 - 2 * t); }

static inline float noise2(float x, float y) {
  float floor_x = floorf(x), floor_y = floorf(y);
  int ix = (int)floor_x, iy = (int)floor_y;
  float u = ease(x - floor_x), v = ease(y - floor_y);
  return mix(mix(hash2(ix, iy), hash2(ix + 1, iy), u), mix(hash2(ix, iy + 1), hash2(ix + 1, iy + 1), u), v);
}

static inline float noise3(Vec3 p) {
  float floor_x = floorf(p.x), floor_y = floorf(p.y), floor_z = floorf(p.z);
  int ix = (int)floor_x, iy = (int)floor_y, iz = (int)floor_z;
  float u = ease(p.x - floor_x), v = ease(p.y - floor_y), w = ease(p.z - floor_z);
  float near = mix(mix(hash3(ix, iy, iz), hash3(ix + 1, iy, iz), u),
                   mix(hash3(ix, iy + 1, iz), hash3(ix + 1, iy + 1, iz), u), v);
  float far = mix(mix(hash3(ix, iy, iz + 1), hash3(ix + 1, iy, iz + 1), u),
                  mix(hash3(ix, iy + 1, iz + 1), hash3(ix + 1, iy + 1, iz + 1), u), v);
  return mix(near, far, w);
}

/* Two octaves. */
static inline float fractal2(float x, float y) {
  return .6f * noise2(x, y) + .4f * noise2(x * 2.1f + 7, y * 2.1f + 3);
}
static inline float fractal3(Vec3 p) {
  return .6f * noise3(p) + .4f * noise3(vec3(p.x * 2.1f + 5, p.y * 2.1f, p.z * 2.1f + 9));
}

#endif
