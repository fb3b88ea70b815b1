#!/usr/bin/env python3
"""Compares ways to rank the statements of several sets by their precision at equal coverage.

    scripts/quality/statement_ranking.py DETAILS.jsonl...

Each file is what `kiloword eval --details` wrote about one set with calibrated confidences. The statements of all sets are
pooled, as they compete for a caption, and the surest are said: by calibrated confidence, probability or cosine.
"""

import json
import sys

COVERAGES = (0.05, 0.1, 0.2, 0.3, 0.4)
MEASURES = ("confidence", "probability", "cosine")


def precision(rows, measure, coverage):
    best = sorted(rows, key=lambda row: -row[measure])[: round(coverage * len(rows))]
    return sum(row["true"] for row in best) / len(best)


def main():
    rows = [json.loads(line) for path in sys.argv[1:] for line in open(path, encoding="utf-8")]
    print("coverage   " + "".join(f"{measure:>13}" for measure in MEASURES))
    for coverage in COVERAGES:
        shares = (precision(rows, measure, coverage) for measure in MEASURES)
        print(f"{coverage:8.0%}   " + "".join(f"{share:13.1%}" for share in shares))


if __name__ == "__main__":
    main()
