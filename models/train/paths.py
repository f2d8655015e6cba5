"""Where training keeps what it makes: everything is under .cache/train, out of the repository.

SPLATSMITH_TRAIN_SIZE=256 trains the model for pictures of 256 pixels a side, in a folder of its own.
"""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SIZE = int(os.environ.get("SPLATSMITH_TRAIN_SIZE", 128))  # pixels a side
CACHE = Path(os.environ.get("SPLATSMITH_TRAIN_CACHE", ROOT / ".cache" / ("train" if SIZE == 128 else f"train-{SIZE}")))
DATA = CACHE / "data"
CHECKPOINTS = CACHE / "checkpoints"
SAMPLES = CACHE / "samples"
