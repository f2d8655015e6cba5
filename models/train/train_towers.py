"""Trains the pair of towers for text and image: python models/train/train_towers.py [--samples N]

Symmetric cross-entropy over the batch (Radford et al. 2021). Pictures of one batch with the same attributes count as
each other's match.
"""

import random

import numpy
import torch
from torch.nn import functional

import dataset
import world
from augment import augmented
from networks.judge import Towers
from training import Plan, Resident, device, fit, images_to_tensor, plan_from_arguments
from train_unet import token_ids

DEFAULTS = Plan(samples=600_000, batch=128, rate=1.5e-3)
SCORED = 512
CHOICES = 64


def matching_loss(similarities, labels):
    """Cross-entropy in both directions; labels [B, B] is 1 where picture and text belong together."""
    targets = labels / labels.sum(1, keepdim=True)  # symmetric, as labels are
    return 0.5 * sum(functional.cross_entropy(s, targets) for s in (similarities, similarities.T))


def matches(attributes):
    """[B, B], 1 for pictures with the same attributes; attributes uint8 [B, 5]."""
    rows = torch.from_numpy(attributes).to(device())
    return (rows[:, None] == rows[None]).all(-1).float()


def main(plan):
    data = dataset.load()
    pictures = Resident(data.images)
    draw, words = numpy.random.default_rng(plan.seed), random.Random(plan.seed)

    def loss(towers, _):
        indices = numpy.sort(draw.integers(0, data.training, plan.batch))
        attributes = data.attributes[indices]
        texts = [world.caption(world.Attributes(*row), words) for row in attributes.tolist()]
        similarities = towers(augmented(images_to_tensor(pictures[indices]), draw), token_ids(texts))
        value = matching_loss(similarities, matches(attributes))
        return value, {"loss": value.detach()}

    def score(towers):
        """How often a picture's own caption is the most similar of about CHOICES ones."""
        right = []
        validation = data.validation(SCORED)
        for indices in numpy.array_split(validation, max(1, len(validation) // CHOICES)):
            attributes = data.attributes[indices]
            texts = [world.canonical_caption(world.Attributes(*row)) for row in attributes.tolist()]
            best = towers(images_to_tensor(data.images[indices]), token_ids(texts)).argmax(1)
            right.append(matches(attributes)[torch.arange(len(indices), device=device()), best])
        return {"retrieval": torch.cat(right).mean().item()}

    fit("towers", Towers(), loss, plan, score)


if __name__ == "__main__":
    main(plan_from_arguments(__doc__, DEFAULTS))
