#!/usr/bin/env python3
"""Captions images with Ray: each actor keeps one kiloword open.

    ray_captions.py IMAGE... > captions.jsonl
"""

import json
import sys

import ray
from kiloword_stream import Captioner

ACTORS = 2
IMAGES_AT_ONCE = 64


@ray.remote(num_cpus=1)
class CaptionActor:
    def __init__(self):
        self.captioner = Captioner("--threads", "1")

    def caption(self, paths):
        return list(self.captioner.records(paths))


def main():
    paths = sys.argv[1:]
    ray.init(log_to_driver=False)
    actors = ray.util.ActorPool([CaptionActor.remote() for _ in range(ACTORS)])
    portions = [paths[at:at + IMAGES_AT_ONCE] for at in range(0, len(paths), IMAGES_AT_ONCE)]
    for records in actors.map(lambda actor, portion: actor.caption.remote(portion), portions):
        for record in records:
            print(json.dumps(record))


if __name__ == "__main__":
    main()
