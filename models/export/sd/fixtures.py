"""Miniatures in every form, each with what torch computes from the same weights.

<name>/<part>/… as an export has it, every file gzipped, and <name>/reference.json: arrays as shape and base64 of
little-endian float32.
"""

import base64
import copy
import gzip
import json
import shutil
import tempfile
from pathlib import Path

import onnx
import torch

from configs import configuration
from networks import build
from to_onnx import LATENT_CHANNELS, export_folder
from variants import VARIANTS

# Name → model and form.
FIXTURES = {
    **{f"sd15-{name}": ("sd15", name) for name in VARIANTS},
    "sd21-optimum": ("sd21-base", "optimum"),
    "pix2pix-diffusers": ("instruct-pix2pix", "diffusers"),
}
TIMESTEPS = (981, 37)
IMAGE_SIDE = 32
IDS = (3, 70, 41)  # any words between begin and end


def write_all(target):
    for name, (model, form) in FIXTURES.items():
        config, variant = configuration(model, "tiny"), VARIANTS[form]
        networks = build(config)
        if "float16" in (variant.dtype, variant.fused):
            networks = {part: network.half().float() for part, network in networks.items()}
        shutil.rmtree(target / name, ignore_errors=True)
        with tempfile.TemporaryDirectory() as folder:
            export_folder(folder, copy.deepcopy(networks), config, variant)
            for path in sorted(Path(folder).rglob("*")):
                if path.is_file():
                    _pack(path, target / name / f"{path.relative_to(folder)}.gz")
        write_reference(target / name, networks, config)
        print(name)


def write_reference(folder, networks, config, image_side=IMAGE_SIDE):
    (folder / "reference.json").write_text(json.dumps(reference(networks, config, image_side)) + "\n")


def _pack(path, packed):
    if path.suffix == ".onnx":
        _strip(path)
    packed.parent.mkdir(parents=True, exist_ok=True)
    packed.write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))


def _strip(path):
    """Without the notes on which line of Python made what."""
    model = onnx.load(path, load_external_data=False)
    for thing in (model, model.graph, *model.graph.node, *model.graph.value_info, *model.functions):
        del thing.metadata_props[:]
        thing.doc_string = ""
    path.write_bytes(model.SerializeToString())


def reference(networks, config, image_side):
    unet, vae, text = networks["unet"], networks["vae"], networks["text"]
    torch.manual_seed(1)
    side, last = config["unet"]["sample_size"], config["text"]["vocab_size"] - 1
    ids = torch.full((1, config["text"]["max_position_embeddings"]), last)
    ids[0, : len(IDS) + 1] = torch.tensor([last - 1, *IDS])
    hidden = text(input_ids=ids).last_hidden_state
    latent = torch.randn(1, config["unet"]["in_channels"], side, side)
    predictions = [unet(latent, t, hidden, return_dict=False)[0] for t in TIMESTEPS]
    image = (torch.rand(1, 3, image_side, image_side) * 2 - 1).requires_grad_(True)
    mean = vae.encode(image, return_dict=False)[0].mode()
    cotangent = torch.randn_like(mean)
    (gradient,) = torch.autograd.grad(mean, image, cotangent)
    decoder_input = torch.randn(1, LATENT_CHANNELS, side, side)
    arrays = {
        "ids": ids,
        "hidden": hidden,
        "latent": latent,
        "predictions": torch.cat(predictions),
        "image": image,
        "mean": mean,
        "cotangent": cotangent,
        "gradient": gradient,
        "decoderInput": decoder_input,
        "decoded": vae.decode(decoder_input, return_dict=False)[0],
    }
    return {"timesteps": TIMESTEPS, **{name: _array(value) for name, value in arrays.items()}}


def _array(value):
    numbers = value.detach().float().contiguous().numpy().astype("<f4")
    return {"shape": list(numbers.shape), "base64": base64.b64encode(numbers.tobytes()).decode()}
