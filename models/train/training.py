"""The training loop that every stage shares: AdamW with warm-up and cosine decay, a moving average of the weights,
resumable checkpoints, a progress bar. A stage brings its networks, a loss and a score.

Runs on a CPU or a CUDA device, channels-last on both, in bfloat16 where the device computes in it.
"""

import argparse
import copy
import math
import os
import time
from typing import NamedTuple

import numpy
import torch
from tqdm import tqdm

from paths import CHECKPOINTS

BETAS = (0.9, 0.98)
WEIGHT_DECAY = 0.01
CLIP_NORM = 1.0
WARMUP_STEPS = 200
FINAL_RATE = 0.01  # of the highest
SAVE_EVERY_SECONDS = 120
SCORES = 20  # in a run


class Plan(NamedTuple):
    """How long and how hard to train."""

    samples: int
    batch: int
    rate: float
    average: float = 0.999  # how much of the moving average a step keeps
    seed: int = 0
    minutes: float = 0.0  # if set, ends by then, with the whole schedule inside that time
    compile: bool = False

    @property
    def steps(self):
        return self.samples // self.batch


def plan_from_arguments(description, defaults):
    """Reads a plan from the command line."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, value in defaults._asdict().items():
        if isinstance(value, bool):
            parser.add_argument(f"--{name}", action=argparse.BooleanOptionalAction, default=value)
        else:
            parser.add_argument(f"--{name}", type=type(value), default=value)
    parser.add_argument("--threads", type=int, default=int(os.environ.get("OMP_NUM_THREADS", "0")))
    arguments = vars(parser.parse_args())
    threads = arguments.pop("threads")
    if threads:
        torch.set_num_threads(threads)
    return Plan(**arguments)


def device():
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def autocast():
    return torch.autocast(device().type, torch.bfloat16, enabled=computes_in_bfloat16())


def computes_in_bfloat16():
    """A CPU that does not gets through bfloat16 several times slower than through float32."""
    if device().type == "cuda":
        return True
    capabilities = getattr(torch.cpu, "get_capabilities", dict)()  # which older ones lack
    return any(capabilities.get(name) for name in ("avx512_bf16", "amx_bf16"))


def images_to_tensor(images):
    """uint8 [B, H, W, 3] → float32 [B, 3, H, W] in [-1, 1], channels last, on the device."""
    return torch.as_tensor(images).to(device()).permute(0, 3, 1, 2).float().div_(127.5).sub_(1)


class Resident:
    """Rows of an array that is on disk, as tensors on the device. A GPU holds the whole array; a CPU reads the rows."""

    def __init__(self, array):
        on_gpu = device().type == "cuda"
        self._rows = torch.from_numpy(numpy.array(array)).to(device()) if on_gpu else array

    def __getitem__(self, indices):
        if isinstance(self._rows, torch.Tensor):
            return self._rows[torch.as_tensor(indices, device=self._rows.device)]
        return torch.from_numpy(self._rows[indices])


def share_done(step, seconds, plan):
    """Of the plan, from 0 to 1."""
    share = step / max(1, plan.steps)
    return min(1.0, max(share, seconds / 60 / plan.minutes) if plan.minutes else share)


def learning_rate(step, share, plan):
    warm = min(1.0, (step + 1) / WARMUP_STEPS)
    cosine = 0.5 + 0.5 * math.cos(math.pi * share)
    return plan.rate * warm * (FINAL_RATE + (1 - FINAL_RATE) * cosine)


def fit(name, network, loss, plan, score=None):
    """Trains a network and returns the scores; its averaged weights are in <name>.pt, where `load` finds them.

    loss(network, step) → scalar to minimise and a dict of numbers or 0-d tensors for the progress bar.
    score(network) → a dict of numbers on validation data, taken now and then of the averaged weights.
    An interrupted run goes on from its last checkpoint; a finished one goes on if the plan has grown. Where there are
    weights but no checkpoint (see warm_start.py), they are the first ones of a new run.
    """
    CHECKPOINTS.mkdir(parents=True, exist_ok=True)
    state_path = CHECKPOINTS / f"{name}.state.pt"
    network.to(device(), memory_format=torch.channels_last).train()
    if not state_path.exists() and (CHECKPOINTS / f"{name}.pt").exists():
        network.load_state_dict(load_weights(name))  # a warm start
    parameters = list(network.parameters())
    matrices, vectors = ([p for p in parameters if (p.ndim > 1) is matrix] for matrix in (True, False))
    groups = [{"params": matrices, "weight_decay": WEIGHT_DECAY}, {"params": vectors, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=plan.rate, betas=BETAS, fused=device().type == "cuda")
    averaged = copy.deepcopy(network).eval().requires_grad_(False)
    step, seconds, scores = 0, 0.0, []
    if state_path.exists():
        state = torch.load(state_path, map_location=device(), weights_only=True)
        step, seconds, scores = state["step"], state["seconds"], state["scores"]
        network.load_state_dict(state["network"])
        averaged.load_state_dict(state["averaged"])
        optimizer.load_state_dict(state["optimizer"])
    torch.manual_seed(plan.seed + step)
    # The compiled form shares its parameters with the network.
    running = torch.compile(network) if plan.compile else network
    begun = time.time() - seconds
    saved_at = time.time()
    scored = share_done(step, seconds, plan)

    def save():
        progress = {"step": step, "seconds": time.time() - begun, "scores": scores}
        write(CHECKPOINTS / f"{name}.pt", {"network": averaged.state_dict(), **progress, "batch": plan.batch})
        networks = {"network": network.state_dict(), "averaged": averaged.state_dict()}
        write(state_path, {**networks, "optimizer": optimizer.state_dict(), **progress})

    def add_score():
        with torch.no_grad(), autocast():
            scores.append({"step": step, "samples": step * plan.batch, **score(averaged)})
        tqdm.write(f"{name}: {scores[-1]}")

    begun_at = step
    with tqdm(total=plan.steps, initial=step, unit="step", desc=name) as bar:
        while (share := share_done(step, time.time() - begun, plan)) < 1:
            for group in optimizer.param_groups:
                group["lr"] = learning_rate(step, share, plan)
            with autocast():
                value, report = loss(running, step)
            optimizer.zero_grad()
            value.backward()
            torch.nn.utils.clip_grad_norm_(parameters, CLIP_NORM)
            optimizer.step()
            step += 1
            move_average(averaged, parameters, min(plan.average, (1 + step) / (10 + step)))
            bar.update()
            if step % 20 == 0:
                bar.set_postfix({key: f"{float(number):.4g}" for key, number in report.items()}, refresh=False)
            if score and share - scored >= 1 / SCORES:
                add_score()
                scored = share
            if time.time() - saved_at > SAVE_EVERY_SECONDS:
                save()
                saved_at = time.time()
    if step > begun_at:
        if score:
            add_score()
        save()
    return scores


@torch.no_grad()
def move_average(averaged, parameters, keep):
    torch._foreach_lerp_(list(averaged.parameters()), parameters, 1 - keep)


def write(path, content):
    """Never leaves half a file."""
    torch.save(content, path.with_suffix(".part"))
    os.replace(path.with_suffix(".part"), path)


def load_weights(name):
    return torch.load(CHECKPOINTS / f"{name}.pt", map_location=device(), weights_only=True)["network"]


def load(name, network):
    """The network with the averaged weights that `fit` left, for evaluation."""
    network.load_state_dict(load_weights(name))
    return network.to(device()).eval().requires_grad_(False)
