"""Trains the bundled language model on captions: begin, pieces, end.

Like train_clip.py it follows the clock, writes checkpoints and goes on with --resume.
"""

import argparse
from pathlib import Path

import numpy as np
import sentencepiece
import torch
import torch.nn.functional as F

import captions
from clip_model import read_config
from gpt2_model import Gpt2
from lm_frames import frames
from training import WeightAverage, Workers, add_options, append_row, learning_rate, run_workers, save_checkpoint

WARMUP = 0.03
MAX_GRADIENT_NORM = 1.0
LOG_EVERY = 50


def encode_rows(folder, lines, longest):
    """Texts as ids between begin and end; those of more than `longest` ids are left out."""
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(Path(folder) / "tokenizer.model"))
    rows = [[pieces.bos_id(), *ids, pieces.eos_id()] for ids in pieces.encode(list(lines))]
    return [row for row in rows if len(row) <= longest]


def batches(rows, rng, pad, tokens):
    """Endless stream of id matrices [B, T] of rows of nearly equal length; every row once per round."""
    lengths = np.array([len(row) for row in rows])
    while True:
        # The random part only shuffles rows of equal length.
        order = np.argsort(lengths + rng.random(len(rows)))
        starts, filled = [0], 0
        for place, index in enumerate(order):
            if filled + lengths[index] > tokens:
                starts.append(place)
                filled = 0
            filled += lengths[index]
        groups = np.split(order, starts[1:])
        for number in rng.permutation(len(groups)):
            chosen = [torch.tensor(rows[index]) for index in groups[number]]
            yield torch.nn.utils.rnn.pad_sequence(chosen, batch_first=True, padding_value=pad)


def make_optimizer(model, rate, decay):
    """AdamW; matrices decay, biases and LayerNorms do not."""
    matrices = [parameter for parameter in model.parameters() if parameter.ndim == 2]
    others = [parameter for parameter in model.parameters() if parameter.ndim < 2]
    groups = [{"params": matrices, "weight_decay": decay}, {"params": others, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98))


class Trainer:
    """One worker: every worker trains on its own part of the captions."""

    def __init__(self, options, worker):
        self.options, self.device = options, torch.device(options.device)
        config = read_config(options.model / "config.json")
        self.pad = config["pad_token_id"]
        # A row's last id is only predicted, so a row may be longer than the context by one.
        texts = [*captions.for_language_model(options.data), *frames(options.labels)]
        rows = encode_rows(options.model, texts, config["n_positions"] + 1)
        rng = np.random.default_rng([options.seed, worker])
        self.batches = batches(rows[worker :: options.workers], rng, self.pad, options.batch_tokens)
        self.model = Gpt2(config, options.dropout).to(self.device).train()
        self.optimizer = make_optimizer(self.model, options.rate, options.decay)
        self.average = WeightAverage(self.model)
        self.step, self.samples, self.used = 0, 0, 0.0
        self.checkpoint_path = options.work / "checkpoint.pt"
        if options.resume:
            self._restore()
        self.workers = Workers(options.workers, worker, self.used)

    def _restore(self):
        saved = torch.load(self.checkpoint_path, map_location=self.device)
        self.model.load_state_dict(saved["model"])
        self.optimizer.load_state_dict(saved["optimizer"])
        self.average.state = saved["average"]
        self.step, self.samples, self.used = saved["step"], saved["samples"], saved["used"]

    def save(self):
        state = {
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "average": self.average.state,
            "step": self.step,
            "samples": self.samples,
            "used": self.used,
        }
        save_checkpoint(state, self.checkpoint_path)

    def train_step(self, progress):
        rate = learning_rate(progress, self.options.rate, WARMUP)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        tokens = next(self.batches).to(self.device)
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=not self.options.fp32):
            logits = self.model(tokens[:, :-1])
        loss = F.cross_entropy(logits.flatten(0, 1).float(), tokens[:, 1:].flatten(), ignore_index=self.pad)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.workers.average_gradients(self.model.parameters())
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), MAX_GRADIENT_NORM)
        self.optimizer.step()
        self.step += 1
        self.samples += len(tokens) * self.options.workers
        self.average.update(self.step)
        return rate, loss.item()

    def run(self):
        budget, saved, losses = self.options.minutes * 60, self.used, []
        while self.used < budget:
            rate, loss = self.train_step(self.used / budget)
            losses.append(loss)
            self.used = self.workers.clock()
            if not self.workers.first:
                continue
            if self.step % LOG_EVERY == 0:
                row = (f"{self.used / 60:.1f}", self.step, self.samples, f"{rate:.2e}", f"{np.mean(losses):.3f}")
                names = ("minutes", "step", "captions", "rate", "loss")
                append_row(self.options.work / "loss.tsv", names, row)
                losses = []
            if self.used - saved > self.options.checkpoint_minutes * 60:
                self.save()
                saved = self.used
        if self.workers.first:
            self.save()


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--model", type=Path, default=Path("models/nano-lm"), help="has config.json and tokenizer.model")
    parser.add_argument("--labels", type=Path, default=Path("labels/lite"), help="sets whose labels it learns sentences about")
    parser.add_argument("--batch-tokens", type=int, default=2048, help="of a worker; 16384 on a GPU")
    parser.add_argument("--dropout", type=float, default=0.1)
    add_options(parser, minutes=45, rate=1.5e-3)
    return parser.parse_args()


if __name__ == "__main__":
    run_workers(Trainer, parse_options())
