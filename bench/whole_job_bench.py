#!/usr/bin/env python3
"""Captions a folder of 12-megapixel JPEGs by kiloword and by Pillow and PyTorch, in turn, and compares time and results.

    bench/whole_job_bench.py --kiloword build/release/bin/kiloword --image-bench build/release/bin/kiloword_image_bench \\
        --model ViT-B-32 --photos "$(scripts/sample_photos.sh)" [--count 300] [--rounds 3]

--model is a folder of scripts/make_random_checkpoint.py ViT-B/32. Needs Python with Pillow, NumPy and PyTorch
(Debian's python3-pil and python3-torch), on a BLAS that is not the reference one. Times are those of whole processes,
start-up included, with label embeddings made before. The peer is run with and without processes that prepare
pictures; the faster one counts. Fails when the two do not give the same embeddings and labels.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from large_photos import write_large_photos

PEER = Path(__file__).resolve().parent / "whole_job_peer.py"
LEAST_COSINE = 0.999
# Two labels whose cosines are closer than this may change places.
TIE = 0.003
LABELS = """dog,cat,horse,bird,butterfly,flower,tree,mountain,beach,river,city,street,house,church,bridge,car,bus,train,
airplane,boat,bicycle,man,woman,child,crowd,football player,singer,apple,orange,banana,bread,cake,cup,table,chair,bed,
book,newspaper,computer,telephone,clock,lamp,window,door,garden,forest,lake,snow,sunset,night sky""".replace("\n", "").split(",")


def timed(command, environment, output=subprocess.DEVNULL):
    """Runs a command to its end; returns (seconds, standard output)."""
    start = time.monotonic()
    done = subprocess.run([str(part) for part in command], env=environment, stdout=output, check=True)
    return time.monotonic() - start, done.stdout


def write_label_set(file):
    header = ["category: objects", "statement: This image contains {a} {label}.", "match: a photo of {a} {label}", "---"]
    file.write_text("\n".join([*header, *LABELS]) + "\n")


def article(label):
    return "an" if label[0] in "aeiou" else "a"


class Job:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.pictures = folder / "pictures"
        self.labels = folder / "labels.txt"
        self.label_embeddings = folder / "labels.npy"
        self.environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}

    def prepare(self):
        """Pictures, label embeddings, and a first run that fills the label cache."""
        self.pictures.mkdir()
        sources = sorted(self.options.photos.glob("*.jpg"))
        paths = write_large_photos(sources, self.pictures, self.options.count)
        megabytes = sum(path.stat().st_size for path in paths) / 1e6
        print(f"{len(paths)} pictures of 4000 x 3000 pixels, {megabytes / len(paths):.2f} MB each", flush=True)
        write_label_set(self.labels)
        texts = [part for label in LABELS for part in ("--text", f"a photo of {article(label)} {label}")]
        timed([*self.embed_command(self.label_embeddings), *texts], self.environment)
        timed(self.kiloword_command(paths[0]), self.environment)
        return paths

    def embed_command(self, file):
        return [self.options.kiloword, "embed", "-q", "--model", self.options.model, "--npy", file]

    def kiloword_command(self, inputs):
        """The command that is measured."""
        return [
            *(self.options.kiloword, "batch", inputs, "-o", self.folder / "records.jsonl", "--overwrite", "-q"),
            *("--model", self.options.model, "--labels", self.labels, "--min-confidence", "0"),
            *("--threads", self.options.threads, *self.options.extra),
        ]

    def peer_command(self, variant):
        return [
            *(sys.executable, PEER, "--model", self.options.model, "--folder", self.pictures, *variant),
            *("--labels", self.label_embeddings, "--output", self.folder / "peer.npy", "--threads", self.options.threads),
        ]

    def check(self, paths, peer_output):
        """Compares embeddings, and the best labels of records with the peer's."""
        ours = self.folder / "kiloword.npy"
        timed([*self.embed_command(ours), *paths], self.environment)
        cosines = (np.load(ours) * np.load(self.folder / "peer.npy")).sum(1)
        records = [json.loads(line) for line in (self.folder / "records.jsonl").read_text().splitlines()]
        peer = [line.split() for line in peer_output.decode().splitlines()]
        same, apart = 0, 0.0
        for record, (name, label, cosine) in zip(records, peer, strict=True):
            assert Path(record["path"]).name == name and record["status"] == "ok", record
            assert (record["width"], record["height"]) == (4000, 3000), record
            statement = record["statements"][0]
            same += statement["label"] == LABELS[int(label)]
            apart = max(apart, abs(statement["cosine"] - float(cosine)))
        print(
            f"embeddings: cosine at least {cosines.min():.6f}, median {np.median(cosines):.6f}; best label the same for"
            f" {same} of {len(records)}, its cosine apart by {apart:.5f} at most"
        )
        return cosines.min() >= LEAST_COSINE and apart < TIE


def limits(options, paths):
    """What libjpeg alone, and decoding and resizing, reach on one core: images/s, at a fraction of the size."""
    command = [options.image_bench, "--photo", paths[len(paths) // 2], "--repeat", "9"]
    output = subprocess.run([str(part) for part in command], check=True, stdout=subprocess.PIPE).stdout.decode()
    print(output, end="")
    line = next(line for line in output.splitlines() if line.startswith("reduced"))
    return 1000 / float(re.search(r"libjpeg alone +([\d.]+) ms", line)[1]), float(re.search(r"([\d.]+) images/s", line)[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kiloword", type=Path, required=True)
    parser.add_argument("--image-bench", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--photos", type=Path, required=True, help="a folder of JPEG files")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--extra", nargs="*", default=[], help="further options of kiloword batch")
    options = parser.parse_args()
    variants = {
        "Pillow + PyTorch": [],
        "Pillow in 2 processes + PyTorch": ["--processes", "2"],
        "Pillow's draft in 2 processes + PyTorch": ["--processes", "2", "--draft"],
    }
    with tempfile.TemporaryDirectory() as name:
        job = Job(options, Path(name))
        paths = job.prepare()
        times, output = {"kiloword": [], **{variant: [] for variant in variants}}, b""
        for _ in range(options.rounds):
            times["kiloword"].append(timed(job.kiloword_command(job.pictures), job.environment)[0])
            for variant, extra in variants.items():
                seconds, printed = timed(job.peer_command(extra), job.environment, subprocess.PIPE)
                times[variant].append(seconds)
                output = output if "--draft" in extra else printed
                (job.folder / "peer.npy").rename(job.folder / ("draft.npy" if "--draft" in extra else "exact.npy"))
        (job.folder / "exact.npy").rename(job.folder / "peer.npy")
        good = job.check(paths, output)
        rates = {who: options.count / statistics.median(seconds) for who, seconds in times.items()}
        for who, rate in rates.items():
            spread = f"{min(times[who]):.1f} to {max(times[who]):.1f} s"
            print(f"{who}: {rate:.2f} images/s ({spread} for {options.count}); kiloword {rates['kiloword'] / rate:.2f} times")
        libjpeg, prepared = limits(options, paths)
        print(
            f"one core: libjpeg alone {libjpeg:.1f} images/s, decoded, resized and normalised {prepared:.1f};"
            f" kiloword_encoder_bench tells the network's rate"
        )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
