#!/usr/bin/env python3
"""Writes what transformers makes of texts where files beside CLIP's vocabulary change its marks, and what OpenCLIP's tokenizer makes of
them with each of its cleanings, for tests/tokenizer.

usage: clip_settings.py tests/tokenizer/data

References: transformers' AutoTokenizer and OpenCLIP's SimpleTokenizer on the small vocabulary of make_data.py. Versions stand in the file.
"""
import json
import shutil
import sys
import tempfile
from pathlib import Path

import open_clip
import transformers
from open_clip.tokenizer import SimpleTokenizer
from transformers import AutoTokenizer

MARKS = {"tokenizer_class": "CLIPTokenizer", "bos_token": "<|startoftext|>", "eos_token": "<|endoftext|>", "unk_token": "<|endoftext|>"}
SETTINGS = {
    "padding of its own": {**MARKS, "pad_token": "[PAD]"},
    "padding that is a piece": {**MARKS, "pad_token": "!"},
    "further marks": {**MARKS, "pad_token": "<|endoftext|>", "additional_special_tokens": ["<left>", "<sks>"]},
    "marks with spaces": {**MARKS, "pad_token": {"__type": "AddedToken", "content": "<left>", "lstrip": True, "rstrip": True, "normalized": False, "single_word": False}},
    "start and end of its own": {**MARKS, "bos_token": "[BOS]", "eos_token": "[EOS]", "unk_token": "[EOS]", "pad_token": "[EOS]"},
    "marks are text": {**MARKS, "pad_token": "<|endoftext|>", "split_special_tokens": True},
    "numbered and not": {**MARKS, "pad_token": "[PAD]", "added_tokens_decoder": {
        "574": {"content": "<|startoftext|>", "normalized": False, "special": True, "lstrip": False, "rstrip": False, "single_word": False},
        "575": {"content": "<|endoftext|>", "normalized": False, "special": True, "lstrip": False, "rstrip": False, "single_word": False},
        "576": {"content": "<sks>", "normalized": True, "special": False, "lstrip": False, "rstrip": False, "single_word": False}}},
}
TEXTS = ["the dog", "a [PAD] dog", "dog!", "! !!", "the  <left>  dog", "x<sks>y <SKS>", "[BOS]dog[EOS]", "dog<|endoftext|>a", "<|startoftext|>", "[pad] [bos]"]
CLEANED = ["The DOG's park, no.", "\u039f\u03a3\u039f\u03a3 \u0130stanbul", "snake_case &amp; C++", "\uff24\uff2f\uff27 \u2018dog\u2019", "  a\tb  ", "<b>dog</b>! ...", "it\u2019s 12 DON'T"]


def cases(source):
    for layout in ("vocab", "tokenizer.json"):
        for name, settings in SETTINGS.items():
            with tempfile.TemporaryDirectory() as path:
                folder = Path(path)
                if layout == "vocab":
                    for part in ("vocab.json", "merges.txt"):
                        shutil.copy(source / part, folder)
                else:
                    AutoTokenizer.from_pretrained(source, config=transformers.CLIPConfig()).save_pretrained(folder)
                (folder / "tokenizer_config.json").write_text(json.dumps(settings))
                tokens = AutoTokenizer.from_pretrained(folder)
                yield {"layout": layout, "name": name, "settings": settings, "vocab_size": len(tokens), "start_id": tokens.bos_token_id, "end_id": tokens.eos_token_id,
                       "ids": [tokens(text, add_special_tokens=False).input_ids for text in TEXTS]}


def main():
    folder = Path(sys.argv[1])
    source = folder / "tiny_clip_hugging_face"
    cleaned = {}
    for clean in ("lower", "whitespace", "canonicalize"):
        simple = SimpleTokenizer(bpe_path=str(folder / "tiny_clip" / "bpe_simple_vocab_16e6.txt.gz"), clean=clean)
        cleaned[clean] = [simple.encode(text) for text in CLEANED]
    golden = {"reference": f"transformers {transformers.__version__} CLIPTokenizer, OpenCLIP {open_clip.__version__} SimpleTokenizer", "texts": TEXTS, "cases": list(cases(source)),
              "cleaned_texts": CLEANED, "cleaned": cleaned}
    (folder / "tiny_clip_settings.golden.json").write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main()
