"""Writes MODEL/reference.json: what this implementation makes of a fixed image and three texts, for tests elsewhere."""

import argparse
import json
from pathlib import Path

import numpy as np
import PIL
import sentencepiece
import torch
from PIL import Image

from zero_shot import Encoder

TEXTS = ("a photo of an amusement park", "this is a sketch", "Image with Ferris the crab in it.")
SIDE = 64
FIRST = 8
FORMULA = "64x64 RGB u8, value of column x, row y, channel c = (4*x + 2*y*c + 40*c) mod 256"


def formula_image():
    y, x, c = np.meshgrid(np.arange(SIDE), np.arange(SIDE), np.arange(3), indexing="ij")
    return Image.fromarray(((4 * x + 2 * y * c + 40 * c) % 256).astype(np.uint8))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=Path("models/nano"))
    options = parser.parse_args()
    encoder = Encoder(options.model)
    image, text = encoder.images([formula_image()])[0], encoder.texts(list(TEXTS))

    def rounded(values):
        return [round(value, 6) for value in values.tolist()]

    reference = {
        "made_by": {
            "script": "scripts/train/write_reference.py",
            "torch": torch.__version__,
            "sentencepiece": sentencepiece.__version__,
            "numpy": np.__version__,
            "pillow": PIL.__version__,
            "computed_in": "float32 from the F16 weights of model.safetensors",
        },
        "image": {"formula": FORMULA, "embedding_first_8": rounded(image[:FIRST])},
        "texts": [
            {
                "text": TEXTS[index],
                "ids": encoder.tokenizer.encode(TEXTS[index]),
                "embedding_first_8": rounded(text[index, :FIRST]),
                "cosine": round(float(text[index] @ image), 6),
            }
            for index in range(len(TEXTS))
        ],
        "logit_scale_exp": round(encoder.model.logit_scale.exp().item(), 4),
    }
    (options.model / "reference.json").write_text(json.dumps(reference, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
