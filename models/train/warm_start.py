"""Starts training from a model folder: python models/train/warm_start.py models/mini-256 [--judge models/judge]

Checkpoints stay out of the repository; the weights that are shipped are in it. This reads the ONNX files back, whatever
their weights are stored in, and leaves <name>.pt where the stages look: `fit` trains on from there with a new schedule,
`evaluate.py` measures it. Weights that the files lack (a block the network has gained since) keep their initial values
and are named; a new block begins as nothing, a wider one as what it was.
"""

import argparse
import re
from pathlib import Path

import numpy
import onnx
import torch
from onnx import numpy_helper

from networks.diffusion import Diffusion
from networks.judge import Classifier, Towers
from networks.vae import Vae
from paths import CHECKPOINTS, ROOT
from training import write

# Operators that a layer without a weight of its own name was exported as, and how their constant becomes the weight.
# Linear layers are written as MatMul with the matrix transposed, GroupNorm as Mul and Add over [channels, 1, 1].
EXPORTED = {
    ("weight", "MatMul"): lambda value: value.T,
    ("weight", "Mul"): numpy.ravel,
    ("bias", "Add"): numpy.ravel,
}

# What models/mini's UNet calls its blocks: it was exported when each had a name rather than a place in a list.
EARLIER_NAMES = {
    r"(down|halve|middle)(\d)": lambda name: f"{name[1]}.{int(name[2]) - 1}",
    r"up(\d)([ab])": lambda name: f"up{'ab'.index(name[2]) + 1}.{int(name[1]) - 1}",
    r"double(\d)": lambda name: f"enlarge.{int(name[1]) - 1}",
}


def today(name):
    """A parameter's name as the networks have it."""
    block, dot, rest = name.partition(".")
    for pattern, rename in EARLIER_NAMES.items():
        if earlier := re.fullmatch(pattern, block):
            block = rename(earlier)
    return block + dot + rest


def constants(graph):
    """Name → float32 array of every stored weight, float16 and int8 ones decoded."""
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    found = {name: value for name, value in stored.items() if value.dtype == numpy.float32}
    for node in graph.node:
        if node.input and node.input[0] in stored:
            value = stored[node.input[0]]
            if node.op_type in ("Cast", "Identity"):  # stored as float16; equal to another weight and stored once
                found[node.output[0]] = value.astype(numpy.float32)
            elif node.op_type == "DequantizeLinear":
                found[node.output[0]] = dequantize(value, stored[node.input[1]], axis_of(node))
    return found


def axis_of(node):
    return next((attribute.i for attribute in node.attribute if attribute.name == "axis"), 1)


def dequantize(value, scale, axis):
    """Symmetric: one scale for each slice along the axis."""
    shape = [1] * value.ndim
    shape[axis] = -1
    return value.astype(numpy.float32) * scale.reshape(shape)


def layer_and_operator(node):
    """Of a node named /down.0/residual/norm1/Mul: down.0.residual.norm1 and Mul. A part of an nn.Sequential is named
    after it (/stages/stages.1), which is dropped.
    """
    *path, operator = node.strip("/").split("/")
    kept = [part for part, following in zip(path, [*path[1:], ""]) if not following.startswith(f"{part}.")]
    return ".".join(kept), operator


def read_state(path, prefix=""):
    """Parameter name → tensor, of one exported module."""
    graph = onnx.load(path).graph
    known = constants(graph)
    state = dict(known)
    for node in graph.node:
        layer, operator = layer_and_operator(node.name)
        for (parameter, exported_as), restore in EXPORTED.items():
            values = [known[name] for name in node.input if name in known]
            if operator == exported_as and len(values) == 1:
                state.setdefault(f"{layer}.{parameter}", restore(values[0]))
    return {prefix + today(name): torch.tensor(value) for name, value in state.items()}


def grown(stored, initial):
    """A stored parameter, or where the network's is larger now, the stored one inside the initial one. New inputs weigh
    nothing at first, so the network computes what it did (Chen et al. 2016, Net2Net).
    """
    if any(had > has for had, has in zip(stored.shape, initial.shape)):
        raise SystemExit("The files hold a larger network than today's. Does SPLATSMITH_TRAIN_SIZE fit the model?")
    value = initial.clone()
    if value.ndim > 1:
        value[:, stored.shape[1] :] = 0
    value[tuple(map(slice, stored.shape))] = stored
    return value


def warm_start(name, network, state):
    """Writes <name>.pt. Returns the names of parameters that the state has nothing for."""
    initial = network.state_dict()
    network.load_state_dict(initial | {key: grown(state[key], initial[key]) for key in initial if key in state})
    CHECKPOINTS.mkdir(parents=True, exist_ok=True)
    write(CHECKPOINTS / f"{name}.pt", {"network": network.state_dict(), "step": 0, "scores": []})
    return [key for key in initial if key not in state]


def main(folder, judge):
    if begun := sorted(path.name for path in CHECKPOINTS.glob("*.state.pt")):
        raise SystemExit(f"Training has begun in {CHECKPOINTS} and would go on from there: move {', '.join(begun)} away.")
    torch.manual_seed(0)
    vae = {**read_state(folder / "vae_encoder/model.onnx"), **read_state(folder / "vae_decoder/model.onnx", "decoder.")}
    diffusion = {
        **read_state(folder / "text_encoder/model.onnx", "text_encoder."),
        **read_state(folder / "unet/model.onnx", "unet."),
    }
    towers = {**read_state(judge / "image_tower.onnx", "image."), **read_state(judge / "text_tower.onnx", "text.")}
    started = {
        "vae": (Vae(), vae),
        "diffusion": (Diffusion(), diffusion),
        "classifier": (Classifier(), read_state(judge / "classifier.onnx")),
        "towers": (Towers(), towers),
    }
    for name, (network, state) in started.items():
        lacking = warm_start(name, network, state)
        print(f"{name}: {len(network.state_dict()) - len(lacking)} parameters read")
        if lacking:
            print(f"  as initialized, since the files have none: {', '.join(lacking)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--judge", type=Path, default=ROOT / "models" / "judge")
    arguments = parser.parse_args()
    main(arguments.folder, arguments.judge)
