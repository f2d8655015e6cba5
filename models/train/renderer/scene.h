/* A still life: one object on a ground under a sky. World space: y is up, the ground is y = 0, the object stands on
 * the origin and is about one unit high. */
#ifndef SCENE_H
#define SCENE_H
#include "portable.h"
#include "vec3.h"

/* The order of these names is the order of ids that captions and trained models know. */
enum Kind { BALL, CUBE, APPLE, MUSHROOM, PUMPKIN, SNOWMAN, TEAPOT, CACTUS, TREE, HOUSE, DONUT, DUCK, KINDS };
enum MaterialName {
  NATURAL, RED, BLUE, GREEN, YELLOW, PURPLE, WHITE, GOLD, WOODEN, STONE, CHECKERED, ICE, MATERIALS
};
enum Ground { GRASS, SAND, SNOW, TABLE, FLOOR, WATER, GROUNDS };
enum Time { DAY, SUNSET, NIGHT, TIMES };
enum Style { PHOTO, SKETCH, WATERCOLOR, STYLES };

/* Parts of an object. All but MAIN have a fixed material. */
enum Part { MAIN, BROWN_STEM, LEAF, PALE_STALK, BLACK, ORANGE, TERRACOTTA, ROOF };

typedef struct {
  int kind, material, ground, time, style;
} Attributes;

/* Eye on a sphere around a target. Angles in radians, field of view in degrees. */
typedef struct {
  float azimuth, elevation, distance, fov;
  Vec3 target;
} Orbit;

typedef struct {
  Vec3 eye, right, up, forward;
  float focal; /* in half image sizes */
} Camera;

typedef struct {
  Attributes attributes;
  /* Object: shape variation, rotation about y, size, natural colour. */
  float variation[8];
  float cos_turn, sin_turn, size;
  Vec3 natural_color;
  /* Light. */
  Vec3 sun_direction, sun_color, ambient, sky_top, sky_horizon;
  /* Ground texture: offset, rotation, tint. */
  float ground_x, ground_z, ground_cos, ground_sin, ground_tint;
} Scene;

/* Everything that the seed decides, the view included. */
void scene_from_seed(Scene *scene, Orbit *view, Attributes attributes, uint64_t seed);
Camera camera_on_orbit(const Orbit *orbit);
/* Direction through image position (x, y), both in [-1, 1], y upwards. */
Vec3 camera_ray(const Camera *camera, float x, float y);

/* shapes.c: signed distance to the object, and the part that is nearest. */
float object_distance(const Scene *scene, Vec3 world, int *part);
/* World space to the object's own frame, in which it has unit size and faces +z. */
Vec3 to_object(const Scene *scene, Vec3 world);
Vec3 to_object_direction(const Scene *scene, Vec3 direction);

/* materials.c */
typedef struct {
  Vec3 color;
  float specular;
  float reflectance;
  Vec3 reflection_tint;
  float glow;
} Material;
/* Average colour of a kind that has its natural material. */
Vec3 natural_color(int kind);
/* Position and normal in the object's frame. */
Material object_material(const Scene *scene, Vec3 position, Vec3 normal, int part);
Material ground_material(const Scene *scene, Vec3 position, float distance, Vec3 *normal);

/* shading.c */
enum Surface { OBJECT_SURFACE = 1, GROUND_SURFACE = 2, SKY_SURFACE = 3 };
typedef struct {
  int surface;
  int part; /* of the object */
  float distance;
  Vec3 position;
} Hit;
/* What a ray meets first. */
Hit cast_ray(const Scene *scene, Vec3 origin, Vec3 direction);
/* Light that comes back along the ray, linear. */
Vec3 radiance(const Scene *scene, Vec3 direction, const Hit *hit);
Vec3 sky_radiance(const Scene *scene, Vec3 direction);
Vec3 surface_normal(const Scene *scene, const Hit *hit);

/* styles.c: a pixel of a photo, [size][size][3] in [0, 1], as the scene's style has it. */
void styled_pixel(const Scene *scene, const float *photo, int size, int x, int y, float out[3]);

#endif
