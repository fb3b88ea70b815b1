#!/usr/bin/env python3
"""Writes a Unigram tokenizer.json, as T5's fast tokenizer has it for SigLIP's SentencePiece model, and what it makes of texts.

usage: unigram_json.py tests/tokenizer/data

Reference: the tokenizers library on the pieces, scores and character map of tiny_unigram.model (make_data.py). The version
stands in the golden.
"""
import json
import sys
from pathlib import Path

import tokenizers
from sentencepiece import sentencepiece_model_pb2
from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers
from tokenizers.models import Unigram

TEXTS = [
    "", "a", "dog", "the dog's park", "a photo of the dogs", "there are no people!", "two   spaces", "  leading", "tab\tnew\nline",
    "\u00c9t\u00e9 caf\u00e9", "\ufb01ne \uff21", "\u6771\u4eac dog", "12 1234567 3.14", "a_b", "!!! ???", "dog \u6771 cat", "x\u00a0y",
    "the quick brown fox jumps over the lazy dog", "photophotophoto", "snow ball",
]


# Texts with added tokens and blanks, and rules of other files of this kind: changes at a JSON pointer.
BLANKS = ["Zebra zebra", "azebra cat", "  zebra  cat ", "<sks>dog", "hotdog dog", "the dog<sks> ", " dog", "   dog", "dog ", " ", "dog\u3000\u6771 \u4eac\u6771"]
PLAIN = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": False}
ADDED = [{**PLAIN, "content": "zebra", "normalized": True}, {**PLAIN, "content": "<sks>", "lstrip": True}, {**PLAIN, "content": "dog", "single_word": True}]
RULES = {
    "added": {"added": True},
    "added, the first word prefixed": {"added": True, "/pre_tokenizer/prepend_scheme": "first"},
    "added, no word prefixed": {"added": True, "/pre_tokenizer/prepend_scheme": "never"},
    "added, blanks kept": {"added": True, "/normalizer/normalizers": 1},
    "blanks kept": {"/normalizer/normalizers": 1},
    "stripped at both ends": {"/normalizer/normalizers/1/strip_left": True},
    "byte fallback": {"bytes": True},
}


def changed(tokenizer, rules):
    """`tokenizer` as JSON after the changes of `rules`."""
    values = json.loads(tokenizer)
    for pointer, value in rules.items():
        if pointer == "added":
            first = len(values["model"]["vocab"])
            values["added_tokens"] += [{"id": first + number, **token} for number, token in enumerate(ADDED)]
        elif pointer == "bytes":
            values["model"]["byte_fallback"] = True
            values["model"]["vocab"] += [[f"<0x{byte:02X}>", -10.0] for byte in range(256)]
        elif pointer == "/normalizer/normalizers":
            values["normalizer"]["normalizers"] = values["normalizer"]["normalizers"][:value]
        else:
            *path, last = pointer.split("/")[1:]
            target = values
            for step in path:
                target = target[int(step) if isinstance(target, list) else step]
            target[last] = value
    return json.dumps(values)


def main():
    folder = Path(sys.argv[1])
    model = sentencepiece_model_pb2.ModelProto()
    model.ParseFromString((folder / "tiny_unigram.model").read_bytes())
    pieces = [(piece.piece, piece.score) for piece in model.pieces]
    tokenizer = Tokenizer(Unigram(pieces, unk_id=[piece.type for piece in model.pieces].index(2), byte_fallback=False))
    # As transformers' converter of SentencePiece's models makes them.
    tokenizer.normalizer = normalizers.Sequence([
        normalizers.Precompiled(model.normalizer_spec.precompiled_charsmap), normalizers.Strip(left=False, right=True),
        normalizers.Replace(Regex(" {2,}"), "\u2581")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="\u2581", prepend_scheme="always")
    tokenizer.add_special_tokens([piece.piece for piece in model.pieces if piece.type == 3])
    out = folder / "tiny_unigram_json"
    out.mkdir(exist_ok=True)
    tokenizer.save(str(out / "tokenizer.json"), pretty=False)
    rows = ",\n".join(json.dumps({"text": text, "ids": tokenizer.encode(text, add_special_tokens=False).ids}) for text in TEXTS)
    reference = json.dumps(f"tokenizers {tokenizers.__version__} Unigram")
    (folder / "tiny_unigram_json.golden.json").write_text('{"reference": %s, "cases": [\n%s\n]}\n' % (reference, rows))
    texts = TEXTS + BLANKS
    cases = []
    for name, rules in RULES.items():
        other = Tokenizer.from_str(changed(tokenizer.to_str(), rules))
        cases.append({"name": name, "rules": rules, "ids": [other.encode(text, add_special_tokens=False).ids for text in texts]})
    golden = {"reference": f"tokenizers {tokenizers.__version__} Unigram", "added": ADDED, "texts": texts, "cases": cases}
    (folder / "tiny_unigram_rules.golden.json").write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()
