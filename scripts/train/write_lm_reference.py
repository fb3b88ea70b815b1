"""Writes MODEL/reference.json of a language model: logits of a few token sequences, for tests elsewhere."""

import argparse
import json
from pathlib import Path

import sentencepiece
import torch

from gpt2_model import load_language_model
from train_lm import encode_rows

TEXTS = ("A dog runs through the grass.", "Two men in blue shirts are", "Über 3 naïve cafés")
FIRST, BEST = 8, 3


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=Path("models/nano-lm"))
    options = parser.parse_args()
    model = load_language_model(options.model)
    # Without the end; the last sequence is the begin token alone.
    sequences = [(text, row[:-1]) for text, row in zip(TEXTS, encode_rows(options.model, TEXTS, longest=32))]
    sequences.append(("", [model.config["bos_token_id"]]))
    cases = []
    for text, ids in sequences:
        with torch.no_grad():
            logits = model(torch.tensor([ids]))[0]
        rows = []
        for position in sorted({0, len(ids) // 2, len(ids) - 1}):
            row = logits[position]
            rows.append(
                {
                    "position": position,
                    "logits_first_8": [round(value, 5) for value in row[:FIRST].tolist()],
                    "best_3": row.topk(BEST).indices.tolist(),
                    "best_logit": round(row.max().item(), 5),
                    "logsumexp": round(row.logsumexp(dim=0).item(), 5),
                }
            )
        cases.append({"text": text, "ids": ids, "positions": rows})
    reference = {
        "made_by": {
            "script": "scripts/train/write_lm_reference.py",
            "torch": torch.__version__,
            "sentencepiece": sentencepiece.__version__,
            "computed_in": "float32 from the F16 weights of model.safetensors",
        },
        "cases": cases,
    }
    text = json.dumps(reference, indent=2, ensure_ascii=False) + "\n"
    (options.model / "reference.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
