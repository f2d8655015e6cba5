/* Sphere tracing and light: one sun with soft shadows, an ambient term, reflections one bounce deep. */
#include "noise.h"
#include "scene.h"

/* The object fits in this sphere; rays that miss it need no tracing. */
static Vec3 bound_center(const Scene *scene) { return vec3(0, .62f * scene->size, 0); }
static float bound_radius(const Scene *scene) { return .95f * scene->size; }

static int enter_bound(const Scene *scene, Vec3 origin, Vec3 direction, float *enter, float *leave) {
  Vec3 offset = subtract(origin, bound_center(scene));
  float radius = bound_radius(scene);
  float b = dot(offset, direction);
  float h = b * b - (dot(offset, offset) - radius * radius);
  if (h < 0) return 0;
  h = sqrtf(h);
  *enter = -b - h;
  *leave = -b + h;
  return *leave > 0;
}

static int trace_object(const Scene *scene, Vec3 origin, Vec3 direction, float *distance, int *part) {
  float enter, leave;
  if (!enter_bound(scene, origin, direction, &enter, &leave)) return 0;
  float t = fmaxf(enter, 0.01f);
  for (int step = 0; step < 56; step++) {
    float gap = object_distance(scene, add(origin, scale(direction, t)), part);
    if (gap < .0012f * t) {
      *distance = t;
      return 1;
    }
    t += gap;
    if (t > leave) return 0;
  }
  return 0;
}

/* Share of the sun that reaches a point; the penumbra follows the narrowest gap on the way. */
static float sunlight(const Scene *scene, Vec3 origin, float bias) {
  float enter, leave;
  Vec3 direction = scene->sun_direction;
  if (!enter_bound(scene, origin, direction, &enter, &leave)) return 1;
  float t = fmaxf(enter, bias), light = 1;
  int part;
  for (int step = 0; step < 28 && t < leave; step++) {
    float gap = object_distance(scene, add(origin, scale(direction, t)), &part);
    light = fminf(light, 9.f * gap / t);
    if (gap < .004f) return 0;
    t += fmaxf(gap, .015f);
  }
  return clamp(light, 0, 1);
}

static float power32(float x) {
  for (int i = 0; i < 5; i++) x = x * x;
  return x;
}

static float star(Vec3 direction) {
  float u = atan2f(direction.z, direction.x) * 40, v = direction.y * 60;
  if (!(hash2((int)floorf(u), (int)floorf(v)) > .975f)) return 0;
  float a = u - floorf(u) - .5f, b = v - floorf(v) - .5f;
  return smoothstep(.3f, .05f, a * a * 4 + b * b * 4);
}

Vec3 sky_radiance(const Scene *scene, Vec3 direction) {
  float height = clamp(direction.y * 1.8f, 0, 1);
  Vec3 color = mix3(scene->sky_horizon, scene->sky_top, sqrtf(height));
  if (scene->attributes.time == NIGHT) {
    if (direction.y > 0) color = add(color, scale(vec3(.7f, .7f, .75f), star(direction)));
    return color;
  }
  float toward_sun = fmaxf(dot(direction, scene->sun_direction), 0);
  float halo = toward_sun * toward_sun;
  halo *= halo;
  halo *= halo;
  return add(color, scale(scene->sun_color, halo * halo * .25f));
}

/* Gradient of the distance at the corners of a tetrahedron. */
static Vec3 object_normal(const Scene *scene, Vec3 p) {
  static const float corners[4][3] = {{1, -1, -1}, {-1, -1, 1}, {-1, 1, -1}, {1, 1, 1}};
  Vec3 normal = vec3(0, 0, 0);
  for (int i = 0; i < 4; i++) {
    Vec3 corner = vec3(corners[i][0], corners[i][1], corners[i][2]);
    int part;
    normal = add(normal, scale(corner, object_distance(scene, add(p, scale(corner, .002f)), &part)));
  }
  return normalize(normal);
}

Vec3 surface_normal(const Scene *scene, const Hit *hit) {
  switch (hit->surface) {
    case OBJECT_SURFACE: return object_normal(scene, hit->position);
    case GROUND_SURFACE: return vec3(0, 1, 0);
  }
  return normalize(scale(hit->position, -1));
}

/* Average colour of the ground as polished objects mirror it. */
static Vec3 mirrored_ground(int ground) {
  switch (ground) {
    case GRASS: return vec3(.2f, .35f, .1f);
    case SAND: return vec3(.7f, .57f, .36f);
    case SNOW: return vec3(.9f, .92f, .95f);
    case WATER: return vec3(.05f, .2f, .3f);
    case TABLE: return vec3(.5f, .32f, .15f);
  }
  return vec3(.45f, .45f, .45f);
}

/* Ambient light: the sky's from above, what the ground throws back from below. */
static Vec3 ambient_light(const Scene *scene, Vec3 p, Vec3 normal, float openness) {
  int bright = scene->attributes.ground == SNOW || scene->attributes.ground == SAND;
  Vec3 from_below = multiply(scene->ambient, bright ? vec3(.75f, .75f, .75f) : vec3(.4f, .42f, .38f));
  float facing_up = clamp(.5f + .5f * normal.y, 0, 1);
  float above_ground = smoothstep(-.1f, .35f, p.y);
  return scale(mix3(from_below, scene->ambient, facing_up), openness * (.55f + .45f * above_ground));
}

/* `mirrored`: seen as a reflection, without shadow and occlusion. */
static Vec3 shade_object(const Scene *scene, Vec3 p, Vec3 direction, int part, int mirrored) {
  int ignored;
  Vec3 normal = object_normal(scene, p);
  Material m = object_material(scene, to_object(scene, p), to_object_direction(scene, normal), part);

  float diffuse = fmaxf(dot(normal, scene->sun_direction), 0);
  if (diffuse > 0 && !mirrored) diffuse *= sunlight(scene, add(p, scale(normal, .01f)), .02f);
  float openness = .8f;
  if (!mirrored) {
    float gap = object_distance(scene, add(p, scale(normal, .18f)), &ignored);
    openness = clamp(.45f + gap / .18f * .55f, 0, 1);
  }
  Vec3 light = add(scale(scene->sun_color, diffuse), ambient_light(scene, p, normal, openness));
  Vec3 color = multiply(m.color, light);
  color = add(color, scale(multiply(m.color, scene->ambient), m.glow));
  if (m.glow > .5f) color = add(color, scale(m.color, .7f));

  Vec3 reflected = reflect(direction, normal);
  if (m.reflectance > 0) {
    Vec3 world = reflected.y > 0 ? sky_radiance(scene, reflected)
                                 : multiply(mirrored_ground(scene->attributes.ground),
                                            add(scene->ambient, scale(scene->sun_color, .5f)));
    float grazing = powf(1 - fmaxf(-dot(direction, normal), 0), 4);
    float share = m.reflectance + (1 - m.reflectance) * grazing * .5f;
    color = mix3(color, multiply(world, m.reflection_tint), share * (.6f + .4f * openness));
  }
  if (m.specular > 0 && diffuse > 0) {
    float highlight = power32(fmaxf(dot(reflected, scene->sun_direction), 0));
    color = add(color, scale(scene->sun_color, highlight * m.specular));
  }
  return color;
}

/* Darkening of the ground near the object. */
static float ground_openness(const Scene *scene, Vec3 p) {
  float radius_squared = p.x * p.x + p.z * p.z;
  if (!(radius_squared < 2.f * scene->size * scene->size)) return 1;
  int part;
  float gap = object_distance(scene, vec3(p.x, p.y + .02f, p.z), &part);
  return .45f + .55f * smoothstep(-.02f, .32f, gap);
}

static Vec3 mirrored_world(const Scene *scene, Vec3 p, Vec3 reflected) {
  if (reflected.y < .01f) reflected.y = .01f;
  float distance;
  int part;
  if (trace_object(scene, add(p, vec3(0, .01f, 0)), reflected, &distance, &part)) {
    return scale(shade_object(scene, add(p, scale(reflected, distance)), reflected, part, 1), .9f);
  }
  return sky_radiance(scene, reflected);
}

static Vec3 shade_ground(const Scene *scene, Vec3 p, Vec3 direction, float distance) {
  Vec3 normal;
  Material m = ground_material(scene, p, distance, &normal);
  float sun = sunlight(scene, p, .01f);
  float openness = ground_openness(scene, p);
  float facing_sun = fmaxf(dot(normal, scene->sun_direction), 0);
  Vec3 color =
      multiply(m.color, add(scale(scene->sun_color, sun * facing_sun), scale(scene->ambient, openness)));

  Vec3 reflected = reflect(direction, normal);
  if (m.reflectance > 0) {
    Vec3 world = mirrored_world(scene, p, reflected);
    float share = .06f + .9f * powf(1 - fmaxf(-dot(direction, normal), 0), 4.f);
    color = mix3(color, world, clamp(share, 0, .85f));
  }
  if (m.specular > 0 && sun > 0) {
    float highlight = power32(fmaxf(dot(reflected, scene->sun_direction), 0));
    color = add(color, scale(scene->sun_color, highlight * m.specular * sun));
  }
  float haze = 1 - expf(-fmaxf(distance - 7, 0) * .06f);
  return mix3(color, scene->sky_horizon, clamp(haze, 0, .9f));
}

/* Where a ray that meets nothing is said to end: far enough that all eyes see it in the same direction. */
static const float SKY_DISTANCE = 200.f;

Hit cast_ray(const Scene *scene, Vec3 origin, Vec3 direction) {
  Hit hit = {SKY_SURFACE, 0, SKY_DISTANCE, vec3(0, 0, 0)};
  if (trace_object(scene, origin, direction, &hit.distance, &hit.part)) {
    hit.position = add(origin, scale(direction, hit.distance));
    hit.surface = OBJECT_SURFACE;
    if (hit.position.y > -.002f) return hit;
  }
  hit.surface = SKY_SURFACE;
  hit.distance = SKY_DISTANCE;
  if (direction.y < -.004f) {
    hit.surface = GROUND_SURFACE;
    hit.distance = -origin.y / direction.y;
  }
  hit.position = add(origin, scale(direction, hit.distance));
  return hit;
}

Vec3 radiance(const Scene *scene, Vec3 direction, const Hit *hit) {
  switch (hit->surface) {
    case OBJECT_SURFACE: return shade_object(scene, hit->position, direction, hit->part, 0);
    case GROUND_SURFACE: return shade_ground(scene, hit->position, direction, hit->distance);
  }
  return sky_radiance(scene, direction);
}
