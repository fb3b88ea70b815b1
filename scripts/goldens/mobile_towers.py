#!/usr/bin/env python3
"""Writes the goldens of MobileCLIP's towers in tests/clip/data: small random networks and what published code makes of
them.

usage: mobile_towers.py tests/clip/data

References: PyPI's timm 1.0.31 (FastVit, VisionTransformer with and without ConvStem) and open_clip_torch 3.3.0
(TextTransformer without causal mask), run in float32 with torch 2.13. Weights are rounded to F16 before the references
see them; batch normalisation has random statistics.
- mobile_clip/NAME.safetensors: the weights of one tower; of FastViT with four stages also with its branches folded by
  timm's reparameterize(), in F32.
- mobile_clip_golden.json: embeddings by NAME, of pixels of clip_towers.py (`side` of them) or of its texts' token ids.
"""
import copy
import sys
from functools import partial
from pathlib import Path

import open_clip
import timm
import torch
from open_clip.transformer import TextTransformer
from safetensors.torch import save_file
from timm.layers import HybridEmbed, LayerNorm, LayerNorm2d
from timm.models.fastvit import FastVit, RepConditionalPosEnc
from timm.models.vision_transformer import VisionTransformer
from timm.models.vision_transformer_hybrid import ConvStem
from torch import nn

import clip_towers as base

torch.set_grad_enabled(False)
SIDES = {"fastvit": 72, "fastvit_folded": 72, "fastvit_five": 67, "stem": 32, "vit": 36}


def randomize(model, seed):
    generator = torch.Generator().manual_seed(seed)
    for name, value in model.state_dict().items():
        if not value.is_floating_point():
            continue
        noise = torch.randn(value.shape, generator=generator)
        if name.endswith("running_var"):
            noise = 0.6 + 0.5 * noise.abs()
        elif name.endswith("gamma"):
            noise = 0.4 * noise
        elif value.dim() == 1:
            noise = 1 + 0.3 * noise if name.endswith("weight") else 0.2 * noise
        elif "embed" in name and "patch" not in name:
            noise = 0.5 * noise
        else:
            noise = noise * 1.3 * (value.shape[0] if name == "text_projection" else value[0].numel()) ** -0.5
        value.copy_(noise.half().float())
    return model.eval()


def fastvit(stages):
    positions = partial(RepConditionalPosEnc, spatial_shape=(7, 7))
    five = stages == 5
    return FastVit(
        layers=(1, 2, 1, 1, 1)[:stages], embed_dims=tuple(8 << i for i in range(stages)), mlp_ratios=(2,) * stages,
        downsamples=(False, True, True, True, True)[:stages],
        se_downsamples=(False,) * 5 if five else (False, False, True, True),
        pos_embs=(None, None, None, positions, positions)[:stages],
        token_mixers=("repmixer", "repmixer", "repmixer", "attention", "attention")[:stages], lkc_use_act=True,
        num_classes=base.JOINT, norm_layer=partial(LayerNorm2d, eps=1e-5) if five else nn.BatchNorm2d,
        stem_use_scale_branch=not five)


def transformer(**settings):
    return VisionTransformer(embed_dim=24, depth=2, num_heads=3, global_pool="token", num_classes=base.JOINT, **settings)


def convolutional_stem():
    stem = ConvStem(channels=(6, 6, 24), stride=(4, 2, 2), kernel_size=(4, 2, 2), padding=0, act_layer=nn.GELU)
    return transformer(img_size=SIDES["stem"], patch_size=1, no_embed_class=True,
                       embed_layer=partial(HybridEmbed, backbone=stem, proj=False))


def main():
    folder = Path(sys.argv[1])
    (folder / "mobile_clip").mkdir(exist_ok=True)
    towers = {"fastvit": randomize(fastvit(4), 1), "fastvit_five": randomize(fastvit(5), 2),
              "stem": randomize(convolutional_stem(), 3),
              "vit": randomize(transformer(img_size=SIDES["vit"], patch_size=8, pre_norm=True,
                                           norm_layer=partial(LayerNorm, eps=1e-5)), 4)}
    towers["fastvit_folded"] = copy.deepcopy(towers["fastvit"])
    for module in towers["fastvit_folded"].modules():
        if hasattr(module, "reparameterize"):
            module.reparameterize()
    golden = {"made_by": {"script": "scripts/goldens/mobile_towers.py", "timm": timm.__version__,
                          "open_clip": open_clip.__version__, "torch": torch.__version__}, "sides": SIDES}
    for name, tower in towers.items():
        golden[name] = base.unit_rows(tower.eval()(base.pixels(SIDES[name])))
        state = {"visual.trunk." + key: value for key, value in tower.state_dict().items()
                 if value.is_floating_point()}
        write(folder, name, state, torch.float32 if name == "fastvit_folded" else torch.float16)
    text = randomize(TextTransformer(
        context_length=base.CONTEXT, vocab_size=base.VOCAB, width=base.TEXT_WIDTH, heads=base.TEXT_HEADS,
        layers=base.TEXT_LAYERS, output_dim=base.JOINT, no_causal_mask=True), 5)
    ids = [base.padded(base.token_ids(words)) for words in base.TEXTS]
    golden["text"] = base.unit_rows(text(torch.tensor(ids)))
    golden["ids"] = ids
    write(folder, "text", {"text." + key: value for key, value in text.state_dict().items()}, torch.float16)
    base.write_json(folder / "mobile_clip_golden.json", golden)


def write(folder, name, state, kind):
    path = folder / "mobile_clip" / f"{name}.safetensors"
    save_file({key: value.to(kind).contiguous() for key, value in state.items()}, path)


if __name__ == "__main__":
    main()
