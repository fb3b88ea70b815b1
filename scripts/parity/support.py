"""What all cases share: a registry, pictures and texts, random weights, calls of kiloword, and the comparison."""
import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

for name, value in {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "CUDA_VISIBLE_DEVICES": "", "TOKENIZERS_PARALLELISM": "false"}.items():
    os.environ.setdefault(name, value)

import numpy as np  # noqa: E402
import torch  # noqa: E402
from PIL import Image, ImageDraw  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from random_checkpoint.randomize import randomize  # noqa: E402, F401, for the cases

torch.set_grad_enabled(False)
EQUAL = 0.99999


@dataclass
class Row:
    """One line of the table."""
    case: str
    result: str
    images: float | None = None
    texts: float | None = None
    spread: float | None = None
    note: str = ""


@dataclass
class Session:
    """The program under test and a folder of one's own."""
    program: str = "kiloword"
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="kiloword-parity-")))

    def fresh(self, name):
        path = self.folder / name
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
        return path

    def run(self, *arguments, stdin=None):
        return subprocess.run([self.program, *map(str, arguments)], capture_output=True, text=True, input=stdin, timeout=900)

    def embed(self, model, images=(), texts=(), exact=True):
        out = self.folder / "rows.npy"
        out.unlink(missing_ok=True)
        words = [part for text in texts for part in ("--text", text)]
        flags = ["--exact"] if exact and images else []
        done = self.run("embed", "-q", "--npy", out, "--model", model, *flags, *words, *images)
        if not out.exists():
            raise Refusal(done.stderr.strip().replace(str(self.folder), "FOLDER"))
        return np.load(out)


class Refusal(Exception):
    """kiloword's own words about what it does not take."""


SESSION = Session()
CASES = []


def case(name):
    """Registers a function that returns rows; `name` is what the command line picks by."""
    def register(function):
        CASES.append((name, function))
        return function
    return register


def unit(values):
    values = np.asarray(values.detach().float() if torch.is_tensor(values) else values, np.float64)
    return values / np.linalg.norm(values, axis=-1, keepdims=True)


def lowest_cosine(ours, theirs):
    """Of rows that belong together, and how far the reference's own rows are apart."""
    ours, theirs = unit(ours), unit(theirs)
    if ours.shape != theirs.shape:
        return 0.0, 0.0
    others = (theirs @ theirs.T)[~np.eye(len(theirs), dtype=bool)]
    return float((ours * theirs).sum(-1).min()), float(1 - others.mean()) if others.size else 0.0


def compare(name, model, image_reference=None, text_reference=None, images=None, texts=None):
    """kiloword's rows of `model` beside those of functions of paths and of texts."""
    row = Row(name, "equal")
    try:
        if image_reference:
            paths = [pictures()[key] for key in images or FEW_PICTURES]
            row.images, row.spread = lowest_cosine(SESSION.embed(model, images=paths), image_reference(paths))
        if text_reference:
            chosen = TEXTS if texts is None else texts
            row.texts, spread = lowest_cosine(SESSION.embed(model, texts=chosen), text_reference(chosen))
            row.spread = min(spread, row.spread) if row.spread is not None else spread
    except Refusal as refusal:
        return Row(name, "FAILED", note=str(refusal))
    if min(value for value in (row.images, row.texts) if value is not None) < EQUAL:
        row.result = "DIFFERS"
    return row


def expect_refusal(name, model, command=("embed", "-q", "--text", "a cat"), option="--model", says=""):
    done = SESSION.run(*command, option, model)
    message = done.stderr.strip().replace(str(SESSION.folder), "FOLDER")
    if done.returncode == 0:
        return Row(name, "ACCEPTED")
    return Row(name, "refused" if re.search(says, message) else "FAILED", note=message)


@contextlib.contextmanager
def settings(path):
    """The JSON in `path`, to be changed."""
    values = json.loads(path.read_text())
    yield values
    path.write_text(json.dumps(values))


TEXTS = [
    "a photo of a cat", "A Photo Of A DOG!!!", "two  people\triding\n bicycles", "", " ", "une \u00e9l\u00e8ve \u00e0 l'\u00e9cole, na\u00efve fa\u00e7ade", "\u0130stanbul, \u03a3\u038a\u03a3\u03a5\u03a6\u039f",
    "\u4e00\u53ea\u732b", "\uace0\uc591\uc774", "\u0643\u0644\u0628", "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f44d\U0001f3fd", "it's we're they've I'd 'sup", "3.14159 = \u03c0, 10% off; $5.00 (USD) @ #7", "x", "the quick brown fox " * 40,
    "supercalifragilistic" * 12,
]
# Where tokenizers part ways: normalization, entities, quotes, wide letters, control characters, their own marks.
TRICKY_TEXTS = [
    "cafe\u0301 e\u0301le\u0300ve", "\u1112\u1161\u11ab", "salt &amp; pepper &lt;b&gt;", "a &amp;amp; b", "\uff26\uff35\uff2c\uff2c \uff11\uff12", "\ufb01ne \ufb02ower", "it\u2019s \u201cfine\u201d \u2026 a\u2013b",
    "before <|endoftext|> after", "before <|ENDOFTEXT|> after", "a\u00a0b\u3000c\u200bd\u2028e", "a\x07b\x1bc\x7f", "\ufeffhello", "\u1e9e \u01c5 \u0391\u03a3", "n\u0303 o\u0308 \u0345", "\u2163 \u00bd \u00b2", "   leading",
]
FEW_PICTURES = ("portrait", "grey", "odd", "square")


def _scene(width, height, seed):
    """Smooth noise under a few shapes: something at every scale."""
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 256, (9, 9, 3), dtype=np.uint8)).resize((width, height), Image.BICUBIC)
    fine = rng.integers(-25, 26, (height, width, 3))
    image = Image.fromarray(np.clip(np.asarray(coarse) + fine, 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    for _ in range(20):
        x, y = int(rng.integers(width)), int(rng.integers(height))
        box = [x, y, x + int(rng.integers(1, max(2, width // 3))), y + int(rng.integers(1, max(2, height // 3)))]
        draw.ellipse(box, fill=tuple(int(value) for value in rng.integers(0, 256, 3)))
    return image


def pictures():
    """Paths by name, drawn at the first call."""
    folder = SESSION.folder / "pictures"
    made = {"portrait": (481, 1203, "RGB"), "grey": (641, 427, "L"), "odd": (3000, 401, "RGB"), "square": (224, 224, "RGB"), "tiny": (9, 7, "RGB"),
            "photo": (1600, 1067, "RGB")}
    if not folder.exists():
        folder.mkdir()
        for seed, (name, (width, height, mode)) in enumerate(made.items()):
            _scene(width, height, seed).convert(mode).save(folder / f"{name}.png")
    return {name: folder / f"{name}.png" for name in made}
