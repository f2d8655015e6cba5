/* Renders a still life that a seed describes, and what the camera saw of its geometry. */
#ifndef RENDER_H
#define RENDER_H
#include "portable.h"

/* Buffers to fill; NULL for what is not wanted. */
typedef struct {
  uint8_t *image;    /* [size][size][3], sRGB-like */
  uint8_t *mask;     /* [size][size], 255 on the object */
  uint8_t *surface;  /* [size][size], 1 object, 2 ground, 3 sky */
  float *position;   /* [size][size][3], world; for sky a point far away in that direction */
  float *normal;     /* [size][size][3], world, unit */
  float *camera;     /* [4][3], eye, right, up, forward */
} RenderOutputs;

/* attributes: kind, material, ground, time, style. orbit: azimuth, elevation, distance, fov in degrees, target x y z;
 * NULL for the view that belongs to the seed. Thread-safe. */
void render(const int attributes[5], uint64_t seed, const float *orbit, int size, const RenderOutputs *outputs);

#endif
