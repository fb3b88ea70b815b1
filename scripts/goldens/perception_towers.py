#!/usr/bin/env python3
"""Writes the goldens of PE-Core's image tower in tests/clip/data: small random networks and what timm makes of them.

usage: perception_towers.py tests/clip/data

Reference: PyPI's timm 1.0.31 (Eva with rotary positions and attention pooling), run in float32 with torch 2.13. Weights are
rounded to F16 before the reference sees them.
- perception/NAME.safetensors: the weights of one tower, with a class token and without.
- perception_golden.json: embeddings by NAME, of pixels of clip_towers.py (`side` of them).
"""
import sys
from functools import partial
from pathlib import Path

import timm
import torch
from safetensors.torch import save_file
from timm.layers import LayerNorm
from timm.models.eva import Eva

import clip_towers as base
from mobile_towers import randomize

SIDES = {"with_class": 40, "without_class": 32}


def tower(name):
    side, has_class = SIDES[name], name == "with_class"
    return Eva(img_size=side, patch_size=8, embed_dim=32, depth=2, num_heads=2, mlp_ratio=2.0, global_pool="map", attn_type="rope", class_token=has_class,
               use_pre_transformer_norm=True, use_rot_pos_emb=True, ref_feat_shape=(side // 8, side // 8), rope_grid_offset=1.0 if has_class else 0.0,
               rope_grid_indexing="xy", attn_pool_num_heads=8, attn_pool_mlp_ratio=4.0, norm_layer=partial(LayerNorm, eps=1e-5), num_classes=base.JOINT)


def main():
    folder = Path(sys.argv[1])
    (folder / "perception").mkdir(exist_ok=True)
    golden = {"made_by": {"script": "scripts/goldens/perception_towers.py", "timm": timm.__version__, "torch": torch.__version__}, "sides": SIDES}
    for seed, name in enumerate(SIDES):
        network = randomize(tower(name), 21 + seed)
        golden[name] = base.unit_rows(network(base.pixels(SIDES[name])))
        state = {"visual.trunk." + key: value.half().contiguous() for key, value in network.state_dict().items()}
        save_file(state, folder / "perception" / f"{name}.safetensors")
    base.write_json(folder / "perception_golden.json", golden)


if __name__ == "__main__":
    main()
