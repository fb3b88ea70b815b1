#!/usr/bin/env python3
"""Captions images with Spark: each partition is piped through one kiloword.

    spark_captions.py IMAGE... > captions.jsonl
"""

import os
import sys

from pyspark import SparkContext

PARTITIONS = 2
COMMAND = "kiloword batch --files-from - -o - -q --errors-ok --threads 1"


def main():
    with SparkContext(master="local[2]", appName="captions") as spark:
        images = spark.parallelize(sys.argv[1:], PARTITIONS)
        # Without env the program would have no environment, not even PATH.
        for record in images.pipe(COMMAND, env=dict(os.environ), checkCode=True).collect():
            print(record)


if __name__ == "__main__":
    main()
