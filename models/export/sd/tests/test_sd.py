"""The public architectures and the ways to export them. Needs the packages of models/export/sd/requirements.txt."""

import importlib.util
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SD = Path(__file__).resolve().parents[1]
MISSING = [name for name in ("torch", "onnx", "onnxruntime", "diffusers", "transformers") if importlib.util.find_spec(name) is None]
PARTS = ("text_encoder", "unet", "vae_encoder", "vae_decoder")


@unittest.skipIf(MISSING, f"needs {', '.join(MISSING)}")
class StableDiffusion(unittest.TestCase):
    def setUp(self):
        sys.path.insert(0, str(SD))
        self.addCleanup(sys.path.remove, str(SD))
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def run_command(self, *arguments, succeeds=True):
        done = subprocess.run([sys.executable, str(SD), *map(str, arguments)], capture_output=True, text=True)
        self.assertEqual(done.returncode == 0, succeeds, done.stderr[-2000:])
        return done.stdout + done.stderr

    def test_full_size_has_as_many_parameters_as_the_published_models(self):
        import torch
        from configs import MODELS, configuration
        from diffusers import UNet2DConditionModel

        for model, facts in MODELS.items():
            with torch.device("meta"):  # shapes without memory
                unet = UNet2DConditionModel(**configuration(model, "full")["unet"])
            self.assertEqual(sum(p.numel() for p in unet.parameters()), facts["unet_parameters"], model)

    def test_a_random_miniature_is_a_whole_folder(self):
        import onnx

        self.run_command("random", "instruct-pix2pix", self.folder, "--variant", "diffusers")
        for part in PARTS:
            onnx.checker.check_model(str(self.folder / part / "model.onnx"))
        self.assertTrue((self.folder / "unet/weights.pb").exists())
        graph = onnx.load(self.folder / "unet/model.onnx", load_external_data=False).graph
        self.assertEqual(graph.input[0].type.tensor_type.shape.dim[1].dim_param, "channels")
        (first,) = (weights for weights in graph.initializer if weights.name.endswith("conv_in.weight"))
        self.assertEqual(first.dims[1], 8)  # the picture beside the noise

    def test_fuses_as_olive_does(self):
        import onnx

        self.run_command("random", "sd15", self.folder, "--variant", "fused")
        unet = onnx.load(self.folder / "unet/model.onnx", load_external_data=False)
        used = {node.op_type for node in unet.graph.node if node.domain == "com.microsoft"}
        self.assertLessEqual({"GroupNorm", "SkipGroupNorm", "NhwcConv", "MultiHeadAttention", "BiasSplitGelu"}, used)

    def test_converts_a_checkpoint(self):
        import onnx
        from configs import configuration
        from networks import build
        from tokenizer import write_tokenizer

        config = configuration("sd21-base", "tiny")
        checkpoint, converted = self.folder / "checkpoint", self.folder / "converted"
        for part, name in (("unet", "unet"), ("vae", "vae"), ("text", "text_encoder")):
            build(config)[part].save_pretrained(checkpoint / name)
        write_tokenizer(checkpoint / "tokenizer", config["text"])
        (checkpoint / "scheduler").mkdir()
        (checkpoint / "scheduler/scheduler_config.json").write_text(json.dumps(config["scheduler"]))
        self.run_command("convert", checkpoint, converted)
        for part in PARTS:
            onnx.checker.check_model(str(converted / part / "model.onnx"))
        vocabulary = (checkpoint / "tokenizer/vocab.json").read_text()
        self.assertEqual((converted / "tokenizer/vocab.json").read_text(), vocabulary)

    def test_says_what_a_folder_lacks(self):
        said = self.run_command("convert", self.folder, self.folder / "out", succeeds=False)
        self.assertIn("has no unet/config.json", said)


if __name__ == "__main__":
    unittest.main()
