"""The closed world of the embedded model: what its pictures show, how they are drawn, and how they are captioned.

A picture is decided by five attributes and a seed. `render` draws it with the C renderer (`make -C renderer`),
`caption` says it in varying words, `canonical_caption` in fixed ones, and `VOCABULARY` lists every word there is.
Needs nothing but the standard library; arrays come as ctypes arrays, which numpy.frombuffer takes without a copy.
"""

import ctypes
import platform
import subprocess
from pathlib import Path
from typing import NamedTuple

KINDS = ["ball", "cube", "apple", "mushroom", "pumpkin", "snowman", "teapot", "cactus", "tree", "house", "donut", "duck"]
MATERIALS = [
    "natural", "red", "blue", "green", "yellow", "purple", "white", "gold", "wooden", "stone", "checkered", "ice",
]  # fmt: skip
GROUNDS = ["grass", "sand", "snow", "table", "floor", "water"]
TIMES = ["day", "sunset", "night"]
STYLES = ["photo", "sketch", "watercolor"]

NATURAL = 0


class Attributes(NamedTuple):
    """Indices into KINDS, MATERIALS, GROUNDS, TIMES and STYLES."""

    kind: int
    material: int
    ground: int
    time: int
    style: int


def is_held_out(attributes):
    """Whether the diffusion model never sees this combination of kind, material and ground: one of twelve, so that
    every kind on every ground lacks one material, and every material of a kind is known from other grounds."""
    kind, material, ground = attributes[:3]
    return (7 * kind + 5 * material + 3 * ground) % 12 == 0


# Some things have a natural colour that also has a name: nobody could tell a red apple from a natural one.
NATURAL_LOOKS_LIKE = {
    "apple": "red",
    "mushroom": "red",
    "snowman": "white",
    "teapot": "white",
    "cactus": "green",
    "tree": "green",
    "duck": "yellow",
}


class Picture(NamedTuple):
    """All arrays row by row from the top. The last four only with `geometry=True`."""

    image: ctypes.Array  # uint8 [size, size, 3]
    mask: ctypes.Array  # uint8 [size, size], 255 on the object
    surface: ctypes.Array | None = None  # uint8 [size, size], 1 object, 2 ground, 3 sky
    position: ctypes.Array | None = None  # float32 [size, size, 3], world
    normal: ctypes.Array | None = None  # float32 [size, size, 3], world
    camera: ctypes.Array | None = None  # float32 [4, 3], eye, right, up, forward


class _Outputs(ctypes.Structure):
    _fields_ = [(name, ctypes.c_void_p) for name in ("image", "mask", "surface", "position", "normal", "camera")]


_RENDERER = Path(__file__).resolve().parent / "renderer"
_library = None


def _load():
    """Builds the renderer if needed and loads it, once per process."""
    global _library
    if _library is None:
        subprocess.run(["make", "--silent", "-C", str(_RENDERER)], check=True)
        suffix = "dylib" if platform.system() == "Darwin" else "so"
        _library = ctypes.CDLL(str(_RENDERER.parents[2] / ".cache" / "renderer" / f"librender.{suffix}"))
        _library.render.restype = None
    return _library


def render(attributes, seed, orbit=None, size=128, geometry=False):
    """Draws one picture.

    orbit: azimuth, elevation (radians), distance, field of view (degrees), target x, y, z; by default the view that
    belongs to the seed. Releases the interpreter lock while drawing, so threads run side by side.
    """
    pixels = size * size
    image, mask = (ctypes.c_uint8 * (3 * pixels))(), (ctypes.c_uint8 * pixels)()
    outputs = {"image": image, "mask": mask}
    if geometry:
        outputs["surface"] = (ctypes.c_uint8 * pixels)()
        outputs["position"] = (ctypes.c_float * (3 * pixels))()
        outputs["normal"] = (ctypes.c_float * (3 * pixels))()
        outputs["camera"] = (ctypes.c_float * 12)()
    addresses = _Outputs(**{name: ctypes.addressof(array) for name, array in outputs.items()})
    view = (ctypes.c_float * 7)(*orbit) if orbit is not None else None
    ids = (ctypes.c_int * 5)(*attributes)
    _load().render(ids, ctypes.c_uint64(seed), view, size, ctypes.byref(addresses))
    return Picture(**outputs)


def render_into(attributes, seed, image, size=128):
    """Draws a seed's own view into a writable buffer of size·size·3 bytes, for example a row of a numpy array."""
    address = ctypes.addressof((ctypes.c_uint8 * (3 * size * size)).from_buffer(image))
    ids = (ctypes.c_int * 5)(*attributes)
    _load().render(ids, ctypes.c_uint64(seed), None, size, ctypes.byref(_Outputs(image=address)))


def sample_attributes(draw):
    """Random attributes in the proportions of the training set; `draw` is a random.Random."""
    material = NATURAL if draw.random() < 0.2 else draw.randrange(1, len(MATERIALS))
    time, style = draw.random(), draw.random()
    return Attributes(
        draw.randrange(len(KINDS)),
        material,
        draw.randrange(len(GROUNDS)),
        0 if time < 0.62 else 1 if time < 0.82 else 2,
        0 if style < 0.72 else 1 if style < 0.86 else 2,
    )


# Ways to say an attribute, each as often as it is listed.
KIND_PHRASES = {
    "ball": ["ball"] * 5 + ["sphere"],
    "cube": ["cube"] * 4 + ["box", "block"],
    "apple": ["apple"],
    "mushroom": ["mushroom"] * 5 + ["toadstool"],
    "pumpkin": ["pumpkin"],
    "snowman": ["snowman"],
    "teapot": ["teapot"] * 4 + ["tea pot", "kettle"],
    "cactus": ["cactus"] * 4 + ["potted cactus", "cactus in a pot"],
    "tree": ["tree"] * 3 + ["pine tree", "christmas tree"],
    "house": ["house"] * 4 + ["cottage", "little house"],
    "donut": ["donut"] * 4 + ["doughnut"],
    "duck": ["duck"] * 3 + ["rubber duck", "toy duck"],
}
MATERIAL_PHRASES = {
    "red": ["red"] * 4 + ["crimson", "scarlet"],
    "blue": ["blue"] * 5 + ["navy blue"],
    "green": ["green"] * 5 + ["emerald"],
    "yellow": ["yellow"] * 5 + ["lemon yellow"],
    "purple": ["purple"] * 4 + ["violet"],
    "white": ["white"] * 5 + ["plain white"],
    "gold": ["gold"] * 4 + ["golden", "golden", "shiny gold", "gold metal"],
    "wooden": ["wooden"] * 4 + ["wood", "carved wooden"],
    "stone": ["stone"] * 4 + ["rock", "carved stone"],
    "checkered": ["checkered"] * 3 + ["checkerboard", "black and white checkered"],
    "ice": ["ice"] * 4 + ["icy", "frozen"],
}
GROUND_PHRASES = {
    "grass": ["on grass"] * 5 + ["on a lawn", "on green grass", "in the grass", "on the grass"],
    "sand": ["on sand"] * 5 + ["in the desert", "on a beach", "on the sand"],
    "snow": ["on snow"] * 5 + ["in the snow", "on white snow", "on the snow"],
    "table": ["on a wooden table"] * 5 + ["on a table", "on a wooden floor", "on the table"],
    "floor": ["on a stone floor"] * 4 + ["on stone tiles", "on pavement", "on the floor"],
    "water": ["on water"] * 4 + ["in water", "on a lake", "on the sea", "floating on water"],
}
TIME_PHRASES = {
    "day": [""] * 8 + ["in daylight", "during the day", "on a sunny day"],
    "sunset": ["at sunset"] * 5 + ["at dusk", "in golden evening light", "in the evening"],
    "night": ["at night"] * 5 + ["in the dark", "under a night sky"],
}
STYLE_PHRASES = {
    "photo": ["a photo of"] * 8 + ["a photograph of", "a picture of", "a dslr photo of", ""] + [""] * 2,
    "sketch": ["a pencil sketch of"] * 4 + ["a pencil drawing of", "a sketch of", "a black and white drawing of"],
    "watercolor": ["a watercolor painting of"] * 4 + ["a watercolour of", "a painting of", "a watercolor of"],
}


def with_article(phrase):
    return ("an " if phrase[0] in "aeio" else "a ") + phrase


def _joined(*phrases):
    return " ".join(phrase for phrase in phrases if phrase)


def caption(attributes, draw):
    """One of many ways to describe a picture. A material is always named unless it is the natural one."""
    kind, material, ground, time, style = attributes
    subject = draw.choice(KIND_PHRASES[KINDS[kind]])
    if material != NATURAL:
        subject = draw.choice(MATERIAL_PHRASES[MATERIALS[material]]) + " " + subject
    article = draw.random()
    if article < 0.85:
        subject = with_article(subject)
    elif article < 0.95:
        subject = "the " + subject
    medium = draw.choice(STYLE_PHRASES[STYLES[style]])
    place = draw.choice(GROUND_PHRASES[GROUNDS[ground]]) if draw.random() < 0.88 else ""
    light = draw.choice(TIME_PHRASES[TIMES[time]])
    if time and draw.random() < 0.03:
        light = ""
    if draw.random() < 0.08 and light.startswith("at "):
        return _joined(medium, subject, light, place)
    return _joined(medium, subject, place, light)


def canonical_caption(attributes):
    """The plainest way to describe a picture."""
    kind, material, ground, time, style = attributes
    subject = with_article((MATERIALS[material] + " " if material != NATURAL else "") + KINDS[kind])
    medium, place, light = (
        table[names[i]][0]
        for table, names, i in (
            (STYLE_PHRASES, STYLES, style),
            (GROUND_PHRASES, GROUNDS, ground),
            (TIME_PHRASES, TIMES, time),
        )
    )
    return _joined(medium, subject, place, light)


SPECIAL_TOKENS = ["<pad>", "<bos>", "<eos>", "<unk>"]
PAD, BOS, EOS, UNKNOWN = range(4)
EXTRA_WORDS = "a an the of with and on in at to make it turn into"
MAX_TOKENS = 24


def _vocabulary():
    tables = (MATERIAL_PHRASES, KIND_PHRASES, GROUND_PHRASES, TIME_PHRASES, STYLE_PHRASES)
    words = {word for table in tables for phrases in table.values() for phrase in phrases for word in phrase.split()}
    return SPECIAL_TOKENS + sorted(words | set(EXTRA_WORDS.split()))


VOCABULARY = _vocabulary()
_ID_OF_WORD = {word: i for i, word in enumerate(VOCABULARY)}


def tokenize(text):
    """Word ids, begun, ended and padded to MAX_TOKENS."""
    words = text.lower().replace(",", " ").split()[: MAX_TOKENS - 2]
    ids = [BOS, *(_ID_OF_WORD.get(word, UNKNOWN) for word in words), EOS]
    return ids + [PAD] * (MAX_TOKENS - len(ids))
