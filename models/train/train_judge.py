"""Trains the attribute classifier: python models/train/train_judge.py [--samples N]

It shall read generated pictures and renders of splats as well as clean renders, so it sees them blurred, noisy,
shifted, and through the autoencoder.
"""

import numpy
import torch
from torch.nn import functional

import dataset
import world
from augment import augmented
from networks.judge import ATTRIBUTES, Classifier
from training import Plan, Resident, device, fit, images_to_tensor, plan_from_arguments

DEFAULTS = Plan(samples=600_000, batch=64, rate=1.5e-3)
LABEL_SMOOTHING = 0.02
SCORED = 2048

_TWINS = {
    kind: world.MATERIALS.index(world.NATURAL_LOOKS_LIKE[name])
    for kind, name in enumerate(world.KINDS)
    if name in world.NATURAL_LOOKS_LIKE
}


def same_look(kind, material):
    """The material as it can be told by looking: the named colour for natural things that have it."""
    return _TWINS.get(kind, material) if material == world.NATURAL else material


def is_right(name, read, truth):
    """Whether a reading (an Attributes) agrees with the truth in the attribute of this name."""
    if name == "material":
        return same_look(truth.kind, read.material) == same_look(truth.kind, truth.material)
    return getattr(read, name) == getattr(truth, name)


def read_attributes(classifier, images):
    """The classifier's reading of images [B, 3, H, H] in [-1, 1], a list of Attributes."""
    columns = [logits.argmax(1).tolist() for logits in classifier(images)]
    return [world.Attributes(*row) for row in zip(*columns)]


def accuracy(readings, truths):
    """Share of right readings per attribute."""
    pairs = list(zip(readings, truths))
    return {name: float(numpy.mean([is_right(name, *pair) for pair in pairs])) for name in ATTRIBUTES}


def main(plan):
    data = dataset.load()
    draw = numpy.random.default_rng(plan.seed)
    pictures = Resident(data.images)
    labels = torch.from_numpy(data.attributes.astype(numpy.int64)).to(device())

    def loss(classifier, _):
        indices = numpy.sort(draw.integers(0, data.training, plan.batch))
        logits = classifier(augmented(images_to_tensor(pictures[indices]), draw))
        truth = labels[torch.from_numpy(indices).to(device())]
        losses = [
            functional.cross_entropy(part.float(), truth[:, i], label_smoothing=LABEL_SMOOTHING)
            for i, part in enumerate(logits)
        ]
        return sum(losses), {name: value.detach() for name, value in zip(ATTRIBUTES, losses)}

    def score(classifier):
        indices = data.validation(SCORED)
        chunks = (indices[i : i + 64] for i in range(0, len(indices), 64))
        readings = [r for chunk in chunks for r in read_attributes(classifier, images_to_tensor(data.images[chunk]))]
        return accuracy(readings, [world.Attributes(*row) for row in data.attributes[indices].tolist()])

    fit("classifier", Classifier(), loss, plan, score)


if __name__ == "__main__":
    main(plan_from_arguments(__doc__, DEFAULTS))
