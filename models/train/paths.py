"""Where training keeps what it makes: everything is under .cache/train, out of the repository."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = Path(os.environ.get("SPLATSMITH_TRAIN_CACHE", ROOT / ".cache" / "train"))
DATA = CACHE / "data"
CHECKPOINTS = CACHE / "checkpoints"
SAMPLES = CACHE / "samples"
