/* The twelve kinds of object as signed distance functions. Some are bounds rather than distances; they are scaled
 * down so that sphere tracing never steps through a surface. */
#include "noise.h"
#include "scene.h"

static float sphere(Vec3 p, float x, float y, float z, float radius) {
  return length(vec3(p.x - x, p.y - y, p.z - z)) - radius;
}

static float along(Vec3 p, Vec3 from, Vec3 to, float *t) {
  Vec3 offset = subtract(p, from), axis = subtract(to, from);
  *t = clamp(dot(offset, axis) / dot(axis, axis), 0, 1);
  return length(subtract(offset, scale(axis, *t)));
}

static float capsule(Vec3 p, Vec3 from, Vec3 to, float radius) {
  float t;
  return along(p, from, to, &t) - radius;
}

static float tapered_capsule(Vec3 p, Vec3 from, Vec3 to, float radius_from, float radius_to) {
  float t, distance = along(p, from, to, &t);
  return (distance - mix(radius_from, radius_to, t)) * .9f;
}

static float rounded_box(Vec3 p, Vec3 half, float rounding) {
  float x = fabsf(p.x) - half.x + rounding;
  float y = fabsf(p.y) - half.y + rounding;
  float z = fabsf(p.z) - half.z + rounding;
  float outside_x = fmaxf(x, 0), outside_y = fmaxf(y, 0), outside_z = fmaxf(z, 0);
  float outside = sqrtf(outside_x * outside_x + outside_y * outside_y + outside_z * outside_z);
  return outside + fminf(fmaxf(x, fmaxf(y, z)), 0) - rounding;
}

static float ellipsoid(Vec3 p, Vec3 radii) {
  float k = length(vec3(p.x / radii.x, p.y / radii.y, p.z / radii.z));
  return (k - 1) * fminf(radii.x, fminf(radii.y, radii.z));
}

/* Upright, its base at height `base`. */
static float cone(Vec3 p, float base, float height, float radius) {
  float y = p.y - base;
  float slant = sqrtf(height * height + radius * radius);
  return fmaxf(radial(p) * (height / slant) + (y - height) * (radius / slant), -y);
}

/* Upright, from height `low` to `high`, with a radius at either end. */
static float cylinder(Vec3 p, float low, float high, float radius_low, float radius_high) {
  float t = clamp((p.y - low) / (high - low), 0, 1);
  float side = (radial(p) - mix(radius_low, radius_high, t)) * .95f;
  return fmaxf(side, fmaxf(low - p.y, p.y - high));
}

/* The smaller of two distances with the crease between them filled. */
static float smooth_min(float a, float b, float width) {
  float h = fmaxf(width - fabsf(a - b), 0) / width;
  return fminf(a, b) - h * h * width * .25f;
}

typedef struct { float distance; int part; } Nearest;

static void consider(Nearest *nearest, float distance, int part) {
  if (!(distance < nearest->distance)) return;
  nearest->distance = distance;
  nearest->part = part;
}

static void apple(Nearest *out, Vec3 p, const float *variation) {
  float q = radial(p);
  float y = (p.y - .42f) * (1.f - .03f * variation[0]);
  q *= 1.f + .12f * (.42f - p.y);
  float body = sqrtf((q - .16f) * (q - .16f) + y * y) - .33f - .02f;
  consider(out, body * .92f, MAIN);
  consider(out, capsule(p, vec3(0, .6f, 0), vec3(.06f, .93f, 0), .025f), BROWN_STEM);
  consider(out, ellipsoid(vec3(p.x - .16f, p.y - .86f, p.z), vec3(.13f, .035f, .07f)), LEAF);
}

static void mushroom(Nearest *out, Vec3 p, const float *variation) {
  consider(out, cylinder(p, 0, .6f, .17f + .05f * variation[0], .12f), PALE_STALK);
  float cap_height = .30f + .1f * variation[1];
  Vec3 c = vec3(p.x, p.y - .5f, p.z);
  consider(out, fmaxf(ellipsoid(c, vec3(.5f, cap_height + .1f, .5f)), -c.y), MAIN);
}

static void pumpkin(Nearest *out, Vec3 p) {
  float angle = atan2f(p.z, p.x);
  float q = radial(p);
  float rib = .045f * fabsf(sinf(angle * 5.f)) * fminf(q * 3, 1.f);
  float body = sqrtf((q - .2f) * (q - .2f) + (p.y - .36f) * (p.y - .36f) * 1.05f) - .33f - rib;
  consider(out, body * .8f, MAIN);
  consider(out, tapered_capsule(p, vec3(0, .6f, 0), vec3(.07f, .88f, .03f), .07f, .045f), LEAF);
}

static void snowman(Nearest *out, Vec3 p) {
  float bottom = sphere(p, 0, .33f, 0, .35f);
  float middle = sphere(p, 0, .78f, 0, .25f);
  float head = sphere(p, 0, 1.12f, 0, .18f);
  consider(out, fminf(bottom, fminf(middle, head)), MAIN);
  consider(out, tapered_capsule(p, vec3(0, 1.12f, .16f), vec3(0, 1.11f, .38f), .045f, .01f), ORANGE);
  consider(out, length(vec3(fabsf(p.x) - .07f, p.y - 1.18f, p.z - .155f)) - .03f, BLACK);
  consider(out, sphere(p, 0, .86f, .235f, .032f), BLACK);
  consider(out, sphere(p, 0, .72f, .24f, .032f), BLACK);
  consider(out, cylinder(p, 1.25f, 1.45f, .12f, .12f), BLACK);
  consider(out, cylinder(p, 1.23f, 1.265f, .2f, .2f), BLACK);
}

static void teapot(Nearest *out, Vec3 p) {
  float d = ellipsoid(vec3(p.x, p.y - .36f, p.z), vec3(.44f, .37f, .44f));
  d = smooth_min(d, ellipsoid(vec3(p.x, p.y - .70f, p.z), vec3(.2f, .07f, .2f)), .06f);
  d = fminf(d, sphere(p, 0, .80f, 0, .055f));
  d = smooth_min(d, tapered_capsule(p, vec3(.34f, .28f, 0), vec3(.68f, .62f, 0), .11f, .05f), .07f);
  float x = p.x + .44f, y = p.y - .4f;
  float ring = sqrtf(x * x + y * y) - .19f;
  d = fminf(d, sqrtf(ring * ring + p.z * p.z) - .05f);
  consider(out, d * .9f, MAIN);
}

static void cactus(Nearest *out, Vec3 p, const float *variation) {
  consider(out, cylinder(p, 0, .32f, .2f, .27f), TERRACOTTA);
  float angle = atan2f(p.z, p.x);
  float d = capsule(p, vec3(0, .3f, 0), vec3(0, 1.0f, 0), .16f + .016f * cosf(angle * 10));
  d = fminf(d, capsule(p, vec3(.1f, .55f, 0), vec3(.34f, .58f, 0), .085f));
  d = fminf(d, capsule(p, vec3(.34f, .58f, 0), vec3(.35f, .85f, 0), .085f));
  if (variation[0] > .3f) {
    d = fminf(d, capsule(p, vec3(-.1f, .68f, 0), vec3(-.31f, .7f, 0), .075f));
    d = fminf(d, capsule(p, vec3(-.31f, .7f, 0), vec3(-.32f, .92f, 0), .075f));
  }
  consider(out, d * .9f, MAIN);
}

static void tree(Nearest *out, Vec3 p) {
  consider(out, cylinder(p, 0, .35f, .1f, .09f), BROWN_STEM);
  float needles = .012f * sinf(p.x * 40) * sinf(p.z * 40);
  float d = cone(p, .25f, .5f, .45f);
  d = fminf(d, cone(p, .52f, .45f, .36f));
  d = fminf(d, cone(p, .8f, .42f, .26f));
  consider(out, (d + needles) * .85f, MAIN);
}

static void house(Nearest *out, Vec3 p) {
  consider(out, rounded_box(vec3(p.x, p.y - .28f, p.z), vec3(.42f, .28f, .34f), .01f), MAIN);
  const float height = .36f, half_width = .42f;
  float y = p.y - .54f;
  float slant = sqrtf(height * height + half_width * half_width);
  float slope = fabsf(p.z) * (height / slant) + (y - height) * (half_width / slant);
  consider(out, fmaxf(slope, fmaxf(-y, fabsf(p.x) - .48f)), ROOF);
  consider(out, rounded_box(vec3(p.x - .22f, p.y - .82f, p.z - .1f), vec3(.06f, .16f, .06f), .005f), TERRACOTTA);
}

static void donut(Nearest *out, Vec3 p) {
  float ring = radial(p) - .36f;
  float y = p.y - .19f;
  consider(out, sqrtf(ring * ring + y * y) - .19f, MAIN);
}

static void duck(Nearest *out, Vec3 p) {
  float d = ellipsoid(vec3(p.x, p.y - .3f, p.z), vec3(.46f, .3f, .33f));
  d = smooth_min(d, sphere(p, .26f, .68f, 0, .22f), .1f);
  d = smooth_min(d, tapered_capsule(p, vec3(-.3f, .36f, 0), vec3(-.56f, .52f, 0), .13f, .02f), .1f);
  consider(out, d * .8f, MAIN);
  consider(out, ellipsoid(vec3(p.x - .5f, p.y - .64f, p.z), vec3(.14f, .045f, .1f)), ORANGE);
  consider(out, length(vec3(p.x - .41f, p.y - .75f, fabsf(p.z) - .125f)) - .04f, BLACK);
}

static Nearest nearest_part(const Scene *scene, Vec3 p) {
  Nearest out = {1e9f, MAIN};
  const float *variation = scene->variation;
  switch (scene->attributes.kind) {
    case BALL: consider(&out, sphere(p, 0, .48f, 0, .48f), MAIN); break;
    case CUBE: consider(&out, rounded_box(vec3(p.x, p.y - .42f, p.z), vec3(.42f, .42f, .42f), .04f), MAIN); break;
    case APPLE: apple(&out, p, variation); break;
    case MUSHROOM: mushroom(&out, p, variation); break;
    case PUMPKIN: pumpkin(&out, p); break;
    case SNOWMAN: snowman(&out, p); break;
    case TEAPOT: teapot(&out, p); break;
    case CACTUS: cactus(&out, p, variation); break;
    case TREE: tree(&out, p); break;
    case HOUSE: house(&out, p); break;
    case DONUT: donut(&out, p); break;
    case DUCK: duck(&out, p); break;
  }
  return out;
}

Vec3 to_object_direction(const Scene *scene, Vec3 d) {
  return vec3(d.x * scene->cos_turn - d.z * scene->sin_turn, d.y, d.x * scene->sin_turn + d.z * scene->cos_turn);
}

Vec3 to_object(const Scene *scene, Vec3 world) {
  Vec3 turned = to_object_direction(scene, world);
  return vec3(turned.x / scene->size, turned.y / scene->size, turned.z / scene->size);
}

float object_distance(const Scene *scene, Vec3 world, int *part) {
  Nearest nearest = nearest_part(scene, to_object(scene, world));
  *part = nearest.part;
  return nearest.distance * scene->size;
}
