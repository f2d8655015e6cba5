"""The public configurations of Stable Diffusion 1.5, 2.1-base and InstructPix2Pix, and the same in miniature.

A miniature has every block, layer kind and operator of the real one and a few channels of each.
"""

_DOWN = ("CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D")
_UP = ("UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D")

_UNET = {
    "sample_size": 64,
    "in_channels": 4,
    "out_channels": 4,
    "down_block_types": _DOWN,
    "up_block_types": _UP,
    "block_out_channels": (320, 640, 1280, 1280),
    "layers_per_block": 2,
    "cross_attention_dim": 768,
    "attention_head_dim": 8,
}
_VAE = {
    "in_channels": 3,
    "out_channels": 3,
    "down_block_types": ("DownEncoderBlock2D",) * 4,
    "up_block_types": ("UpDecoderBlock2D",) * 4,
    "block_out_channels": (128, 256, 512, 512),
    "layers_per_block": 2,
    "latent_channels": 4,
    "sample_size": 512,
    "scaling_factor": 0.18215,
}
_TEXT = {
    "vocab_size": 49408,
    "hidden_size": 768,
    "intermediate_size": 3072,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "max_position_embeddings": 77,
    "hidden_act": "quick_gelu",
}
_SCHEDULER = {
    "_class_name": "DDIMScheduler",
    "num_train_timesteps": 1000,
    "beta_schedule": "scaled_linear",
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "prediction_type": "epsilon",
    "clip_sample": False,
    "set_alpha_to_one": False,
    "steps_offset": 1,
}

# What each has that the one before has not, and how many numbers its UNet holds.
MODELS = {
    "sd15": {"unet": _UNET, "vae": _VAE, "text": _TEXT, "scheduler": _SCHEDULER, "unet_parameters": 859_520_964},
    "sd21-base": {
        "unet": {
            **_UNET,
            "cross_attention_dim": 1024,
            "attention_head_dim": (5, 10, 20, 20),
            "use_linear_projection": True,
        },
        "vae": _VAE,
        "text": {
            **_TEXT,
            "hidden_size": 1024,
            "intermediate_size": 4096,
            "num_hidden_layers": 23,
            "num_attention_heads": 16,
            "hidden_act": "gelu",
        },
        "scheduler": _SCHEDULER,
        "unet_parameters": 865_910_724,
    },
    "instruct-pix2pix": {
        "unet": {**_UNET, "in_channels": 8},
        "vae": _VAE,
        "text": _TEXT,
        "scheduler": _SCHEDULER,
        "unet_parameters": 859_532_484,
    },
}

_TINY = {
    "unet": {"sample_size": 8, "block_out_channels": (4, 4, 8, 8), "layers_per_block": 1, "norm_num_groups": 2},
    "vae": {"sample_size": 64, "block_out_channels": (4, 4, 8, 8), "layers_per_block": 1, "norm_num_groups": 2},
    "text": {"hidden_size": 8, "intermediate_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2},
}
TINY_HEADS = {"sd15": 2, "sd21-base": (1, 2, 2, 2), "instruct-pix2pix": 2}
TINY_VOCABULARY = 576


def configuration(model, size):
    """The parts' configurations of a model, `full` or `tiny`."""
    chosen = dict(MODELS[model])
    if size == "tiny":
        for part, change in _TINY.items():
            chosen[part] = {**chosen[part], **change}
        chosen["unet"] |= {"cross_attention_dim": _TINY["text"]["hidden_size"], "attention_head_dim": TINY_HEADS[model]}
        chosen["text"] |= {"vocab_size": TINY_VOCABULARY}
    return chosen
