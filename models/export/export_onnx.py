"""Exports what training made: python models/export/export_onnx.py [--judge models/judge]

The four parts of the diffusion model in float32, with a config.json for models/export/mini.ts, to .cache/train/onnx;
the judges to their folder. Every file is checked against PyTorch with onnx's own reference evaluator.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy
import onnx
import torch
from onnx.reference import ReferenceEvaluator
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "train"))
import world  # noqa: E402
from encode_latents import SIDE, load_latents  # noqa: E402
from dataset import SIZE  # noqa: E402
from networks.diffusion import Diffusion  # noqa: E402
from networks.judge import ATTRIBUTES, Classifier, Towers  # noqa: E402
from networks.text_encoder import WIDTH as CONTEXT  # noqa: E402
from networks.vae import LATENT_CHANNELS, MAX_LOG_VARIANCE, MIN_LOG_VARIANCE, Vae  # noqa: E402
from paths import CACHE, ROOT  # noqa: E402
from schedule import BETA_END, BETA_START  # noqa: E402
from training import load  # noqa: E402

OPSET = 17
PARTS = CACHE / "onnx"
TOLERANCE = 2e-3  # of the largest value; both compute in float32, in other orders


class PosteriorParameters(nn.Module):
    """Mean and log-variance side by side, as Stable Diffusion's exporters write `latent_parameters`."""

    def __init__(self, vae):
        super().__init__()
        self.encoder = vae.encoder

    def forward(self, image):
        mean, log_variance = self.encoder(image).chunk(2, dim=1)
        return torch.cat([mean, log_variance.clamp(MIN_LOG_VARIANCE, MAX_LOG_VARIANCE)], 1)


def export(path, module, inputs, outputs):
    """inputs: name → example tensor; outputs: names. Only the batch is dynamic."""
    path.parent.mkdir(parents=True, exist_ok=True)
    module = module.eval().float().cpu()
    names = [*inputs, *outputs]
    torch.onnx.export(
        module,
        tuple(inputs.values()),
        str(path),
        input_names=list(inputs),
        output_names=outputs,
        dynamic_axes={name: {0: "batch"} for name in names},
        opset_version=OPSET,
        do_constant_folding=True,
        dynamo=False,
    )
    onnx.checker.check_model(onnx.load(path), full_check=True)
    with torch.no_grad():
        expected = module(*inputs.values())
    expected = expected if isinstance(expected, tuple) else (expected,)
    got = ReferenceEvaluator(str(path)).run(None, {name: value.numpy() for name, value in inputs.items()})
    for name, value, want in zip(outputs, got, expected):
        error = float(numpy.abs(value - want.numpy()).max() / want.abs().max())
        assert error < TOLERANCE, f"{path.name}: {name} is off by {error:.2g} of its largest value"
    parameters = sum(p.numel() for p in module.parameters())
    print(f"{path.name:24} {parameters / 1e6:6.2f} M parameters {path.stat().st_size / 1e6:7.2f} MB")


def main(judge):
    diffusion, vae = load("diffusion", Diffusion()).cpu(), load("vae", Vae()).cpu()
    classifier, towers = load("classifier", Classifier()).cpu(), load("towers", Towers()).cpu()
    torch.manual_seed(0)
    image = torch.rand(2, 3, SIZE, SIZE) * 2 - 1
    latent = torch.randn(2, LATENT_CHANNELS, SIDE, SIDE)
    ids = torch.tensor([world.tokenize("a photo of a red apple on grass"), world.tokenize("")])
    unet_inputs = {
        "sample": latent,
        "timestep": torch.tensor([500.0, 120.0]),
        "encoder_hidden_states": torch.randn(2, world.MAX_TOKENS, CONTEXT),
    }
    export(PARTS / "text_encoder.onnx", diffusion.text_encoder, {"input_ids": ids}, ["last_hidden_state"])
    export(PARTS / "unet.onnx", diffusion.unet, unet_inputs, ["out_sample"])
    export(PARTS / "vae_encoder.onnx", PosteriorParameters(vae), {"sample": image}, ["latent_parameters"])
    export(PARTS / "vae_decoder.onnx", vae.decoder, {"latent_sample": latent}, ["sample"])
    config = {
        "scaling_factor": load_latents().scaling_factor,
        "vocab": world.VOCABULARY,
        "max_length": world.MAX_TOKENS,
        "beta_schedule": "scaled_linear",
        "beta_start": BETA_START,
        "beta_end": BETA_END,
        "prediction_type": "epsilon",
        "sample_size": SIZE,
    }
    (PARTS / "config.json").write_text(json.dumps(config, indent=1) + "\n")

    export(judge / "classifier.onnx", classifier, {"image": image}, list(ATTRIBUTES))
    export(judge / "image_tower.onnx", towers.image, {"image": image}, ["embedding"])
    export(judge / "text_tower.onnx", towers.text, {"input_ids": ids}, ["embedding"])
    facts = {"attributes": ATTRIBUTES, "natural_looks_like": world.NATURAL_LOOKS_LIKE}
    (judge / "judge.json").write_text(json.dumps(facts, indent=1) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--judge", type=Path, default=ROOT / "models" / "judge")
    main(parser.parse_args().judge)
