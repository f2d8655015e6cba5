/* Vectors and small scalar helpers. Everything is single precision. */
#ifndef VEC3_H
#define VEC3_H
#include "portable.h"

typedef struct { float x, y, z; } Vec3;

static inline Vec3 vec3(float x, float y, float z) {
  Vec3 v = {x, y, z};
  return v;
}
static inline Vec3 add(Vec3 a, Vec3 b) { return vec3(a.x + b.x, a.y + b.y, a.z + b.z); }
static inline Vec3 subtract(Vec3 a, Vec3 b) { return vec3(a.x - b.x, a.y - b.y, a.z - b.z); }
static inline Vec3 scale(Vec3 a, float s) { return vec3(a.x * s, a.y * s, a.z * s); }
/* Component by component, as light is filtered by a surface. */
static inline Vec3 multiply(Vec3 a, Vec3 b) { return vec3(a.x * b.x, a.y * b.y, a.z * b.z); }
static inline float dot(Vec3 a, Vec3 b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
static inline Vec3 cross(Vec3 a, Vec3 b) {
  return vec3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x);
}
static inline float length(Vec3 a) { return sqrtf(dot(a, a)); }
static inline Vec3 normalize(Vec3 a) { return scale(a, 1.f / sqrtf(dot(a, a) + 1e-20f)); }
static inline Vec3 mix3(Vec3 a, Vec3 b, float t) { return add(scale(a, 1 - t), scale(b, t)); }
/* The direction d after a mirror with normal n. */
static inline Vec3 reflect(Vec3 d, Vec3 n) { return subtract(d, scale(n, 2 * dot(d, n))); }

static inline float mix(float a, float b, float t) { return a + (b - a) * t; }
static inline float clamp(float x, float low, float high) { return x < low ? low : x > high ? high : x; }
static inline float smoothstep(float from, float to, float x) {
  float t = clamp((x - from) / (to - from), 0, 1);
  return t * t * (3 - 2 * t);
}
/* Length of (x, z): the distance from the vertical axis. */
static inline float radial(Vec3 p) { return sqrtf(p.x * p.x + p.z * p.z); }

#endif
