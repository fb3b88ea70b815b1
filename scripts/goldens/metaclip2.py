#!/usr/bin/env python3
"""Writes the goldens of MetaCLIP 2: XLM-R's numbering of a SentencePiece model, and a small random model with it.

usage: metaclip2.py tests/tokenizer/data tests/clip/data

References: transformers 5.24 (XLMRobertaTokenizer, MetaClip2Model) and open_clip_torch 3.3 (CLIP, HFTokenizer) in float32
with torch 2.13. Weights are rounded to F16 before the references see them. Pieces, scores and character map are those of tiny_unigram.model (make_data.py); pixels are
those of clip_towers.py.
- tiny_xlm/sentencepiece.bpe.model is that model, tiny_xlm_json/tokenizer.json what transformers makes of it.
- metaclip2/: the model in transformers' layout with the latter; metaclip2_open_clip/: the same in OpenCLIP's with the former.
"""
import json
import shutil
import sys
import tempfile
from pathlib import Path

import open_clip
import torch
import transformers
from open_clip.tokenizer import HFTokenizer
from transformers import MetaClip2Config, MetaClip2Model, XLMRobertaTokenizer

import clip_towers as base
from open_clip_towers import randomize

TEXTS = ["", "a", "dog", "the dog's park", "A photo of the dogs", "there are no people!", "two   spaces", "  leading", "tab\tnew\nline", "12 1234567 3.14",
         "\u00c9t\u00e9 caf\u00e9", "\ufb01ne \uff21", "\u6771\u4eac dog", "!!! ???", "dog \u6771\u4eac \u6771 cat", "x\u00a0y", "a_b", "photophotophoto",
         "the quick brown fox jumps over the lazy dog", "\U0001f468\u200d\U0001f469 \u0928\u092e\u0938\u094d\u0924\u0947"]
SHAPE = {"hidden_size": 24, "intermediate_size": 96, "num_hidden_layers": 2, "num_attention_heads": 3}
SIDE = 32


def config(vocabulary):
    return {"model_type": "metaclip_2", "projection_dim": base.JOINT,
            "text_config": {**SHAPE, "model_type": "metaclip_2_text_model", "vocab_size": vocabulary, "max_position_embeddings": base.CONTEXT,
                            "bos_token_id": 0, "eos_token_id": 2, "pad_token_id": 1, "hidden_act": "gelu"},
            "vision_config": {**SHAPE, "model_type": "metaclip_2_vision_model", "image_size": SIDE, "patch_size": 8, "hidden_act": "gelu"}}


def open_clip_config(vocabulary):
    return {"model_cfg": {"embed_dim": base.JOINT, "quick_gelu": False,
                          "vision_cfg": {"image_size": SIDE, "layers": 2, "width": 24, "head_width": 8, "patch_size": 8},
                          "text_cfg": {"hf_tokenizer_name": "facebook/xlm-v-base", "pool_type": "eos", "eos_id": 2, "context_length": base.CONTEXT,
                                       "vocab_size": vocabulary, "width": 24, "heads": 3, "layers": 2}}}


def write_tokenizer(folder):
    spm, converted = folder / "tiny_xlm", folder / "tiny_xlm_json"
    for each in (spm, converted):
        each.mkdir(exist_ok=True)
    shutil.copyfile(folder / "tiny_unigram.model", spm / "sentencepiece.bpe.model")
    tokens = XLMRobertaTokenizer.from_pretrained(spm)
    tokens.backend_tokenizer.save(str(converted / "tokenizer.json"), pretty=False)
    rows = ",\n".join(json.dumps({"text": text, "ids": tokens(text, add_special_tokens=False).input_ids}) for text in TEXTS)
    reference = json.dumps(f"transformers {transformers.__version__} XLMRobertaTokenizer")
    (folder / "tiny_xlm.golden.json").write_text('{"reference": %s, "cases": [\n%s\n]}\n' % (reference, rows))
    return tokens


def main():
    torch.set_grad_enabled(False)
    torch.set_num_threads(1)
    vocabularies, folder = Path(sys.argv[1]), Path(sys.argv[2])
    tokens = write_tokenizer(vocabularies)
    settings, open_clip_settings = config(len(tokens)), open_clip_config(len(tokens))
    original = open_clip.CLIP(**open_clip_settings["model_cfg"]).eval()
    randomize(original, 17)
    names = {name: value for name, value in base.hugging_face_names(original.state_dict()).items() if not name.endswith("position_ids")}
    model = MetaClip2Model(MetaClip2Config(**{key: value for key, value in settings.items() if key != "model_type"})).eval()
    model.load_state_dict(names)
    rows = tokens(TEXTS, padding="max_length", truncation=True, max_length=base.CONTEXT, return_tensors="pt")
    with tempfile.TemporaryDirectory() as saved:
        tokens.save_pretrained(saved)
        cut = HFTokenizer(saved, context_length=base.CONTEXT)
    golden = {"transformers": {"images": base.unit_rows(model.get_image_features(pixel_values=base.pixels(SIDE)).pooler_output),
                               "texts": base.unit_rows(model.get_text_features(**rows).pooler_output)},
              "open_clip": {"images": base.unit_rows(original.encode_image(base.pixels(SIDE))), "texts": base.unit_rows(original.encode_text(cut(TEXTS)))}}
    for name in ("metaclip2", "metaclip2_open_clip"):
        (folder / name).mkdir(exist_ok=True)
    base.write_safetensors(folder / "metaclip2" / "model.safetensors", names)
    base.write_json(folder / "metaclip2" / "config.json", settings)
    base.write_safetensors(folder / "metaclip2_open_clip" / "open_clip_model.safetensors", original.state_dict())
    base.write_json(folder / "metaclip2_open_clip" / "open_clip_config.json", open_clip_settings)
    base.write_json(folder / "metaclip2_golden.json", {
        "made_by": {"script": "scripts/goldens/metaclip2.py", "references": [f"transformers {transformers.__version__}", f"open_clip {open_clip.__version__}"],
                    "torch": torch.__version__}, "texts": TEXTS, **golden})


if __name__ == "__main__":
    main()
