"""Trains the bundled CLIP model: every image set is tied to texts, and every text goes through the text tower.

The schedule follows the clock, not a step count: after --minutes the learning rate has reached zero, whatever
else the machine was doing. A checkpoint is written every --checkpoint-minutes; --resume continues from it.
With --init the weights of an exported folder are trained further under a shorter schedule of their own.
"""

import argparse
import math
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.distributed as dist
import torch.multiprocessing
import torch.nn.functional as F

import texts
from clip_model import Clip, read_config
from export import load_model
from label_sets import read_label_folder
from objective import WEIGHTS, Heads, Objective
from sources import Sources
from text_bank import TextBank

# Images of each source in a worker's batch.
COUNTS = {"tiny-imagenet": 66, "miniplaces": 50, "caltech101": 8, "pacs": 16, "flickr8k": 16, "mascots": 5, "emoji": 4}


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
# Both towers know what they do, so neither needs protection or heads. Half the time at 48 pixels sees more pictures.
CONTINUED = Schedule(
    sizes=((0.5, 48), (1.01, 64)),
    min_area=((0.8, 0.45), (1.01, 0.7)),
    warmup=0.04,
    text_only_until=0.0,
    image_only_until=0.0,
    heads_until=0.0,
)
# Share of the learning rate by start of the name; at the full rate attention saturates and the text tower collapses.
RATE_FACTORS = (("heads.", 1.0), ("clip.visual.attnpool.", 0.25), ("clip.visual.", 1.0), ("clip.", 0.4))
TEXT_ONLY_SCALE = 20.0
AVERAGE_EVERY, AVERAGE_DECAY = 5, 0.92
MAX_LOGIT_SCALE = math.log(100)
MAX_GRADIENT_NORM = 2.0
LOG_EVERY = 20
LOGGED = (*WEIGHTS, "heads")


def until(table, progress):
    return next(value for end, value in table if progress < end)


def learning_rate(progress, peak, warmup):
    """Linear warm-up, then cosine to zero."""
    if progress < warmup:
        return peak * (progress + 1e-3) / (warmup + 1e-3)
    return peak * 0.5 * (1 + math.cos(math.pi * min(1.0, (progress - warmup) / (1 - warmup))))


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
        self.worker = worker
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
        self.average = {name: value.detach().clone() for name, value in self.model.state_dict().items()}
        self.step, self.samples, self.used = 0, 0, 0.0
        self.checkpoint_path = options.work / "checkpoint.pt"
        if options.resume:
            self._restore()

    def _restore(self):
        saved = torch.load(self.checkpoint_path, map_location=self.device)
        self.model.load_state_dict(saved["model"])
        self.heads.load_state_dict(saved["heads"])
        self.optimizer.load_state_dict(saved["optimizer"])
        self.average = saved["average"]
        self.step, self.samples, self.used = saved["step"], saved["samples"], saved["used"]

    def save(self):
        state = {
            "model": self.model.state_dict(),
            "heads": self.heads.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "average": self.average,
            "step": self.step,
            "samples": self.samples,
            "used": self.used,
        }
        part = self.checkpoint_path.with_suffix(".part")
        torch.save(state, part)
        part.replace(self.checkpoint_path)

    def update_average(self):
        """Exponential average of weights and BatchNorm statistics; short at first, when weights move fast."""
        decay = min(AVERAGE_DECAY, self.step / (self.step + 10 * AVERAGE_EVERY))
        with torch.no_grad():
            for name, value in self.model.state_dict().items():
                if value.is_floating_point():
                    self.average[name].lerp_(value, 1 - decay)

    def descend(self, loss):
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        if self.options.workers > 1:
            self.average_gradients()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), MAX_GRADIENT_NORM)
        self.optimizer.step()
        with torch.no_grad():
            self.model.logit_scale.clamp_(max=MAX_LOGIT_SCALE)

    def average_gradients(self):
        gradients = [parameter.grad for parameter in self.trained if parameter.grad is not None]
        flat = torch.cat([gradient.flatten() for gradient in gradients])
        dist.all_reduce(flat)
        flat /= self.options.workers
        for gradient, part in zip(gradients, flat.split([gradient.numel() for gradient in gradients])):
            gradient.copy_(part.view_as(gradient))

    def read_clock(self, begin):
        """Time used so far; the first worker's clock counts for all, so that all follow the same schedule."""
        used = torch.tensor(time.monotonic() - begin, dtype=torch.float64)
        if self.options.workers > 1:
            dist.broadcast(used, 0)
        self.used = used.item()

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
        if self.step % AVERAGE_EVERY == 0:
            self.update_average()
        return side, {name: loss.item() for name, loss in losses.items()}

    def run(self):
        budget, begin = self.options.minutes * 60, time.monotonic() - self.used
        saved, sums, summed = self.used, {}, 0
        while self.used < self.schedule.text_only_until * budget:
            self.text_step()
            self.read_clock(begin)
        while self.used < budget:
            side, losses = self.train_step(self.used / budget)
            for name, loss in losses.items():
                sums[name] = sums.get(name, 0.0) + loss
            summed += 1
            self.read_clock(begin)
            if self.worker > 0:
                continue
            if self.step % LOG_EVERY == 0:
                self.log(side, {name: total / summed for name, total in sums.items()})
                sums, summed = {}, 0
            if self.used - saved > self.options.checkpoint_minutes * 60:
                self.save()
                saved = self.used
        if self.worker == 0:
            self.save()

    def log(self, side, means):
        scale = f"{self.model.logit_scale.exp().item():.1f}"
        row = [f"{self.used / 60:.1f}", self.step, self.samples, side, scale]
        row += [f"{means.get(name, 0.0):.3f}" for name in LOGGED]
        with open(self.options.work / "loss.tsv", "a", encoding="utf-8") as log:
            if self.step == LOG_EVERY:
                print("minutes", "step", "samples", "side", "scale", *LOGGED, sep="\t", file=log)
            print(*row, sep="\t", file=log)


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--cache", type=Path, required=True, help="folder written by prepare_data.py")
    parser.add_argument("--model", type=Path, default=Path("models/nano"), help="has config.json and tokenizer.model")
    parser.add_argument("--init", type=Path, help="go on from this exported folder, with its config and tokenizer")
    parser.add_argument("--labels", type=Path, default=Path("labels/nano"))
    parser.add_argument("--work", type=Path, required=True, help="folder for checkpoint.pt and loss.tsv")
    parser.add_argument("--minutes", type=float, default=95, help="wall-clock budget")
    parser.add_argument("--checkpoint-minutes", type=float, default=4)
    parser.add_argument("--rate", type=float, default=1.5e-3, help="peak learning rate of the image tower")
    parser.add_argument("--decay", type=float, default=0.05, help="weight decay")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--workers", type=int, default=2, help="processes that average their gradients; 1 on a GPU")
    parser.add_argument("--threads", type=int, default=1, help="threads of each worker")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fp32", action="store_true", help="no bfloat16 (for processors without avx512_bf16)")
    parser.add_argument("--resume", action="store_true", help="continue from WORK/checkpoint.pt")
    return parser.parse_args()


def work(worker, options, meeting_point):
    torch.set_num_threads(options.threads)
    if options.workers > 1:
        dist.init_process_group("gloo", init_method=f"file://{meeting_point}", rank=worker, world_size=options.workers)
    torch.manual_seed(options.seed)  # the same initial weights for all
    trainer = Trainer(options, worker)
    torch.manual_seed(options.seed + worker)  # different augmentation
    trainer.run()


def main():
    options = parse_options()
    options.work.mkdir(parents=True, exist_ok=True)
    if options.workers == 1:
        work(0, options, None)
        return
    with tempfile.TemporaryDirectory() as folder:
        torch.multiprocessing.spawn(work, (options, f"{folder}/meeting"), nprocs=options.workers)


if __name__ == "__main__":
    main()
