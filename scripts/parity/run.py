#!/usr/bin/env python3
"""Compares kiloword with the reference libraries and prints a table; README.md beside this file says how and what.

usage: run.py [--program PROGRAM] [--json FILE] [--list] [PATTERN...]
"""
import argparse
import dataclasses
import json
import re
import shutil
import sys
import time
import traceback

import causal_cases  # noqa: F401
import clip_cases  # noqa: F401
import coca_cases  # noqa: F401
import gpt2_cases  # noqa: F401
import llama_cases  # noqa: F401
import metaclip2_cases  # noqa: F401
import open_clip_cases  # noqa: F401
import refusals  # noqa: F401
import siglip_cases  # noqa: F401
from support import CASES, SESSION, Row


def cell(value):
    return "" if value is None else f"{value:.7f}"


def rows_of(name, function):
    """Those of a case, each as soon as it is there; an error ends the case, not the others."""
    try:
        yield from function()
    except Exception as error:
        traceback.print_exc()
        yield Row(name, "FAILED", note=f"{type(error).__name__}: {error}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default="kiloword")
    parser.add_argument("--json", help="rows as JSON lines go here")
    parser.add_argument("--list", action="store_true", help="names of cases alone")
    parser.add_argument("pattern", nargs="*", help="regular expressions; cases with one of them in their names are run")
    options = parser.parse_args()
    chosen = [(name, function) for name, function in CASES if not options.pattern or any(re.search(p, name) for p in options.pattern)]
    if options.list:
        print("\n".join(name for name, _ in chosen))
        return 0
    SESSION.program = options.program
    rows = []
    print("| case | result | images | texts | spread | note |\n|---|---|---|---|---|---|")
    for name, function in chosen:
        start = time.time()
        for row in rows_of(name, function):
            note = row.note.replace("|", "\\|").replace("\n", " ")[:300]
            print(f"| {row.case} | {row.result} | {cell(row.images)} | {cell(row.texts)} | {cell(row.spread)} | {note} |", flush=True)
            rows.append(row)
        print(f"{name}: {time.time() - start:.0f} s", file=sys.stderr)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            file.writelines(json.dumps(dataclasses.asdict(row)) + "\n" for row in rows)
    shutil.rmtree(SESSION.folder, ignore_errors=True)
    bad = [row for row in rows if row.result in ("DIFFERS", "ACCEPTED", "FAILED")]
    print(f"\n{len(rows)} rows, {len(bad)} of them not as they should be", file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
