/* Renders views of one still life.
 *
 *   render KIND MATERIAL GROUND TIME STYLE SEED SIZE < views > pictures
 *
 * The first five are ids (see scene.h). Each line of standard input is a view: azimuth, elevation (radians), distance,
 * field of view (degrees), target x y z. For every view, standard output gets, without padding, little endian:
 *   float32 camera[4][3]             eye, right, up, forward
 *   uint8   image[size][size][3]
 *   uint8   surface[size][size]      1 object, 2 ground, 3 sky
 *   float32 position[size][size][3]
 *   float32 normal[size][size][3]
 */
#include <stdio.h>
#include <stdlib.h>
#include "render.h"
#include "scene.h"

static int read_view(float orbit[7]) {
  for (int i = 0; i < 7; i++) {
    if (scanf("%f", &orbit[i]) != 1) return i == 0 ? 0 : -1;
  }
  return 1;
}

int main(int argc, char **argv) {
  static const int limits[5] = {KINDS, MATERIALS, GROUNDS, TIMES, STYLES};
  if (argc != 8) {
    fprintf(stderr, "usage: render KIND MATERIAL GROUND TIME STYLE SEED SIZE < views > pictures\n");
    return 2;
  }
  int attributes[5];
  for (int i = 0; i < 5; i++) {
    attributes[i] = atoi(argv[1 + i]);
    if (attributes[i] < 0 || attributes[i] >= limits[i]) {
      fprintf(stderr, "render: attribute %d is %s, expected 0 to %d\n", i, argv[1 + i], limits[i] - 1);
      return 2;
    }
  }
  uint64_t seed = strtoull(argv[6], NULL, 10);
  int size = atoi(argv[7]);
  if (size < 1 || size > 8192) {
    fprintf(stderr, "render: size is %s, expected 1 to 8192\n", argv[7]);
    return 2;
  }

  size_t pixels = (size_t)size * size;
  float camera[12];
  RenderOutputs outputs = {
      .image = malloc(3 * pixels),
      .surface = malloc(pixels),
      .position = malloc(3 * pixels * sizeof(float)),
      .normal = malloc(3 * pixels * sizeof(float)),
      .camera = camera,
  };
  float orbit[7];
  int status;
  while ((status = read_view(orbit)) == 1) {
    render(attributes, seed, orbit, size, &outputs);
    fwrite(camera, sizeof camera, 1, stdout);
    fwrite(outputs.image, 3, pixels, stdout);
    fwrite(outputs.surface, 1, pixels, stdout);
    fwrite(outputs.position, 3 * sizeof(float), pixels, stdout);
    fwrite(outputs.normal, 3 * sizeof(float), pixels, stdout);
  }
  if (status < 0) fprintf(stderr, "render: a view needs seven numbers\n");
  return status < 0 || fflush(stdout) != 0;
}
