"""Encodes every picture once: python models/train/encode_latents.py

Writes the posteriors to .cache/train/data/latents.f16, float16 [count, 8, SIDE, SIDE] (mean, log-variance). Training the
denoiser samples them anew each time. An interrupted run starts over; it takes minutes.
"""

import os
from typing import NamedTuple

import numpy
import torch
from tqdm import tqdm

import dataset
from networks.vae import DOWNSCALE, LATENT_CHANNELS, Vae
from paths import DATA, SIZE
from training import autocast, images_to_tensor, load

SIDE = SIZE // DOWNSCALE
BATCH = 256
MEASURED = 4096  # posteriors whose spread the scaling factor is taken from


class Latents(NamedTuple):
    mean: numpy.ndarray  # float16 [N, 4, SIDE, SIDE]
    log_variance: numpy.ndarray
    scaling_factor: float  # brings sampled latents to unit standard deviation


def load_latents():
    numbers = numpy.memmap(DATA / "latents.f16", numpy.float16, "r").reshape(-1, 2 * LATENT_CHANNELS, SIDE, SIDE)
    mean, log_variance = numbers[:, :LATENT_CHANNELS], numbers[:, LATENT_CHANNELS:]
    sample = slice(0, MEASURED)
    variance = mean[sample].astype(numpy.float64).var() + numpy.exp(log_variance[sample].astype(numpy.float64)).mean()
    return Latents(mean, log_variance, float(variance**-0.5))


@torch.no_grad()
def main():
    vae = load("vae", Vae())
    images = dataset.load().images
    part = DATA / "latents.part"
    latents = numpy.memmap(part, numpy.float16, "w+", shape=(len(images), 2 * LATENT_CHANNELS, SIDE, SIDE))
    for start in tqdm(range(0, len(images), BATCH), unit="batch", desc="latents"):
        with autocast():
            posterior = vae.posterior(images_to_tensor(images[start : start + BATCH]))
        latents[start : start + BATCH] = torch.cat(posterior, 1).half().cpu().numpy()
    latents.flush()
    os.replace(part, DATA / "latents.f16")


if __name__ == "__main__":
    main()
