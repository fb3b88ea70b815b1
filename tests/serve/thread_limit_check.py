#!/usr/bin/env python3
"""Starts `kiloword serve` as a user who may have few threads, and asks it for more.

    thread_limit_check.py KILOWORD PHOTO

Idle connections need no thread; of requests at the same time some get 503, which is told once, and the server goes on.
Exits with 77 where this is not run as root, or another user could not read the program.
"""

import http.client
import os
import resource
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
from serve_process import start_server  # noqa: E402

USER = 61234  # nobody's: the limit counts all threads of a user
IDLE, CLIENTS = 20, 24


def ask(address, path, body=None):
    connection = http.client.HTTPConnection(address, timeout=120)
    connection.request("GET" if body is None else "POST", path, body=body)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def as_limited_user(threads):
    def prepare():
        resource.setrlimit(resource.RLIMIT_NPROC, (threads, threads))
        os.setgroups([])
        os.setgid(USER)
        os.setuid(USER)

    return prepare


def can_read(path):
    readable = subprocess.run(["test", "-r", path], preexec_fn=as_limited_user(100), check=False)
    return readable.returncode == 0


def main():
    kiloword, photo = Path(sys.argv[1]), Path(sys.argv[2])
    if os.getuid() != 0 or not can_read(kiloword):
        print("skipped: needs root, and a build that every user can read")
        sys.exit(77)
    content = photo.read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        os.chown(folder, USER, USER)
        server, address = start_server(kiloword, folder, preexec_fn=as_limited_user(12))
        host = address.split("//")[1]
        try:
            idle = [socket.create_connection((host.split(":")[0], int(host.split(":")[1]))) for _ in range(IDLE)]
            assert ask(host, "/v1/caption", content) == 200
            statuses = []
            clients = [threading.Thread(target=lambda: statuses.append(ask(host, "/v1/describe?tokens=12", content)))
                       for _ in range(CLIENTS)]
            for client in clients:
                client.start()
            for client in clients:
                client.join()
            assert sorted(set(statuses)) == [200, 503], statuses
            assert ask(host, "/v1/caption", content) == 200
            for connection in idle:
                connection.close()
        finally:
            server.terminate()
            errors = server.communicate(timeout=60)[1]
        assert server.returncode == 0, server.returncode
        assert errors.count("no more threads can be started") == 1, errors
    print(f"{statuses.count(200)} answers and {statuses.count(503)} refusals with few threads")


if __name__ == "__main__":
    main()
