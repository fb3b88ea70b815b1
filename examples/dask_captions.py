#!/usr/bin/env python3
"""Captions images with Dask: each partition opens one kiloword.

    dask_captions.py IMAGE... > captions.jsonl
"""

import json
import sys

import dask.bag
from kiloword_stream import Captioner

PARTITIONS = 2


def caption(paths):
    with Captioner("--threads", "1") as captioner:
        return list(captioner.records(paths))


def main():
    bag = dask.bag.from_sequence(sys.argv[1:], npartitions=PARTITIONS)
    for record in bag.map_partitions(caption).compute(scheduler="threads"):
        print(json.dumps(record))


if __name__ == "__main__":
    main()
