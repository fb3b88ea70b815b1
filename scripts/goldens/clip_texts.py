#!/usr/bin/env python3
"""Writes what the two families of CLIP's tokenizers make of tricky texts, for tests/tokenizer.

usage: clip_texts.py tests/tokenizer/data

References: OpenCLIP's SimpleTokenizer (OpenAI's, with ftfy) and transformers' CLIPTokenizer, on the small vocabulary of
make_data.py. The last set has tokens added to it, saved by transformers itself. Versions stand in each file.
"""
import json
import sys
from pathlib import Path

import ftfy
import open_clip
import transformers
from open_clip.tokenizer import SimpleTokenizer
from tokenizers import AddedToken
from transformers import CLIPTokenizer

sys.path.insert(0, "tests/tokenizer/data")
from make_data import TEXTS  # noqa: E402

MORE = [
    "cafe\u0301 e\u0301le\u0300ve", "\u1112\u1161\u11ab\u1100\u1173\u11af", "n\u0303 o\u0308", "\u212b \u2126",
    "\uff26\uff35\uff2c\uff2c \uff57\uff49\uff44\uff54\uff48 \uff11\uff12", "\ufb01ne \ufb02ower e\ufb03cient \ufb05op", "\u01c4 \u01c8 \u01f3 \u0132ssel \u0149",
    "it\u2019s \u201cfine\u201d \u201alow\u201e \u2026 a\u2013b", "\u02bcn \u2018x\u2019", "a\x07b\x1bc\x7f", "\x1b[31mred\x1b[0m dog", "\ufeffdog \ufeff",
    "the \x93dog\x94\x85", "half \uff76\uff9e width \uffe6", "a\u206ab\ufff9c", "&ldquo;dog&rdquo; &amp;ldquo;", "<b>&amp;</b>\n&amp;&amp;amp;", "\u3000dog\u3000",
    "\u1e9e \u01c5 \u0391\u03a3 \u03a3\u038a\u03a3\u03a5\u03a6\u039f\u03a3", "a\u200bb", "\u2163 \u00bd \u00b2", "salt &amp; pepper", "x<sks>y",
]
ADDED_TEXTS = [
    "a photo of <sks> dog", "<sks>", "x<sks>y", "<SKS> dog", "a <New-Token> dog", "a <new-token> dog", "doga dog adog dog", "the  <left>  dog",
    "the  <right>  dog", "<sks><sks><left>", "! dog!", "<|endoftext|> <|ENDOFTEXT|>", "caf\u00c9 cafe\u0301 CAFE\u0301", "\u4e00dog\u4e00 dog_ dog-",
]


def write(path, reference, encode, texts):
    rows = ",\n".join(json.dumps({"text": text, "ids": encode(text)}) for text in texts)
    path.write_text('{"reference": %s, "cases": [\n%s\n]}\n' % (json.dumps(reference), rows))


def main():
    folder = Path(sys.argv[1])
    simple = SimpleTokenizer(bpe_path=str(folder / "tiny_clip" / "bpe_simple_vocab_16e6.txt.gz"))
    write(folder / "tiny_clip.golden.json", f"OpenCLIP {open_clip.__version__} SimpleTokenizer, ftfy {ftfy.__version__}",
          simple.encode, [text for text in TEXTS + MORE if "oftext" not in text])  # OpenCLIP has other names for its marks
    source = folder / "tiny_clip_hugging_face"
    hugging_face = CLIPTokenizer.from_pretrained(str(source))
    reference = f"transformers {transformers.__version__} CLIPTokenizer"

    def encode(tokenizer):
        return lambda text: tokenizer(text, add_special_tokens=False).input_ids
    write(folder / "tiny_clip_hugging_face.golden.json", reference, encode(hugging_face), TEXTS + MORE)

    hugging_face.add_tokens([AddedToken("<sks>", normalized=False), AddedToken("<New-Token>", normalized=True),
                             AddedToken("dog", single_word=True, normalized=False), AddedToken("<left>", lstrip=True, normalized=False),
                             AddedToken("<right>", rstrip=True, normalized=False), AddedToken("caf\u00c9", normalized=True)])
    hugging_face.add_special_tokens({"pad_token": "!"})
    added = folder / "tiny_clip_added"
    hugging_face.save_pretrained(added)
    for path in added.iterdir():
        if path.name != "tokenizer.json":
            path.unlink()
    write(folder / "tiny_clip_added.golden.json", reference, encode(hugging_face), ADDED_TEXTS)


if __name__ == "__main__":
    main()
