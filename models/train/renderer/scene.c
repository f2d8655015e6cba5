/* What a seed decides. The order of the draws is part of the data set: a model was trained on these pictures. */
#include "random.h"
#include "scene.h"

static const float TWO_PI = 6.2832f;

static float size_of_kind(int kind) {
  switch (kind) {
    case SNOWMAN: return .8f;
    case TREE:
    case CACTUS: return .9f;
    case DONUT: return 1.08f;
  }
  return 1;
}

static float height_of_kind(int kind) {
  switch (kind) {
    case SNOWMAN: return 1.4f;
    case TREE:
    case CACTUS: return 1.2f;
    case DONUT: return .75f;
  }
  return .95f;
}

static float sun_elevation(int time, Random *random) {
  switch (time) {
    case DAY: return random_range(random, .6f, 1.2f);
    case SUNSET: return random_range(random, .22f, .42f);
  }
  return random_range(random, .6f, 1.1f);
}

static void light(Scene *scene, float exposure) {
  switch (scene->attributes.time) {
    case DAY:
      scene->sun_color = scale(vec3(1.02f, .97f, .88f), exposure);
      scene->ambient = scale(vec3(.42f, .47f, .55f), exposure);
      scene->sky_top = vec3(.22f, .42f, .78f);
      scene->sky_horizon = vec3(.66f, .78f, .9f);
      break;
    case SUNSET:
      scene->sun_color = scale(vec3(1.35f, .62f, .25f), exposure);
      scene->ambient = scale(vec3(.36f, .28f, .32f), exposure);
      scene->sky_top = vec3(.22f, .2f, .42f);
      scene->sky_horizon = vec3(.95f, .5f, .22f);
      break;
    case NIGHT:
      scene->sun_color = scale(vec3(.17f, .21f, .36f), exposure);
      scene->ambient = scale(vec3(.07f, .085f, .15f), exposure);
      scene->sky_top = vec3(.006f, .01f, .03f);
      scene->sky_horizon = vec3(.03f, .04f, .09f);
      break;
  }
}

static void view_of(const Scene *scene, Orbit *view, Random *random) {
  view->azimuth = random_range(random, 0, TWO_PI);
  random_range(random, .06f, .85f); /* not used: the elevation is drawn below */
  view->fov = random_range(random, 34, 58);
  float u = random_unit(random);
  view->elevation = .06f + .8f * u * (.5f + .5f * u);

  float height = height_of_kind(scene->attributes.kind) * scene->size;
  float share_of_view = random_range(random, .42f, .74f);
  float extent = fmaxf(height, 1.0f * scene->size);
  view->distance = extent / share_of_view / (2 * tanf(view->fov * .5f * 3.14159f / 180)) + .35f;
  float z = random_range(random, -.14f, .14f);
  float y = random_range(random, -.08f, .16f);
  float x = random_range(random, -.14f, .14f);
  view->target = vec3(x * extent, height * .48f + y * extent, z * extent);
}

void scene_from_seed(Scene *scene, Orbit *view, Attributes attributes, uint64_t seed) {
  Random random = random_from_seed(seed);
  memset(scene, 0, sizeof *scene);
  scene->attributes = attributes;
  for (int i = 0; i < 8; i++) scene->variation[i] = random_unit(&random);
  float turn = random_range(&random, 0, TWO_PI);
  scene->cos_turn = cosf(turn);
  scene->sin_turn = sinf(turn);
  scene->size = random_range(&random, .88f, 1.12f);
  scene->size *= size_of_kind(attributes.kind);

  float sun_azimuth = random_range(&random, 0, TWO_PI);
  float elevation = sun_elevation(attributes.time, &random);
  scene->sun_direction =
      vec3(cosf(sun_azimuth) * cosf(elevation), sinf(elevation), sinf(sun_azimuth) * cosf(elevation));
  light(scene, random_range(&random, .9f, 1.1f));

  float blue = random_range(&random, .9f, 1.1f);
  float green = random_range(&random, .9f, 1.1f);
  float red = random_range(&random, .9f, 1.1f);
  scene->natural_color = multiply(natural_color(attributes.kind), vec3(red, green, blue));

  float ground_turn = random_range(&random, 0, TWO_PI);
  scene->ground_cos = cosf(ground_turn);
  scene->ground_sin = sinf(ground_turn);
  scene->ground_x = random_range(&random, -50, 50);
  scene->ground_z = random_range(&random, -50, 50);
  scene->ground_tint = random_unit(&random);
  view_of(scene, view, &random);
}

Camera camera_on_orbit(const Orbit *orbit) {
  float level = cosf(orbit->elevation);
  Vec3 outward =
      vec3(cosf(orbit->azimuth) * level, sinf(orbit->elevation), sinf(orbit->azimuth) * level);
  Camera camera;
  camera.eye = add(orbit->target, scale(outward, orbit->distance));
  if (camera.eye.y < .08f) camera.eye.y = .08f; /* never below the ground */
  camera.forward = normalize(subtract(orbit->target, camera.eye));
  camera.right = normalize(cross(camera.forward, vec3(0, 1, 0)));
  camera.up = cross(camera.right, camera.forward);
  camera.focal = 1 / tanf(orbit->fov * .5f * 3.14159265f / 180);
  return camera;
}

Vec3 camera_ray(const Camera *camera, float x, float y) {
  Vec3 across = add(scale(camera->right, x), scale(camera->up, y));
  return normalize(add(across, scale(camera->forward, camera->focal)));
}
