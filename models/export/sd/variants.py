"""How public exports of Stable Diffusion differ, as a table."""

from typing import NamedTuple


class Variant(NamedTuple):
    says: str
    opset: int = 14
    dynamo: bool = False  # torch's newer exporter
    dtype: str = "float32"
    timestep: str = "float32"  # dtype of the UNet's timestep
    timestep_dims: str = "batch"  # "batch", "one" or "scalar"
    ids: str = "int32"  # dtype of the text encoder's input
    encoder: str = "sample"  # what the encoder gives: see networks.Encoder
    encoder_name: str = "latent_sample"
    open_channels: bool = False  # channels and tokens are left open as well as sides
    weights_file: str | None = None  # name of a file for the UNet's weights
    fused: str | None = None  # dtype in which ONNX Runtime's transformer tools leave it, as Olive has them do


_OPTIMUM = {
    "opset": 17,
    "timestep": "int64",
    "timestep_dims": "one",
    "ids": "int64",
    "encoder": "parameters",
    "encoder_name": "latent_parameters",
}

VARIANTS = {
    "diffusers": Variant(
        "diffusers' own script: opset 14, float timesteps, a posterior that is sampled",
        open_channels=True,
        weights_file="weights.pb",
    ),
    "optimum": Variant(
        "optimum: opset 17, int64 timesteps, posterior parameters", **_OPTIMUM, weights_file="model.onnx_data"
    ),
    "scalar": Variant(
        "a timestep without dimensions, the posterior's mean",
        opset=15,
        timestep="int64",
        timestep_dims="scalar",
        encoder="mean",
        encoder_name="latent",
    ),
    "diffusers16": Variant(
        "the same from a checkpoint in float16, as the catalogue's first entry",
        dtype="float16",
        timestep="float16",
        open_channels=True,
        weights_file="weights.pb",
    ),
    "float16": Variant("all parts in float16", opset=17, dtype="float16", timestep="float16", ids="int64"),
    "dynamo": Variant(
        "torch.export: opset 18", **_OPTIMUM | {"opset": 18, "dynamo": True, "timestep_dims": "batch"}
    ),
    "fused": Variant(
        "optimum's form optimised for CUDA by ONNX Runtime's transformer tools", **_OPTIMUM | {"fused": "float32"}
    ),
    "fused16": Variant("the same in float16, as Olive does it", **_OPTIMUM | {"fused": "float16"}),
    "opset16": Variant("optimum's form in opset 16, the last without LayerNormalization", **_OPTIMUM | {"opset": 16}),
    "opset19": Variant("optimum's form in opset 19: scales may be halves", **_OPTIMUM | {"opset": 19}),
    "opset20": Variant("torch.export's default, opset 20: Gelu is one node", **_OPTIMUM | {"opset": 20, "dynamo": True}),
    "opset21": Variant(
        "torch.export in opset 21: GroupNormalization is one node", **_OPTIMUM | {"opset": 21, "dynamo": True}
    ),
}
