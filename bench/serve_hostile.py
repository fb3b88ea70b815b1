#!/usr/bin/env python3
"""Sends a server broken requests and tells how its memory grows.

    serve_hostile.py --kiloword build/release/bin/kiloword --photo FILE [--requests 2000] [--unbroken]

Each request is a good one (raw, form, JSON, chat) with bytes changed, cut off or repeated, by a seeded draw.
"""

import argparse
import base64
import random
import re
import socket
import subprocess
import sys


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


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kiloword", required=True)
    parser.add_argument("--photo", required=True)
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--unbroken", action="store_true", help="send the raw one as it is, each time")
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
    server.terminate()
    sys.exit(server.wait())


if __name__ == "__main__":
    main()
