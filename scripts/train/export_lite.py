"""Puts stage 1's projection and stage 2's text tower together into models/lite/model.safetensors (F16).

Configuration and vocabulary are copied from the folder that training used.
"""

import argparse
import shutil
from pathlib import Path

import torch

from clip_model import Clip, read_config
from export import export_weights, load_model

LIMIT_BYTES = 16_000_000


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage1", type=Path, required=True, help="stage1.pt of train_lite_image.py")
    parser.add_argument("--text", type=Path, required=True, help="text.pt of train_lite_text.py, or an exported model's folder")
    parser.add_argument("--base", type=Path, default=Path("scripts/train/lite_model"), help="configuration and vocabulary")
    parser.add_argument("--model", type=Path, default=Path("models/lite"), help="folder to write")
    options = parser.parse_args()
    stage1 = torch.load(options.stage1, map_location="cpu")
    if options.text.is_dir():
        model = load_model(options.text)
    else:
        model = Clip(read_config(options.base / "config.json"))
        model.load_state_dict(torch.load(options.text, map_location="cpu")["average"])
    model.visual.load_state_dict(stage1["visual"])
    with torch.no_grad():
        model.logit_scale.copy_(stage1["scales"][0])
    options.model.mkdir(parents=True, exist_ok=True)
    for name in ("config.json", "preprocessor_config.json", "kiloword.json", "tokenizer.model"):
        shutil.copy(options.base / name, options.model / name)
    path = options.model / "model.safetensors"
    export_weights(model.state_dict(), path)
    if path.stat().st_size > LIMIT_BYTES:
        raise SystemExit(f"{path} has {path.stat().st_size} bytes; {LIMIT_BYTES} are allowed")


if __name__ == "__main__":
    main()
