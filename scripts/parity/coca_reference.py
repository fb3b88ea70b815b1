"""Prints the token ids that OpenCLIP's generate() writes about images, a JSON list each, without start and end token.

usage: coca_reference.py FOLDER TOKENS IMAGE...

Needs transformers 4.55.4: OpenCLIP 3.3 uses its beam search, which later ones do not have.
"""
import json
import sys
from pathlib import Path

import open_clip
import torch
from PIL import Image
from safetensors.torch import load_file

END = 49407


def main():
    folder, tokens, images = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    config = json.loads((folder / "open_clip_config.json").read_text())["model_cfg"]
    model = open_clip.CoCa(**{key: value for key, value in config.items() if key != "custom_text"}).eval()
    model.load_state_dict(load_file(folder / "open_clip_model.safetensors"))
    transform = open_clip.image_transform(model.visual.image_size, is_train=False)
    with torch.no_grad():
        for image in images:
            row = model.generate(transform(Image.open(image).convert("RGB"))[None], seq_len=tokens + 1)[0].tolist()
            print(json.dumps(row[1:row.index(END)] if END in row else row[1:]), flush=True)


if __name__ == "__main__":
    main()
