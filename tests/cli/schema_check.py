#!/usr/bin/env python3
"""Holds every kind of record against docs/record.schema.json, in which no field may be missing.

    schema_check.py KILOWORD

Skips (exit code 77) without the Python package jsonschema.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

try:
    import jsonschema
except ImportError:
    print("skipped: Python has no jsonschema")
    sys.exit(77)

ROOT = Path(__file__).resolve().parent.parent.parent
IMAGES = ROOT / "tests/image/data"


def closed(schema):
    """The schema with every object limited to the fields that it names."""
    if isinstance(schema, dict):
        schema = {key: closed(value) for key, value in schema.items()}
        if "properties" in schema:
            schema["additionalProperties"] = False
    elif isinstance(schema, list):
        schema = [closed(value) for value in schema]
    return schema


def run(kiloword, home, *arguments):
    environment = {**os.environ, "XDG_CACHE_HOME": home, "XDG_DATA_HOME": home}
    output = subprocess.run(
        [kiloword, *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, check=False
    ).stdout
    return [json.loads(line) for line in output.splitlines()]


def records(kiloword, home):
    image = str(IMAGES / "rgb.png")
    bad = str(Path(home) / "bad.jpg")
    Path(bad).write_bytes(b"no image")
    odd = os.path.join(home, os.fsdecode(b"odd\xff.png"))
    Path(odd).write_bytes(Path(image).read_bytes())
    as_json = ["--format", "json"]
    yield "caption", run(kiloword, home, "caption", *as_json, "--explain", "--typographic", "flag", image, bad, odd)
    yield "read text", run(kiloword, home, "caption", *as_json, "--read-text", "always", image)
    yield "batch", run(kiloword, home, "batch", "-o", "-", image, bad)
    yield "shard", run(kiloword, home, "batch", "-o", "-", "--shard", "1/2", str(IMAGES))
    yield "shard by input", run(kiloword, home, "batch", "-o", "-", "--shard", "1/2", "--shard-by", "input", str(IMAGES))
    yield "description", run(kiloword, home, "describe", *as_json, "--tokens", "4", image, bad)
    yield "free description", run(kiloword, home, "describe", *as_json, "--ground", "off", "--tokens", "4", image)
    yield "batch of descriptions", run(kiloword, home, "batch", "-o", "-", "--describe", "--tokens", "4", image, bad)
    yield "descriptions and statements", run(kiloword, home, "batch", "-o", "-", "--describe", "--caption", "--explain", "--tokens", "4", image)
    coca = Path(home) / "coca"
    for part in ("coca", "tokenizer"):
        shutil.copytree(ROOT / "tests/clip/data" / part, coca, dirs_exist_ok=True)
    picking = ("--engine", "coca", "--model", str(coca), "--rerank", "nano", "--ground", "off")
    yield "picked description", run(kiloword, home, "describe", *as_json, *picking, image)
    folder = Path(home) / "searched"
    folder.mkdir()
    (folder / "a.png").write_bytes(Path(image).read_bytes())
    run(kiloword, home, "index", str(folder))
    yield "match", run(kiloword, home, "search", "--in", str(folder), *as_json, "a dog")
    yield "score", run(kiloword, home, "score", *as_json, "-t", "a dog", image)


def main():
    schema = json.loads((ROOT / "docs/record.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    strict = jsonschema.Draft202012Validator(closed(schema))
    failed = 0
    with tempfile.TemporaryDirectory() as home:
        for kind, found in records(sys.argv[1], home):
            if not found:
                print(f"{kind}: no record")
                failed += 1
            for record in found:
                for error in strict.iter_errors(record):
                    print(f"{kind}: {error.message[:300]}")
                    for part in error.context or []:
                        print(f"    {part.json_path}: {part.message[:200]}")
                    failed += 1
            print(f"{kind}: {len(found)} records")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
