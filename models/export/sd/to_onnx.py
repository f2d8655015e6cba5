"""Writes networks as a diffusers ONNX folder in the form of a variant."""

import json
import warnings
from pathlib import Path

import onnx
import torch
from diffusers.models.attention_processor import AttnProcessor

from networks import Decoder, Encoder, TextEncoder, Unet
from tokenizer import write_tokenizer

LATENT_CHANNELS, DOWNSCALE = 4, 8
# What ONNX Runtime's tools call each part.
FUSED_AS = {"text_encoder": "clip", "unet": "unet", "vae_encoder": "vae", "vae_decoder": "vae"}
INDEX = {
    "_class_name": "OnnxStableDiffusionPipeline",
    "scheduler": ["diffusers", "DDIMScheduler"],
    "text_encoder": ["diffusers", "OnnxRuntimeModel"],
    "tokenizer": ["transformers", "CLIPTokenizer"],
    "unet": ["diffusers", "OnnxRuntimeModel"],
    "vae_decoder": ["diffusers", "OnnxRuntimeModel"],
    "vae_encoder": ["diffusers", "OnnxRuntimeModel"],
}


def export_folder(folder, networks, config, variant, tokenizer=None):
    """networks: see networks.build. tokenizer: a folder with a CLIP tokenizer; a miniature one without."""
    folder = Path(folder)
    for part, (module, inputs, outputs, axes) in _parts(networks, config, variant).items():
        weights = variant.weights_file if part == "unet" else None
        path = folder / part / "model.onnx"
        _export(path, module, inputs, outputs, axes, variant)
        if variant.fused:
            _fuse(path, FUSED_AS[part], variant.fused)
        if weights:
            _move_weights(path, weights)
    _write_json(folder / "model_index.json", INDEX)
    _write_json(folder / "scheduler/scheduler_config.json", config["scheduler"])
    _write_json(folder / "unet/config.json", {"_class_name": "UNet2DConditionModel", **config["unet"]})
    for part in ("vae_encoder", "vae_decoder"):
        _write_json(folder / part / "config.json", {"_class_name": "AutoencoderKL", **config["vae"]})
    write_tokenizer(folder / "tokenizer", config["text"], tokenizer)


def _parts(networks, config, variant):
    """Part → module, example inputs, output names and dynamic axes, as the tools name them."""
    unet, vae, text = networks["unet"], networks["vae"], networks["text"]
    if variant.fused:
        unet.set_attn_processor(AttnProcessor())  # written out, as the tools know it
    dtype = getattr(torch, variant.dtype)
    side = config["unet"]["sample_size"]
    width, tokens = config["text"]["hidden_size"], config["text"]["max_position_embeddings"]
    timestep = torch.full({"batch": (2,), "one": (1,), "scalar": ()}[variant.timestep_dims], 500)
    channels = {1: "channels"} if variant.open_channels else {}
    latent_axes, image_axes = ({0: "batch", **channels, 2: "height", 3: "width"} for _ in range(2))
    steps = {"batch": {0: "batch"}, "one": {0: "steps"}, "scalar": {}}[variant.timestep_dims]
    return {
        "text_encoder": (
            TextEncoder(text),
            {"input_ids": torch.zeros((1, tokens), dtype=getattr(torch, variant.ids))},
            ["last_hidden_state", "pooler_output"],
            {"input_ids": {0: "batch", **({1: "sequence"} if variant.open_channels else {})}},
        ),
        "unet": (
            Unet(unet),
            {
                "sample": torch.randn(2, config["unet"]["in_channels"], side, side, dtype=dtype),
                "timestep": timestep.to(getattr(torch, variant.timestep)),
                "encoder_hidden_states": torch.randn(2, tokens, width, dtype=dtype),
            },
            ["out_sample"],
            {"sample": latent_axes, "timestep": steps, "encoder_hidden_states": {0: "batch", 1: "sequence"}},
        ),
        "vae_encoder": (
            Encoder(vae, variant.encoder),
            {"sample": torch.randn(1, 3, side * DOWNSCALE, side * DOWNSCALE, dtype=dtype)},
            [variant.encoder_name],
            {"sample": image_axes},
        ),
        "vae_decoder": (
            Decoder(vae),
            {"latent_sample": torch.randn(1, LATENT_CHANNELS, side, side, dtype=dtype)},
            ["sample"],
            {"latent_sample": latent_axes},
        ),
    }


def _export(path, module, inputs, outputs, axes, variant):
    path.parent.mkdir(parents=True, exist_ok=True)
    module = module.to(getattr(torch, variant.dtype)).eval()
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        if variant.dynamo:
            program = torch.onnx.export(
                module,
                tuple(inputs.values()),
                dynamo=True,
                opset_version=variant.opset,
                verbose=False,
                input_names=list(inputs),
                output_names=outputs,
                dynamic_shapes=_dynamic_shapes(inputs, axes),
            )
            program.save(str(path), external_data=False)
        else:
            torch.onnx.export(
                module,
                tuple(inputs.values()),
                str(path),
                dynamo=False,
                opset_version=variant.opset,
                input_names=list(inputs),
                output_names=outputs,
                dynamic_axes=axes,
                do_constant_folding=True,
            )


def _fuse(path, kind, dtype):
    from onnxruntime.transformers.fusion_options import FusionOptions
    from onnxruntime.transformers.optimizer import optimize_model

    optimized = optimize_model(
        str(path), kind, num_heads=0, hidden_size=0, opt_level=0, optimization_options=FusionOptions(kind), use_gpu=True
    )
    if dtype == "float16":
        optimized.convert_float_to_float16()
    optimized.save_model_to_file(str(path))


def _dynamic_shapes(inputs, axes):
    """What torch.export asks for: one entry an argument, sizes that may vary by name."""
    return tuple({axis: torch.export.Dim.AUTO for axis in axes.get(name, {})} for name in inputs)


def _move_weights(path, weights_file):
    """Into one file beside the graph. torch scatters what is over 2 GB over many; those go."""
    scattered = set(path.parent.iterdir()) - {path}
    model = onnx.load(path)
    for file in scattered:
        file.unlink()
    path.unlink()
    onnx.save(
        model, path, save_as_external_data=True, all_tensors_to_one_file=True, location=weights_file, size_threshold=256
    )


def _write_json(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1) + "\n")
