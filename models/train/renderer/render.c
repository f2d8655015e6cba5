#include "render.h"
#include "scene.h"

/* Soft shoulder and gamma. */
static float tone(float x) {
  x = x * (1 + x * .12f) / (1 + x * .42f);
  x = x < 0 ? 0 : x;
  return powf(x, 1 / 2.0f);
}

typedef struct {
  const Scene *scene;
  Camera camera;
  int size;
} View;

static Vec3 pixel_ray(const View *view, float x, float y) {
  float pixel = 2.f / view->size;
  return camera_ray(&view->camera, x * pixel - 1, 1 - y * pixel);
}

static Hit sample(const View *view, float x, float y, float color[3]) {
  Vec3 direction = pixel_ray(view, x, y);
  Hit hit = cast_ray(view->scene, view->camera.eye, direction);
  Vec3 light = radiance(view->scene, direction, &hit);
  color[0] = tone(light.x);
  color[1] = tone(light.y);
  color[2] = tone(light.z);
  return hit;
}

/* Parts of the object count as different surfaces. */
static int edge_id(const Hit *hit) {
  switch (hit->surface) {
    case OBJECT_SURFACE: return 1 + hit->part;
    case GROUND_SURFACE: return 100;
  }
  return 0;
}

static int needs_antialiasing(const View *view, const Hit *hits, const float *colors, int x, int y) {
  static const int offsets[4][2] = {{1, 0}, {-1, 0}, {0, 1}, {0, -1}};
  int size = view->size, i = y * size + x;
  for (int k = 0; k < 4; k++) {
    int nx = x + offsets[k][0], ny = y + offsets[k][1];
    if (nx < 0 || ny < 0 || nx >= size || ny >= size) continue;
    int j = ny * size + nx;
    if (edge_id(&hits[j]) != edge_id(&hits[i])) return 1;
    if (hits[i].surface != OBJECT_SURFACE) continue;
    const float *a = colors + 3 * j, *b = colors + 3 * i;
    if (fabsf(a[0] - b[0]) + fabsf(a[1] - b[1]) + fabsf(a[2] - b[2]) > .35f) return 1;
  }
  return 0;
}

/* Three more samples on edges; the first one is the pixel's centre. */
static void antialiased_pixel(const View *view, const Hit *hits, const float *colors, int x, int y, float out[3]) {
  static const float extra[3][2] = {{.17f, .67f}, {.5f, .17f}, {.83f, .83f}};
  const float *center = colors + (y * view->size + x) * 3;
  for (int c = 0; c < 3; c++) out[c] = center[c];
  if (!needs_antialiasing(view, hits, colors, x, y)) return;
  for (int k = 0; k < 3; k++) {
    float color[3];
    sample(view, x + extra[k][0], y + extra[k][1], color);
    for (int c = 0; c < 3; c++) out[c] += color[c];
  }
  for (int c = 0; c < 3; c++) out[c] *= .25f;
}

static uint8_t byte(float value) { return (uint8_t)(clamp(value, 0, 1) * 255 + .5f); }

/* The whole program below draws on a CPU; pictures.cu draws with the same functions on a GPU. */
#ifndef __CUDACC_RTC__

static void store3(float *out, int i, Vec3 v) {
  if (!out) return;
  out[3 * i] = v.x;
  out[3 * i + 1] = v.y;
  out[3 * i + 2] = v.z;
}

static void write_geometry(const View *view, const Hit *hits, const RenderOutputs *outputs) {
  for (int i = 0; i < view->size * view->size; i++) {
    if (outputs->mask) outputs->mask[i] = hits[i].surface == OBJECT_SURFACE ? 255 : 0;
    if (outputs->surface) outputs->surface[i] = (uint8_t)hits[i].surface;
    store3(outputs->position, i, hits[i].position);
    if (outputs->normal) store3(outputs->normal, i, surface_normal(view->scene, &hits[i]));
  }
  store3(outputs->camera, 0, view->camera.eye);
  store3(outputs->camera, 1, view->camera.right);
  store3(outputs->camera, 2, view->camera.up);
  store3(outputs->camera, 3, view->camera.forward);
}

static void draw_image(const View *view, const Hit *hits, const float *colors, float *smooth, uint8_t *image) {
  int size = view->size;
  for (int y = 0; y < size; y++) {
    for (int x = 0; x < size; x++) antialiased_pixel(view, hits, colors, x, y, smooth + (y * size + x) * 3);
  }
  for (int y = 0; y < size; y++) {
    for (int x = 0; x < size; x++) {
      float color[3];
      styled_pixel(view->scene, smooth, size, x, y, color);
      for (int c = 0; c < 3; c++) image[(y * size + x) * 3 + c] = byte(color[c]);
    }
  }
}

void render(const int attributes[5], uint64_t seed, const float *orbit, int size, const RenderOutputs *outputs) {
  Scene scene;
  Orbit chosen;
  Attributes named = {attributes[0], attributes[1], attributes[2], attributes[3], attributes[4]};
  scene_from_seed(&scene, &chosen, named, seed);
  if (orbit) {
    Orbit wanted = {orbit[0], orbit[1], orbit[2], orbit[3], vec3(orbit[4], orbit[5], orbit[6])};
    chosen = wanted;
  }
  View view = {&scene, camera_on_orbit(&chosen), size};

  size_t pixels = (size_t)size * size;
  Hit *hits = malloc(sizeof(Hit) * pixels);
  float *colors = malloc(sizeof(float) * 3 * pixels);
  float *smooth = malloc(sizeof(float) * 3 * pixels);
  for (int y = 0; y < size; y++) {
    for (int x = 0; x < size; x++) {
      int i = y * size + x;
      hits[i] = sample(&view, x + .5f, y + .5f, colors + 3 * i);
    }
  }
  if (outputs->image) {
    draw_image(&view, hits, colors, smooth, outputs->image);
  }
  write_geometry(&view, hits, outputs);
  free(smooth);
  free(colors);
  free(hits);
}

#endif
