/* Photo, pencil sketch, watercolour. */
#include "noise.h"
#include "scene.h"

static float luminance(const float *rgb) { return .3f * rgb[0] + .59f * rgb[1] + .11f * rgb[2]; }

static float luminance_at(const float *photo, int size, int x, int y) { return luminance(photo + (y * size + x) * 3); }

/* Outlines from brightness edges, two directions of hatching in the dark parts, a hint of the colours. */
static void sketch(const float *photo, int size, int night, int x, int y, float out[3]) {
  float exposure = night ? 2.2f : 1.f;
  int left = x > 0 ? x - 1 : 0, right = x < size - 1 ? x + 1 : x;
  int above = y > 0 ? y - 1 : 0, below = y < size - 1 ? y + 1 : y;
  float dx = exposure * (luminance_at(photo, size, right, y) - luminance_at(photo, size, left, y));
  float dy = exposure * (luminance_at(photo, size, x, below) - luminance_at(photo, size, x, above));
  float outline = clamp(1.7f * sqrtf(dx * dx + dy * dy) - .06f, 0, .85f);
  float l = clamp(luminance_at(photo, size, x, y) * exposure, 0, 1);
  float falling = .5f + .5f * sinf((x + y) * .8f * 128 / size + noise2(x * .1f, y * .1f) * 4);
  float rising = .5f + .5f * sinf((x - y) * .8f * 128 / size + noise2(x * .1f + 9, y * .1f) * 4);
  float hatching = .55f * smoothstep(.75f, .15f, l) * (.5f + .5f * falling) + .3f * smoothstep(.35f, .0f, l) * rising;
  if (night) hatching += .12f;
  float paper = .96f - outline - hatching + .03f * (noise2(x * .7f, y * .7f) - .5f);
  paper = clamp(paper, .05f, 1);

  const float tint = .16f;
  const float *pixel = photo + (y * size + x) * 3;
  out[0] = paper * (1 - tint) + tint * pixel[0] * paper * 1.2f;
  out[1] = paper * (1 - tint) + tint * pixel[1] * paper * 1.2f;
  out[2] = paper * (1 - tint) * .985f + tint * pixel[2] * paper * 1.2f;
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
static void watercolor(const float *photo, int size, int x, int y, float out[3]) {
  float k = 128.f / size; /* texture scale, so that the look does not depend on the size */
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
  for (int c = 0; c < 3; c++) {
    float v = sum[c] / 9 * gain;
    v = stepped + (v - stepped) * 1.15f;
    out[c] = (.16f + .84f * v) * paper;
  }
}

void styled_pixel(const Scene *scene, const float *photo, int size, int x, int y, float out[3]) {
  switch (scene->attributes.style) {
    case SKETCH: sketch(photo, size, scene->attributes.time == NIGHT, x, y, out); return;
    case WATERCOLOR: watercolor(photo, size, x, y, out); return;
  }
  for (int c = 0; c < 3; c++) out[c] = photo[(y * size + x) * 3 + c];
}
