#!/usr/bin/env python3
"""Talks to `kiloword serve` with OpenAI's client for Python, which knows nothing of kiloword.

    openai_client_check.py KILOWORD PHOTO VIRTUAL-ENVIRONMENT

Exits with 77 where scripts/setup.sh test could not put the client into the virtual environment.
"""

import base64
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
from serve_process import start_server  # noqa: E402

TOKEN = "open sesame%41"


def expect(holds, what, got):
    if not holds:
        raise SystemExit(f"{what}: {got}")


def message(image_url):
    return [{"role": "user", "content": [{"type": "text", "text": "What is in this image?"},
                                         {"type": "image_url", "image_url": {"url": image_url}}]}]


def talk(openai, address, photo, line):
    """`line` is what the command line says of the photo."""
    client = openai.OpenAI(base_url=address + "/v1", api_key=TOKEN, max_retries=0)
    create = client.chat.completions.create
    messages = message("data:image/jpeg;base64," + base64.b64encode(photo.read_bytes()).decode())

    models = [model.id for model in client.models.list()]
    expect("kiloword-caption" in models, "models", models)
    expect(client.models.retrieve("kiloword-caption").owned_by == "kiloword", "a model", models)
    caption = create(model="kiloword-caption", messages=messages)
    expect(caption.choices[0].message.content == line, "caption", caption)
    expect(caption.choices[0].finish_reason == "stop", "finish of a caption", caption)

    asked = {"model": "kiloword", "messages": messages, "max_tokens": 8, "seed": 3}
    description = create(**asked)
    text = description.choices[0].message.content
    expect(len(text.split()) >= 2, "description", description)
    expect(description.id != caption.id, "ids", description.id)
    first_word = text.split(" ")[0]
    stopped = create(**asked, stop=[" " + text.split(" ")[1]])
    expect(stopped.choices[0].message.content == first_word, "what a stop sequence leaves", stopped)

    chunks = list(create(**asked, stream=True, stream_options={"include_usage": True}))
    pieces = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
    expect("".join(pieces) == text, "streamed words", pieces)
    expect(sum(piece != "" for piece in pieces) >= 2, "words one after another", pieces)
    roles = [chunk.choices[0].delta.role for chunk in chunks if chunk.choices]
    expect(roles[0] == "assistant" and not any(roles[1:]), "roles", roles)
    expect(chunks[-2].choices[0].finish_reason in ("stop", "length"), "finish of a stream", chunks[-2])
    expect(chunks[-1].usage.completion_tokens == description.usage.completion_tokens, "usage", chunks[-1])
    expect(len({chunk.id for chunk in chunks}) == 1, "one id", chunks)

    def refused(kind, what, **request):
        try:
            answer = create(**{**asked, **request})
        except kind:
            return
        raise SystemExit(f"{what} was not refused: {answer}")

    refused(openai.BadRequestError, "a URL", messages=message("http://127.0.0.1:1/a.jpg"))
    refused(openai.UnprocessableEntityError, "a broken image", messages=message("data:image/jpeg;base64,AAAA"))
    refused(openai.BadRequestError, "several choices", n=2)
    refused(openai.BadRequestError, "JSON", response_format={"type": "json_object"})
    client.api_key = "wrong"
    refused(openai.AuthenticationError, "a token")


def main():
    kiloword, photo, environment = map(Path, sys.argv[1:])
    try:
        import openai
    except ImportError:
        python = environment / "bin" / "python"
        if python.exists() and Path(sys.prefix).resolve() != environment.resolve():
            os.execv(python, [python, *sys.argv])
        print(f"skipped: no client in {environment}; scripts/setup.sh test puts it there")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as folder:
        line = subprocess.run([kiloword, "caption", photo], check=True, capture_output=True, text=True,
                              env={**os.environ, "XDG_CACHE_HOME": folder}).stdout.strip()
        server, address = start_server(kiloword, folder, KILOWORD_TOKEN=TOKEN)
        try:
            talk(openai, address, photo, line)
        finally:
            server.terminate()
            server.communicate()
    print(f"captions, descriptions, a stream and refusals through OpenAI's client {openai.__version__}")


if __name__ == "__main__":
    main()
