#!/usr/bin/env python3
"""Compares `kiloword serve` with `kiloword batch` on the same photos, in turn.

    serve_load.py --kiloword build/release/bin/kiloword --photos DIR [--clients 32] [--images 600] [--rounds 3]

Images/s of batch are those of its own summary, start-up left out by the difference of a long and a short run.
Latency of one client is compared with the `ms` of its record, which is decoding, forward pass and ranking.
"""

import argparse
import http.client
import json
import statistics
import subprocess
import tempfile
import threading
import time
from pathlib import Path


def batch_seconds(kiloword, paths, folder):
    (folder / "list").write_text("\n".join(map(str, paths)))
    start = time.monotonic()
    subprocess.run([kiloword, "batch", "-q", "--files-from", folder / "list", "-o", folder / "out.jsonl", "--overwrite"],
                   check=True)
    return time.monotonic() - start


def ask(address, content):
    connection = http.client.HTTPConnection(address, timeout=120)
    connection.request("POST", "/v1/caption", body=content)
    answer = json.load(connection.getresponse())
    connection.close()
    if answer["status"] != "ok":
        raise SystemExit(answer)
    return answer["ms"]


def served_seconds(address, contents, clients):
    waiting = iter(contents)
    lock = threading.Lock()

    def work():
        while True:
            with lock:
                content = next(waiting, None)
            if content is None:
                return
            ask(address, content)

    threads = [threading.Thread(target=work) for _ in range(clients)]
    start = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.monotonic() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kiloword", required=True)
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--images", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    photos = sorted(options.photos.glob("*.jpg"))
    paths = [photos[i % len(photos)] for i in range(options.images)]
    few = paths[: len(photos)]
    contents = [path.read_bytes() for path in paths]
    folder = Path(tempfile.mkdtemp(prefix="kiloword-load-"))
    server = subprocess.Popen([options.kiloword, "serve", "--port", "0", "--lm", "none"], stderr=subprocess.PIPE, text=True)
    address = next(line for line in server.stderr if "listening on" in line).split("http://")[1].strip()
    ask(address, contents[0])
    batch, served = [], []
    for _ in range(options.rounds):
        short = batch_seconds(options.kiloword, few, folder)
        batch.append((len(paths) - len(few)) / (batch_seconds(options.kiloword, paths, folder) - short))
        served.append(len(paths) / served_seconds(address, contents, options.clients))
    latencies = []
    for content in contents[:200]:
        start = time.monotonic()
        own = ask(address, content)
        latencies.append((1000 * (time.monotonic() - start), own))
    server.terminate()
    server.wait()
    print(f"batch: {statistics.median(batch):.1f} images/s, {options.clients} clients: {statistics.median(served):.1f} images/s, "
          f"ratio {statistics.median(served) / statistics.median(batch):.2f}")
    print(f"one client: {statistics.median(a for a, _ in latencies):.2f} ms, of which decoding and forward "
          f"{statistics.median(b for _, b in latencies):.2f} ms, ratio {statistics.median(a / b for a, b in latencies):.2f}")


if __name__ == "__main__":
    main()
