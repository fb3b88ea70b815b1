"""One `kiloword batch` that stays open, for workers that get images in portions: the model is loaded once.

Needs nothing but Python. With Ray, Dask and Spark: ray_captions.py, dask_captions.py, spark_captions.py.
"""

import json
import os
import subprocess
import threading


class Captioner:
    """Captions files, a record each, in their order. `options` are those of `kiloword batch`."""

    def __init__(self, *options, program="kiloword"):
        command = [program, "batch", "--files0-from", "-", "-o", "-", "-q", "--errors-ok", *options]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def records(self, paths):
        """Yields the record of each path; a file that cannot be read has one with "status": "error"."""
        paths = [os.fsencode(path) for path in paths]
        if b"" in paths:
            raise ValueError("an empty path")
        writer = threading.Thread(target=self._write, args=(paths,))  # a pipe holds little: read meanwhile
        writer.start()
        try:
            for _ in paths:
                line = self.process.stdout.readline()
                if not line:
                    raise RuntimeError(f"kiloword ended with exit code {self.process.wait()}")
                yield json.loads(line)
        finally:
            writer.join()

    def _write(self, paths):
        try:
            self.process.stdin.write(b"".join(path + b"\0" for path in paths))
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # it has ended, which the reader notices

    def close(self):
        """Ends the program; returns its exit code."""
        self.process.stdin.close()
        self.process.stdout.close()
        return self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
