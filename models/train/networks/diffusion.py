"""Text encoder and denoiser together, as they are trained."""

from torch import nn

import world
from paths import SIZE

from .text_encoder import TextEncoder
from .unet import WIDTHS, UNet


class Diffusion(nn.Module):
    def __init__(self):
        super().__init__()
        self.text_encoder = TextEncoder(len(world.VOCABULARY), world.MAX_TOKENS)
        self.unet = UNet(WIDTHS[SIZE])

    def forward(self, sample, timestep, ids):
        """Predicted noise, float32."""
        return self.unet(sample, timestep, self.text_encoder(ids)).float()
