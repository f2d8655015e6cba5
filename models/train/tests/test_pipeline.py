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
        self.assertNotIn("as initialized", said)
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

    def test_reads_int8_weights_as_they_compute(self):
        sys.path.insert(0, str(TRAIN))
        import onnx
        import torch
        import world
        from networks.text_encoder import TextEncoder
        from onnx.reference import ReferenceEvaluator
        from warm_start import read_state

        path = TRAIN.parent / "mini-256" / "text_encoder" / "model.onnx"
        encoder = TextEncoder(len(world.VOCABULARY), world.MAX_TOKENS)
        self.assertEqual(encoder.load_state_dict(read_state(path), strict=False).missing_keys, [])
        ids = torch.tensor([world.tokenize("a photo of a red apple on grass")])
        model = onnx.load(path)
        model.opset_import[0].version = 19  # the evaluator has no DequantizeLinear of 17, which does the same
        want = ReferenceEvaluator(model).run(None, {"input_ids": ids.numpy()})[0]
        with torch.no_grad():
            self.assertLess(float((encoder(ids) - torch.from_numpy(want)).abs().max()), 1e-4)


if __name__ == "__main__":
    unittest.main()
