"""Proves that the renderer gives the same bytes as another source file with the same scenes.

    python3 models/train/renderer/compare.py path/to/render_positions.c

The other file must export `render(attributes, seed, orbit, size, image, mask)` and
`positions(attributes, seed, orbit, size, position, surface, camera)`. It is compiled with this folder's flags into a
temporary folder. Models trained on that file's pictures keep their meaning as long as this passes.
"""

import ctypes
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import world  # noqa: E402

SIZE = 96
SCENES = 240
SKY = 3


def main(other_source):
    flags = re.search(r"^CFLAGS \?= (.*)$", (HERE / "Makefile").read_text(), re.MULTILINE).group(1).split()
    flags = [flag for flag in flags if not flag.startswith(("-W", "-std"))]
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "other.so"
        command = ["cc", *flags, "-w", "-fPIC", "-shared", "-o", str(library), str(other_source), "-lm"]
        subprocess.run(command, check=True)
        other = ctypes.CDLL(str(library))
        draw = random.Random(0)
        for seed in range(SCENES):
            # Every kind, material, ground, time and style in turn, then in other combinations.
            attributes = world.Attributes(seed % 12, seed * 5 % 12, seed * 7 % 6, seed // 5 % 3, seed // 2 % 3)
            orbit = None
            if seed % 2:
                orbit = [draw.uniform(0, 6.3), draw.uniform(-0.2, 1.4), draw.uniform(1.2, 5), draw.uniform(30, 70)]
                orbit += [draw.uniform(-0.3, 0.3) for _ in range(3)]
            check(other, attributes, seed * 977, orbit)
    print(f"{SCENES} scenes: images, masks, cameras and hit positions are identical")


def check(other, attributes, seed, orbit):
    pixels = SIZE * SIZE
    image, mask = (ctypes.c_uint8 * (3 * pixels))(), (ctypes.c_uint8 * pixels)()
    ids = (ctypes.c_int * 5)(*attributes)
    view = (ctypes.c_float * 7)(*orbit) if orbit else None
    other.render(ids, ctypes.c_uint64(seed), view, SIZE, image, mask)
    ours = world.render(attributes, seed, orbit, SIZE, geometry=True)
    what = f"scene {tuple(attributes)}, seed {seed}, view {orbit}"
    assert bytes(image) == bytes(ours.image), f"images differ: {what}"
    assert bytes(mask) == bytes(ours.mask), f"masks differ: {what}"

    position, surface, camera = (ctypes.c_float * (3 * pixels))(), (ctypes.c_uint8 * pixels)(), (ctypes.c_float * 12)()
    if orbit is None:
        return
    other.positions(ids, ctypes.c_uint64(seed), view, SIZE, position, surface, camera)
    assert bytes(camera) == bytes(ours.camera), f"cameras differ: {what}"
    for i in range(pixels):
        # The other one ends the ground early and calls the rest sky.
        if surface[i] == SKY:
            continue
        assert surface[i] == ours.surface[i], f"surfaces differ at pixel {i}: {what}"
        here = slice(3 * i, 3 * i + 3)
        assert position[here] == ours.position[here], f"positions differ at pixel {i}: {what}"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
