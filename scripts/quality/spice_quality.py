#!/usr/bin/env python3
"""Measures descriptions by SPICE (Anderson et al. 2016), beside CIDEr-D and BLEU-4 of caption_metrics.py.

    kiloword batch -q --describe --files-from LIST -o OUT.jsonl
    scripts/quality/spice_quality.py --jar spice/spice-1.0.jar --rows OUT.jsonl --captions DATA/flickr8k.captions.tsv

SPICE is the authors' Java program, not a part of kiloword. It parses captions into objects, attributes and relations and
takes the F1 of a description's against those of all captions of its image together; printed is the mean over images in
percent, and so are those of precision and recall. The program and most of its libraries are in the wheel of
pycocoevalcap 1.2; unpack that and add to `lib`, beside the jar, from Maven Central:

- edu.stanford.nlp:stanford-corenlp:3.6.0, and the same with the classifier `models` (378 MB);
- from Java 15 on org.openjdk.nashorn:nashorn-core:15.4 and org.ow2.asm:asm, -analysis, -commons, -tree, -util:7.3.1.
  SPICE indents its output with JavaScript, which Java no longer contains.

It takes up to 6 GB of memory and, for 1000 images of five captions, minutes. CIDEr-D weighs words by how many of the
measured images have them, so that it is comparable among the same images only.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from statistics import mean

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "train"))

from caption_metrics import bleu4, cider_d, words
from captions import spelled


def read_captions(file):
    """{image: its captions, in normal spelling} of lines `split, image, caption` with tabs between."""
    result = defaultdict(list)
    for line in file.read_text(encoding="utf-8").splitlines():
        _, image, caption = line.split("\t", 2)
        result[image].append(spelled(caption))
    return result


def read_descriptions(file, limit):
    """{image: its description} of the first `limit` rows, without those that failed; an image is its file's stem."""
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()[:limit]]
    return {Path(row["path"]).stem: row["description"] for row in rows if row["status"] == "ok"}


def spice(jar, descriptions, captions, memory):
    """{image: SPICE's result}, with f, pr (precision) and re (recall) from 0 to 1."""
    content = [{"image_id": image, "test": text, "refs": captions[image]} for image, text in descriptions.items()]
    with tempfile.TemporaryDirectory() as name:
        given, scores = Path(name, "given.json"), Path(name, "scores.json")
        given.write_text(json.dumps(content), encoding="utf-8")
        classes = os.pathsep.join((str(jar), str(jar.parent / "lib" / "*")))
        command = ["java", f"-Xmx{memory}", "-Dfile.encoding=UTF-8", "-cp", classes, "edu.anu.spice.SpiceScorer"]
        done = subprocess.run([*command, given, "-out", scores, "-silent"], capture_output=True, text=True, check=False)
        # SPICE exits with 0 after some errors, but leaves no scores then.
        if done.returncode != 0 or not scores.is_file() or scores.stat().st_size == 0:
            raise SystemExit(f"{done.stdout}{done.stderr}SPICE failed: exit code {done.returncode}")
        results = json.loads(scores.read_text(encoding="utf-8"))
    return {result["image_id"]: result["scores"]["All"] for result in results}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jar", type=Path, required=True, help="spice-1.0.jar, with its lib folder beside it")
    parser.add_argument("--rows", type=Path, required=True, help="output of 'kiloword batch --describe'")
    parser.add_argument("--captions", type=Path, required=True, help="flickr8k.captions.tsv")
    parser.add_argument("--limit", type=int, help="number of rows; default: all")
    parser.add_argument("--memory", default="6G", help="Java's maximum (default: 6G)")
    options = parser.parse_args()
    captions, descriptions = read_captions(options.captions), read_descriptions(options.rows, options.limit)
    unknown = [image for image in descriptions if image not in captions]
    if unknown or not descriptions:
        raise SystemExit(f"{options.rows}: no captions of {unknown[0]}" if unknown else f"{options.rows}: no description")
    texts, references = list(descriptions.values()), [captions[image] for image in descriptions]
    scores = spice(options.jar, descriptions, captions, options.memory)
    if scores.keys() != descriptions.keys():
        raise SystemExit(f"SPICE scored {len(scores)} of {len(descriptions)} images")
    print(f"images: {len(descriptions)}")
    for title, key in (("SPICE", "f"), ("SPICE precision", "pr"), ("SPICE recall", "re")):
        # A text without objects proposes nothing: SPICE leaves its precision open.
        print(f"{title:20}{100 * mean(score[key] or 0 for score in scores.values()):8.2f}")
    print(f"{'CIDEr-D':20}{cider_d(texts, references):8.2f}")
    print(f"{'BLEU-4':20}{bleu4(texts, references):8.2f}")
    print(f"{'mean words':20}{mean(len(words(text)) for text in texts):8.2f}")


if __name__ == "__main__":
    main()
