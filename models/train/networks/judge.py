"""What looks at pictures from outside: an attribute classifier, and a pair of towers for text and image in the manner
of CLIP (Radford et al. 2021). Neither takes part in training the diffusion model or in an edit."""

import math

import torch
from torch import nn
from torch.nn import functional

import world

from .layers import ResidualBlock, group_norm
from .text_encoder import TextEncoder

SIDE = 128  # pixels that the judges look at; larger pictures are made smaller
WIDTHS = (32, 64, 96, 160)  # channels at 64, 32, 16 and 8 pixels
EMBEDDING = 128
INITIAL_TEMPERATURE = 0.07

ATTRIBUTES = {
    "kind": world.KINDS,
    "material": world.MATERIALS,
    "ground": world.GROUNDS,
    "time": world.TIMES,
    "style": world.STYLES,
}


class Backbone(nn.Module):
    """Convolutions down to 8 × 8, a residual block at each size but the first, then 4 × 4 regions side by side, so
    that what lies below and above (ground, sky) stays apart."""

    REGIONS = 4

    def __init__(self):
        super().__init__()
        stages = []
        for channels_in, channels_out in zip((3, *WIDTHS), WIDTHS):
            stages.append(nn.Conv2d(channels_in, channels_out, 4, stride=2, padding=1))
            if channels_in > 3:
                stages.append(ResidualBlock(channels_out, channels_out))
            else:
                stages += [group_norm(channels_out), nn.SiLU()]
        self.stages = nn.Sequential(*stages)
        self.norm = group_norm(WIDTHS[-1])
        self.features = WIDTHS[-1] * self.REGIONS**2

    def forward(self, image):  # [B, 3, H, H] in [-1, 1] → [B, features]
        if image.shape[-1] != SIDE:
            image = functional.interpolate(image, (SIDE, SIDE), mode="area")
        h = functional.silu(self.norm(self.stages(image)))
        return functional.avg_pool2d(h, h.shape[-1] // self.REGIONS).flatten(1)


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = Backbone()
        self.hidden = nn.Linear(self.backbone.features, 256)
        self.heads = nn.ModuleList(nn.Linear(256, len(values)) for values in ATTRIBUTES.values())

    def forward(self, image):
        """Logits of each attribute, in the order of ATTRIBUTES."""
        h = functional.silu(self.hidden(self.backbone(image)))
        return tuple(head(h) for head in self.heads)


class ImageTower(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = Backbone()
        self.project = nn.Linear(self.backbone.features, EMBEDDING)

    def forward(self, image):  # → [B, EMBEDDING], of unit length
        return functional.normalize(self.project(self.backbone(image)), dim=-1)


class TextTower(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = TextEncoder(len(world.VOCABULARY), world.MAX_TOKENS)
        self.project = nn.Linear(self.encoder.norm.normalized_shape[0], EMBEDDING)

    def forward(self, ids):  # int64 [B, tokens] → [B, EMBEDDING], of unit length
        return functional.normalize(self.project(self.encoder(ids).mean(1)), dim=-1)


class Towers(nn.Module):
    def __init__(self):
        super().__init__()
        self.image, self.text = ImageTower(), TextTower()
        self.log_scale = nn.Parameter(torch.tensor(-math.log(INITIAL_TEMPERATURE)))

    def forward(self, images, ids):
        """Similarities of all images to all texts, [B, B], scaled."""
        return self.log_scale.exp() * self.image(images).float() @ self.text(ids).float().T
