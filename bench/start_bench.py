#!/usr/bin/env python3
"""Times what needs no network of its own, whole processes, medians.

    start_bench.py --kiloword build/release/bin/kiloword --photo FILE [--rounds 21]

The commands take turns, so that a busy machine is as busy for each. The last one loads the model itself, for comparison.
"""

import argparse
import os
import signal
import statistics
import subprocess
import tempfile
import time


def seconds(command):
    begin = time.perf_counter()
    result = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - begin, result.returncode


def start_server(kiloword, folder):
    server = subprocess.Popen([kiloword, "serve", "--socket", f"{folder}/socket"], stderr=subprocess.PIPE, text=True)
    for line in server.stderr:
        if "listening on " in line:
            return server, line.split("listening on ")[1].strip()
    raise SystemExit("the server did not start")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kiloword", required=True)
    parser.add_argument("--photo", required=True)
    parser.add_argument("--rounds", type=int, default=21)
    options = parser.parse_args()
    kiloword = os.path.abspath(options.kiloword)
    with tempfile.TemporaryDirectory() as folder:
        server, address = start_server(kiloword, folder)
        try:
            commands = {
                "--help": (["--help"], 0),
                "a wrong option": (["caption", "--wrong"], 2),
                "labels list": (["labels", "list"], 0),
                "models list": (["models", "list"], 0),
                "caption --server": (["caption", "--server", address, options.photo], 0),
                "caption": (["caption", options.photo], 0),
            }
            times = {name: [] for name in commands}
            for _ in range(options.rounds):
                for name, (arguments, expected) in commands.items():
                    taken, status = seconds([kiloword, *arguments])
                    if status != expected:
                        raise SystemExit(f"{name}: exit status {status}")
                    times[name].append(taken)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()
    for name, taken in times.items():
        print(f"{name:18} {1000 * statistics.median(taken):7.1f} ms")


if __name__ == "__main__":
    main()
