#!/usr/bin/env python3
"""Runs the examples that keep one `kiloword batch` open.

    stream_check.py KILOWORD (plain|ray|dask|spark)

Exits with 77 where the package, or Spark's Java, is missing.
"""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
sys.path.insert(0, str(EXAMPLES))
from kiloword_stream import Captioner  # noqa: E402

IMAGES = 60
PACKAGES = {"ray": "ray", "dask": "dask.bag", "spark": "pyspark"}


def make_images(folder):
    """Images of different colours, every seventh of which is none; their paths."""
    paths = []
    for number in range(IMAGES):
        path = folder / f"image {number}.ppm"
        pixels = bytes((number * 40 + at * 7) % 256 for at in range(16 * 16 * 3))
        path.write_bytes(b"no image" if number % 7 == 3 else b"P6 16 16 255\n" + pixels)
        paths.append(str(path))
    return paths


def check(records, paths):
    if [record["path"] for record in records] != paths:
        raise SystemExit("the records are not those of the images, in their order")
    for number, record in enumerate(records):
        if record["status"] != ("error" if number % 7 == 3 else "ok"):
            raise SystemExit(f"unexpected: {record}")


def check_plain(kiloword, paths):
    with Captioner("--threads", "2", program=kiloword) as captioner:
        records = []
        for begin, end in ((0, 1), (1, 2), (2, 40), (40, 40), (40, IMAGES)):  # each waits for the one before
            records += captioner.records(paths[begin:end])
        check(records, paths)
        many = paths * 20
        if [record["path"] for record in captioner.records(many)] != many:
            raise SystemExit("records are missing or out of order")
        try:
            list(captioner.records([""]))
            raise SystemExit("an empty path was taken")
        except ValueError:
            pass
        captioner.process.kill()
        try:
            list(captioner.records(paths[:1]))
            raise SystemExit("an end of the program was not noticed")
        except RuntimeError:
            pass
    with Captioner("--threads", "1", program=kiloword) as captioner:
        check(list(captioner.records(paths)), paths)
        if captioner.close() != 0:
            raise SystemExit("errors of images have changed the exit code")


def check_example(name, kiloword, paths, scratch):
    found = importlib.util.find_spec(PACKAGES[name].split(".")[0])
    if found is None or (name == "spark" and not shutil.which("java")):
        print(f"skipped: no {PACKAGES[name]}" + (" or no java" if name == "spark" else ""))
        sys.exit(77)
    environment = {**os.environ, "PATH": f"{Path(kiloword).parent}:{os.environ['PATH']}", "PYTHONPATH": str(EXAMPLES),
                   "HOME": str(scratch), "RAY_TMPDIR": str(scratch), "RAY_USAGE_STATS_ENABLED": "0", "SPARK_LOCAL_DIRS": str(scratch), "SPARK_LOCAL_IP": "127.0.0.1"}
    output = subprocess.run([sys.executable, EXAMPLES / f"{name}_captions.py", *paths], env=environment, check=True,
                            stdout=subprocess.PIPE, cwd=scratch).stdout
    check([json.loads(line) for line in output.splitlines()], paths)


def main():
    kiloword, name = str(Path(sys.argv[1]).resolve()), sys.argv[2]
    with tempfile.TemporaryDirectory(prefix="kiloword-stream-") as folder:
        scratch = Path(folder)
        os.environ["XDG_CACHE_HOME"] = str(scratch / "cache")
        paths = make_images(scratch)
        if name == "plain":
            check_plain(kiloword, paths)
        else:
            check_example(name, kiloword, paths, scratch)
    print("every image has its record, in order")


if __name__ == "__main__":
    main()
