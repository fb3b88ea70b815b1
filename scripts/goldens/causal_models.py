#!/usr/bin/env python3
"""Writes the goldens of GPT-NeoX and OPT for tests/lm: small random models, their trained tokenizers, and what transformers makes
of them.

usage: causal_models.py tests/lm/data

Reference: transformers (GPTNeoXForCausalLM, OPTForCausalLM) in float32 and the package tokenizers; the golden names their versions.
Weights are rounded to F16 before the reference sees them. GPT-NeoX's tokenizer is trained under the split pattern that the family
publishes, with runs of spaces as added tokens; OPT's has the special tokens and the files that are published. `pythia` and `opt` have
their settings as they are published, the others as transformers 5 writes them.
"""
import json
import sys
import tempfile
from pathlib import Path

import tokenizers
import torch
import transformers
from gpt2 import write_json, write_safetensors
from llama import CONTEXT, CORPUS, END, TEXTS, build, run
from tokenizers import AddedToken, ByteLevelBPETokenizer, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

PADDING = 5  # rows of the vocabulary that no token has
SPACED = ["   three", "\n        deep\n    less", "a  b   c    d", " " * 25, "\t\t  x", "  caf\u00e9  cafe\u0301  "]


def neox_tokenizer():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=397, special_tokens=[END, "<|padding|>"], show_progress=False,
                                  initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(CORPUS, trainer)
    tokenizer.add_tokens([AddedToken(" " * count, normalized=True) for count in range(24, 1, -1)])
    return tokenizer


def neox_config(vocabulary, **more):
    return transformers.GPTNeoXConfig(vocab_size=vocabulary, hidden_size=32, intermediate_size=40, num_hidden_layers=2, num_attention_heads=2,
                                      max_position_embeddings=CONTEXT, bos_token_id=0, eos_token_id=0, **more)


def as_published(config):
    """Pythia's config.json has the rotary positions under names of its own."""
    rotary = config.pop("rope_parameters")
    return {**config, "rotary_pct": rotary["partial_rotary_factor"], "rotary_emb_base": int(rotary["rope_theta"])}


def neox_families():
    tokenizer = neox_tokenizer()
    vocabulary = tokenizer.get_vocab_size() + PADDING
    made = {"encode": lambda text, special=False: tokenizer.encode(text, add_special_tokens=special).ids, "tokens": tokenizer.get_vocab_size(),
            "save": lambda target: tokenizer.save(str(target / "tokenizer.json"), pretty=False)}
    yield {**made, "name": "pythia", "config": neox_config(vocabulary), "rewrite": as_published}
    rotary = {"rope_type": "default", "rope_theta": 25000.0, "partial_rotary_factor": 1.0}
    sequential = neox_config(vocabulary, use_parallel_residual=False, attention_bias=False, hidden_act="gelu_fast", tie_word_embeddings=True,
                             rope_parameters=rotary)
    yield {**made, "name": "neox_sequential", "config": sequential, "rewrite": dict}


def opt_tokenizer(folder):
    """Its files as OPT's are published, in `folder`, and what transformers makes of them."""
    made = ByteLevelBPETokenizer()
    made.train_from_iterator(CORPUS, vocab_size=420, min_frequency=1, special_tokens=["<s>", "<pad>", "</s>", "<unk>"],
                             show_progress=False)
    made.save_model(str(folder))
    mark = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": True}
    named = {"bos_token": {**mark, "content": "</s>"}, "eos_token": {**mark, "content": "</s>"}, "unk_token": {**mark, "content": "</s>"},
             "pad_token": {**mark, "content": "<pad>"}}
    write_json(folder / "special_tokens_map.json", named)
    write_json(folder / "tokenizer_config.json", {"errors": "replace", **named, "add_prefix_space": False, "add_bos_token": True,
                                                  "special_tokens_map_file": None, "tokenizer_class": "GPT2Tokenizer"})
    return transformers.GPT2Tokenizer.from_pretrained(folder)


def opt_families(folder):
    target = folder / "opt"
    target.mkdir(parents=True, exist_ok=True)
    tokenizer = opt_tokenizer(target)
    sizes = {"vocab_size": len(tokenizer) + PADDING, "hidden_size": 24, "ffn_dim": 40, "num_hidden_layers": 2, "num_attention_heads": 3,
             "max_position_embeddings": CONTEXT}
    made = {"encode": lambda text, special=False: tokenizer(text, add_special_tokens=special).input_ids, "tokens": len(tokenizer), "rewrite": dict}
    yield {**made, "name": "opt", "config": transformers.OPTConfig(**sizes), "save": lambda target: None}

    def save(target):
        with tempfile.TemporaryDirectory() as scratch:
            tokenizer.save_pretrained(scratch)
            (target / "tokenizer.json").write_bytes((Path(scratch) / "tokenizer.json").read_bytes())

    after = transformers.OPTConfig(**sizes, word_embed_proj_dim=16, do_layer_norm_before=False)
    yield {**made, "name": "opt_post_norm", "config": after, "save": save}


def without_padding(made, vocabulary):
    return {**made, "logprobs": [row[:vocabulary] for row in made["logprobs"]]}


def main():
    folder = Path(sys.argv[1])
    torch.set_num_threads(1)
    golden = {"made_by": {"script": "scripts/goldens/causal_models.py", "transformers": transformers.__version__,
                          "tokenizers": tokenizers.__version__, "torch": torch.__version__}, "families": {}}
    for family in [*neox_families(), *opt_families(folder)]:
        name, config, encode, vocab = (family[key] for key in ("name", "config", "encode", "tokens"))
        model = build(config)
        target = folder / name
        target.mkdir(parents=True, exist_ok=True)
        # Under the names that files have.
        stored = {"embed_out.weight" if key == "lm_head.weight" else key: value for key, value in model.state_dict().items()
                  if not (config.tie_word_embeddings and key == "lm_head.weight")}
        write_safetensors(target / "model.safetensors", stored)
        write_json(target / "config.json", family["rewrite"](json.loads(model.config.to_json_string())))
        family["save"](target)
        sequences = [[1], [7, 77, 200, 7, 31, 0, 255], [(37 * i + 11) % vocab for i in range(CONTEXT)]]
        texts = [{"text": text, "ids": encode(text)} for text in TEXTS + SPACED]
        golden["families"][name] = {"start": encode("", True), "texts": texts,
                                    "runs": [without_padding(run(model, ids), vocab) for ids in sequences]}
    (folder / "causal_golden.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
