#!/usr/bin/env python3
"""What share of the image tower's own rate `kiloword batch` reaches, start-up taken off, and its peak memory.

    bench/batch_share.py --build build/release --model ViT-B-32 --photos DIR [--count 240] [--rounds 3] [--precision fp32 bf16 int8]

The photos are scaled down to a shortest side of 256 pixels beforehand. A round takes, for each precision in turn, the tower's
rate in calls of 32 pictures, `batch` over one photo and `batch` over all of them; medians are printed.
"""
import argparse
import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from PIL import Image
from workers import Worker


def make_small_photos(photos, count, folder):
    for i in range(count):
        image = Image.open(photos[i % len(photos)]).convert("RGB")
        scale = 256 / min(image.size)
        image.resize([round(side * scale) for side in image.size]).save(folder / f"{i}.jpg", quality=90)


def run(command, inputs):
    """(seconds, peak resident MB)"""
    start = time.monotonic()
    process = subprocess.Popen([*command, "--overwrite", *inputs], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"{' '.join(map(str, command))} failed")
    return time.monotonic() - start, usage.ru_maxrss / 1000


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--photos", type=Path, required=True, help="a folder of JPEG files")
    parser.add_argument("--count", type=int, default=240)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--precision", nargs="+", default=["fp32", "bf16", "int8"])
    options = parser.parse_args()
    worker_program = options.build / "bin/kiloword_image_worker"
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        make_small_photos(sorted(options.photos.glob("*.jpg")), options.count, folder)
        results = {precision: [] for precision in options.precision}
        for turn in range(options.rounds + 1):
            for precision, values in results.items():
                worker = Worker(worker_program, options.model, options.threads, precision)
                rate = 32 / min(worker.encode(32)["seconds"] for _ in range(3))
                worker.close()
                command = [options.build / "bin/kiloword", "batch", "-q", "--labels", "medium", "--model", options.model,
                           "--precision", precision, "--threads", str(options.threads), "-o", folder / "out.jsonl"]
                start, _ = run(command, [folder / "0.jpg"])
                seconds, peak = run(command, [folder])
                if turn > 0:  # the first fills the label cache
                    values.append((rate, (options.count - 1) / (seconds - start), peak))
    print(f"{options.model}, {options.count} photos, {options.threads} threads, {options.rounds} rounds, load {os.getloadavg()[0]:.1f}")
    for precision, values in results.items():
        rate, reached, peak = (statistics.median(column) for column in zip(*values))
        print(f"{precision}: tower {rate:.1f} images/s, batch {reached:.1f}: {reached / rate:.2f}; peak {peak:.0f} MB")


if __name__ == "__main__":
    main()
