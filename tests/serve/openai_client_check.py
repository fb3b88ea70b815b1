#!/usr/bin/env python3
"""Talks to `kiloword serve` with OpenAI's client from npm, which knows nothing of kiloword.

    openai_client_check.py KILOWORD PHOTO [--packages DIR]

DIR holds what `npm install --prefix DIR openai` put there. Exits with 77 where Node.js or the package is missing.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
from serve_process import start_server  # noqa: E402

TOKEN = "open sesame"


def expect(holds, what, got):
    if not holds:
        raise SystemExit(f"{what}: {got}")


def judge(got, line):
    """`line` is what the command line says of the photo."""
    expect("kiloword-caption" in got["models"], "models", got["models"])
    caption = got["caption"]
    expect(caption["message"] == {**caption["message"], "role": "assistant", "content": line}, "caption", caption)
    expect(caption["finish_reason"] == "stop", "finish of a caption", caption)
    text = got["description"]["message"]["content"]
    expect(len(text.split()) >= 2, "description", got["description"])
    expect("".join(got["pieces"]) == text, "streamed words", got["pieces"])
    expect(sum(piece != "" for piece in got["pieces"]) >= 2, "words one after another", got["pieces"])
    expect(got["finish"] in ("stop", "length"), "finish of a stream", got["finish"])
    refusals = got["refusals"]
    expect(refusals["remote"] and refusals["remote"]["name"] == "BadRequestError", "a URL", refusals["remote"])
    expect(refusals["broken"] and refusals["broken"]["status"] == 422, "a broken image", refusals["broken"])
    expect(refusals["stranger"] and refusals["stranger"]["name"] == "AuthenticationError", "a token", refusals["stranger"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kiloword", type=Path)
    parser.add_argument("photo", type=Path)
    parser.add_argument("--packages", type=Path, default=Path(os.environ.get("KILOWORD_NPM", "none")))
    options = parser.parse_args()
    node = shutil.which("node")
    if node is None or not (options.packages / "node_modules" / "openai").is_dir():
        print("skipped: needs Node.js and the npm package openai, in the folder that KILOWORD_NPM names")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as folder:
        line = subprocess.run([options.kiloword, "caption", options.photo], check=True, capture_output=True, text=True,
                              env={**os.environ, "XDG_CACHE_HOME": folder}).stdout.strip()
        server, address = start_server(options.kiloword, folder, KILOWORD_TOKEN=TOKEN)
        try:
            client = [node, HERE / "openai_client.mjs", address + "/v1", options.photo.resolve()]
            answer = subprocess.run(client, capture_output=True, text=True, timeout=120, cwd=options.packages,
                                    env={**os.environ, "KILOWORD_TOKEN": TOKEN})
            if answer.returncode != 0:
                raise SystemExit(answer.stderr)
            judge(json.loads(answer.stdout), line)
        finally:
            server.terminate()
            server.wait()
    print("a caption, a description, a stream and three refusals through OpenAI's client")


if __name__ == "__main__":
    main()
