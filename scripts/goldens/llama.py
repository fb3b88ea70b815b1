#!/usr/bin/env python3
"""Writes the goldens of the Llama family for tests/lm: small random models, their trained tokenizers, and what transformers makes
of them.

usage: llama.py tests/lm/data

Reference: transformers (LlamaForCausalLM, Qwen2ForCausalLM, Qwen3ForCausalLM) in float32 and the package tokenizers; the golden
names their versions. Weights are rounded to F16 before the reference sees them. Each tokenizer is trained under the split
pattern that its family publishes.
"""
import json
import sys
from pathlib import Path

import tokenizers
import torch
import transformers
from gpt2 import rounded, write_json, write_safetensors
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

CONTEXT, SEED = 48, 27
WORDS = r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}DIGITS| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
PATTERN = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)" + WORDS
CORPUS = [
    "Two dogs run on the beach, and a third one watches them.",
    "The red bus stops at 10:45 in front of the old station; it'll leave at 11:05.",
    "A cat sleeps on a chair beside 3 books.\n\nA child's drawing hangs on the wall.",
    "for (int i = 0; i < 1000; ++i) { total += values[i]; }\n",
    "Caf\u00e9 cr\u00e8me, Gr\u00fc\u00dfe aus K\u00f6ln, \u65e5\u672c\u8a9e\u306e\u6587\u7ae0\u3002",
]
TEXTS = [
    "", "a", " a", "A dog's toy", "HE'S  here, SHE'LL come", "1", "12345 67", "3.14159", "a1b22c333d4444", "  two  spaces  ",
    "tab\there", "line\nbreak\r\n\r\n  indented\n", "\n\n", " \n a", "end  ", "!!! wow...\n\nnext", "x=y+(z*2);", "caf\u00e9", "cafe\u0301",
    "\u65e5\u672c\u8a9e", "\u0661\u0662\u0663", "\u00bd\u00b2", "'\u017f it'\u017f", "'S 'T don'T", "\u00a0nbsp\u2003em", "emoji \U0001f600\U0001f1e9\U0001f1ea!",
    "a\u0300b", "under_score-dash", "'", "''s", " 's", "\u4f60\u597d, world", "mixed\u0430\u0431\u0432 123\u0433",
]
FAMILIES = {
    "llama3": {"split": PATTERN.replace("DIGITS", "{1,3}"), "start": "<|begin_of_text|>"},
    "qwen2": {"split": PATTERN.replace("DIGITS", ""), "compose": True},
    "qwen3": {"split": PATTERN.replace("DIGITS", ""), "compose": True},
    "smollm": {"digits": True},
}
END = "<|endoftext|>"


def train_tokenizer(family):
    tokenizer = Tokenizer(models.BPE(ignore_merges=bool(family.get("start"))))
    if family.get("compose"):
        tokenizer.normalizer = normalizers.NFC()
    if family.get("digits"):
        first = pre_tokenizers.Digits(individual_digits=True)
    else:
        first = pre_tokenizers.Split(Regex(family["split"]), behavior="isolated")
    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=bool(family.get("digits")))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([first, byte_level])
    tokenizer.decoder = decoders.ByteLevel()
    specials = [family["start"], END] if family.get("start") else [END]
    trainer = trainers.BpeTrainer(vocab_size=420, special_tokens=specials, show_progress=False,
                                  initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(CORPUS, trainer)
    if family.get("start"):
        start = family["start"]
        tokenizer.post_processor = processors.TemplateProcessing(single=[start, "$A"],
                                                                 special_tokens=[(start, tokenizer.token_to_id(start))])
    return tokenizer


def config_of(name, tokenizer):
    sizes = {"vocab_size": tokenizer.get_vocab_size(), "hidden_size": 24, "intermediate_size": 40, "num_hidden_layers": 2,
             "num_attention_heads": 6, "num_key_value_heads": 2, "max_position_embeddings": CONTEXT,
             "eos_token_id": tokenizer.token_to_id(END)}
    if name == "llama3":
        stretch = {"rope_type": "llama3", "rope_theta": 500000.0, "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
                   "original_max_position_embeddings": 16}
        return transformers.LlamaConfig(**sizes, head_dim=8, rope_parameters=stretch, bos_token_id=tokenizer.token_to_id("<|begin_of_text|>"))
    if name == "smollm":
        return transformers.LlamaConfig(**sizes, tie_word_embeddings=True, attention_bias=True, mlp_bias=True)
    if name == "qwen2":
        return transformers.Qwen2Config(**sizes, rope_parameters={"rope_type": "default", "rope_theta": 1e6})
    return transformers.Qwen3Config(**sizes, head_dim=16, tie_word_embeddings=True)


def build(config):
    model = transformers.AutoModelForCausalLM.from_config(config, attn_implementation="eager").eval().float()
    generator = torch.Generator().manual_seed(SEED)
    with torch.no_grad():
        for name, value in model.named_parameters():
            noise = torch.randn(value.shape, generator=generator)
            if "norm" in name and name.endswith("weight"):
                noise = 1 + 0.3 * noise
            elif value.dim() == 1:
                noise = 0.3 * noise
            else:
                noise = 1.3 * noise * value.shape[1] ** -0.5
            value.copy_(noise.half().float())
    return model


def run(model, ids):
    with torch.no_grad():
        hidden = model.base_model(torch.tensor([ids])).last_hidden_state[0]
        logits = model(torch.tensor([ids])).logits[0].log_softmax(-1)
    positions = sorted({0, len(ids) // 2, len(ids) - 1})
    return {"ids": ids, "positions": positions, "hidden": rounded(hidden[positions]), "logprobs": rounded(logits[positions])}


def main():
    folder = Path(sys.argv[1])
    torch.set_num_threads(1)
    golden = {"made_by": {"script": "scripts/goldens/llama.py", "transformers": transformers.__version__,
                          "tokenizers": tokenizers.__version__, "torch": torch.__version__}, "families": {}}
    for name, family in FAMILIES.items():
        tokenizer = train_tokenizer(family)
        model = build(config_of(name, tokenizer))
        target = folder / name
        target.mkdir(parents=True, exist_ok=True)
        tied = model.config.tie_word_embeddings
        write_safetensors(target / "model.safetensors",
                          {key: value for key, value in model.state_dict().items() if not (tied and key == "lm_head.weight")})
        config = json.loads(model.config.to_json_string())
        write_json(target / "config.json", config)
        tokenizer.save(str(target / "tokenizer.json"), pretty=False)
        vocab = tokenizer.get_vocab_size()
        sequences = [[1], [7, 77, 200, 7, 31, 0, 255], [(37 * i + 11) % vocab for i in range(CONTEXT)]]
        texts = [{"text": text, "ids": tokenizer.encode(text, add_special_tokens=False).ids} for text in TEXTS]
        golden["families"][name] = {"start": tokenizer.encode("").ids, "texts": texts, "runs": [run(model, ids) for ids in sequences]}
    (folder / "llama_golden.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
