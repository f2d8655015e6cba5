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
    weights_file: str | None = None  # name of a file for the UNet's weights


VARIANTS = {
    "diffusers": Variant(
        "diffusers' own script: opset 14, float timesteps, a posterior that is sampled", weights_file="weights.pb"
    ),
    "optimum": Variant(
        "optimum: opset 17, int64 timesteps, posterior parameters",
        opset=17,
        timestep="int64",
        timestep_dims="one",
        ids="int64",
        encoder="parameters",
        encoder_name="latent_parameters",
        weights_file="model.onnx_data",
    ),
    "scalar": Variant(
        "a timestep without dimensions, the posterior's mean",
        opset=15,
        timestep="int64",
        timestep_dims="scalar",
        encoder="mean",
        encoder_name="latent",
    ),
    "float16": Variant("all parts in float16", opset=17, dtype="float16", timestep="float16", ids="int64"),
    "dynamo": Variant(
        "torch.export: opset 18",
        opset=18,
        dynamo=True,
        timestep="int64",
        ids="int64",
        encoder="parameters",
        encoder_name="latent_parameters",
    ),
}
