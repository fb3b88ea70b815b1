"""Stage 2 of lite: trains the text tower to give each text the vector that stage 1 gave it.

Until stage 1 is there (`--stage1` left out) the tower learns the teacher's own embeddings, which stage 1's are a
function of; a run with `--stage1` goes on from its weights. Writes WORK/text.pt and WORK/stage2.tsv.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from clip_model import Clip, read_config
from label_sets import fill
from lite_classes import LABELLED, all_names
from lite_objective import TextSide
from teacher_texts import Teacher
from texts import Tokenizer
from training import WeightAverage, append_row, learning_rate, save_checkpoint

TEMPLATES = {
    "objects": (
        "{label}", "{label}", "{a} {label}", "a photo of {a} {label}", "a photo of {a} {label}",
        "a picture of {a} {label}", "there is {a} {label} in this image", "a photo of the {label}",
        "a close-up photo of {a} {label}", "it shows {a} {label}", "a bad photo of {a} {label}",
    ),
    "places": (
        "{label}", "{label}", "{a} {label}", "a photo of {a} {label}", "a photo of {a} {label}",
        "this image depicts {a} {label}", "a photo taken at {a} {label}", "the view of {a} {label}",
        "the place is {a} {label}",
    ),
    "medium": ("{label}", "{label}", "{a} {label}", "this is {a} {label}", "it is {a} {label}", "an image: {a} {label}"),
}  # fmt: skip
SHARES = {"flickr8k": 0.4, "multi30k": 0.45, "nouns": 0.15}  # of the batches that names leave
PIECE_SCALE = 0.1  # standard deviation of the pieces' embeddings at the start
START_BATCHES = 30  # of each list, for fitting the projection
RIDGE = 1e-2
HELD_EVERY = 50  # captions with number % 50 == 0 are kept for measuring the cosine


class Texts:
    """One list of texts with the vectors that they should get; batches of texts of like length."""

    def __init__(self, tokenizer, texts, targets, rng, tokens):
        rows = [tokenizer.encode(text) for text in texts]
        self.lengths = np.array([len(row) for row in rows])
        self.ids, self.targets, self.rng, self.tokens = tokenizer.pad(rows).to(targets.device), targets, rng, tokens
        self.queue = []

    def batches(self):
        """A round of batches, in random order."""
        lengths = self.lengths + self.rng.uniform(0, 0.9, len(self.lengths))
        order, result, begin = np.argsort(lengths), [], 0
        while begin < len(order):
            end = begin + 1
            while end < len(order) and (end + 1 - begin) * self.lengths[order[end]] <= self.tokens:
                end += 1
            result.append(order[begin:end])
            begin = end
        self.rng.shuffle(result)
        return result

    def draw(self):
        if not self.queue:
            self.queue = self.batches()
        chosen = self.queue.pop()
        rows = torch.as_tensor(chosen)
        return self.ids[rows, : self.lengths[chosen].max()], self.targets[rows].float()


class Names:
    """The names of the label sets, in a batch each under a random template."""

    def __init__(self, tokenizer, vector_of, rng, tokens):
        self.tokenizer, self.rng, self.count = tokenizer, rng, tokens // 8
        pairs = dict.fromkeys((category, name) for category in LABELLED for name in all_names(category))
        self.pairs = list(pairs)
        self.targets = vector_of([name for _, name in self.pairs])
        texts = [[fill(template, name) for template in TEMPLATES[category]] for category, name in self.pairs]
        self.choices = np.array([len(group) for group in texts])
        self.first = np.cumsum(self.choices) - self.choices
        flat = [text for group in texts for text in group]
        rows = [tokenizer.encode(text) for text in flat]
        self.lengths = np.array([len(row) for row in rows])
        self.ids = tokenizer.pad(rows).to(self.targets.device)

    def draw(self):
        rows = self.rng.permutation(len(self.pairs))[: self.count]
        texts = self.first[rows] + self.rng.integers(self.choices[rows])
        ids = self.ids[torch.as_tensor(texts), : self.lengths[texts].max()]
        return ids, self.targets[torch.as_tensor(rows)].float()

    def plain(self, template):
        texts = [fill(template, name) for _, name in self.pairs]
        return self.tokenizer.batch(texts), self.targets.float()


class Targets:
    """Vectors of the cached texts: the teacher's own, or those of stage 1."""

    def __init__(self, cache, stage1, teacher):
        self.folder, self.side, self.teacher = cache / "texts", None, teacher
        if stage1:
            state = torch.load(stage1, map_location=torch.get_default_device())
            embeddings = state["texts"]["embeddings"]
            self.side = TextSide(state["names"], embeddings, state["vectors"].shape[1]).eval()
            self.side.load_state_dict(state["texts"])
            self.column = {name: number for number, name in enumerate(state["names"])}
            self.vectors = state["vectors"]

    def read(self, name):
        texts = (self.folder / f"{name}.txt").read_text(encoding="utf-8").splitlines()
        return texts, torch.as_tensor(np.load(self.folder / f"{name}.npy")).float()

    @torch.no_grad()
    def of_list(self, name):
        texts, rows = self.read(name)
        return texts, (self.side.captions(rows) if self.side else rows).half()

    @torch.no_grad()
    def of_pieces(self, pieces):
        """Vectors of the vocabulary's pieces as if each were a text, [V, D]."""
        words = [pieces.id_to_piece(number).replace("\u2581", " ").strip() or "." for number in range(pieces.get_piece_size())]
        kept = self.folder / "pieces.npy"
        if not kept.exists():
            np.save(kept, Teacher(self.teacher).embed(words).astype(np.float16))
        rows = torch.as_tensor(np.load(kept)).float()
        return self.side.captions(rows) if self.side else rows

    def of_names(self, names):
        if self.side:
            return self.vectors[[self.column[name] for name in names]].half()
        texts, rows = self.read("names")
        place = {text: number for number, text in enumerate(texts)}
        both = [rows[[place[fill(template, name)] for name in names]] for template in ("{label}", "a photo of {a} {label}")]
        return F.normalize(both[0] + both[1], dim=-1).half()


class Trainer:
    def __init__(self, options):
        self.options, self.rng = options, np.random.default_rng(options.seed)
        torch.manual_seed(options.seed)
        config = read_config(options.model / "config.json")
        self.model = Clip(config)
        self.tokenizer = Tokenizer(options.model / "tokenizer.model", config["text_config"]["max_position_embeddings"])
        self.used, self.step = 0.0, 0
        self._read(options)
        if options.resume:
            pass
        elif options.init:
            self.model.load_state_dict(torch.load(options.init, map_location=torch.get_default_device())["average"])
        else:
            self.start_from_words()
        self.average = WeightAverage(self.model)
        for name, parameter in self.model.named_parameters():
            parameter.requires_grad_(not name.startswith("visual.") and name != "logit_scale")
        learned = [parameter for parameter in self.model.parameters() if parameter.requires_grad]
        groups = [
            {"params": [parameter for parameter in learned if parameter.ndim > 1], "weight_decay": options.decay},
            {"params": [parameter for parameter in learned if parameter.ndim <= 1], "weight_decay": 0.0},
        ]
        self.optimizer = torch.optim.AdamW(groups, lr=options.rate, betas=(0.9, 0.98))
        if options.resume:
            self._resume()

    def _read(self, options):
        self.targets = targets = Targets(options.cache, options.stage1, options.teacher)
        self.sources = {"names": Names(self.tokenizer, targets.of_names, self.rng, options.batch_tokens)}
        self.held = {}
        for name in SHARES:
            if not (options.cache / "texts" / f"{name}.npy").exists():
                continue
            texts, rows = targets.of_list(name)
            kept = np.arange(len(texts)) % HELD_EVERY != 0
            trained = [texts[i] for i in np.flatnonzero(kept)]
            self.sources[name] = Texts(self.tokenizer, trained, rows[kept], self.rng, options.batch_tokens)
            self.held[name] = ([texts[i] for i in np.flatnonzero(~kept)], rows[~kept].float())

    @torch.no_grad()
    def start_from_words(self):
        """A start that knows words: each piece gets the leading components of its own vector, the first layer passes
        their mean to the end token, and the projection is fitted to the targets by least squares."""
        vectors = self.targets.of_pieces(self.tokenizer.pieces)
        width = self.model.token_embedding.weight.shape[1]
        centred = vectors - vectors.mean(dim=0)
        components = torch.linalg.svd(centred.t() @ centred)[0][:, :width]
        pieces = centred @ components
        self.model.token_embedding.weight.copy_(PIECE_SCALE * pieces / pieces.std())
        first = self.model.transformer.resblocks[0].attn
        first.in_proj_weight[2 * width :].copy_(torch.eye(width))
        first.out_proj.weight.copy_(torch.eye(width))
        rows, wanted = [], []
        for source in self.sources.values():
            for _ in range(START_BATCHES):
                tokens, targets = source.draw()
                rows.append(self.model.encode_text(tokens, projected=False))
                wanted.append(targets)
        rows, wanted = torch.cat(rows), torch.cat(wanted)
        normal = rows.t() @ rows
        ridge = RIDGE * normal.diagonal().mean() * torch.eye(width)
        self.model.text_projection.copy_(torch.linalg.solve(normal + ridge, rows.t() @ wanted))

    def _resume(self):
        state = torch.load(self.options.work / "text.pt", map_location=torch.get_default_device())
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.average.state = state["average"]
        self.used, self.step = state["used"], state["step"]

    def save(self):
        state = {
            "model": self.model.state_dict(), "average": self.average.state, "optimizer": self.optimizer.state_dict(),
            "used": self.used, "step": self.step,
        }  # fmt: skip
        save_checkpoint(state, self.options.work / "text.pt")

    def run(self):
        options = self.options
        options.work.mkdir(parents=True, exist_ok=True)
        names = list(self.sources)  # "names" first
        shares = np.array([SHARES[name] for name in names[1:]])
        shares = np.concatenate([[options.names_share], (1 - options.names_share) * shares / shares.sum()])
        sums, counts = dict.fromkeys(names, 0.0), dict.fromkeys(names, 0)
        device = torch.get_default_device().type
        clock = time.process_time if device == "cpu" else time.monotonic
        begin, reported, budget = clock() - self.used, clock(), options.minutes * 60
        while self.used < budget:
            for group in self.optimizer.param_groups:
                group["lr"] = learning_rate(self.used / budget, options.rate, 0.03)
            source = str(self.rng.choice(names, p=shares))
            tokens, targets = self.sources[source].draw()
            with torch.autocast(device, torch.bfloat16, enabled=not options.fp32):
                vectors = self.model.encode_text(tokens)
            loss = (1 - (vectors.float() * targets).sum(dim=-1)).mean()
            self.optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            self.optimizer.step()
            self.step += 1
            self.average.update(self.step)
            sums[source] += loss.detach()
            counts[source] += 1
            self.used = clock() - begin
            if clock() - reported > 60 * options.report or self.used >= budget:
                reported = clock()
                row = {name: round(1 - float(sums[name]) / max(1, counts[name]), 4) for name in names}
                sums, counts = dict.fromkeys(names, 0.0), dict.fromkeys(names, 0)
                row.update(self.measured())
                append_row(options.work / "stage2.tsv", ("minutes", "step", *row), (round(self.used / 60, 1), self.step, *row.values()))
                print(f"{self.used / 60:.1f} min, step {self.step}", row, flush=True)
                self.save()

    @torch.no_grad()
    def measured(self):
        """Cosines of the averaged weights to the targets: names as they are, under a template, held-out texts."""
        kept = {name: value.clone() for name, value in self.model.state_dict().items()}
        self.model.load_state_dict(self.average.state)
        result = {}
        for key, template in (("plain", "{label}"), ("photo", "a photo of {a} {label}")):
            tokens, targets = self.sources["names"].plain(template)
            result[f"names_{key}"] = self._cosine(tokens, targets)
        for name, (texts, targets) in self.held.items():
            result[f"held_{name}"] = self._cosine(self.tokenizer.batch(texts), targets)
        self.model.load_state_dict(kept)
        return result

    def _cosine(self, tokens, targets):
        vectors = torch.cat([self.model.encode_text(part) for part in tokens.split(256)])
        return round((vectors * targets).sum(dim=-1).mean().item(), 4)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, required=True, help="the folder of teacher_texts.py")
    parser.add_argument("--model", type=Path, default=Path("scripts/train/lite_model"), help="folder with config.json and tokenizer.model")
    parser.add_argument("--stage1", type=Path, help="stage1.pt of train_lite_image.py")
    parser.add_argument("--init", type=Path, help="text.pt of an earlier run whose averaged weights to start from")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=60, help="processor time, so that other work does not cut the run short; on a GPU time")
    parser.add_argument("--batch-tokens", type=int, default=2000, help="tokens of a batch, padding included; 32000 on a GPU")
    parser.add_argument("--teacher", type=Path, help="the teacher's folder; default: that of the installed package")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--report", type=float, default=2, help="minutes between two checkpoints")
    parser.add_argument("--names-share", type=float, default=0.45, help="of the batches are names of the label sets")
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--decay", type=float, default=0.01)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fp32", action="store_true", help="no bfloat16 (for processors without avx512_bf16)")
    parser.add_argument("--resume", action="store_true", help="continue from WORK/text.pt")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.set_default_device(options.device)
    Trainer(options).run()


if __name__ == "__main__":
    main()
