"""Measures an exported language model: perplexity per word. Writes MODEL/eval.json and prints it.

Per word means: exp of the total negative log-likelihood of all texts, end tokens included, divided by the number of
words between white space plus one for the end of each text. So models with different vocabularies can be compared.
"""

import argparse
import json
import math
from pathlib import Path

import sentencepiece
import torch
import torch.nn.functional as F

import captions
from gpt2_model import load_language_model
from train_lm import encode_rows

BATCH = 64


@torch.no_grad()
def surprise(model, rows):
    """Total negative log-likelihood (nats) of rows of ids, each but its first given those before it.

    Of rows longer than the context, what lies beyond is predicted from the last ids that fit.
    """
    context, pad = model.config["n_positions"], model.config["pad_token_id"]
    total = 0.0
    fitting = sorted((row for row in rows if len(row) <= context + 1), key=len)
    for start in range(0, len(fitting), BATCH):
        chunk = [torch.tensor(row) for row in fitting[start : start + BATCH]]
        tokens = torch.nn.utils.rnn.pad_sequence(chunk, batch_first=True, padding_value=pad)
        logits = model(tokens[:, :-1]).flatten(0, 1)
        total += F.cross_entropy(logits, tokens[:, 1:].flatten(), ignore_index=pad, reduction="sum").item()
    for row in (row for row in rows if len(row) > context + 1):
        tokens = torch.tensor(row)
        total += F.cross_entropy(model(tokens[None, :context])[0], tokens[1 : context + 1], reduction="sum").item()
        for place in range(context + 1, len(row)):
            logits = model(tokens[None, place - context : place])[0, -1]
            total += F.cross_entropy(logits, tokens[place]).item()
    return total


def perplexity(folder, model, lines):
    rows = encode_rows(folder, lines, longest=math.inf)
    words = sum(len(line.split()) + 1 for line in lines)
    predicted = sum(len(row) - 1 for row in rows)
    total = surprise(model, rows)
    return {
        "texts": len(lines),
        "words_and_ends": words,
        "predicted_tokens": predicted,
        "perplexity_per_word": round(math.exp(total / words), 2),
        "perplexity_per_token": round(math.exp(total / predicted), 2),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--model", type=Path, default=Path("models/nano-lm"))
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    model = load_language_model(options.model)
    flickr8k_test = [captions.spelled(caption) for caption in captions.flickr8k(options.data, "test")]
    result = {
        "versions": {"torch": torch.__version__, "sentencepiece": sentencepiece.__version__},
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "multi30k_val": perplexity(options.model, model, list(captions.multi30k(options.data, "val"))),
        "flickr8k_test": perplexity(options.model, model, flickr8k_test),
    }
    text = json.dumps(result, indent=2) + "\n"
    (options.model / "eval.json").write_text(text, encoding="utf-8")
    print(text, end="")


if __name__ == "__main__":
    main()
