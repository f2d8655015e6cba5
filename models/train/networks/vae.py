"""Variational autoencoder with Stable Diffusion's signature: f = 8, 4 latent channels, diagonal Gaussian posterior."""

import torch
from torch import nn
from torch.nn import functional

from .layers import ResidualBlock, conv3, group_norm, upsample

LATENT_CHANNELS = 4
DOWNSCALE = 8
WIDTHS = (32, 64, 96)  # channels at a half, a quarter and an eighth of the image's side
MIN_LOG_VARIANCE, MAX_LOG_VARIANCE = -12.0, 4.0


def _halve(channels_in, channels_out):
    return nn.Conv2d(channels_in, channels_out, 4, stride=2, padding=1)


class Encoder(nn.Module):
    def __init__(self, widths=WIDTHS):
        super().__init__()
        half, quarter, eighth = widths
        self.stem = _halve(3, half)
        self.stem_norm = group_norm(half)
        self.down1 = _halve(half, quarter)
        self.block1 = ResidualBlock(quarter, quarter)
        self.down2 = _halve(quarter, eighth)
        self.block2 = ResidualBlock(eighth, eighth)
        self.block3 = ResidualBlock(eighth, eighth)
        self.norm = group_norm(eighth)
        self.out = conv3(eighth, 2 * LATENT_CHANNELS)

    def forward(self, image):  # [B, 3, H, W] in [-1, 1] → mean and log-variance, [B, 8, H/8, W/8]
        h = functional.silu(self.stem_norm(self.stem(image)))
        h = self.block1(self.down1(h))
        h = self.block3(self.block2(self.down2(h)))
        return self.out(functional.silu(self.norm(h)))


class Decoder(nn.Module):
    def __init__(self, widths=WIDTHS):
        super().__init__()
        half, quarter, eighth = widths
        self.stem = conv3(LATENT_CHANNELS, eighth)
        self.block1 = ResidualBlock(eighth, eighth)
        self.block2 = ResidualBlock(eighth, eighth)
        self.up1 = conv3(eighth, quarter)
        self.block3 = ResidualBlock(quarter, quarter)
        self.up2 = conv3(quarter, half)
        self.block4 = ResidualBlock(half, half)
        self.norm = group_norm(half)
        self.out = conv3(half, 3 * 4)  # the last doubling is a pixel shuffle

    def forward(self, latent):  # [B, 4, H/8, W/8] → [B, 3, H, W]
        h = self.block2(self.block1(self.stem(latent)))
        h = self.block3(self.up1(upsample(h)))
        h = self.block4(self.up2(upsample(h)))
        return functional.pixel_shuffle(self.out(functional.silu(self.norm(h))), 2)


class Vae(nn.Module):
    def __init__(self, widths=WIDTHS):
        super().__init__()
        self.encoder = Encoder(widths)
        self.decoder = Decoder(widths)

    def posterior(self, image):
        """Mean and log-variance of q(z | image), each [B, 4, H/8, W/8] float32."""
        mean, log_variance = self.encoder(image).float().chunk(2, dim=1)
        return mean, log_variance.clamp(MIN_LOG_VARIANCE, MAX_LOG_VARIANCE)

    def decode(self, latent):
        return self.decoder(latent).float()

    def forward(self, image):
        """Reconstruction of the image from a sample of its posterior, and the posterior."""
        mean, log_variance = self.posterior(image)
        return self.decode(sample_posterior(mean, log_variance)), mean, log_variance


def sample_posterior(mean, log_variance):
    return mean + torch.randn_like(mean) * (0.5 * log_variance).exp()
