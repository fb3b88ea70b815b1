"""CoCa's descriptions beside OpenCLIP's generate(), token by token."""
import json
import os
import subprocess
from pathlib import Path

from open_clip_cases import build, save
from support import SESSION, Row, case, pictures

# A step of the reference computes the text and what it attends to anew, so that the time grows with the square of the tokens.
RUNS = (("coca_ViT-B-32", 9, ("portrait", "grey", "odd", "square", "tiny", "photo")), ("coca_ViT-L-14", 9, ("portrait", "grey")),
        ("coca_ViT-B-32", 29, ("portrait",)))


def described(folder, tokens, paths):
    done = SESSION.run("describe", "-q", "--engine", "coca", "--ground", "off", "--exact", "--tokens", tokens, "--format", "json", "--model", folder, *paths)
    return [[token["id"] for token in json.loads(line)["tokens"]] for line in done.stdout.splitlines()], done.stderr.strip()


@case("coca writes")
def writes():
    python = os.environ.get("COCA_PYTHON")
    if not python:
        yield Row("CoCa's descriptions", "skipped", note="COCA_PYTHON names no Python with transformers 4.55.4")
        return
    for name, tokens, chosen in RUNS:
        folder = save(*build(name))
        paths = [pictures()[key] for key in chosen]
        ours, message = described(folder, tokens, paths)
        reference = [python, Path(__file__).with_name("coca_reference.py"), folder, str(tokens), *paths]
        theirs = [json.loads(line) for line in subprocess.check_output(reference, text=True).splitlines()]
        equal = sum(a == b for a, b in zip(ours, theirs)) if len(ours) == len(theirs) else 0
        yield Row(f"{name} describes in {tokens} tokens", "equal" if equal == len(theirs) else "DIFFERS",
                  note=f"{equal} of {len(theirs)} texts, {sum(map(len, theirs))} tokens {message}")
