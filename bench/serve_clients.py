#!/usr/bin/env python3
"""Compares two builds of `kiloword serve` under 1, 8 and 32 clients, in turn, and tells what a burst of large bodies leaves.

    serve_clients.py --kiloword build/release/bin/kiloword [--against OTHER] --photos DIR [--images 300] [--rounds 5]

Each client asks for captions one after another, by a connection for each request, or (`keep-alive`) by one for all.
Medians over the rounds of images/s and of the median latency. The burst: thirty bodies of 20 MB at the same time that are
no images, then the resident memory at its highest and two seconds later, less what the server had before.
"""

import argparse
import http.client
import json
import re
import statistics
import subprocess
import threading
import time
from pathlib import Path

CLIENTS = (1, 8, 32)
BURST, BURST_BYTES = 30, 20 << 20


class Server:
    def __init__(self, kiloword):
        self.process = subprocess.Popen([kiloword, "serve", "--port", "0", "--lm", "none"], stderr=subprocess.PIPE, text=True)
        self.address = next(line for line in self.process.stderr if "listening on" in line).split("http://")[1].strip()

    def resident_mb(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024

    def stop(self):
        self.process.terminate()
        self.process.communicate()


def ask(connection, content):
    connection.request("POST", "/v1/caption", body=content)
    answer = connection.getresponse()
    if json.load(answer)["status"] != "ok":
        raise SystemExit("a caption failed")


def load(server, contents, clients, keep_alive):
    """(images/s, median latency in ms)"""
    waiting, lock, latencies = iter(contents), threading.Lock(), []

    def work():
        connection = http.client.HTTPConnection(server.address, timeout=120)
        while True:
            with lock:
                content = next(waiting, None)
            if content is None:
                return connection.close()
            start = time.monotonic()
            ask(connection, content)
            latencies.append(1000 * (time.monotonic() - start))
            if not keep_alive:
                connection.close()

    threads = [threading.Thread(target=work) for _ in range(clients)]
    start = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(contents) / (time.monotonic() - start), statistics.median(latencies)


def burst(server):
    """(highest, remaining) MB above what the server had."""
    before, highest, statuses = server.resident_mb(), 0.0, []
    body = b"x" * BURST_BYTES

    def send():
        connection = http.client.HTTPConnection(server.address, timeout=120)
        try:
            connection.request("POST", "/v1/caption", body=body)
            statuses.append(connection.getresponse().status)
        except OSError:
            statuses.append(0)
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(BURST)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        highest = max(highest, server.resident_mb())
        time.sleep(0.002)
    time.sleep(2)
    counts = {status: statuses.count(status) for status in sorted(set(statuses))}
    return highest - before, server.resident_mb() - before, counts


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kiloword", required=True)
    parser.add_argument("--against")
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--images", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    photos = sorted(options.photos.glob("*.jpg"))
    contents = [photos[i % len(photos)].read_bytes() for i in range(options.images)]
    servers = {"this": Server(options.kiloword)}
    if options.against:
        servers["other"] = Server(options.against)
    ways = [(name, clients, keep) for clients in CLIENTS for keep in (False, True) for name in servers]
    ways = [way for way in ways if way[0] == "this" or not way[2]]
    results = {way: [] for way in ways}
    for name in servers:
        load(servers[name], contents[:50], 2, False)
    for _ in range(options.rounds):
        for way in ways:
            name, clients, keep = way
            results[way].append(load(servers[name], contents, clients, keep))
    for (name, clients, keep), rows in results.items():
        rate, latency = (statistics.median(column) for column in zip(*rows))
        print(f"{name:5} {clients:2} clients {'keep-alive' if keep else '':10} {rate:6.1f} images/s {latency:7.2f} ms")
    for name, server in servers.items():
        highest, remaining, counts = burst(server)
        print(f"{name:5} burst: {highest:.0f} MB at its highest, {remaining:.0f} MB remain; answers {counts}")
        server.stop()


if __name__ == "__main__":
    main()
