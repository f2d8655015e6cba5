"""Draws pictures on a CUDA device, some thousand times as fast as one CPU core. Needs CuPy.

The kernel is compiled at run time from the same C files (renderer/pictures.cu). A GPU rounds a little differently, so
single pixels differ from the CPU's picture of the same seed; what is to be seen does not.
"""

from pathlib import Path

import numpy
import torch

try:
    import cupy
except ImportError:
    cupy = None

RENDERER = Path(__file__).resolve().parent / "renderer"
HIT_BYTES = 24  # of the renderer's struct Hit
THREADS = 256
OPTIONS = (f"-I{RENDERER}", "-default-device", "-std=c++17")


def is_available():
    return cupy is not None and torch.cuda.is_available()


_kernel = None


def render(attributes, seeds, size):
    """attributes int [N, 5] (world.Attributes), seeds int [N] → uint8 [N, size, size, 3] on the CUDA device."""
    global _kernel
    if _kernel is None:
        _kernel = cupy.RawModule(code=(RENDERER / "pictures.cu").read_text(), options=OPTIONS).get_function("pictures")
    count, pixels = len(seeds), len(seeds) * size * size
    ids = torch.from_numpy(numpy.ascontiguousarray(attributes, numpy.int32)).cuda()
    numbers = torch.from_numpy(numpy.ascontiguousarray(seeds, numpy.int64)).cuda()
    hits = torch.empty(pixels * HIT_BYTES, dtype=torch.uint8, device="cuda")
    colors, smooth = (torch.empty(3 * pixels, dtype=torch.float32, device="cuda") for _ in range(2))
    images = torch.empty((count, size, size, 3), dtype=torch.uint8, device="cuda")
    buffers = [tensor.data_ptr() for tensor in (ids, numbers, hits, colors, smooth, images)]
    torch.cuda.synchronize()
    _kernel((count,), (THREADS,), (*buffers[:2], numpy.int32(size), *buffers[2:]))
    cupy.cuda.get_current_stream().synchronize()
    return images
