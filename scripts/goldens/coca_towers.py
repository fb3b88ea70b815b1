#!/usr/bin/env python3
"""Writes the goldens of CoCa in tests/clip/data: a small random network and what published code makes of it.

usage: coca_towers.py tests/clip/data

Reference: PyPI's open_clip_torch 3.3.0 (CoCa), run in float32 with torch 2.13; its generate() with the beam search of
transformers 4.55.4, since transformers 5 has none. Weights are rounded to F16 before the reference sees them.
- coca/open_clip_model.safetensors, coca/open_clip_config.json: the network. Its vocabulary is that of clip_towers.py.
- coca_golden.json: what generate() writes about variants of its pixels, embeddings of them and of token ids, among them a text that fills the context, one cut by it
  and some with id 0, "!", inside a word: the published mask of padding hides the token behind it.
"""
import copy
import importlib.metadata
import sys
from pathlib import Path

import open_clip
import torch
from open_clip.coca_model import CoCa
from safetensors.torch import save_file

import clip_towers as base

torch.set_grad_enabled(False)
SIDE, CONTEXT = 32, 32
END_SCALE, SEED = 2, 7
base.CONTEXT = CONTEXT
CONFIG = {
    "embed_dim": base.JOINT,
    "vision_cfg": {"image_size": SIDE, "layers": 2, "width": 24, "head_width": 8, "patch_size": 8, "attentional_pool": True,
                   "attn_pooler_heads": 4, "attn_pooler_queries": 6, "output_tokens": True},
    "text_cfg": {"context_length": CONTEXT, "vocab_size": base.VOCAB, "width": base.JOINT, "heads": 2, "layers": 2,
                 "embed_cls": True, "output_tokens": True},
    "multimodal_cfg": {"context_length": CONTEXT, "vocab_size": base.VOCAB, "width": base.JOINT, "heads": 2, "layers": 2,
                       "attn_pooler_heads": 4},
}
TEXTS = ["a", "a dog", "!?", "a !!? b", "abcdefghij" * 3, "abcdefghij" * 3 + "k",
         "a sentence that is too long for the context"]


def randomize(model, seed):
    generator = torch.Generator().manual_seed(seed)
    for name, value in model.state_dict().items():
        noise = torch.randn(value.shape, generator=generator)
        if name == "logit_scale":
            noise = torch.tensor(3.25)
        elif value.dim() <= 1:
            noise = 1 + 0.3 * noise if name.endswith("weight") else 0.2 * noise
        elif "embed" in name or name.endswith("query"):
            noise = 0.5 * noise
        else:
            inputs = value.shape[0] if name.endswith((".proj", "text_projection")) else value[0].numel()
            noise = noise * 1.3 * inputs ** -0.5
        if name == "text_decoder.text_projection":
            noise[:, base.END] *= END_SCALE  # so that some texts end before they must
        value.copy_(noise.half().float())
    return model.eval()


def ids_of(text):
    return base.token_ids(text)[:-1][:CONTEXT - 1] + [base.END]


def variants(pixels):
    """More images: x, -x, x / 2 and x * x - 1 / 2 of each of `pixels`."""
    return [x for image in pixels for x in (image, -image, image / 2, image * image - 0.5)]


def generated(model, image):
    """What model.generate() writes with its defaults, without start and end token."""
    row = model.generate(image[None], sot_token_id=base.START, eos_token_id=base.END)[0].tolist()
    return row[1:row.index(base.END)] if base.END in row else row[1:]


def main():
    folder = Path(sys.argv[1])
    model = randomize(CoCa(**copy.deepcopy(CONFIG)), SEED)
    (folder / "coca").mkdir(exist_ok=True)
    state = {name: value.half().contiguous() for name, value in model.state_dict().items()}
    save_file(state, folder / "coca" / "open_clip_model.safetensors")
    base.write_json(folder / "coca" / "open_clip_config.json", {"model_cfg": CONFIG})
    ids = [ids_of(text) for text in TEXTS]
    padded = torch.tensor([row + [0] * (CONTEXT - len(row)) for row in ids])
    base.write_json(folder / "coca_golden.json", {
        "made_by": {"script": "scripts/goldens/coca_towers.py", "open_clip": open_clip.__version__,
                    "torch": torch.__version__, "transformers": importlib.metadata.version("transformers")},
        "side": SIDE, "texts": TEXTS, "ids": ids,
        "generated": [generated(model, image) for image in variants(base.pixels(SIDE))],
        "images": base.unit_rows(model.encode_image(base.pixels(SIDE))),
        "text": base.unit_rows(model.encode_text(padded))})


if __name__ == "__main__":
    main()
