#!/usr/bin/env python3
"""Runs the examples of docs/serve.md against a server.

    docs_check.py KILOWORD

Every block ```sh must succeed and print something; a block ```python after "Save this as `NAME`" becomes
that file. Exits with 77 where curl or jq is missing.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from serve_process import start_server  # noqa: E402

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SAVE_AS = re.compile(r"Save this as `([\w.]+)`")
ADDRESS = "http://127.0.0.1:8421"


def run_examples(text, address, folder, kiloword):
    outputs = []
    environment = {**os.environ, "PATH": f"{Path(kiloword).parent}:{os.environ['PATH']}"}
    for match in BLOCK.finditer(text):
        content = match.group(2).replace(ADDRESS, address)
        if match.group(1) == "python":
            (folder / SAVE_AS.findall(text[: match.start()])[-1]).write_text(content)
        elif match.group(1) == "sh":
            result = subprocess.run(["bash", "-eu", "-c", content], cwd=folder, capture_output=True, text=True,
                                    timeout=120, check=False, env=environment)
            if result.returncode != 0 or not result.stdout or result.stderr:
                raise SystemExit(f"{content}\nexit status {result.returncode}\n{result.stdout}\n{result.stderr}")
            outputs.append(result.stdout)
    return outputs


def check_clients_without_server(text, address, folder):
    """What the two clients are for: the conversation goes on where there is no caption."""
    shell = [match.group(2) for match in BLOCK.finditer(text) if match.group(1) == "sh"][-1].replace(ADDRESS, address)
    for command in ([sys.executable, "prompt.py", "photo.jpg"], ["bash", "-c", shell]):
        output = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=120,
                                check=False).stdout
        if not output.startswith("Ada: [Image Attached: No description available.]\nAda: "):
            raise SystemExit(f"without a server {command[0]} prints:\n{output}")


def main():
    if not shutil.which("curl") or not shutil.which("jq"):
        print("skipped: no curl or no jq")
        sys.exit(77)
    docs = Path(__file__).resolve().parents[2] / "docs" / "serve.md"
    folder = Path(tempfile.mkdtemp(prefix="kiloword-docs-"))
    server = None
    try:
        (folder / "photo.jpg").write_bytes(b"P6 64 48 255\n" + bytes((x * y) % 256 for y in range(48) for x in range(192)))
        subprocess.run([sys.argv[1], "index", folder], check=True, capture_output=True)
        server, address = start_server(sys.argv[1], folder / "cache", options=["--index", folder])
        outputs = run_examples(docs.read_text(), address, folder, sys.argv[1])
        python, shell = outputs[-2:]
        if python != shell or not python.startswith("Ada: [Image Attached: ") or not python.endswith("\nBot:\n"):
            raise SystemExit(f"the two clients disagree:\n{python}\n{shell}")
        server.terminate()
        server.wait()
        check_clients_without_server(docs.read_text(), address, folder)
        print(f"{len(outputs)} examples work")
    finally:
        if server:
            server.terminate()
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
