#!/usr/bin/env python3
"""Sends a server broken requests and tells how its memory grows; then connects to it as badly as can be, and ends it.

    serve_hostile.py --kiloword build/release/bin/kiloword --photo FILE [--requests 2000] [--unbroken] [--connections 1000]

Each request is a good one (raw, form, JSON, chat) with bytes changed, cut off or repeated, by a seeded draw. Then so many
connections are silent, send a head or a body byte by byte, take no answer, or are reset, while four good clients go on;
at last SIGTERM comes while these four ask: what was begun is answered, and the server ends with 0.
"""

import argparse
import base64
import random
import re
import socket
import struct
import subprocess
import sys
import threading
import time


def good_requests(photo):
    encoded = base64.b64encode(photo)
    form = b'--B\r\nContent-Disposition: form-data; name="image"\r\n\r\n' + photo + b"\r\n--B--\r\n"
    chat = b'{"messages":[{"content":[{"image_url":{"url":"data:;base64,' + encoded + b'"}}]}],"max_tokens":2}'
    bodies = [("caption", b"image/jpeg", photo), ("caption", b"multipart/form-data; boundary=B", form),
              ("caption", b"application/json", b'{"image":"' + encoded + b'"}'), ("chat/completions", b"application/json", chat)]
    for path, kind, body in bodies:
        yield b"POST /v1/%s HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s" % (
            path.encode(), kind, len(body), body)


def broken(request, draw):
    data = bytearray(request)
    for _ in range(draw.randint(1, 8)):
        if not data:
            break
        at = draw.randrange(len(data) if draw.random() < 0.3 else min(len(data), 400))
        action = draw.randrange(4)
        if action == 0:
            data[at] = draw.randrange(256)
        elif action == 1:
            del data[at : at + draw.randint(1, 20)]
        elif action == 2:
            data[at:at] = data[at : at + draw.randint(1, 200)]
        else:
            data = data[: max(at, 20)]
    return bytes(data)


def send(address, data):
    with socket.create_connection(address, timeout=60) as connection:
        try:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            answer = connection.recv(12)
            while connection.recv(65536):
                pass
        except OSError:
            return "reset"
    return answer[9:12].decode(errors="replace") or "none"


def memory_mb(process):
    with open(f"/proc/{process.pid}/status") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) / 1024


HEAD = b"POST /v1/caption HTTP/1.1\r\nHost: localhost\r\n"


def misbehave(address, kind, until):
    """One connection of a client that wants no answer, until the server ends it."""
    try:
        with socket.create_connection(address, timeout=1) as connection:
            if kind == "head":
                connection.sendall(HEAD)
            elif kind == "body":
                connection.sendall(HEAD + b"Content-Length: 20000000\r\n\r\n")
            elif kind == "deaf":
                for _ in range(200):
                    connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            elif kind == "reset":
                connection.sendall(HEAD + b"Content-Length: 5\r\n\r\nx")
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return
            while time.monotonic() < until:
                time.sleep(0.5)
                if kind in ("head", "body"):
                    connection.sendall(b"x")
    except OSError:
        pass


class GoodClients:
    """Four that ask one after another, each by connections of its own."""

    def __init__(self, address, request):
        self.answers, self.latencies, self.going = {}, [], True
        self.threads = [threading.Thread(target=self.ask, args=(address, request)) for _ in range(4)]
        for thread in self.threads:
            thread.start()

    def ask(self, address, request):
        while self.going:
            start = time.monotonic()
            try:
                status = send(address, request)
            except OSError:
                status = "not connected"
            self.answers[status] = self.answers.get(status, 0) + 1
            self.latencies.append(time.monotonic() - start)
            if status == "503":
                time.sleep(0.05)

    def stop(self):
        self.going = False
        for thread in self.threads:
            thread.join()


def attack(address, request, connections, draw):
    until = time.monotonic() + 20
    kinds = ["silent", "head", "body", "deaf", "reset"]
    threads = [threading.Thread(target=misbehave, args=(address, draw.choice(kinds), until)) for _ in range(connections)]
    good = GoodClients(address, request)
    for thread in threads:
        thread.start()
        time.sleep(0.005)
    for thread in threads:
        thread.join()
    good.stop()
    print(f"{connections} hostile connections; good clients meanwhile: {good.answers}, slowest {max(good.latencies):.2f} s")


def end_under_load(server, address, request):
    good = GoodClients(address, request)
    time.sleep(1)
    server.terminate()
    status = server.wait(timeout=60)
    good.stop()
    print(f"SIGTERM under load: exit {status}; answers {good.answers}")
    return status


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kiloword", required=True)
    parser.add_argument("--photo", required=True)
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--unbroken", action="store_true", help="send the raw one as it is, each time")
    parser.add_argument("--connections", type=int, default=1000)
    options = parser.parse_args()
    with open(options.photo, "rb") as file:
        good = list(good_requests(file.read()))
    server = subprocess.Popen([options.kiloword, "serve", "--port", "0"], stderr=subprocess.PIPE, text=True)
    host = next(line for line in server.stderr if "listening on" in line).split("http://")[1].strip()
    address = (host.split(":")[0], int(host.split(":")[1]))
    draw = random.Random(1)
    for request in good:
        send(address, request)
    answers = {}
    for i in range(options.requests):
        if i % max(options.requests // 4, 1) == 0:
            print(f"{i} requests: {memory_mb(server):.0f} MB")
        status = send(address, good[0] if options.unbroken else broken(draw.choice(good), draw))
        answers[status] = answers.get(status, 0) + 1
    print(f"{options.requests} requests: {memory_mb(server):.0f} MB; answers: {dict(sorted(answers.items()))}")
    if server.poll() is not None:
        sys.exit("the server has ended")
    attack(address, good[0], options.connections, draw)
    print(f"afterwards: {memory_mb(server):.0f} MB, a good request: {send(address, good[0])}")
    sys.exit(end_under_load(server, address, good[0]))


if __name__ == "__main__":
    main()
