"""What all training scripts share: learning rate, processes that train together, averaged weights, checkpoints."""

import math
import tempfile
import time
from pathlib import Path

import torch
import torch.distributed as dist
import torch.multiprocessing


def learning_rate(progress, peak, warmup):
    """Linear warm-up, then cosine to zero. `progress` and `warmup` are shares of the time."""
    if progress < warmup:
        return peak * (progress + 1e-3) / (warmup + 1e-3)
    return peak * 0.5 * (1 + math.cos(math.pi * min(1.0, (progress - warmup) / (1 - warmup))))


class Workers:
    """Processes with the same weights and different batches; they average their gradients and follow one clock."""

    def __init__(self, count, own, used=0.0):
        self.count, self.own = count, own
        self.begin = time.monotonic() - used

    @property
    def first(self):
        return self.own == 0

    def average_gradients(self, parameters):
        if self.count == 1:
            return
        gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
        flat = torch.cat([gradient.flatten() for gradient in gradients])
        dist.all_reduce(flat)
        flat /= self.count
        for gradient, part in zip(gradients, flat.split([gradient.numel() for gradient in gradients])):
            gradient.copy_(part.view_as(gradient))

    def clock(self):
        """Seconds used so far; the first worker's clock counts for all, so that all follow the same schedule."""
        used = torch.tensor(time.monotonic() - self.begin, dtype=torch.float64)
        if self.count > 1:
            dist.broadcast(used, 0)
        return used.item()


def _work(worker, make_trainer, options, meeting_point):
    torch.set_num_threads(options.threads)
    if options.workers > 1:
        dist.init_process_group("gloo", init_method=f"file://{meeting_point}", rank=worker, world_size=options.workers)
    torch.manual_seed(options.seed)  # the same initial weights for all
    trainer = make_trainer(options, worker)
    torch.manual_seed(options.seed + worker)  # different augmentation and dropout
    trainer.run()


def run_workers(make_trainer, options):
    """Runs make_trainer(options, worker).run() in options.workers processes."""
    options.work.mkdir(parents=True, exist_ok=True)
    if options.workers == 1:
        _work(0, make_trainer, options, None)
        return
    with tempfile.TemporaryDirectory() as folder:
        arguments = (make_trainer, options, f"{folder}/meeting")
        torch.multiprocessing.spawn(_work, arguments, nprocs=options.workers)


def add_options(parser, minutes, rate):
    """The options that `run_workers` and every trainer read."""
    parser.add_argument("--work", type=Path, required=True, help="folder for checkpoint.pt and loss.tsv")
    parser.add_argument("--minutes", type=float, default=minutes, help="wall-clock budget")
    parser.add_argument("--checkpoint-minutes", type=float, default=4)
    parser.add_argument("--rate", type=float, default=rate, help="peak learning rate")
    parser.add_argument("--decay", type=float, default=0.05, help="weight decay")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--workers", type=int, default=2, help="processes that average their gradients; 1 on a GPU")
    parser.add_argument("--threads", type=int, default=1, help="threads of each worker")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fp32", action="store_true", help="no bfloat16 (for processors without avx512_bf16)")
    parser.add_argument("--resume", action="store_true", help="continue from WORK/checkpoint.pt")


class WeightAverage:
    """Exponential average of weights and BatchNorm statistics; short at first, when weights move fast."""

    EVERY, DECAY = 5, 0.92

    def __init__(self, model):
        self.model = model
        self.state = {name: value.detach().clone() for name, value in model.state_dict().items()}

    @torch.no_grad()
    def update(self, step):
        if step % self.EVERY:
            return
        decay = min(self.DECAY, step / (step + 10 * self.EVERY))
        for name, value in self.model.state_dict().items():
            if value.is_floating_point():
                self.state[name].lerp_(value, 1 - decay)


def save_checkpoint(state, path):
    """Never leaves a half-written file at `path`."""
    part = path.with_suffix(".part")
    torch.save(state, part)
    part.replace(path)


def append_row(path, names, values):
    """Adds a line to a table, and the head to a new one."""
    new = not path.exists()
    with open(path, "a", encoding="utf-8") as table:
        if new:
            print(*names, sep="\t", file=table)
        print(*values, sep="\t", file=table)
