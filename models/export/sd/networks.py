"""Random networks of a configuration, and the forms in which exporters trace them."""

import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from torch import nn
from transformers import CLIPTextConfig, CLIPTextModel


def build(config, seed=0):
    """unet, vae and text of a configuration, with random weights, in evaluation mode."""
    torch.manual_seed(seed)
    text = CLIPTextConfig(
        **config["text"],
        bos_token_id=config["text"]["vocab_size"] - 2,
        eos_token_id=config["text"]["vocab_size"] - 1,
        attn_implementation="eager",
    )
    networks = {
        "unet": UNet2DConditionModel(**config["unet"]),
        "vae": AutoencoderKL(**config["vae"]),
        "text": CLIPTextModel(text),
    }
    for network in networks.values():
        network.eval().requires_grad_(False)
    return networks


class Unet(nn.Module):
    def __init__(self, unet):
        super().__init__()
        self.unet = unet

    def forward(self, sample, timestep, encoder_hidden_states):
        return self.unet(sample, timestep, encoder_hidden_states, return_dict=False)[0]


class TextEncoder(nn.Module):
    def __init__(self, text):
        super().__init__()
        self.text = text

    def forward(self, input_ids):
        out = self.text(input_ids=input_ids, return_dict=True)
        return out.last_hidden_state, out.pooler_output


class Encoder(nn.Module):
    """What an exporter makes of the encoder: `sample` draws from the posterior, `parameters` gives its mean and
    log-variance, `mean` the mean."""

    def __init__(self, vae, gives):
        super().__init__()
        self.vae, self.gives = vae, gives

    def forward(self, sample):
        posterior = self.vae.encode(sample, return_dict=False)[0]
        return {"sample": posterior.sample, "parameters": lambda: posterior.parameters, "mean": posterior.mode}[
            self.gives
        ]()


class Decoder(nn.Module):
    def __init__(self, vae):
        super().__init__()
        self.vae = vae

    def forward(self, latent_sample):
        return self.vae.decode(latent_sample, return_dict=False)[0]
