#!/usr/bin/env python3
"""Writes the goldens of chat prompts for tests/lm: small tokenizers with chat templates, and the ids that transformers makes.

usage: chat_templates.py tests/lm/data

Reference: apply_chat_template of transformers; the golden names its version. The templates are ours: they write what those of the
families' models write for one message of a user. Llama 3's is told the date that it has where it is told none; Qwen3's that the
model does not think.
"""
import json
import sys
from pathlib import Path

import transformers
from gpt2 import write_json
from llama import CORPUS, FAMILIES
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

SYSTEM = "'<|im_start|>system\\nYou describe pictures.<|im_end|>\\n'"
CHAT_ML = """{%- if messages[0].role != 'system' %}{{- SYSTEM }}{%- endif %}
{%- for message in messages %}{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}"""
THINKING = """{%- for message in messages %}{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}
{%- if enable_thinking is defined and enable_thinking is false %}{{- '<think>\\n\\n</think>\\n\\n' }}{%- endif %}{%- endif %}"""
LLAMA = """{{- bos_token }}{%- if not date_string is defined %}{%- set date_string = strftime_now('%d %b %Y') %}{%- endif %}
{{- '<|start_header_id|>system<|end_header_id|>\\n\\n' }}{{- 'Cutting Knowledge Date: December 2023\\n' }}
{{- 'Today Date: ' + date_string + '\\n\\n' }}{{- '<|eot_id|>' }}
{%- for message in messages %}{{- '<|start_header_id|>' + message.role + '<|end_header_id|>\\n\\n' + message.content | trim + '<|eot_id|>' }}{%- endfor %}
{%- if add_generation_prompt %}{{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{%- endif %}"""
ZEPHYR = """{% for message in messages %}
{% if message.role == 'user' %}
{{ '<|user|>\\n' + message.content + eos_token }}
{% endif %}
{% if loop.last and add_generation_prompt %}
{{ '<|assistant|>' }}
{% endif %}
{% endfor %}"""
MARKS = ["<|im_start|>", "<|im_end|>"]
KINDS = {
    "smollm": ("smollm", CHAT_ML.replace("SYSTEM", SYSTEM), ["<|endoftext|>", *MARKS], [], "<|im_end|>"),
    "qwen2": ("qwen2", CHAT_ML.replace("SYSTEM", SYSTEM), ["<|endoftext|>", *MARKS], [], "<|im_end|>"),
    "qwen3": ("qwen3", THINKING, ["<|endoftext|>", *MARKS], ["<think>", "</think>"], "<|im_end|>"),
    "llama3": ("llama3", LLAMA, ["<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"], [], "<|eot_id|>"),
    "zephyr": (None, ZEPHYR, [], [], "</s>"),
}
MESSAGES = ["Describe the picture in one sentence.", "a", "  two  spaces around  ", "\nA line before\nand between 12 and 345.\n\n", "Caf\u00e9, \u65e5\u672c\u8a9e? It's 3!"]
ANSWERS = ["", "An image of", "12 dogs"]


def byte_level(family, specials, plain):
    rules = FAMILIES[family]
    tokenizer = Tokenizer(models.BPE(ignore_merges=bool(rules.get("start"))))
    if rules.get("compose"):
        tokenizer.normalizer = normalizers.NFC()
    digits = bool(rules.get("digits"))
    first = pre_tokenizers.Digits(individual_digits=True) if digits else pre_tokenizers.Split(Regex(rules["split"]), behavior="isolated")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([first, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=digits)])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=340, special_tokens=specials, show_progress=False, initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(CORPUS + ["system\nuser\nassistant\n"] * 3, trainer)
    tokenizer.add_tokens(plain)
    if rules.get("start"):
        start = specials[0]
        tokenizer.post_processor = processors.TemplateProcessing(single=[start, "$A"], special_tokens=[(start, tokenizer.token_to_id(start))])
    return tokenizer


def fallback():
    """As TinyLlama's: SentencePiece's BPE, bytes for what is no piece, a space before every text."""
    corpus = [" ".join(line.split()).replace(" ", "\u2581") for line in CORPUS + ["<|user|> <|assistant|>"] * 3]
    trained = Tokenizer(models.BPE())
    trained.train_from_iterator(corpus, trainers.BpeTrainer(vocab_size=150, show_progress=False))
    learned = json.loads(trained.to_str())["model"]
    vocab = {piece: i for i, piece in enumerate(["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))])}
    for piece in sorted(learned["vocab"], key=learned["vocab"].get):
        vocab.setdefault(piece, len(vocab))
    tokenizer = Tokenizer(models.BPE(vocab, [tuple(pair) for pair in learned["merges"]], unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("\u2581"), normalizers.Replace(" ", "\u2581")])
    tokenizer.add_special_tokens(["<unk>", "<s>", "</s>"])
    tokenizer.post_processor = processors.TemplateProcessing(single=["<s>", "$A"], special_tokens=[("<s>", 1)])
    return tokenizer


def write(folder, kind):
    family, template, specials, plain, end = KINDS[kind]
    target = folder / "chat" / kind
    target.mkdir(parents=True, exist_ok=True)
    tokenizer = byte_level(family, specials, plain) if family else fallback()
    tokenizer.save(str(target / "tokenizer.json"), pretty=False)
    settings = {"tokenizer_class": "LlamaTokenizer" if kind == "zephyr" else "PreTrainedTokenizerFast", "eos_token": end, "chat_template": template}
    if kind in ("llama3", "zephyr"):
        settings["bos_token"] = "<s>" if kind == "zephyr" else specials[0]
    if kind == "zephyr":
        settings.update(unk_token="<unk>", legacy=False)
    write_json(target / "tokenizer_config.json", settings)
    tokens = transformers.AutoTokenizer.from_pretrained(target)
    cases = []
    for message in MESSAGES:
        chat = [{"role": "user", "content": message}]
        options = dict(tokenize=True, return_dict=False, date_string="26 Jul 2024", enable_thinking=False, add_generation_prompt=True)
        header = tokens.apply_chat_template(chat, **options)
        text = tokens.apply_chat_template(chat, **{**options, "tokenize": False})
        for answer in ANSWERS:
            ids = tokens(text + answer, add_special_tokens=False).input_ids
            assert answer or ids == header
            cases.append({"message": message, "answer": answer, "header": len(header), "ids": ids})
    return cases


def main():
    folder = Path(sys.argv[1])
    golden = {"made_by": {"script": "scripts/goldens/chat_templates.py", "transformers": transformers.__version__}}
    for kind in KINDS:
        golden[kind] = write(folder, kind)
    write_json(folder / "chat_golden.json", golden)


if __name__ == "__main__":
    main()
