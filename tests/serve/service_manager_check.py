#!/usr/bin/env python3
"""Runs the server under a service manager's conventions: socket activation and notifications, and logs in JSON.

    service_manager_check.py KILOWORD IMAGE

The manager is this script; where systemd-socket-activate is installed, it starts the server once more. While the server
loads, which takes a while with an empty cache, it must answer already.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DEADLINE_SECONDS = 120


def exchange(connection, request):
    connection.sendall(request)
    answer = b""
    while piece := connection.recv(65536):
        answer += piece
    head, _, body = answer.decode().partition("\r\n\r\n")
    return int(head.split()[1]), head, body


def get(address, path):
    with socket.create_connection(address, timeout=DEADLINE_SECONDS) as connection:
        return exchange(connection, f"GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())


def caption(address, image):
    request = f"POST /v1/caption HTTP/1.0\r\nHost: localhost\r\nContent-Length: {len(image)}\r\n\r\n".encode() + image
    with socket.create_connection(address, timeout=DEADLINE_SECONDS) as connection:
        return exchange(connection, request)


def expect(is_right, what):
    if not is_right:
        raise SystemExit(f"wrong: {what}")


def wait_until_ready(address):
    end = time.monotonic() + DEADLINE_SECONDS
    while get(address, "/readyz")[0] != 200:
        expect(time.monotonic() < end, "the server is not ready")
        time.sleep(0.05)


def notifications(manager, last):
    """What is told on the socket `manager`, up to the message that has a line `last`."""
    told = []
    while not told or last not in told[-1].split("\n"):
        told.append(manager.recv(4096).decode())
    return told


def check_as_service_manager(kiloword, image, folder):
    listener = socket.create_server(("127.0.0.1", 0))
    manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    manager.bind(str(folder / "notify"))
    manager.settimeout(DEADLINE_SECONDS)
    address = listener.getsockname()
    early = socket.create_connection(address, timeout=DEADLINE_SECONDS)
    early.sendall(b"GET /readyz HTTP/1.0\r\nHost: localhost\r\n\r\n")

    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache"), "NOTIFY_SOCKET": str(folder / "notify")}
    # The process that listens has the number of the shell that it replaces.
    start = 'export LISTEN_PID=$$ LISTEN_FDS=1; exec "$@" 3<&"$LISTENER"'
    server = subprocess.Popen(["bash", "-c", start, "bash", kiloword, "serve", "-v", "--log-format", "json"],
                              stderr=subprocess.PIPE, text=True, pass_fds=[listener.fileno()],
                              env={**environment, "LISTENER": str(listener.fileno())})
    try:
        status, head, body = exchange(early, b"")
        expect(status == 503 and "Retry-After: " in head, f"while it loads: {head}")
        expect(json.loads(body)["error"]["message"].startswith("loading: "), body)
        expect(get(address, "/livez")[0] == 200, "alive while it loads")
        told = notifications(manager, "READY=1")
        expect(get(address, "/readyz")[0] == 200, "ready when it has said so")
        expect(all(text.startswith("STATUS=loading: ") for text in told[:-1]), told)
        status, _, body = caption(address, image)
        expect(status == 200 and "[Image Attached: " in body, body)
        server.terminate()
        expect(notifications(manager, "STOPPING=1"), "an end that is told")
        _, log = server.communicate(timeout=DEADLINE_SECONDS)
        expect(server.returncode == 0, f"exit status {server.returncode}\n{log}")
    finally:
        server.kill()
        server.wait()
        early.close()
        manager.close()
    listener.settimeout(0)  # it is the manager's, and goes on taking connections
    socket.create_connection(address, timeout=DEADLINE_SECONDS).close()
    listener.close()
    messages = [json.loads(line) for line in log.splitlines()]
    expect({"error", "warning"}.isdisjoint(message["level"] for message in messages), log)
    requests = [message for message in messages if message.get("path") == "/v1/caption"]
    expect([(entry["method"], entry["status"]) for entry in requests] == [("POST", 200)], log)


def check_refusals(kiloword, folder):
    """Errors are JSON as well, and a socket that faces the network needs a token."""
    with socket.create_server(("0.0.0.0", 0)) as listener:
        start = 'export LISTEN_PID=$$ LISTEN_FDS=$1; shift; exec "$@" 3<&"$LISTENER"'
        for count, message in (("1", "without a token anyone on the network could use this server"),
                               ("2", "one socket is served, and there are 2")):
            result = subprocess.run(["bash", "-c", start, "bash", count, kiloword, "serve", "--log-format", "json"],
                                    capture_output=True, text=True, pass_fds=[listener.fileno()], timeout=DEADLINE_SECONDS,
                                    check=False, env={**os.environ, "XDG_CACHE_HOME": str(folder / "cache"),
                                                      "LISTENER": str(listener.fileno())})
            error = json.loads(result.stderr.splitlines()[-1])
            expect(result.returncode == 2 and error["message"] == message and error["kind"] == "usage", result.stderr)


def check_socket_activate(kiloword, image, folder):
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = free.getsockname()
    activator = subprocess.Popen(["systemd-socket-activate", f"--listen=127.0.0.1:{address[1]}",
                                  f"--setenv=XDG_CACHE_HOME={folder / 'cache'}", kiloword, "serve"],
                                 stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + DEADLINE_SECONDS
        while True:
            try:
                wait_until_ready(address)
                break
            except ConnectionRefusedError:
                expect(time.monotonic() < end, "systemd-socket-activate does not listen")
                time.sleep(0.05)
        status, _, body = caption(address, image)
        expect(status == 200, body)
    finally:
        activator.terminate()  # it has become the server
        expect(activator.wait(timeout=DEADLINE_SECONDS) == 0, f"exit status {activator.returncode}")


def main():
    kiloword, image = sys.argv[1], Path(sys.argv[2]).read_bytes()
    folder = Path(tempfile.mkdtemp(prefix="kiloword-service-"))
    try:
        check_as_service_manager(kiloword, image, folder)
        check_refusals(kiloword, folder)
        if shutil.which("systemd-socket-activate"):
            check_socket_activate(kiloword, image, folder)
        else:
            print("not tried with systemd-socket-activate, which is not installed")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
