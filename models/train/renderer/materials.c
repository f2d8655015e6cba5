/* What objects and grounds are made of. */
#include "noise.h"
#include "scene.h"

Vec3 natural_color(int kind) {
  switch (kind) {
    case BALL: return vec3(.85f, .45f, .1f);
    case CUBE: return vec3(.55f, .55f, .58f);
    case APPLE: return vec3(.75f, .08f, .06f);
    case MUSHROOM: return vec3(.75f, .1f, .07f);
    case PUMPKIN: return vec3(.9f, .4f, .04f);
    case SNOWMAN: return vec3(.9f, .92f, .95f);
    case TEAPOT: return vec3(.85f, .82f, .75f);
    case CACTUS: return vec3(.16f, .45f, .16f);
    case TREE: return vec3(.07f, .33f, .1f);
    case HOUSE: return vec3(.85f, .75f, .55f);
    case DONUT: return vec3(.72f, .46f, .22f);
    case DUCK: return vec3(.95f, .78f, .08f);
  }
  return vec3(1, 1, 1);
}

static float angle_around_y(Vec3 p) { return atan2f(p.z, p.x); }

/* Whether p lies in one of the round spots scattered over a mushroom's cap. */
static int in_spot(Vec3 p, float radius_squared, float rarity) {
  Vec3 q = scale(p, 5.f);
  float cell_x = floorf(q.x), cell_y = floorf(q.y), cell_z = floorf(q.z);
  Vec3 c = vec3(q.x - cell_x - .5f, q.y - cell_y - .5f, q.z - cell_z - .5f);
  return dot(c, c) < radius_squared && hash3((int)cell_x, (int)cell_y, (int)cell_z) > rarity;
}

static Vec3 pumpkin_ribs(Vec3 color, Vec3 p) {
  return scale(color, .65f + .35f * fabsf(sinf(angle_around_y(p) * 5)));
}

static void icing(Material *m, Vec3 p) {
  if (!(p.y > .2f + .035f * sinf(angle_around_y(p) * 7))) return;
  m->color = vec3(.92f, .42f, .58f);
  if (noise3(scale(p, 22)) > .72f) { /* sprinkles */
    float hue = noise3(vec3(p.x * 6, p.z * 6, 3));
    m->color = hue > .6f ? vec3(.3f, .5f, .9f) : hue > .45f ? vec3(.95f, .9f, .3f) : vec3(.95f, .95f, .95f);
  }
  m->specular = .4f;
}

static void natural_material(Material *m, const Scene *scene, Vec3 p) {
  m->color = scene->natural_color;
  m->specular = .2f;
  switch (scene->attributes.kind) {
    case APPLE: {
      float t = noise3(vec3(p.x * 3, p.y * 2, p.z * 3));
      float blush = .45f * smoothstep(.5f, .9f, t) * smoothstep(.2f, .7f, p.y);
      m->color = mix3(m->color, vec3(.8f, .5f, .12f), blush);
      m->specular = .4f;
      break;
    }
    case MUSHROOM:
      if (in_spot(p, .13f, .25f)) m->color = vec3(.95f, .92f, .88f);
      break;
    case PUMPKIN: m->color = pumpkin_ribs(m->color, p); break;
    case CACTUS:
      m->color = scale(m->color, .8f + .3f * cosf(angle_around_y(p) * 10));
      m->specular = .05f;
      break;
    case TREE:
    case HOUSE: m->specular = .03f; break;
    case SNOWMAN: m->specular = .05f; break;
    case DONUT: icing(m, p); break;
    case BALL:
      if (fabsf(p.y - .48f) < .1f) m->color = vec3(.95f, .92f, .88f);
      m->specular = .4f;
      break;
  }
}

static void paint(Material *m, float r, float g, float b, float specular) {
  m->color = vec3(r, g, b);
  m->specular = specular;
}

static void wood(Material *m, Vec3 p) {
  float x = p.x - .2f, y = p.y * .35f;
  float rings = sqrtf(x * x + y * y + p.z * p.z) * 11 + 1.2f * noise3(scale(p, 4));
  float s = rings - floorf(rings);
  m->color = mix3(vec3(.62f, .39f, .18f), vec3(.38f, .21f, .09f), s * s);
  m->specular = .06f;
}

static void main_material(Material *m, const Scene *scene, Vec3 p) {
  switch (scene->attributes.material) {
    case NATURAL: natural_material(m, scene, p); break;
    case RED: paint(m, .78f, .06f, .05f, .35f); break;
    case BLUE: paint(m, .07f, .16f, .75f, .35f); break;
    case GREEN: paint(m, .1f, .55f, .12f, .35f); break;
    case YELLOW: paint(m, .92f, .8f, .1f, .35f); break;
    case PURPLE: paint(m, .42f, .1f, .6f, .35f); break;
    case WHITE: paint(m, .92f, .92f, .92f, .3f); break;
    case GOLD:
      paint(m, .88f, .56f, .07f, 1.2f);
      m->reflectance = .45f;
      m->reflection_tint = vec3(1.f, .68f, .14f);
      break;
    case WOODEN: wood(m, p); break;
    case STONE:
      m->color = scale(vec3(.52f, .52f, .5f), .55f + .75f * fractal3(scale(p, 7)));
      m->specular = .02f;
      break;
    case CHECKERED: {
      int parity = (int)floorf(p.x * 4 + 100) + (int)floorf(p.y * 4 + 100.02f) + (int)floorf(p.z * 4 + 100);
      m->color = parity & 1 ? vec3(.93f, .93f, .93f) : vec3(.06f, .06f, .06f);
      m->specular = .3f;
      break;
    }
    case ICE:
      m->color = mix3(vec3(.55f, .8f, .92f), vec3(.85f, .96f, 1.f), fractal3(scale(p, 5)));
      m->specular = 1.f;
      m->reflectance = .25f;
      m->glow = .18f;
      break;
  }
}

/* Paint does not hide a pumpkin's ribs or a mushroom's spots. */
static void shape_under_paint(Material *m, const Scene *scene, Vec3 p) {
  switch (scene->attributes.material) {
    case NATURAL:
    case CHECKERED:
    case WOODEN:
    case STONE: return;
  }
  if (scene->attributes.kind == PUMPKIN) m->color = pumpkin_ribs(m->color, p);
  if (scene->attributes.kind == MUSHROOM && in_spot(p, .1f, .35f)) {
    m->color = mix3(m->color, vec3(.95f, .95f, .92f), .6f);
  }
}

static void window(Material *m, int time) {
  m->color = vec3(.2f, .3f, .42f);
  m->reflectance = .2f;
  m->reflection_tint = vec3(1, 1, 1);
  if (time == NIGHT) {
    m->color = vec3(1.f, .85f, .4f);
    m->glow = .8f;
  }
}

static void door_and_windows(Material *m, const Scene *scene, Vec3 p, Vec3 normal) {
  int window_height = fabsf(p.y - .32f) < .08f;
  if (fabsf(normal.z) > .8f) {
    if (fabsf(p.x) < .09f && p.y < .32f) {
      m->color = vec3(.28f, .15f, .07f);
      m->reflectance = 0;
    } else if (fabsf(fabsf(p.x) - .26f) < .075f && window_height) {
      window(m, scene->attributes.time);
    }
  } else if (fabsf(normal.x) > .8f && fabsf(fabsf(p.z) - .16f) < .07f && window_height) {
    window(m, scene->attributes.time);
  }
}

static void roof(Material *m, const Scene *scene, Vec3 p) {
  int material = scene->attributes.material;
  m->color = material == RED || material == NATURAL ? vec3(.5f, .17f, .12f) : vec3(.38f, .24f, .17f);
  m->color = scale(m->color, .8f + .3f * fabsf(sinf(p.y * 40)));
  m->specular = 0;
}

Material object_material(const Scene *scene, Vec3 p, Vec3 normal, int part) {
  Material m = {vec3(.5f, .5f, .5f), .15f, 0, vec3(1, 1, 1), 0};
  switch (part) {
    case BROWN_STEM: paint(&m, .33f, .2f, .09f, 0); return m;
    case LEAF: m.color = vec3(.2f, .45f, .1f); return m;
    case PALE_STALK: paint(&m, .88f, .84f, .74f, .05f); return m;
    case BLACK: paint(&m, .04f, .04f, .05f, .3f); return m;
    case ORANGE: m.color = vec3(.95f, .42f, .05f); return m;
    case TERRACOTTA: paint(&m, .65f, .3f, .18f, .05f); return m;
    case ROOF: roof(&m, scene, p); return m;
  }
  main_material(&m, scene, p);
  shape_under_paint(&m, scene, p);
  if (scene->attributes.kind == HOUSE) door_and_windows(&m, scene, p, normal);
  return m;
}

/* Position on the ground's texture, after its random turn and shift. */
typedef struct { float u, v; } TexturePoint;

static Vec3 grass(TexturePoint q, float detail, float tint) {
  float patches = fractal2(q.u * 3, q.v * 3);
  float blades = detail > 0 ? noise2(q.u * 22 + 3 * patches, q.v * 9) * detail : .5f;
  float t = .5f * patches + .5f * blades;
  return mix3(vec3(.09f, .24f, .03f), vec3(.33f, .55f, .12f), clamp(t * 1.15f + .15f * tint, 0, 1));
}

static Vec3 sand(TexturePoint q, float detail, float tint) {
  float dunes = fractal2(q.u * 1.5f, q.v * 1.5f);
  float ripples = sinf((q.v + .35f * dunes) * 16 + dunes * 5) * detail;
  Vec3 color = mix3(vec3(.82f, .67f, .42f), vec3(.68f, .53f, .32f), .35f * dunes + .25f * tint);
  return scale(color, 1.f + .09f * ripples);
}

static Vec3 snow(TexturePoint q, float detail) {
  float drifts = fractal2(q.u * 1.7f, q.v * 1.7f);
  float grain = noise2(q.u * 14, q.v * 14) * detail;
  return mix3(vec3(.78f, .84f, .92f), vec3(.97f, .98f, 1.f), clamp(.3f + .6f * drifts + .25f * grain, 0, 1));
}

static Vec3 table(TexturePoint q, float detail) {
  const float plank_width = .55f;
  float plank = floorf(q.u / plank_width);
  float across = q.u / plank_width - plank;
  float shade = hash2((int)plank, 17);
  float grain = noise2(q.u * 14 + shade * 50, q.v * 1.6f + shade * 20);
  grain = .5f + (grain - .5f) * detail;
  Vec3 color =
      mix3(vec3(.5f, .29f, .13f), vec3(.7f, .45f, .22f), clamp(.55f * grain + .45f * shade, 0, 1));
  float to_gap = fminf(across, 1 - across);
  return scale(color, mix(1, .45f + .55f * smoothstep(.0f, .035f, to_gap), detail));
}

static Vec3 stone_floor(TexturePoint q, float detail) {
  const float tile_size = .7f;
  float column = floorf(q.u / tile_size), row = floorf(q.v / tile_size);
  float across = q.u / tile_size - column, along = q.v / tile_size - row;
  float to_gap = fminf(fminf(across, 1 - across), fminf(along, 1 - along));
  float shade = hash2((int)column, (int)row);
  float grain = fractal2(q.u * 6, q.v * 6);
  Vec3 color = scale(vec3(.5f, .5f, .51f), .62f + .35f * shade + .35f * (grain - .5f));
  return scale(color, mix(1, .5f + .5f * smoothstep(.01f, .05f, to_gap), detail));
}

static Vec3 water(TexturePoint q, float detail, float tint, Vec3 *normal) {
  float swell = noise2(q.u * 2.2f, q.v * 2.2f), ripple = noise2(q.u * 5 + 9, q.v * 5);
  float tilt_x = .16f * (swell - .5f) + .12f * (noise2(q.u * 5 + 3.3f, q.v * 5 + 8) - .5f);
  float tilt_z = .16f * (noise2(q.u * 2.2f + 31, q.v * 2.2f + 7) - .5f) + .12f * (ripple - .5f);
  *normal = normalize(vec3(tilt_x * detail, 1, tilt_z * detail));
  return mix3(vec3(.02f, .13f, .24f), vec3(.05f, .27f, .36f), .5f * swell + .5f * tint);
}

Material ground_material(const Scene *scene, Vec3 p, float distance, Vec3 *normal) {
  TexturePoint q = {p.x * scene->ground_cos - p.z * scene->ground_sin + scene->ground_x,
                    p.x * scene->ground_sin + p.z * scene->ground_cos + scene->ground_z};
  /* Detail fades before it becomes finer than a pixel. */
  float detail = clamp(1.6f - distance * .13f, 0, 1);
  float tint = scene->ground_tint;
  Material m = {vec3(.5f, .5f, .5f), 0, 0, vec3(1, 1, 1), 0};
  *normal = vec3(0, 1, 0);
  switch (scene->attributes.ground) {
    case GRASS: m.color = grass(q, detail, tint); break;
    case SAND: m.color = sand(q, detail, tint); break;
    case SNOW: m.color = snow(q, detail); break;
    case TABLE:
      m.color = table(q, detail);
      m.specular = .12f;
      break;
    case FLOOR: m.color = stone_floor(q, detail); break;
    case WATER:
      m.color = water(q, detail, tint, normal);
      m.specular = 1.f;
      m.reflectance = 1.f;
      break;
  }
  return m;
}
