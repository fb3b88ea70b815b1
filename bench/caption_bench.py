#!/usr/bin/env python3
"""Times the program as a user runs it: one photo with a cold and a warm label cache, and many photos in one process.

    bench/caption_bench.py --kiloword build/release/bin/kiloword --photos DIR [--model nano] [--rounds 7] [--many 200]

Cold and warm runs alternate, so that a slow minute of the machine meets both; medians are printed. Peak memory is the
largest resident set of the process as the kernel reports it.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path


def run(arguments, cache):
    """Runs a command to its end; returns (seconds, peak resident MB, standard error)."""
    start = time.monotonic()
    process = subprocess.Popen(
        arguments,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, "XDG_CACHE_HOME": cache},
    )
    errors = process.stderr.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"{' '.join(arguments)} failed:\n{errors}")
    return seconds, usage.ru_maxrss / 1000, errors


def one_photo(command, photo, rounds):
    results = {"cold": [], "warm": []}
    with tempfile.TemporaryDirectory() as cache:
        for _ in range(rounds):
            for state in results:
                if state == "cold":
                    shutil.rmtree(Path(cache) / "kiloword", ignore_errors=True)
                results[state].append(run([*command, str(photo)], cache))
    for state, runs in results.items():
        seconds = statistics.median(r[0] for r in runs)
        peak = statistics.median(r[1] for r in runs)
        print(f"one photo, {state} label cache: {1000 * seconds:.0f} ms, peak {peak:.0f} MB")


def many_photos(command, photos, count, rounds):
    """Two run lengths and their difference: what a further image costs, apart from start-up."""
    paths = [str(photos[i % len(photos)]) for i in range(count)]
    whole, rest = [], []
    with tempfile.TemporaryDirectory() as cache:
        run([*command, paths[0]], cache)
        for _ in range(rounds):
            single = run([*command, paths[0]], cache)[0]
            seconds, peak, _ = run([*command, *paths], cache)
            whole.append(seconds)
            rest.append(seconds - single)
    print(
        f"{count} photos ({len(photos)} different ones), one process: {count / statistics.median(whole):.1f} images/s"
        f" with start-up, {(count - 1) / statistics.median(rest):.1f} images/s without, peak {peak:.0f} MB"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kiloword", type=Path, required=True)
    parser.add_argument("--photos", type=Path, required=True, help="a folder of JPEG files")
    parser.add_argument("--model", default="nano")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--many", type=int, default=200)
    options = parser.parse_args()
    photos = sorted(options.photos.glob("*.jpg"))
    if not photos:
        raise SystemExit(f"no .jpg files in {options.photos}")
    command = [str(options.kiloword), "caption", "--model", options.model]
    one_photo(command, photos[0], options.rounds)
    many_photos(command, photos, options.many, max(3, options.rounds // 2))


if __name__ == "__main__":
    main()
