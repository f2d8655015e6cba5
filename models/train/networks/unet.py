"""Denoiser with the parts and the signature of Stable Diffusion's UNet, a thousandth of its size.

Self- and cross-attention at all resolutions but the highest. The mean text state joins the time embedding, which
carries attributes of the whole picture (light, style) better than cross-attention alone in so small a network.
"""

import math

import torch
from torch import nn
from torch.nn import functional

from .layers import Attention, ResidualBlock, conv3, group_norm, upsample, zeroed
from .text_encoder import WIDTH as CONTEXT
from .vae import LATENT_CHANNELS

# Channels at each resolution, from the latent's own down to 4 × 4, by the image's side in pixels.
WIDTHS = {128: (64, 96, 128), 256: (64, 96, 128, 192)}
EMBEDDING = 256
FREQUENCIES = 32


class TransformerBlock(nn.Module):
    """Self-attention, cross-attention to the text and a gated feed-forward layer (GEGLU), around a skip."""

    def __init__(self, channels, expansion=2):
        super().__init__()
        self.norm = group_norm(channels)
        self.project_in = nn.Linear(channels, channels)
        self.norm1 = nn.LayerNorm(channels)
        self.self_attention = Attention(channels)
        self.norm2 = nn.LayerNorm(channels)
        self.cross_attention = Attention(channels, CONTEXT)
        self.norm3 = nn.LayerNorm(channels)
        self.expand = nn.Linear(channels, 2 * expansion * channels)
        self.contract = nn.Linear(expansion * channels, channels)
        self.project_out = zeroed(nn.Linear(channels, channels))

    def forward(self, x, text):  # [B, C, H, W], [B, N, CONTEXT]
        h = self.project_in(self.norm(x).flatten(2).transpose(1, 2))
        h = h + self.self_attention(self.norm1(h))
        h = h + self.cross_attention(self.norm2(h), text)
        value, gate = self.expand(self.norm3(h)).chunk(2, dim=-1)
        h = h + self.contract(value * functional.gelu(gate))
        return x + self.project_out(h).transpose(1, 2).unflatten(2, x.shape[2:])


class Stage(nn.Module):
    """A residual block, and attention where `attends`."""

    def __init__(self, channels_in, channels_out, attends=False):
        super().__init__()
        self.residual = ResidualBlock(channels_in, channels_out, EMBEDDING)
        self.attention = TransformerBlock(channels_out) if attends else None

    def forward(self, x, embedding, text):
        h = self.residual(x, embedding)
        return h if self.attention is None else self.attention(h, text)


class UNet(nn.Module):
    """Skips as in Stable Diffusion: from the stem, from every stage and from every halving."""

    def __init__(self, widths):
        super().__init__()
        entering = (widths[0], *widths[:-1])  # channels with which a resolution is entered on the way down
        attends = [level > 0 for level in range(len(widths))]
        self.time1 = nn.Linear(2 * FREQUENCIES, EMBEDDING)
        self.time2 = nn.Linear(EMBEDDING, EMBEDDING)
        self.pooled_text = nn.Linear(CONTEXT, EMBEDDING)
        self.stem = conv3(LATENT_CHANNELS, widths[0])
        self.down = nn.ModuleList(map(Stage, entering, widths, attends))
        self.halve = nn.ModuleList(conv3(width, width, stride=2) for width in widths[:-1])
        self.middle = nn.ModuleList([Stage(widths[-1], widths[-1], attends=True), Stage(widths[-1], widths[-1])])
        self.up1 = nn.ModuleList(Stage(2 * width, width, attend) for width, attend in zip(widths, attends))
        self.up2 = nn.ModuleList(Stage(w + e, w, attend) for w, e, attend in zip(widths, entering, attends))
        self.enlarge = nn.ModuleList(map(conv3, widths[1:], widths[:-1]))
        self.norm = group_norm(widths[0])
        self.out = zeroed(conv3(widths[0], LATENT_CHANNELS))

    def forward(self, sample, timestep, text):
        """sample [B, 4, h, w], timestep [B], text [B, N, CONTEXT] → predicted noise [B, 4, h, w]."""
        e = functional.silu(self.time1(sinusoids(timestep).to(sample.dtype)))
        e = functional.silu(self.time2(e) + self.pooled_text(text.mean(1)))
        h = self.stem(sample)
        skips = [h]
        for level, stage in enumerate(self.down):
            h = stage(h, e, text)
            skips.append(h)
            if level < len(self.halve):
                h = self.halve[level](h)
                skips.append(h)
        for stage in self.middle:
            h = stage(h, e, text)
        for level in reversed(range(len(self.down))):
            h = self.up1[level](torch.cat([h, skips.pop()], 1), e, text)
            h = self.up2[level](torch.cat([h, skips.pop()], 1), e, text)
            if level > 0:
                h = self.enlarge[level - 1](upsample(h))
        return self.out(functional.silu(self.norm(h)))


def sinusoids(timestep):
    """Cosines and sines of the timestep at FREQUENCIES geometric frequencies, [B, 2 · FREQUENCIES] float32."""
    exponents = torch.arange(FREQUENCIES, dtype=torch.float32, device=timestep.device) / FREQUENCIES
    angles = timestep.float()[:, None] * torch.exp(-math.log(10000) * exponents)
    return torch.cat([angles.cos(), angles.sin()], dim=-1)
