#!/usr/bin/env python3
"""Peak memory of `kiloword batch` for 1,000 and for 100,000 inputs: empty, tiny and real files in turn.

    bench/batch_memory.py --kiloword build/release/bin/kiloword --photos "$(scripts/sample_photos.sh)"

The real files are links to the photos that are smaller than 100 KB; every tenth input is one, four in ten are tiny
pictures, the rest are empty. Prints peak memory, time and inputs a second for each count, and for a resumed run.
"""

import argparse
import os
import subprocess
import tempfile
import time
from pathlib import Path


def make_inputs(folder, count, photos):
    for i in range(count):
        place = folder / str(i // 1000)
        place.mkdir(parents=True, exist_ok=True)
        name = place / f"{i:06}.jpg"
        if i % 10 == 0:
            name.symlink_to(photos[i // 10 % len(photos)])
        elif i % 10 < 5:
            name.write_bytes(b"P6 2 2 255\n" + i.to_bytes(4, "little") * 3)
        else:
            name.touch()


def run(kiloword, folder, output, *more):
    begin = time.monotonic()
    process = subprocess.Popen([kiloword, "batch", "-q", str(folder), "-o", str(output), *more])
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):  # 1: the empty files are no images
        raise SystemExit("kiloword failed")
    return usage.ru_maxrss / 1024, time.monotonic() - begin


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kiloword", required=True)
    parser.add_argument("--photos", required=True, type=Path)
    parser.add_argument("--counts", type=int, nargs="+", default=[1000, 100000])
    arguments = parser.parse_args()
    photos = sorted(path for path in arguments.photos.glob("*.jpg") if path.stat().st_size < 100_000)
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["XDG_CACHE_HOME"] = f"{scratch}/cache"
        print("inputs\trun\tpeak_MB\tseconds\tinputs/s")
        for count in arguments.counts:
            folder, output = Path(scratch) / f"in{count}", Path(scratch) / f"{count}.jsonl"
            make_inputs(folder, count, photos)
            for kind, more in (("whole", ()), ("resumed", ("--resume",))):
                peak, seconds = run(arguments.kiloword, folder, output, *more)
                print(f"{count}\t{kind}\t{peak:.0f}\t{seconds:.1f}\t{count / seconds:.0f}", flush=True)


if __name__ == "__main__":
    main()
