#!/usr/bin/env python3
"""Writes the goldens of NaFlex SigLIP 2: a small random model, what transformers makes of it, and sizes of pictures.

usage: naflex_towers.py tests/clip/data tests/image/data

Reference: transformers 5.24 (Siglip2Model; get_image_size_for_max_num_patches of its image processor) in float32 with
torch 2.13. Weights are rounded to F16 before the reference sees them.

Pixels of picture i, channel c, row y, column x, and texts, are those of clip_towers.py; texts' ids are those of
open_clip_towers.py. A picture's patches are rows of (row, column, channel); pictures of different shapes share one batch
and are padded with patches of zeros.
"""
import math
import sys
from pathlib import Path

import torch
import transformers
from transformers import Siglip2Config, Siglip2Model
from transformers.models.siglip2.image_processing_pil_siglip2 import convert_image_to_patches, get_image_size_for_max_num_patches, pad_along_first_dim

import clip_towers as base
from open_clip_towers import TEXTS, randomize, siglip_ids

PATCH, GRID, MAX_PATCHES = 8, 4, 24
SHAPES = ((4, 4), (3, 7), (1, 24), (6, 2), (4, 6))  # patches down and across
SIDES = (1, 2, 7, 16, 100, 224, 255, 256, 257, 481, 640, 1067, 1203, 1600, 3000, 4032, 12000)
BUDGETS = ((16, 256), (16, 64), (16, 729), (14, 256), (8, 24), (16, 1), (32, 1024))


def picture(index, height, width):
    c, y, x = torch.meshgrid(torch.arange(3), torch.arange(height), torch.arange(width), indexing="ij")
    return ((((7 + 5 * index) * x + (13 - 3 * index) * y + 29 * c + index * x * y) % 64).float() / 32 - 1).numpy()


def config():
    shape = {"hidden_size": 24, "intermediate_size": 96, "num_hidden_layers": 2, "num_attention_heads": 3}
    return {"model_type": "siglip2", "vision_config": {**shape, "num_patches": GRID * GRID, "patch_size": PATCH},
            "text_config": {**shape, "vocab_size": base.VOCAB, "max_position_embeddings": base.CONTEXT}}


def embeddings(model):
    patches, masks = zip(*(pad_along_first_dim(convert_image_to_patches(picture(i, down * PATCH, across * PATCH), PATCH), MAX_PATCHES)
                           for i, (down, across) in enumerate(SHAPES)))
    as_tensor = lambda rows: torch.stack([torch.from_numpy(row) for row in rows])  # noqa: E731
    images = model.get_image_features(pixel_values=as_tensor(patches), pixel_attention_mask=as_tensor(masks), spatial_shapes=torch.tensor(SHAPES))
    ids = torch.tensor([siglip_ids(text) for text in TEXTS])
    return {"images": base.unit_rows(images.pooler_output), "texts": base.unit_rows(model.get_text_features(input_ids=ids).pooler_output)}


def write_sizes(path):
    """One line for a picture: patch, most patches, its width and height, the width and height that it is resized to."""
    lines = []
    for patch, most in BUDGETS:
        for width in SIDES:
            for height in SIDES:
                resized_height, resized_width = get_image_size_for_max_num_patches(height, width, patch, most)
                lines.append(f"{patch} {most} {width} {height} {resized_width} {resized_height}")
    path.write_text("\n".join(lines) + "\n")


def main():
    folder = Path(sys.argv[1])
    torch.set_num_threads(1)
    model = Siglip2Model(Siglip2Config(**{key: value for key, value in config().items() if key != "model_type"})).eval()
    with torch.no_grad():
        randomize(model, 13)
        golden = embeddings(model)
    assert all(math.isfinite(value) for rows in golden.values() for row in rows for value in row)
    target = folder / "naflex"
    target.mkdir(parents=True, exist_ok=True)
    base.write_safetensors(target / "model.safetensors", model.state_dict())
    base.write_json(target / "config.json", config())
    base.write_json(target / "preprocessor_config.json",
                    {"image_processor_type": "Siglip2ImageProcessor", "patch_size": PATCH, "max_num_patches": MAX_PATCHES, "resample": 2,
                     "image_mean": [0.5] * 3, "image_std": [0.5] * 3, "rescale_factor": 1 / 255})
    base.write_json(folder / "naflex_golden.json",
                    {"made_by": {"script": "scripts/goldens/naflex_towers.py", "references": [f"transformers {transformers.__version__}"], "torch": torch.__version__},
                     "texts": TEXTS, "shapes": SHAPES, "naflex": golden})
    write_sizes(Path(sys.argv[2]) / "naflex_sizes.txt")


if __name__ == "__main__":
    main()
