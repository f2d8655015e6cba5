"""Trains the autoencoder: python models/train/train_vae.py [--samples N] [--compile]

Loss: L1, squared error and the L1 of image gradients (edges), with a light Kullback-Leibler term, which leaves the
latents smooth enough to diffuse without costing sharpness.
"""

import math

import numpy
import torch

import dataset
from networks.vae import Vae
from training import Plan, Resident, fit, images_to_tensor, plan_from_arguments

DEFAULTS = Plan(samples=1_000_000, batch=32, rate=1.5e-3)
KL_WEIGHT = 1e-4
SCORED = 512


def reconstruction_loss(image, target):
    error = image - target
    edges = error.diff(dim=2).abs().mean() + error.diff(dim=3).abs().mean()
    return 0.5 * error.abs().mean() + 2.0 * error.square().mean() + 0.25 * edges


def kl_divergence(mean, log_variance):
    """Of q(z | image) from the standard normal, mean per latent number, in nats."""
    return 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).mean()


def psnr(squared_error):
    """In dB, of images in [-1, 1]."""
    return 10 * math.log10(4 / squared_error)


def reconstruction_errors(vae, images):
    """Mean squared error of each image through the posterior's mean, float64 [B]."""
    x = images_to_tensor(images)
    y = vae.decode(vae.posterior(x)[0]).clamp(-1, 1)
    return (y - x).square().mean((1, 2, 3)).double().cpu().numpy()


def reconstruction_psnr(vae, images, batch=64):
    """Mean over images of each image's PSNR, and the PSNR of the mean squared error (which is lower)."""
    chunks = range(0, len(images), batch)
    errors = numpy.concatenate([reconstruction_errors(vae, images[i : i + batch]) for i in chunks])
    return {"psnr": float(numpy.mean([psnr(e) for e in errors])), "psnr_of_mean": psnr(errors.mean())}


def main(plan):
    data = dataset.load()
    pictures = Resident(data.images)
    draw = numpy.random.default_rng(plan.seed)

    def loss(vae, _):
        indices = numpy.sort(draw.integers(0, data.training, plan.batch))
        images = images_to_tensor(pictures[indices])
        if draw.random() < 0.5:
            images = images.flip(3)
        decoded, mean, log_variance = vae(images)
        kl = kl_divergence(mean, log_variance)
        with torch.no_grad():
            squared_error = (decoded - images).square().mean()
        report = {"mse": squared_error, "kl": kl.detach()}
        return reconstruction_loss(decoded, images) + KL_WEIGHT * kl, report

    scored = data.images[data.validation(SCORED)]
    fit("vae", Vae(), loss, plan, lambda vae: reconstruction_psnr(vae, scored))


if __name__ == "__main__":
    main(plan_from_arguments(__doc__, DEFAULTS))
