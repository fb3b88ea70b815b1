"""Trains the bundled CLIP model: every image set is tied to texts, and every text goes through the text tower.

The schedule follows the clock, not a step count: after --minutes the learning rate has reached zero, whatever
else the machine was doing. A checkpoint is written every --checkpoint-minutes; --resume continues from it.
With --init the weights of an exported folder are trained further under a shorter schedule of their own.
"""

import argparse
import math
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F

import texts
from clip_model import Clip, read_config
from export import load_model
from label_sets import read_label_folder
from objective import WEIGHTS, Heads, Objective
from sources import Sources
from text_bank import TextBank
from training import WeightAverage, Workers, add_options, append_row, learning_rate, run_workers, save_checkpoint

# Images of each source in a worker's batch. Small: what a run can learn is limited by its number of steps.
COUNTS = {
    "tiny-imagenet": 32,
    "miniplaces": 25,
    "caltech101": 8,
    "pacs": 12,
    "flickr8k": 8,
    "mascots": 3,
    "emoji": 2,
    "nothing": 4,
}


@dataclass(frozen=True)
class Schedule:
    """What happens when. All limits are shares of the time; tables hold rows of (until this share, value)."""

    sizes: tuple  # image side
    min_area: tuple  # smallest crop
    warmup: float
    text_only_until: float  # until then the text tower learns alone
    image_only_until: float  # then the image tower alone: its first, random gradients would undo the text tower
    heads_until: float  # the linear heads' weight falls from 1 to 0


FROM_SCRATCH = Schedule(
    sizes=((0.45, 32), (0.85, 48), (1.01, 64)),
    min_area=((0.85, 0.45), (1.01, 0.7)),
    warmup=0.05,
    text_only_until=0.015,
    image_only_until=0.06,
    heads_until=0.6,
)
# Both towers know what they do, so neither needs protection. Two thirds of the time at 48 pixels sees more pictures.
CONTINUED = Schedule(
    sizes=((0.65, 48), (1.01, 64)),
    min_area=((0.85, 0.45), (1.01, 0.7)),
    warmup=0.03,
    text_only_until=0.0,
    image_only_until=0.0,
    heads_until=0.7,
)
# Share of the learning rate by start of the name; at the full rate attention saturates and the text tower collapses.
RATE_FACTORS = (("heads.", 1.0), ("clip.visual.attnpool.", 0.25), ("clip.visual.", 1.0), ("clip.", 0.4))
TEXT_ONLY_SCALE = 20.0
MAX_LOGIT_SCALE = math.log(100)
MAX_GRADIENT_NORM = 2.0
LOG_EVERY = 20
LOGGED = (*WEIGHTS, "heads")


def until(table, progress):
    return next(value for end, value in table if progress < end)


def make_optimizer(model, rate, decay):
    """AdamW; matrices and kernels decay, everything else does not. Wide linear layers learn at a lower rate."""
    groups = {}
    for name, parameter in model.named_parameters():
        factor = next(factor for prefix, factor in RATE_FACTORS if name.startswith(prefix))
        key = (factor, decay if parameter.ndim >= 2 else 0.0)
        groups.setdefault(key, []).append(parameter)
    return torch.optim.AdamW(
        [{"params": members, "factor": factor, "weight_decay": decay} for (factor, decay), members in groups.items()],
        lr=rate,
        betas=(0.9, 0.98),
    )


class Trainer:
    """One worker. All workers start from the same weights, draw different batches and average their gradients."""

    def __init__(self, options, worker):
        self.options, self.device = options, torch.device(options.device)
        self.schedule = CONTINUED if options.init else FROM_SCRATCH
        self.label_sets = read_label_folder(options.labels)
        self.config = read_config((options.init or options.model) / "config.json")
        context = self.config["text_config"]["max_position_embeddings"]
        self.tokenizer = texts.Tokenizer((options.init or options.model) / "tokenizer.model", context)
        self.sources = Sources(options.data, options.cache, self.label_sets, COUNTS, [options.seed, worker])
        self.objective = Objective(self.sources, self.label_sets)
        start = load_model(options.init) if options.init else Clip(self.config)
        self.model = start.to(self.device).to(memory_format=torch.channels_last).train()
        self.bank = TextBank(self.model, self.tokenizer, self.device, self.sources.rng)
        self.heads = Heads(self.config["projection_dim"], self.label_sets).to(self.device)
        everything = torch.nn.ModuleDict({"clip": self.model, "heads": self.heads})
        self.trained = list(everything.parameters())
        self.optimizer = make_optimizer(everything, options.rate, options.decay)
        self.average = WeightAverage(self.model)
        self.step, self.samples, self.used = 0, 0, 0.0
        self.checkpoint_path = options.work / "checkpoint.pt"
        if options.resume:
            self._restore()
        self.workers = Workers(options.workers, worker, self.used)

    def _restore(self):
        saved = torch.load(self.checkpoint_path, map_location=self.device)
        self.model.load_state_dict(saved["model"])
        self.heads.load_state_dict(saved["heads"])
        self.optimizer.load_state_dict(saved["optimizer"])
        self.average.state = saved["average"]
        self.step, self.samples, self.used = saved["step"], saved["samples"], saved["used"]

    def save(self):
        state = {
            "model": self.model.state_dict(),
            "heads": self.heads.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "average": self.average.state,
            "step": self.step,
            "samples": self.samples,
            "used": self.used,
        }
        save_checkpoint(state, self.checkpoint_path)

    def descend(self, loss):
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.workers.average_gradients(self.trained)
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), MAX_GRADIENT_NORM)
        self.optimizer.step()
        with torch.no_grad():
            self.model.logit_scale.clamp_(max=MAX_LOGIT_SCALE)

    def text_step(self):
        """Text alone: texts that mean the same come close, others move apart."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.options.rate * group["factor"]
        self.bank.clear()
        for name, group in zip(("first", "second"), self.objective.text_pairs()):
            self.bank.add(name, group)
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=not self.options.fp32):
            self.bank.encode()
        logits = TEXT_ONLY_SCALE * self.bank["first"] @ self.bank["second"].t()
        own = torch.arange(len(logits), device=self.device)
        loss = (F.cross_entropy(logits, own) + F.cross_entropy(logits.t(), own)) / 2
        self.descend(loss)
        self.bank.clear()

    def train_step(self, progress):
        schedule = self.schedule
        side, min_area = until(schedule.sizes, progress), until(schedule.min_area, progress)
        text_learns = progress >= schedule.image_only_until
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(progress, self.options.rate, schedule.warmup) * group["factor"]
        pixels, slices, targets = self.sources.batch(side, min_area)
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=not self.options.fp32):
            raw = self.model.visual(pixels.to(self.device)).float()
            with torch.set_grad_enabled(text_learns):
                self.objective.encode_texts(self.bank, targets)
        scale = self.model.logit_scale.exp()
        losses = self.objective.losses(F.normalize(raw, dim=-1), self.bank, scale, slices, targets)
        total = sum(WEIGHTS[name] * loss for name, loss in losses.items())
        if progress < schedule.heads_until:
            share = 1 - progress / schedule.heads_until
            head_losses = self.heads.losses(raw, slices, targets)
            total = total + share * sum(WEIGHTS[name] * loss for name, loss in head_losses.items())
            losses["heads"] = head_losses["tiny-imagenet"]
        self.descend(total)
        self.step += 1
        self.samples += len(pixels) * self.options.workers
        self.average.update(self.step)
        return side, {name: loss.item() for name, loss in losses.items()}

    def run(self):
        budget = self.options.minutes * 60
        saved, sums, summed = self.used, {}, 0
        while self.used < self.schedule.text_only_until * budget:
            self.text_step()
            self.used = self.workers.clock()
        while self.used < budget:
            side, losses = self.train_step(self.used / budget)
            for name, loss in losses.items():
                sums[name] = sums.get(name, 0.0) + loss
            summed += 1
            self.used = self.workers.clock()
            if not self.workers.first:
                continue
            if self.step % LOG_EVERY == 0:
                self.log(side, {name: total / summed for name, total in sums.items()})
                sums, summed = {}, 0
            if self.used - saved > self.options.checkpoint_minutes * 60:
                self.save()
                saved = self.used
        if self.workers.first:
            self.save()

    def log(self, side, means):
        scale = f"{self.model.logit_scale.exp().item():.1f}"
        row = [f"{self.used / 60:.1f}", self.step, self.samples, side, scale]
        row += [f"{means.get(name, 0.0):.3f}" for name in LOGGED]
        names = ("minutes", "step", "samples", "side", "scale", *LOGGED)
        append_row(self.options.work / "loss.tsv", names, row)


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--cache", type=Path, required=True, help="folder written by prepare_data.py")
    parser.add_argument("--model", type=Path, default=Path("models/nano"), help="has config.json and tokenizer.model")
    parser.add_argument("--init", type=Path, help="go on from this exported folder, with its config and tokenizer")
    parser.add_argument("--labels", type=Path, default=Path("labels/nano"))
    add_options(parser, minutes=95, rate=1.5e-3)
    return parser.parse_args()


if __name__ == "__main__":
    run_workers(Trainer, parse_options())
