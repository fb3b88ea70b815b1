"""Writes reference numbers of an exported `lite`: pooled features and embeddings of photos, embeddings of texts."""

import argparse
import json
from pathlib import Path

import numpy as np
import PIL
import torch
from efficientnet_lite_pytorch import __version__ as tower_version

from export import load_model
from extract_features import MEAN, SCALE, SIDES, centre
from lite_tower import default_weights, load_tower
from lite_photos import read_file
from texts import Tokenizer

TEXTS = (
    "a photo of a dog", "two people riding bicycles down a street", "kitchen", "screenshot", "a golden retriever",
    "a red double-decker bus", "a painting of a house", "a photo of the sea",
)  # fmt: skip
PHOTOS = 20


def rounded(array):
    return [round(float(value), 6) for value in array]


@torch.no_grad()
def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=Path("models/lite"))
    parser.add_argument("--photos", type=Path, default=Path("/usr/share/doc/opencv-doc/examples/data"))
    parser.add_argument("--weights", type=Path, help="the tower's .pth; default: that of the installed package")
    options = parser.parse_args()
    model = load_model(options.model)
    variant = model.config["vision_config"]["image_tower"].removeprefix("efficientnet-")
    tower = load_tower(variant, options.weights or default_weights(variant))
    photos = []
    for path in sorted(options.photos.glob("*.jpg"))[:PHOTOS]:
        square = np.asarray(centre(read_file(path), SIDES[variant]), np.float32)
        features = tower(torch.from_numpy((square - MEAN) / SCALE).permute(2, 0, 1)[None])
        embedding = model.encode_image(features)[0]
        photos.append({"photo": path.name, "features": rounded(features[0]), "embedding": rounded(embedding)})
    tokenizer = Tokenizer(options.model / "tokenizer.model", model.config["text_config"]["max_position_embeddings"])
    embeddings = model.encode_text(tokenizer.batch(TEXTS))
    texts = [{"text": text, "embedding": rounded(row)} for text, row in zip(TEXTS, embeddings)]
    versions = {"torch": torch.__version__, "pillow": PIL.__version__, "efficientnet_lite_pytorch": tower_version}
    result = {"versions": versions, "logit_scale": model.logit_scale.exp().item(), "photos": photos, "texts": texts}
    (options.model / "reference.json").write_text(json.dumps(result) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
