"""A checkpoint in the diffusers layout: its networks, and their configurations as configs.py has them."""

import json
from pathlib import Path

from diffusers import AutoencoderKL, UNet2DConditionModel
from transformers import CLIPTextModel

PARTS = {
    "unet": (UNet2DConditionModel, "unet"),
    "vae": (AutoencoderKL, "vae"),
    "text": (CLIPTextModel, "text_encoder"),
}


def load(folder):
    folder = Path(folder)
    missing = [name for _, name in PARTS.values() if not (folder / name / "config.json").exists()]
    if missing:
        raise SystemExit(
            f"{folder} has no {', no '.join(f'{name}/config.json' for name in missing)}. It should be a checkpoint in the "
            "diffusers layout; a single .safetensors file becomes one with diffusers' "
            "StableDiffusionPipeline.from_single_file(...).save_pretrained(folder)."
        )
    networks, config = {}, {"scheduler": read(folder / "scheduler/scheduler_config.json")}
    for part, (network, name) in PARTS.items():
        eager = {"attn_implementation": "eager"} if part == "text" else {}
        networks[part] = network.from_pretrained(folder / name, **eager).float().eval().requires_grad_(False)
        config[part] = read(folder / name / "config.json")
    return networks, config


def read(path):
    return json.loads(path.read_text())
