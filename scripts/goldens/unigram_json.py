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


if __name__ == "__main__":
    main()
