#!/usr/bin/env python3
"""Compares records and embeddings with those in records.golden.jsonl, whatever system and libraries made them.

    records_check.py KILOWORD [--update]

The model is the small one in tests/clip/data/vit (random weights), the pictures are those in tests/image/data. Texts must
be equal and values of embeddings within 1e-5. Records round cosines and probabilities to four digits: there, one unit of
the last digit. --update writes the golden file anew: its first line names what made it.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
GOLDEN = Path(__file__).resolve().parent / "records.golden.jsonl"
EMBEDDING_TOLERANCE = 1e-5
ROUNDED_TOLERANCE = 1.01e-4
LABELS = """category: things
statement: There is {a} {label}.
match: a photo of {a} {label}
match: the {label}
---
dog
red house
orange
violin
"""
TEXTS = ["a photo of a dog", "two violins", ""]


def run(kiloword, home, *arguments):
    """The JSON lines that a command prints, without times and folders."""
    environment = {**os.environ, "XDG_CACHE_HOME": home, "XDG_DATA_HOME": home}
    output = subprocess.run(
        [kiloword, *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, check=False
    ).stdout
    records = [json.loads(line) for line in output.splitlines()]
    for record in records:
        record.pop("ms", None)
        record.pop("model", None)
        if "path" in record:
            record["path"] = Path(record["path"]).name
    return records


def make_records(kiloword):
    pictures = sorted(str(path) for path in (TESTS / "image/data").iterdir() if path.is_file() and path.suffix != ".txt")
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "vit"
        shutil.copytree(TESTS / "clip/data/vit", model)
        for name in ("vocab.json", "merges.txt"):
            shutil.copy(TESTS / "clip/data/tokenizer" / name, model)
        labels = Path(folder) / "things.txt"
        labels.write_text(LABELS)
        on = ["--model", str(model), "--device", "cpu"]
        texts = [part for text in TEXTS for part in ("--text", text)]
        return (
            run(kiloword, folder, "caption", "--format", "json", "--labels", str(labels), "--min-confidence", "0", *on, *pictures)
            + run(kiloword, folder, "embed", *on, *pictures)
            + run(kiloword, folder, "embed", *on, *texts)
        )


def batch_differs(kiloword, pictures):
    """Yields where `batch` writes other records of `pictures` than `caption` does, whatever images share a call."""
    with tempfile.TemporaryDirectory() as folder:
        on = ["--model", "nano", "--device", "cpu", "--read-text", "off"]
        alone = [record for picture in pictures for record in run(kiloword, folder, "caption", "--format", "json", *on, picture)]
        together = run(kiloword, folder, "caption", "--format", "json", *on, *pictures)
        rows = run(kiloword, folder, "batch", "-o", "-", *on, *pictures)
        for row in rows:
            for key in ("index", "bytes", "modified", "run", "shard"):
                row.pop(key, None)
        yield from differences(together, alone, "caption of many")
        yield from differences(rows, alone, "batch")


def differences(found, golden, place):
    """Yields where two JSON values differ."""
    if isinstance(golden, dict) and isinstance(found, dict) and golden.keys() == found.keys():
        for key in golden:
            yield from differences(found[key], golden[key], f"{place}.{key}")
    elif isinstance(golden, list) and isinstance(found, list) and len(golden) == len(found):
        for index, value in enumerate(golden):
            yield from differences(found[index], value, f"{place}[{index}]")
    elif isinstance(golden, float) and isinstance(found, (int, float)):
        if not abs(found - golden) <= (EMBEDDING_TOLERANCE if ".embedding[" in place else ROUNDED_TOLERANCE):
            yield f"{place}: {found}, golden {golden}"
    elif found != golden:
        yield f"{place}: {found!r}, golden {golden!r}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kiloword")
    parser.add_argument("--update", action="store_true")
    options = parser.parse_args()
    records = make_records(options.kiloword)
    if options.update:
        version = subprocess.run([options.kiloword, "--version"], stdout=subprocess.PIPE, check=True).stdout.decode()
        made_by = f"{version.strip()} on {platform.freedesktop_os_release()['PRETTY_NAME']}, tests/cli/records_check.py --update"
        with GOLDEN.open("w") as file:
            for line in [{"made_by": made_by}, *records]:
                print(json.dumps(line, ensure_ascii=False), file=file)
        return 0
    golden = [json.loads(line) for line in GOLDEN.read_text().splitlines()][1:]
    found = list(differences(records, golden, "record"))
    found += batch_differs(options.kiloword, sorted(str(path) for path in (TESTS / "image/data").glob("rgb.*")))
    print("\n".join(found[:20]) or f"{len(golden)} records agree")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
