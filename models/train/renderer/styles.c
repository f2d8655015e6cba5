/* Photo, pencil sketch, watercolour. */
#include <stdlib.h>
#include <string.h>
#include "noise.h"
#include "scene.h"

static float luminance(const float *rgb) { return .3f * rgb[0] + .59f * rgb[1] + .11f * rgb[2]; }

/* Outlines from brightness edges, two directions of hatching in the dark parts, a hint of the colours. */
static void sketch(float *pixels, int size, int night) {
  float *light = malloc(sizeof(float) * size * size);
  for (int i = 0; i < size * size; i++) light[i] = luminance(pixels + 3 * i);
  float exposure = night ? 2.2f : 1.f;
  for (int y = 0; y < size; y++) {
    for (int x = 0; x < size; x++) {
      int left = x > 0 ? x - 1 : 0, right = x < size - 1 ? x + 1 : x;
      int above = y > 0 ? y - 1 : 0, below = y < size - 1 ? y + 1 : y;
      float dx = exposure * (light[y * size + right] - light[y * size + left]);
      float dy = exposure * (light[below * size + x] - light[above * size + x]);
      float outline = clamp(1.7f * sqrtf(dx * dx + dy * dy) - .06f, 0, .85f);
      float l = clamp(light[y * size + x] * exposure, 0, 1);
      float falling = .5f + .5f * sinf((x + y) * .8f * 128 / size + noise2(x * .1f, y * .1f) * 4);
      float rising = .5f + .5f * sinf((x - y) * .8f * 128 / size + noise2(x * .1f + 9, y * .1f) * 4);
      float hatching = .55f * smoothstep(.75f, .15f, l) * (.5f + .5f * falling) +
                       .3f * smoothstep(.35f, .0f, l) * rising;
      if (night) hatching += .12f;
      float paper = .96f - outline - hatching + .03f * (noise2(x * .7f, y * .7f) - .5f);
      paper = clamp(paper, .05f, 1);

      const float tint = .16f;
      float *pixel = pixels + (y * size + x) * 3;
      float r = pixel[0], g = pixel[1], b = pixel[2];
      pixel[0] = paper * (1 - tint) + tint * r * paper * 1.2f;
      pixel[1] = paper * (1 - tint) + tint * g * paper * 1.2f;
      pixel[2] = paper * (1 - tint) * .985f + tint * b * paper * 1.2f;
    }
  }
  free(light);
}

/* Sum over the 3 × 3 pixels around a wobbling position. */
static void wet_sum(const float *photo, int size, float x, float y, float sum[3]) {
  sum[0] = sum[1] = sum[2] = 0;
  for (int dy = -1; dy <= 1; dy++) {
    for (int dx = -1; dx <= 1; dx++) {
      int px = (int)(x + dx + .5f), py = (int)(y + dy + .5f);
      px = px < 0 ? 0 : px >= size ? size - 1 : px;
      py = py < 0 ? 0 : py >= size ? size - 1 : py;
      const float *pixel = photo + (py * size + px) * 3;
      for (int c = 0; c < 3; c++) sum[c] += pixel[c];
    }
  }
}

/* Wobbling, blurred, brightness in a few soft steps, on grainy paper. */
static void watercolor(float *pixels, int size) {
  float *photo = malloc(sizeof(float) * size * size * 3);
  memcpy(photo, pixels, sizeof(float) * size * size * 3);
  float k = 128.f / size; /* texture scale, so that the look does not depend on the size */
  for (int y = 0; y < size; y++) {
    for (int x = 0; x < size; x++) {
      float wobble_x = (noise2(x * .11f * k, y * .11f * k) - .5f) * 5 / k;
      float wobble_y = (noise2(x * .11f * k + 40, y * .11f * k + 9) - .5f) * 5 / k;
      float sum[3];
      wet_sum(photo, size, x + wobble_x, y + wobble_y, sum);

      const float steps = 5.f;
      float l = luminance(sum) / 9;
      float level = l * steps + .7f * (noise2(x * .06f * k + 3, y * .06f * k) - .5f);
      float whole = floorf(level);
      float stepped = (whole + smoothstep(.35f, .65f, level - whole)) / steps;
      float gain = clamp(l > .01f ? stepped / l : 1, .5f, 2);
      float paper = .93f + .1f * noise2(x * .45f * k, y * .45f * k);
      float *pixel = pixels + (y * size + x) * 3;
      for (int c = 0; c < 3; c++) {
        float v = sum[c] / 9 * gain;
        v = stepped + (v - stepped) * 1.15f;
        pixel[c] = (.16f + .84f * v) * paper;
      }
    }
  }
  free(photo);
}

void apply_style(const Scene *scene, float *pixels, int size) {
  switch (scene->attributes.style) {
    case SKETCH: sketch(pixels, size, scene->attributes.time == NIGHT); break;
    case WATERCOLOR: watercolor(pixels, size); break;
  }
}
