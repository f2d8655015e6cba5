"""Stable Diffusion's own noise schedule: 1000 steps, scaled-linear β from 0.00085 to 0.012, ε-prediction."""

import torch

STEPS = 1000
BETA_START, BETA_END = 0.00085, 0.012


def alphas_cumprod():
    """ᾱ_t, float32 [1000]."""
    betas = torch.linspace(BETA_START**0.5, BETA_END**0.5, STEPS, dtype=torch.float64) ** 2
    return torch.cumprod(1 - betas, 0).float()


def add_noise(latent, noise, alpha):
    """z_t = √ᾱ z + √(1 − ᾱ) ε; alpha [B]."""
    alpha = alpha.view(-1, 1, 1, 1)
    return alpha.sqrt() * latent + (1 - alpha).sqrt() * noise
