#!/usr/bin/env python3
"""Writes the goldens of OpenCLIP and SigLIP models in tests/clip: small random models and what published code makes
of them.

usage: open_clip_towers.py OPEN_CLIP_CHECKOUT TIMM_CHECKOUT tests/clip/data

References: github.com/mlfoundations/open_clip at commit 89fb801f1e6087880e951fc8354b8a2077b79c6d (open_clip.model.CLIP,
open_clip.transformer.TextTransformer) and github.com/huggingface/pytorch-image-models at commit
aa4b5850c1543fa488abf260f18390eda46cf85d (VisionTransformer with attention pooling), run in float32 with Debian 12's
python3-torch 1.13.1. Weights are rounded to F16 before the references see them. SigLIP's are written under timm's and
OpenCLIP's names and, renamed here, under Hugging Face's.

Pixels, texts and token ids are those of clip_towers.py; SigLIP's texts have no start token and are padded with the end
token.
"""
import functools
import json
import sys
import types
from pathlib import Path

import torch
from torch import nn

import clip_towers as base

TEXTS = ["a", "a dog", "the cat sat", "photo of a tree", "x y z", "a sentence that is too long for the context"]


def attention(query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None):
    """torch 2's scaled_dot_product_attention by its documentation; torch 1.13 does not have it."""
    logits = query @ key.transpose(-2, -1) * (query.shape[-1] ** -0.5 if scale is None else scale)
    if is_causal:
        attn_mask = torch.full(logits.shape[-2:], float("-inf")).triu(1)
    return (logits if attn_mask is None else logits + attn_mask).softmax(-1) @ value


def load_references(open_clip_checkout, timm_checkout):
    sys.path[:0] = [str(Path(open_clip_checkout) / "src"), timm_checkout]
    nn.functional.scaled_dot_product_attention = attention
    # The package without its __init__, which imports training code that needs a newer torch.
    package = types.ModuleType("open_clip")
    package.__path__ = [str(Path(open_clip_checkout) / "src" / "open_clip")]
    sys.modules["open_clip"] = package
    import open_clip.model
    import open_clip.transformer
    import timm
    return open_clip, timm


def randomize(model, seed):
    generator = torch.Generator().manual_seed(seed)
    for name, value in model.state_dict().items():
        noise = torch.randn(value.shape, generator=generator)
        if name == "logit_scale":
            noise = torch.full(value.shape, 3.25)
        elif name == "logit_bias":
            noise = torch.full(value.shape, -10.0)
        elif value.dim() == 1 and name.endswith("weight"):  # norms
            noise = 1 + 0.3 * noise
        elif value.dim() == 1:
            noise = 0.3 * noise
        elif "embed" in name and "patch" not in name:
            noise = 0.5 * noise
        elif name in ("visual.proj", "text_projection"):
            noise = noise * value.shape[0] ** -0.5
        else:
            noise = noise * 1.3 * value[0].numel() ** -0.5
        value.copy_(noise.half().float())


def open_clip_config():
    return {"model_cfg": {
        "embed_dim": base.JOINT, "quick_gelu": False,
        "vision_cfg": {"image_size": 32, "layers": 2, "width": 24, "head_width": 8, "patch_size": 8},
        "text_cfg": {"context_length": base.CONTEXT, "vocab_size": base.VOCAB, "width": 24, "heads": 3, "layers": 2}},
        "preprocess_cfg": {"mean": [0.5, 0.5, 0.5], "std": [0.25, 0.25, 0.25], "resize_mode": "shortest"}}


def unit_rows(x):
    return base.unit_rows(x.detach())


def write_open_clip(open_clip, folder):
    config = open_clip_config()["model_cfg"]
    model = open_clip.model.CLIP(config["embed_dim"], config["vision_cfg"], config["text_cfg"]).eval()
    with torch.no_grad():
        randomize(model, 5)
        ids = torch.tensor([base.padded(base.token_ids(text)) for text in TEXTS])
        golden = {"images": unit_rows(model.encode_image(base.pixels(32))), "texts": unit_rows(model.encode_text(ids))}
    target = folder / "open_clip"
    target.mkdir(parents=True, exist_ok=True)
    base.write_safetensors(target / "open_clip_model.safetensors", model.state_dict())
    base.write_json(target / "open_clip_config.json", open_clip_config())
    return golden


class Siglip(nn.Module):
    def __init__(self, open_clip, timm, activation):
        super().__init__()
        self.visual = nn.Module()
        self.visual.trunk = timm.models.VisionTransformer(
            img_size=36, patch_size=8, embed_dim=24, depth=2, num_heads=3, class_token=False, global_pool="map",
            num_classes=0, act_layer=activation)
        self.text = open_clip.transformer.TextTransformer(
            context_length=base.CONTEXT, vocab_size=base.VOCAB, width=24, heads=3, layers=2, output_dim=24,
            no_causal_mask=True, pool_type="last", proj_bias=True, act_layer=activation,
            norm_layer=functools.partial(nn.LayerNorm, eps=1e-6))
        self.logit_scale = nn.Parameter(torch.zeros(1))
        self.logit_bias = nn.Parameter(torch.zeros(1))


def siglip_ids(text):
    alphabet = base.byte_alphabet()
    ids = []
    for word in text.split(" "):
        letters = [alphabet.index(letter) for letter in word]
        ids += letters[:-1] + [letters[-1] + 256]
    ids = ids[: base.CONTEXT - 1] + [base.END]
    return ids + [base.END] * (base.CONTEXT - len(ids))


def hugging_face_names(state):
    """The same weights under the names of transformers.SiglipModel."""
    trunk = {"patch_embed.proj": "embeddings.patch_embedding", "norm": "post_layernorm",
             "attn_pool.proj": "head.attention.out_proj", "attn_pool.norm": "head.layernorm",
             "attn_pool.mlp.fc1": "head.mlp.fc1", "attn_pool.mlp.fc2": "head.mlp.fc2"}
    block = {"norm1": "layer_norm1", "norm2": "layer_norm2", "attn.proj": "self_attn.out_proj", "mlp.fc1": "mlp.fc1",
             "mlp.fc2": "mlp.fc2", "ln_1": "layer_norm1", "ln_2": "layer_norm2", "attn.out_proj": "self_attn.out_proj",
             "mlp.c_fc": "mlp.fc1", "mlp.c_proj": "mlp.fc2"}
    renamed = {"logit_scale": state["logit_scale"], "logit_bias": state["logit_bias"],
               "vision_model.embeddings.position_embedding.weight": state["visual.trunk.pos_embed"][0],
               "vision_model.head.probe": state["visual.trunk.attn_pool.latent"],
               "text_model.embeddings.token_embedding.weight": state["text.token_embedding.weight"],
               "text_model.embeddings.position_embedding.weight": state["text.positional_embedding"]}
    for kind in ("weight", "bias"):
        parts = [state[f"visual.trunk.attn_pool.{part}.{kind}"] for part in ("q", "kv")]
        renamed[f"vision_model.head.attention.in_proj_{kind}"] = torch.cat(parts)
        renamed[f"text_model.final_layer_norm.{kind}"] = state[f"text.ln_final.{kind}"]
        renamed[f"text_model.head.{kind}"] = state[f"text.text_projection.{kind}"]
        for source, target in trunk.items():
            renamed[f"vision_model.{target}.{kind}"] = state[f"visual.trunk.{source}.{kind}"]
    for name, value in state.items():
        for tower, mark in (("vision_model", "visual.trunk.blocks."), ("text_model", "text.transformer.resblocks.")):
            if not name.startswith(mark):
                continue
            number, rest = name[len(mark):].split(".", 1)
            prefix = f"{tower}.encoder.layers.{number}."
            part, kind = rest.replace("in_proj_", "in_proj.").rsplit(".", 1)
            if part in ("attn.qkv", "attn.in_proj"):
                for letter, rows in zip("qkv", value.chunk(3)):
                    renamed[f"{prefix}self_attn.{letter}_proj.{kind}"] = rows
            else:
                renamed[f"{prefix}{block[part]}.{kind}"] = value
    return renamed


def siglip_config():
    shape = {"hidden_size": 24, "intermediate_size": 96, "num_hidden_layers": 2, "num_attention_heads": 3,
             "hidden_act": "gelu"}
    return {"model_type": "siglip", "vision_config": {**shape, "image_size": 36, "patch_size": 8},
            "text_config": {**shape, "vocab_size": base.VOCAB, "max_position_embeddings": base.CONTEXT}}


def write_siglip(open_clip, timm, folder):
    golden = {}
    for key, activation in (("siglip", nn.GELU), ("siglip_tanh", functools.partial(nn.GELU, approximate="tanh"))):
        model = Siglip(open_clip, timm, activation).eval()
        with torch.no_grad():
            randomize(model, 9)
            ids = torch.tensor([siglip_ids(text) for text in TEXTS])
            golden[key] = {"images": unit_rows(model.visual.trunk(base.pixels(36))), "texts": unit_rows(model.text(ids))}
    target = folder / "siglip"
    target.mkdir(parents=True, exist_ok=True)
    state = model.state_dict()
    base.write_safetensors(target / "model.safetensors", hugging_face_names(state))
    base.write_json(target / "config.json", siglip_config())
    base.write_safetensors(folder / "siglip_open_clip.safetensors", state)
    return golden


def main():
    open_clip, timm = load_references(sys.argv[1], sys.argv[2])
    folder = Path(sys.argv[3])
    torch.set_num_threads(1)
    golden = {"made_by": {"script": "scripts/goldens/open_clip_towers.py",
                          "references": ["github.com/mlfoundations/open_clip 89fb801f1e6087880e951fc8354b8a2077b79c6d",
                                         "github.com/huggingface/pytorch-image-models "
                                         "aa4b5850c1543fa488abf260f18390eda46cf85d"],
                          "torch": torch.__version__},
              "texts": TEXTS, "open_clip": write_open_clip(open_clip, folder), **write_siglip(open_clip, timm, folder)}
    base.write_json(folder / "open_clip_golden.json", golden)


if __name__ == "__main__":
    main()
