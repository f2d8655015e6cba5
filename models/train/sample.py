"""Draws pictures from prompts: python models/train/sample.py "a photo of a red apple on grass" …

DDIM (Song et al. 2021) with classifier-free guidance. Writes .cache/train/samples/samples.png.
"""

import argparse

import numpy
import torch
from PIL import Image

from encode_latents import SIDE, load_latents
from networks.diffusion import Diffusion
from networks.vae import LATENT_CHANNELS, Vae
from paths import SAMPLES
from schedule import STEPS, alphas_cumprod
from training import autocast, device, load
from train_unet import token_ids

LATENT_LIMIT = 5.0  # standard deviations; keeps guided predictions of z_0 sane at high noise


class Sampler:
    def __init__(self):
        self.diffusion = load("diffusion", Diffusion())
        self.vae = load("vae", Vae())
        self.scaling_factor = load_latents().scaling_factor
        self.alphas = alphas_cumprod().to(device())

    @torch.no_grad()
    def __call__(self, prompts, steps=20, guidance=5.0, seed=0):
        """Images [B, 3, SIZE, SIZE] in [-1, 1]."""
        count = len(prompts)
        noise = torch.randn(count, LATENT_CHANNELS, SIDE, SIDE, generator=torch.Generator().manual_seed(seed))
        z = noise.to(device())
        ids = token_ids([""] * count + list(prompts))
        timesteps = torch.arange(steps, 0, -1) * (STEPS // steps) - 1
        with autocast():
            text = self.diffusion.text_encoder(ids)
            for t, following in zip(timesteps.tolist(), [*timesteps.tolist()[1:], None]):
                both = self.diffusion.unet(torch.cat([z, z]), torch.full((2 * count,), t, device=device()), text)
                null, conditional = both.float().chunk(2)
                epsilon = null + guidance * (conditional - null)
                alpha = self.alphas[t]
                z0 = ((z - (1 - alpha).sqrt() * epsilon) / alpha.sqrt()).clamp(-LATENT_LIMIT, LATENT_LIMIT)
                epsilon = (z - alpha.sqrt() * z0) / (1 - alpha).sqrt()
                next_alpha = self.alphas[following] if following is not None else torch.ones(())
                z = next_alpha.sqrt() * z0 + (1 - next_alpha).sqrt() * epsilon
            return self.vae.decode(z / self.scaling_factor).clamp(-1, 1)


def to_pixels(images):
    """float [B, 3, H, W] in [-1, 1] → uint8 [B, H, W, 3]."""
    return images.add(1).mul(127.5).round().byte().permute(0, 2, 3, 1).cpu().numpy()


def contact_sheet(pixels, columns):
    """uint8 [B, H, W, 3] side by side, row after row."""
    rows = [numpy.concatenate(list(pixels[i : i + columns]), 1) for i in range(0, len(pixels), columns)]
    width = rows[0].shape[1]
    padded = [numpy.pad(row, ((0, 0), (0, width - row.shape[1]), (0, 0))) for row in rows]
    return Image.fromarray(numpy.concatenate(padded, 0))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("prompts", nargs="+")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--guidance", type=float, default=5.0)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    images = Sampler()(arguments.prompts, arguments.steps, arguments.guidance, arguments.seed)
    SAMPLES.mkdir(parents=True, exist_ok=True)
    contact_sheet(to_pixels(images), 8).save(SAMPLES / "samples.png")
    print(SAMPLES / "samples.png")
