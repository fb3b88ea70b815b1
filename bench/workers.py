"""Programs that encode pictures on demand, for timing them in turn: what the comparisons in this folder share."""

import json
import random
import statistics
import subprocess
import time

import numpy as np

REST_SECONDS = 0.1  # until the threads of the one before have stopped waiting for work


def worker_pixels(count, side):
    """The pictures that kiloword_image_worker makes: [count, 3, side, side]."""
    values = np.arange(count * 3 * side * side) % 1009 / 504.0 - 1.0
    return values.astype(np.float32).reshape(count, 3, side, side)


def cosine(a, b):
    a, b = (np.asarray(values, np.float64).ravel() for values in (a, b))
    return float(a @ b / np.sqrt((a @ a) * (b @ b)))


class Worker:
    """kiloword_image_worker with a model loaded."""

    def __init__(self, program, model, threads, precision="fp32"):
        command = [program, "--model", model, "--threads", str(threads), "--precision", precision]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.read()  # it is ready

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.process.args[0]} ended with {self.process.wait()}")
        return json.loads(line)

    def encode(self, count):
        """{"seconds", "cpu_seconds", "embedding": the first picture's} for `count` pictures in one call."""
        self.process.stdin.write(f"{count} 1\n")
        self.process.stdin.flush()
        return self.read()

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Timed:
    """A Python function from pixels to embeddings that answers as a Worker does."""

    def __init__(self, function, side):
        self.function, self.side = function, side

    def encode(self, count):
        pixels = worker_pixels(count, self.side)
        start, cpu_start = time.perf_counter(), time.process_time()
        embeddings = self.function(pixels)
        seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu_start
        return {"seconds": seconds, "cpu_seconds": cpu_seconds, "embedding": np.asarray(embeddings)[0].tolist()}


def measure(cases, count, rounds):
    """Asks each of `cases` (name -> worker) once a round, in random order; the medians and an embedding by name."""
    answers = {name: [] for name in cases}
    for turn in range(rounds + 1):
        for name in random.sample(list(cases), len(cases)):
            time.sleep(REST_SECONDS)
            answer = cases[name].encode(count)
            if turn > 0:  # the first is for warming up
                answers[name].append(answer)
    return {
        name: {
            "seconds": statistics.median(answer["seconds"] for answer in given),
            "cpu_seconds": statistics.median(answer["cpu_seconds"] for answer in given),
            "embedding": given[0]["embedding"],
        }
        for name, given in answers.items()
    }
