#!/usr/bin/python3
"""Makes the small vocabularies of this folder and what the reference tokenizers make of tricky texts with them.

    make_data.py SIMPLE_TOKENIZER

SIMPLE_TOKENIZER is clip/simple_tokenizer.py of openai/CLIP (commit d05afc4), of which only the vocabulary is taken: what
it makes of texts stands in the goldens of scripts/goldens/clip_texts.py. Needs Debian 12's python3-regex
(0.1.20221031) and sentencepiece (0.1.97).
"""

import gzip
import importlib.util
import json
import subprocess
import sys
import types
from pathlib import Path

import regex

HERE = Path(__file__).parent

# Each word is merged from its first byte on: "dog" gives the merges "d o" and "do g</w>".
WORDS = ["the", "this", "is", "a", "photo", "of", "dog", "dogs", "sketch", "park", "in", "it", "an", "amusement",
         "people", "no", "there", "are", "aaaa", "ll", "'s", "!!", "...", "\u00e9t\u00e9", "\u03c3\u03bf\u03c2", "12"]

TEXTS = [
    "", " ", "a", "dog", "Dog", "the dog's park", "The DOG'S PARK", "a photo of the dogs", "there are no people!",
    "  leading,   many    and trailing  ", "tab\tnew\nline\r\n\r\nend", "don't we'll I'd I'M they'RE", "12 1234567 3.14",
    "\u00c9t\u00e9 \u00e9t\u00e9 \u00c9T\u00c9", "\u039f\u03a3\u039f\u03a3 \u03a3 \u03a3\u039f\u03a3.", "\u0130stanbul I \u0131 i \u01c5",
    "\u6771\u4eac \u3042\u3044\u3046 \u4f60\u597d", "\u0928\u092e\u0938\u094d\u0924\u0947 \u0660\u0661\u0662 \u00bd \u2167", "!!! ??? ... --- ***", "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f44d\U0001f3fd",
    "x\u00a0y\u3000z\u2028w\u0085v\u180eu\ufefft", "a\x1cb\x1d \x1e", "\x1c\x1f edge \x1f", "\x00 nul \x7f", "a\u0345b \u0345 !\u0345!",
    "'\u017f '\u017fs it\u2019s", "<|startoftext|>a<|endoftext|>", "<|ENDOFTEXT|> <|endoftext", "<|\u017ftartoftext|>", "!!<|endoftext|>",
    "&amp; &amp;amp; &lt;b&gt; &quot;x&quot;", "&#39; &#x1F600; &#0; &#128; &#xD800; &#1; &#xFFFE; &#99999999999;",
    "&eacute; &eacute &copyright &notit; &thetasym; &apos; &apos &bogus; &; & &# &#x", "aaaaaaaaaaaaaaaaaaa", "thethethe isisis",
    "</w> a</w>b", "snake_case __init__ C++ #tag @user 100%", "e\u0301 \u00e5 A\u030a \ufb01 \uff21", "a  b   c", "\n\n a", "  \u00a0 b",
]

SENTENCES = [
    "This is a photo of a dog in the park.", "There are no people in this picture.", "A sketch of an old house by the sea.",
    "The cat sleeps on a red chair near the window.", "Two children play with a ball in the garden.",
    "It is a painting of mountains under a cloudy sky.", "A woman reads a book while the train passes.",
    "The street is empty at night, only one lamp is lit.", "Someone drew a small boat on blue water.",
    "An amusement park with a tall wheel and many lights.", "This image depicts a kitchen with a wooden table.",
    "He rides a bicycle along the river every morning.", "Birds fly over the field before the rain begins.",
    "A plate of bread, cheese and green apples.", "The castle stands on a hill above the town.",
    "Snow covers the roofs and the quiet road.", "A group of friends sits around a fire.", "The horse jumps over a low fence.",
]

# A character map of our own: a ligature, a full-width letter, and a typographic space and quote.
CHARACTER_MAP = [("FB01", "66 69"), ("FF21", "41"), ("00A0", "20"), ("2019", "27"), ("0065 0301", "00E9")]


def bytes_to_unicode():
    plain = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [b for b in range(256) if b not in plain]
    return {b: chr(b) for b in plain} | {b: chr(256 + n) for n, b in enumerate(others)}


def merges_of(words, end):
    merges = []
    for word in words:
        symbols = [bytes_to_unicode()[b] for b in word.encode()]
        symbols[-1] += end
        while len(symbols) > 1:
            pair = (symbols[0], symbols[1])
            if pair not in merges:
                merges.append(pair)
            symbols[:2] = ["".join(pair)]
    return merges


class Gpt2:
    """encoder.py of openai/gpt-2, told again: its pattern, and merges by rank."""

    PATTERN = regex.compile(r"""'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+""")

    def __init__(self, ids, merges):
        self.ids, self.ranks = ids, {pair: rank for rank, pair in enumerate(merges)}

    def encode(self, text):
        return [self.ids[piece] for word in self.PATTERN.findall(text) for piece in self.merge(word)]

    def merge(self, word):
        symbols = [bytes_to_unicode()[b] for b in word.encode()]
        while True:
            pairs = [pair for pair in zip(symbols, symbols[1:]) if pair in self.ranks]
            if not pairs:
                return symbols
            best = min(pairs, key=self.ranks.get)
            merged, i = [], 0
            while i < len(symbols):
                step = 2 if tuple(symbols[i:i + 2]) == best else 1
                merged.append("".join(symbols[i:i + step]))
                i += step
            symbols = merged


def load_simple_tokenizer(path):
    sys.modules["ftfy"] = types.SimpleNamespace(fix_text=lambda text: text)
    spec = importlib.util.spec_from_file_location("simple_tokenizer", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.SimpleTokenizer


def write_golden(name, reference, encode, texts):
    cases = [{"text": text, "ids": encode(text)} for text in texts]
    rows = ",\n".join(json.dumps(case) for case in cases)
    (HERE / name).write_text('{"reference": %s, "cases": [\n%s\n]}\n' % (json.dumps(reference), rows))


def make_clip(simple_tokenizer_path):
    folder = HERE / "tiny_clip"
    folder.mkdir(exist_ok=True)
    merges = merges_of(WORDS, "</w>")
    lines = ["tiny vocabulary"] + [" ".join(pair) for pair in merges]
    archive = folder / "bpe_simple_vocab_16e6.txt.gz"
    archive.write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0))
    simple_tokenizer = load_simple_tokenizer(simple_tokenizer_path)(str(archive))
    hugging_face = HERE / "tiny_clip_hugging_face"
    hugging_face.mkdir(exist_ok=True)
    (hugging_face / "vocab.json").write_text(json.dumps(simple_tokenizer.encoder, ensure_ascii=False))
    (hugging_face / "merges.txt").write_text("\n".join(["#version: 0.2"] + lines[1:]) + "\n")


def make_gpt2():
    folder = HERE / "tiny_gpt2"
    folder.mkdir(exist_ok=True)
    merges = merges_of([word for w in WORDS for word in (" " + w, w)], "")
    pieces = list(bytes_to_unicode().values()) + ["".join(pair) for pair in merges] + ["<|endoftext|>"]
    ids = {piece: number for number, piece in enumerate(pieces)}
    (folder / "vocab.json").write_text(json.dumps(ids))
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(" ".join(pair) for pair in merges) + "\n")
    write_golden("tiny_gpt2.golden.json", "pattern and merging of OpenAI GPT-2 encoder.py, regex 2022.10.31, Python 3.11.2",
                 Gpt2(ids, merges).encode, TEXTS)


def spm_encode(model, text):
    # spm_encode reads lines: texts with line ends are left out below.
    run = subprocess.run(["spm_encode", f"--model={model}", "--output_format=id"], input=text + "\n", text=True,
                         capture_output=True, check=True)
    return [int(number) for number in run.stdout.split()]


def make_sentencepiece(name, **options):
    sentences = HERE / "sentences.txt"
    sentences.write_text("\n".join(SENTENCES) + "\n")
    rules = HERE / "character_map.tsv"
    rules.write_text("".join(f"{source}\t{target}\n" for source, target in CHARACTER_MAP))
    model = HERE / f"{name}.model"
    arguments = [f"--{key}={value}" for key, value in options.items()]
    subprocess.run(["spm_train", "--input=sentences.txt", f"--model_prefix={name}", "--hard_vocab_limit=false",
                    "--minloglevel=1", *arguments], check=True, cwd=HERE)
    (HERE / f"{name}.vocab").unlink()
    texts = [text for text in TEXTS + SENTENCES if not any(c in text for c in "\n\r\x00")]
    write_golden(f"{name}.golden.json", "spm_encode 0.1.97", lambda text: spm_encode(model, text), texts)


def main():
    make_clip(sys.argv[1])
    make_gpt2()
    make_sentencepiece("tiny_unigram", vocab_size=160, model_type="unigram", normalization_rule_tsv="character_map.tsv")
    make_sentencepiece("tiny_bpe", vocab_size=400, model_type="bpe", byte_fallback="true", bos_id=-1,
                       normalization_rule_name="identity", remove_extra_whitespaces="false")


if __name__ == "__main__":
    main()
