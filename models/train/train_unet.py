"""Trains text encoder and denoiser: python models/train/train_unet.py [--samples N] [--compile]

ε-prediction on sampled posteriors, min-SNR weights with γ = 5 (Hang et al. 2023, equation 6), stratified timesteps,
10 % empty captions. Held-out combinations (world.is_held_out) are never seen.
"""

import itertools
import random

import numpy
import torch

import dataset
import world
from encode_latents import load_latents
from networks.diffusion import Diffusion
from networks.vae import sample_posterior
from schedule import STEPS, add_noise, alphas_cumprod
from training import Plan, Resident, device, fit, plan_from_arguments

DEFAULTS = Plan(samples=5_000_000, batch=256, rate=1.2e-3, average=0.999)
SNR_LIMIT = 5.0
EMPTY_CAPTIONS = 0.1
CAPTIONS = 32  # different ones of each combination of attributes
SCORED = 512


def min_snr_weights(alphas):
    """Weight of ε's squared error per timestep: min(SNR, γ) / SNR."""
    snr = alphas / (1 - alphas)
    return snr.clamp(max=SNR_LIMIT) / snr


def stratified_timesteps(count):
    """One from each of `count` equal parts of the schedule, in random order, int64 [count]."""
    parts = (torch.randperm(count) + torch.rand(count)) / count
    return (parts * STEPS).long().clamp(max=STEPS - 1).to(device())


def token_ids(texts):
    return torch.tensor([world.tokenize(text) for text in texts], device=device())


class LatentBatches:
    """Scaled samples of the posteriors at given indices."""

    def __init__(self):
        latents = load_latents()
        self.scaling_factor = latents.scaling_factor
        self._posterior = Resident(latents.mean), Resident(latents.log_variance)

    def __call__(self, indices):
        mean, log_variance = (part[indices].to(device()).float() for part in self._posterior)
        return sample_posterior(mean, log_variance) * self.scaling_factor


class Captions:
    """Token ids of random captions of pictures; a share of them empty. All wordings are drawn beforehand."""

    SIZES = tuple(map(len, (world.KINDS, world.MATERIALS, world.GROUNDS, world.TIMES, world.STYLES)))

    def __init__(self, attributes, seed):
        words = random.Random(seed)
        combinations = itertools.product(*map(range, self.SIZES))
        texts = ((world.caption(world.Attributes(*c), words) for _ in range(CAPTIONS)) for c in combinations)
        ids = numpy.array([[world.tokenize(text) for text in variants] for variants in texts], numpy.uint8)
        self._ids = torch.from_numpy(ids).to(device())  # [combinations, CAPTIONS, tokens]
        self._combination = torch.from_numpy(numpy.ravel_multi_index(attributes.T, self.SIZES)).to(device())
        self._empty = token_ids([""])

    def __call__(self, indices):
        combination = self._combination[torch.from_numpy(indices).to(device())]
        variant = torch.randint(CAPTIONS, combination.shape, device=device())
        is_empty = torch.rand(combination.shape, device=device()) < EMPTY_CAPTIONS
        return torch.where(is_empty[:, None], self._empty, self._ids[combination, variant].long())


def main(plan):
    data = dataset.load()
    latents = LatentBatches()
    alphas = alphas_cumprod().to(device())
    weights = min_snr_weights(alphas)
    attributes = [world.Attributes(*row) for row in data.attributes.tolist()]
    trained = numpy.array([i for i in range(data.training) if not world.is_held_out(attributes[i])])
    captions = Captions(data.attributes, plan.seed)
    draw = numpy.random.default_rng(plan.seed)

    def loss(diffusion, _):
        indices = numpy.sort(draw.choice(trained, plan.batch))
        z = latents(indices)
        t, noise = stratified_timesteps(plan.batch), torch.randn_like(z)
        predicted = diffusion(add_noise(z, noise, alphas[t]), t, captions(indices))
        errors = (predicted - noise).square().mean((1, 2, 3))
        return (weights[t] * errors).mean(), {"mse": errors.detach().mean()}

    validation = data.validation(SCORED)
    fixed = torch.Generator().manual_seed(plan.seed)
    scored_t = torch.linspace(0, STEPS - 1, len(validation)).long().to(device())
    scored_noise = torch.randn(latents(validation).shape, generator=fixed).to(device())
    scored_ids = token_ids(world.canonical_caption(attributes[i]) for i in validation)

    def score(diffusion):
        """Squared error of ε on pictures never trained on, over all timesteps and in thirds of them."""
        z = latents(validation)
        noisy = add_noise(z, scored_noise, alphas[scored_t])
        parts = zip(noisy.split(64), scored_t.split(64), scored_ids.split(64))
        predicted = torch.cat([diffusion(*part) for part in parts])
        errors = (predicted - scored_noise).square().mean((1, 2, 3))
        thirds = {f"mse_{name}": part.mean().item() for name, part in zip(("low", "mid", "high"), errors.chunk(3))}
        return {"mse": errors.mean().item(), **thirds}

    fit("diffusion", Diffusion(), loss, plan, score)


if __name__ == "__main__":
    main(plan_from_arguments(__doc__, DEFAULTS))
