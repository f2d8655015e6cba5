"""Denoiser with the parts and the signature of Stable Diffusion's UNet, a thousandth of its size.

Three resolutions; self- and cross-attention at the lower two. The mean text state joins the time embedding, which
carries attributes of the whole picture (light, style) better than cross-attention alone in so small a network.
"""

import math

import torch
from torch import nn
from torch.nn import functional

from .layers import Attention, ResidualBlock, conv3, group_norm, upsample, zeroed
from .text_encoder import WIDTH as CONTEXT
from .vae import LATENT_CHANNELS

WIDTHS = (64, 96, 128)  # channels at 16, 8 and 4 latent pixels (of a 128 pixel image)
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
    def __init__(self, widths=WIDTHS):
        super().__init__()
        a, b, c = widths
        self.time1 = nn.Linear(2 * FREQUENCIES, EMBEDDING)
        self.time2 = nn.Linear(EMBEDDING, EMBEDDING)
        self.pooled_text = nn.Linear(CONTEXT, EMBEDDING)
        self.stem = conv3(LATENT_CHANNELS, a)
        self.down1 = Stage(a, a)
        self.halve1 = conv3(a, a, stride=2)
        self.down2 = Stage(a, b, attends=True)
        self.halve2 = conv3(b, b, stride=2)
        self.down3 = Stage(b, c, attends=True)
        self.middle1 = Stage(c, c, attends=True)
        self.middle2 = Stage(c, c)
        self.up3a = Stage(c + c, c, attends=True)
        self.up3b = Stage(c + b, b)
        self.double2 = conv3(b, b)
        self.up2a = Stage(b + b, b, attends=True)
        self.up2b = Stage(b + a, b, attends=True)
        self.double1 = conv3(b, a)
        self.up1a = Stage(a + a, a)
        self.up1b = Stage(a + a, a)
        self.norm = group_norm(a)
        self.out = zeroed(conv3(a, LATENT_CHANNELS))

    def forward(self, sample, timestep, text):
        """sample [B, 4, h, w], timestep [B], text [B, N, CONTEXT] → predicted noise [B, 4, h, w]."""
        e = functional.silu(self.time1(sinusoids(timestep).to(sample.dtype)))
        e = functional.silu(self.time2(e) + self.pooled_text(text.mean(1)))
        skip0 = self.stem(sample)
        skip1 = self.down1(skip0, e, text)
        skip2 = self.halve1(skip1)
        skip3 = self.down2(skip2, e, text)
        skip4 = self.halve2(skip3)
        skip5 = self.down3(skip4, e, text)
        h = self.middle2(self.middle1(skip5, e, text), e, text)
        for up, skip in ((self.up3a, skip5), (self.up3b, skip4)):
            h = up(torch.cat([h, skip], 1), e, text)
        h = self.double2(upsample(h))
        for up, skip in ((self.up2a, skip3), (self.up2b, skip2)):
            h = up(torch.cat([h, skip], 1), e, text)
        h = self.double1(upsample(h))
        for up, skip in ((self.up1a, skip1), (self.up1b, skip0)):
            h = up(torch.cat([h, skip], 1), e, text)
        return self.out(functional.silu(self.norm(h)))


def sinusoids(timestep):
    """Cosines and sines of the timestep at FREQUENCIES geometric frequencies, [B, 2 · FREQUENCIES] float32."""
    exponents = torch.arange(FREQUENCIES, dtype=torch.float32, device=timestep.device) / FREQUENCIES
    angles = timestep.float()[:, None] * torch.exp(-math.log(10000) * exponents)
    return torch.cat([angles.cos(), angles.sin()], dim=-1)
