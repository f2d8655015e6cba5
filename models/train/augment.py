"""Pictures as the judges may meet them: mirrored, shifted, blurred, noisy, with other exposure."""

import torch
from torch.nn import functional

SHIFT = 8  # pixels
NOISE = 0.06
EXPOSURE = 0.12


def augmented(images, draw):
    """images [B, 3, H, W] in [-1, 1]; draw is a numpy Generator. One draw serves the whole batch."""
    if draw.random() < 0.5:
        images = images.flip(3)
    if draw.random() < 0.4:
        images = blurred(images)
    if draw.random() < 0.3:
        images = images + torch.randn_like(images) * NOISE * draw.random()
    if draw.random() < 0.5:
        images = images * (1 + EXPOSURE * draw.uniform(-1, 1)) + EXPOSURE * draw.uniform(-1, 1)
    down, right = draw.integers(-SHIFT, SHIFT + 1, 2)
    padded = functional.pad(images, (SHIFT,) * 4, mode="replicate")
    height, width = images.shape[2:]
    return padded[:, :, SHIFT + down : SHIFT + down + height, SHIFT + right : SHIFT + right + width].contiguous()


def blurred(images):
    """Mean over 3 × 3 pixels."""
    return functional.avg_pool2d(functional.pad(images, (1, 1, 1, 1), mode="replicate"), 3, stride=1)
