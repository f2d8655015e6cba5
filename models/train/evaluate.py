"""Measures the trained model: python models/train/evaluate.py [--prompts N]

Prompts are canonical captions of held-out combinations, which the diffusion model has never seen. Writes
.cache/train/samples/evaluation.json and held-out.png (the first 64 pictures), and prints a table.
"""

import argparse
import json
import random

import numpy
import torch

import dataset
import world
from networks.judge import ATTRIBUTES, Classifier
from networks.vae import Vae
from paths import SAMPLES
from sample import Sampler, contact_sheet, to_pixels
from train_judge import accuracy, read_attributes
from train_vae import reconstruction_psnr
from training import autocast, images_to_tensor, load

BATCH = 32
RECONSTRUCTED = 1024
SHOWN, COLUMNS = 64, 16


def held_out_attributes(count, seed):
    """Held-out combinations in random order, in the training set's proportions of time and style."""
    draw = random.Random(seed)
    found = []
    while len(found) < count:
        attributes = world.sample_attributes(draw)
        if world.is_held_out(attributes):
            found.append(attributes)
    return found


@torch.no_grad()
def read_all(classifier, images):
    with autocast():
        return [r for part in images.split(BATCH) for r in read_attributes(classifier, part)]


def generated(sampler, attributes, steps, guidance):
    chunks = [attributes[i : i + BATCH] for i in range(0, len(attributes), BATCH)]
    prompts = [[world.canonical_caption(a) for a in chunk] for chunk in chunks]
    return torch.cat([sampler(texts, steps, guidance, seed) for seed, texts in enumerate(prompts)])


@torch.no_grad()
def reconstructed(vae, images):
    with autocast():
        return torch.cat([vae.decode(vae.posterior(part)[0]).clamp(-1, 1) for part in images.split(BATCH)])


def main(prompts, steps, guidance):
    data = dataset.load()
    classifier, vae, sampler = load("classifier", Classifier()), load("vae", Vae()), Sampler()
    indices = data.validation(RECONSTRUCTED)
    truths = [world.Attributes(*row) for row in data.attributes[indices].tolist()]
    renders = images_to_tensor(data.images[indices])
    wanted = held_out_attributes(prompts, seed=1)
    drawn = generated(sampler, wanted, steps, guidance)
    rows = {
        "renders": accuracy(read_all(classifier, renders), truths),
        "renders through the autoencoder": accuracy(read_all(classifier, reconstructed(vae, renders)), truths),
        f"{prompts} held-out prompts, {steps} steps, guidance {guidance:g}": accuracy(
            read_all(classifier, drawn), wanted
        ),
    }
    with torch.no_grad(), autocast():
        reconstruction = reconstruction_psnr(vae, data.images[indices])

    SAMPLES.mkdir(parents=True, exist_ok=True)
    contact_sheet(to_pixels(drawn[:SHOWN]), COLUMNS).save(SAMPLES / "held-out.png")
    result = {"reconstruction": reconstruction, "accuracy": rows}
    (SAMPLES / "evaluation.json").write_text(json.dumps(result, indent=1) + "\n")
    print(f"reconstruction: {reconstruction['psnr']:.2f} dB ({reconstruction['psnr_of_mean']:.2f} of the mean error)")
    print(f"{'share read right':60}" + "".join(f"{name:>10}" for name in ATTRIBUTES))
    for label, shares in rows.items():
        print(f"{label:60}" + "".join(f"{share:10.3f}" for share in shares.values()))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--prompts", type=int, default=512)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--guidance", type=float, default=5.0)
    arguments = parser.parse_args()
    main(arguments.prompts, arguments.steps, arguments.guidance)
