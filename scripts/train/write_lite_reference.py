"""Writes MODEL/reference.json of an exported `lite`: what this implementation makes of a fixed image and three texts."""

import argparse
import json
from pathlib import Path

import numpy as np
import PIL
import sentencepiece
import torch
from efficientnet_lite_pytorch import __version__ as tower_version

from export import load_model
from extract_features import MEAN, SCALE, SIDES, centre
from lite_tower import default_weights, load_tower
from texts import Tokenizer
from write_reference import FIRST, FORMULA, formula_image

TEXTS = ("a photo of a dog", "two people riding bicycles down a street", "this is a screenshot")


def rounded(values):
    return [round(value, 6) for value in values.tolist()]


@torch.no_grad()
def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=Path("models/lite"))
    parser.add_argument("--weights", type=Path, help="the tower's .pth; default: that of the installed package")
    options = parser.parse_args()
    model = load_model(options.model)
    variant = model.config["vision_config"]["image_tower"].removeprefix("efficientnet-")
    tower = load_tower(variant, options.weights or default_weights(variant))
    square = np.asarray(centre(formula_image(), SIDES[variant]), np.float32)
    image = model.encode_image(tower(torch.from_numpy((square - MEAN) / SCALE).permute(2, 0, 1)[None]))[0]
    tokenizer = Tokenizer(options.model / "tokenizer.model", model.config["text_config"]["max_position_embeddings"])
    texts = model.encode_text(tokenizer.batch(TEXTS))
    reference = {
        "made_by": {
            "script": "scripts/train/write_lite_reference.py",
            "torch": torch.__version__,
            "sentencepiece": sentencepiece.__version__,
            "pillow": PIL.__version__,
            "efficientnet_lite_pytorch": tower_version,
            "computed_in": "float32 from the F16 weights of model.safetensors",
        },
        "image": {"formula": FORMULA, "embedding_first_8": rounded(image[:FIRST])},
        "texts": [
            {
                "text": text,
                "ids": tokenizer.encode(text),
                "embedding_first_8": rounded(row[:FIRST]),
                "cosine": round(float(row @ image), 6),
            }
            for text, row in zip(TEXTS, texts)
        ],
        "logit_scale_exp": round(model.logit_scale.exp().item(), 4),
    }
    (options.model / "reference.json").write_text(json.dumps(reference, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
