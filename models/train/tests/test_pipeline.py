"""Every stage, from rendering to ONNX files, on a handful of pictures. Needs the packages of requirements.txt."""

import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TRAIN = Path(__file__).resolve().parents[1]
EXPORT = TRAIN.parent / "export"
NEEDED = {"torch": 2, "numpy": 1, "pillow": 1, "tqdm": 1, "onnx": 1}  # major versions
TINY = ["--samples", "32", "--batch", "16"]


def is_there(package, major):
    try:
        return int(importlib.metadata.version(package).split(".")[0]) >= major
    except importlib.metadata.PackageNotFoundError:
        return False


MISSING = [package for package, major in NEEDED.items() if not is_there(package, major)]


@unittest.skipIf(MISSING, f"needs {', '.join(MISSING)}")
class Pipeline(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.cache = Path(folder.name)

    def run_stage(self, script, *arguments):
        env = {**os.environ, "SPLATSMITH_TRAIN_CACHE": str(self.cache), "OMP_NUM_THREADS": "1"}
        done = subprocess.run([sys.executable, script, *arguments], env=env, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, f"{script}: {done.stderr[-2000:]}")
        return done.stdout

    def saved(self, name):
        import torch

        return torch.load(self.cache / "checkpoints" / f"{name}.pt", weights_only=True)

    def test_leads_from_pictures_to_onnx_files(self):
        self.run_stage(TRAIN / "dataset.py", "--count", "96")
        self.run_stage(TRAIN / "train_vae.py", *TINY)
        self.run_stage(TRAIN / "encode_latents.py")
        self.run_stage(TRAIN / "train_unet.py", *TINY)
        self.run_stage(TRAIN / "train_judge.py", *TINY)
        self.run_stage(TRAIN / "train_towers.py", *TINY)
        table = self.run_stage(TRAIN / "evaluate.py", "--prompts", "4", "--steps", "2")
        self.assertIn("4 held-out prompts", table)
        self.assertTrue((self.cache / "samples" / "held-out.png").exists())

        judge = self.cache / "judge"
        self.run_stage(EXPORT / "export_onnx.py", "--judge", str(judge))
        parts = {path.stem for path in (self.cache / "onnx").glob("*.onnx")}
        self.assertEqual(parts, {"text_encoder", "unet", "vae_encoder", "vae_decoder"})
        self.assertEqual({path.stem for path in judge.glob("*.onnx")}, {"classifier", "image_tower", "text_tower"})
        self.assertGreater(json.loads((self.cache / "onnx" / "config.json").read_text())["scaling_factor"], 0)

        # A folder of such files gives the very weights back, and training goes on from them.
        trained = {name: self.saved(name)["network"] for name in ("diffusion", "vae", "classifier")}
        shutil.rmtree(self.cache / "checkpoints")
        for part in parts:
            (self.cache / "folder" / part).mkdir(parents=True)
            shutil.copy(self.cache / "onnx" / f"{part}.onnx", self.cache / "folder" / part / "model.onnx")
        said = self.run_stage(TRAIN / "warm_start.py", str(self.cache / "folder"), "--judge", str(judge))
        self.assertEqual(said.count("as initialized"), 1, said)
        self.assertIn("have none: log_scale\n", said)  # which only training needs
        for name, weights in trained.items():
            again = self.saved(name)["network"]
            for key, value in weights.items():
                self.assertTrue(value.equal(again[key]), f"{name}: {key}")
        self.run_stage(TRAIN / "train_unet.py", "--samples", "16", "--batch", "16", "--rate", "1e-9")
        for key, value in self.saved("diffusion")["network"].items():
            self.assertLess(float((value - trained["diffusion"][key]).abs().max()), 1e-6, key)

    def test_goes_on_where_it_stopped_and_leaves_the_finished_alone(self):
        self.run_stage(TRAIN / "dataset.py", "--count", "64")
        self.run_stage(TRAIN / "train_vae.py", *TINY)
        first = self.saved("vae")
        self.run_stage(TRAIN / "train_vae.py", *TINY)
        again = self.saved("vae")
        self.assertEqual((first["step"], again["step"]), (2, 2))
        for name, value in first["network"].items():
            self.assertTrue(value.equal(again["network"][name]), name)
        self.run_stage(TRAIN / "train_vae.py", "--samples", "64", "--batch", "16")
        self.assertEqual(self.saved("vae")["step"], 4)

    def test_the_shipped_unet_computes_the_same_when_read_back(self):
        """Its weights are int8 and float16, and the network has grown since."""
        import onnx
        import torch
        from onnx.reference import ReferenceEvaluator

        self.run_stage(TRAIN / "warm_start.py", str(TRAIN.parent / "mini"))
        sys.path.insert(0, str(TRAIN))
        from networks.unet import WIDTHS, UNet

        weights = {key: value for key, value in self.saved("diffusion")["network"].items() if key.startswith("unet.")}
        unet = UNet(WIDTHS[128])
        unet.load_state_dict({key.removeprefix("unet."): value for key, value in weights.items()})
        torch.manual_seed(0)
        inputs = torch.randn(2, 4, 16, 16), torch.tensor([500.0, 120.0]), torch.randn(2, 24, 128)
        model = onnx.load(TRAIN.parent / "mini" / "unet" / "model.onnx")
        model.opset_import[0].version = 19  # the evaluator has no DequantizeLinear of 17, which does the same
        names = ("sample", "timestep", "encoder_hidden_states")
        want = ReferenceEvaluator(model).run(None, {name: value.numpy() for name, value in zip(names, inputs)})[0]
        with torch.no_grad():
            self.assertLess(float((unet(*inputs) - torch.from_numpy(want)).abs().max()), 1e-4)


if __name__ == "__main__":
    unittest.main()
