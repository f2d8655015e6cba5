"""Renders the training pictures: python models/train/dataset.py --count 120000

Picture i is decided by i alone, so a larger set starts with the smaller one and an interrupted run goes on where it
was. Files, in .cache/train/data:
    images.u8       uint8 [count, size, size, 3]
    attributes.u8   uint8 [count, 5], see world.Attributes
    rendered        how many pictures are there
The last pictures of a set, VALIDATION or a quarter, are never trained on. On a CUDA device with CuPy the pictures are
drawn there.
"""

import argparse
import os
import random
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy
from tqdm import tqdm

import gpu_renderer
import world
from paths import DATA, SIZE

VALIDATION = 2048
CHUNK = 256
GPU_CHUNK_BYTES = 6e9  # of scratch


class Dataset(NamedTuple):
    images: numpy.ndarray  # uint8 [N, SIZE, SIZE, 3], on disk
    attributes: numpy.ndarray  # uint8 [N, 5], in memory

    @property
    def training(self):
        """How many pictures, from the first, are for training."""
        count = len(self.images)
        return count - min(VALIDATION, count // 4)

    def validation(self, most=VALIDATION):
        """Indices of pictures that are for validation, `most` at the most."""
        return numpy.arange(self.training, min(self.training + most, len(self.images)))


def load():
    count = rendered_count()
    assert count > 0, f"there are no pictures in {DATA}: run dataset.py first"
    images = numpy.memmap(DATA / "images.u8", numpy.uint8, "r")[: count * SIZE * SIZE * 3]
    attributes = numpy.fromfile(DATA / "attributes.u8", numpy.uint8)[: count * 5]
    return Dataset(images.reshape(count, SIZE, SIZE, 3), attributes.reshape(count, 5))


def rendered_count():
    path = DATA / "rendered"
    return int(path.read_text()) if path.exists() else 0


def attributes_of(index):
    return world.sample_attributes(random.Random(index))


def _grown(name, shape):
    """A file of this shape, mapped for writing; what it held stays."""
    path = DATA / name
    path.touch()
    os.truncate(path, int(numpy.prod(shape)))
    return numpy.memmap(path, numpy.uint8, "r+", shape=shape)


def render(count, workers):
    """Renders what is missing of the first `count` pictures. The renderer releases the interpreter lock."""
    DATA.mkdir(parents=True, exist_ok=True)
    done = rendered_count()
    if done >= count:
        return
    images, attributes = _grown("images.u8", (count, SIZE, SIZE, 3)), _grown("attributes.u8", (count, 5))

    draw, chunk = (_on_gpu(), _gpu_chunk()) if gpu_renderer.is_available() else (_on_cpu(workers), CHUNK)
    with tqdm(total=count, initial=done, unit="picture") as bar:
        for start in range(done, count, chunk):
            end = min(start + chunk, count)
            attributes[start:end] = [attributes_of(i) for i in range(start, end)]
            draw(start, attributes[start:end], images[start:end])
            images.flush()
            attributes.flush()
            (DATA / "rendered").write_text(str(end))
            bar.update(end - start)


def _on_cpu(workers):
    pool = ThreadPoolExecutor(workers)

    def draw(first, attributes, images):
        rows = range(len(images))
        list(pool.map(lambda i: world.render_into(attributes[i].tolist(), first + i, images[i], SIZE), rows))

    return draw


def _gpu_chunk():
    return int(GPU_CHUNK_BYTES / (SIZE * SIZE * (gpu_renderer.HIT_BYTES + 2 * 3 * 4)))


def _on_gpu():
    def draw(first, attributes, images):
        seeds = numpy.arange(first, first + len(images))
        images[:] = gpu_renderer.render(attributes, seeds, SIZE).cpu().numpy()

    return draw


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200_000)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    render(arguments.count, arguments.workers)
