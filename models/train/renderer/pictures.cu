/* The renderer as one CUDA kernel: a block draws a picture, its threads share the pixels. */
#include "materials.c"
#include "render.c"
#include "scene.c"
#include "shading.c"
#include "shapes.c"
#include "styles.c"

/* attributes [pictures][5]; seeds [pictures]; image [pictures][size][size][3]; the rest is scratch of as many pixels. */
extern "C" __global__ void pictures(const int *attributes, const uint64_t *seeds, int size, Hit *hits, float *colors,
                                    float *smooth, uint8_t *image) {
  __shared__ Scene scene;
  __shared__ View view;
  size_t first = (size_t)blockIdx.x * size * size;
  hits += first;
  colors += 3 * first;
  smooth += 3 * first;
  image += 3 * first;
  if (threadIdx.x == 0) {
    const int *a = attributes + 5 * blockIdx.x;
    Attributes named = {a[0], a[1], a[2], a[3], a[4]};
    Orbit orbit;
    scene_from_seed(&scene, &orbit, named, seeds[blockIdx.x]);
    view.scene = &scene;
    view.camera = camera_on_orbit(&orbit);
    view.size = size;
  }
  __syncthreads();
  for (int i = threadIdx.x; i < size * size; i += blockDim.x) {
    hits[i] = sample(&view, i % size + .5f, i / size + .5f, colors + 3 * i);
  }
  __syncthreads();
  for (int i = threadIdx.x; i < size * size; i += blockDim.x) {
    antialiased_pixel(&view, hits, colors, i % size, i / size, smooth + 3 * i);
  }
  __syncthreads();
  for (int i = threadIdx.x; i < size * size; i += blockDim.x) {
    float color[3];
    styled_pixel(&scene, smooth, size, i % size, i / size, color);
    for (int c = 0; c < 3; c++) image[3 * i + c] = byte(color[c]);
  }
}
