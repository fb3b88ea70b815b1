#!/usr/bin/env python3
"""Measures guided descriptions on Flickr8k's test images, beside samples of the language model alone.

    scripts/quality/describe_quality.py --kiloword build/release/bin/kiloword --photos FOLDER [--limit 200] [--extra-options "--beams 4"]

Both runs are `kiloword describe --format json`; the samples see nothing of the images (--clip-weight 0), so a seed's sample is
the same for all images: every ten images share a seed. Printed are the
share of images whose guided description has the higher cosine with the image, as kiloword itself measures it, and
BLEU-4 and CIDEr-D against the five captions of each image (caption_metrics.py).
"""

import argparse
import json
import shlex
import subprocess
import sys
import time
from pathlib import Path
from statistics import mean

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "train"))

from caption_metrics import bleu4, cider_d, words
from captions import flickr8k_by_image, spelled
from image_sets import flickr8k_photos

UNGUIDED = ("--clip-weight", "0", "--temperature", "1", "--beams", "1")
IMAGES_OF_A_SAMPLE = 10
INPUTS_FAILED = 1  # kiloword's exit code when some inputs failed and the others were done


def describe(program, paths, seed, options):
    """{path: record} of the images that were described in one run."""
    command = [program, "describe", "--format", "json", "--seed", str(seed), "--files-from", "-", *options]
    listing = "".join(f"{path}\n" for path in paths).encode()
    done = subprocess.run(command, input=listing, stdout=subprocess.PIPE, check=False)
    if done.returncode not in (0, INPUTS_FAILED):
        raise SystemExit(f"{shlex.join(command)}: exit code {done.returncode}")
    records = [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]
    return {record["path"]: record for record in records if record["status"] == "ok"}


def describe_by_samples(program, paths, seed, options):
    """As describe(), with a seed for every few images."""
    records = {}
    for begin in range(0, len(paths), IMAGES_OF_A_SAMPLE):
        records.update(describe(program, paths[begin : begin + IMAGES_OF_A_SAMPLE], seed + begin, options))
    return records


def measure(records, paths, references):
    """Metrics of the records of `paths`, a list."""
    texts = [records[path]["description"] for path in paths]
    return {
        "BLEU-4": bleu4(texts, references),
        "CIDEr-D": cider_d(texts, references),
        "mean clip_cosine": mean(records[path]["clip_cosine"] for path in paths),
        "mean words": mean(len(words(text)) for text in texts),
        "different texts": len(set(texts)),
    }


def print_table(guided, unguided):
    print(f"{'':20}{'guided':>10}{'unguided':>10}{'ratio':>8}")
    for name, value in guided.items():
        other = unguided[name]
        ratio = f"{value / other:8.2f}" if other else f"{'-':>8}"
        print(f"{name:20}{value:10.4g}{other:10.4g}{ratio}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kiloword", required=True, metavar="PROGRAM")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder with flickr8k.captions.tsv")
    parser.add_argument("--photos", type=Path, required=True, help="folder with Flickr8k's photos, IMAGE.jpg")
    parser.add_argument("--split", choices=("dev", "test"), default="test", help="dev chooses settings, test measures")
    parser.add_argument("--limit", type=int, default=1000, help="number of images")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--options", default="", help="options of both runs, as one argument (models, threads)")
    parser.add_argument("--extra-options", default="", help="further options of the guided run, as one argument")
    parser.add_argument("--records", type=Path, help="write the guided records and their references here, as JSON lines")
    options = parser.parse_args()
    both, extra = shlex.split(options.options), shlex.split(options.extra_options)
    photos = flickr8k_photos(options.data, options.photos, options.split)[: options.limit]
    images = {str(path): image for image, path in photos}
    begin = time.monotonic()
    guided = describe(options.kiloword, list(images), options.seed, [*both, *extra])
    seconds = time.monotonic() - begin
    unguided = describe_by_samples(options.kiloword, list(images), options.seed, [*both, *UNGUIDED])
    paths = [path for path in images if path in guided and path in unguided]
    if not paths:
        raise SystemExit("no image was described")
    captions = flickr8k_by_image(options.data, options.split)
    references = [[spelled(caption) for caption in captions[images[path]]] for path in paths]
    better = mean(guided[path]["clip_cosine"] > unguided[path]["clip_cosine"] for path in paths)
    print(f"images: {len(paths)} of {len(images)}")
    print(f"guided cosine above unguided: {100 * better:.1f} % of images")
    print_table(measure(guided, paths, references), measure(unguided, paths, references))
    print(f"guided: {seconds:.1f} s, {len(images) / seconds:.1f} images/s")
    if options.records:
        lines = (json.dumps({**guided[path], "references": captions[images[path]]}) + "\n" for path in paths)
        options.records.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
