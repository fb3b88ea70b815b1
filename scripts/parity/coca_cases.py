"""CoCa's descriptions beside OpenCLIP's generate(), token by token."""
import json
import os
import subprocess
from pathlib import Path

from open_clip_cases import build, save
from support import SESSION, Row, case, pictures

# A step of the reference computes everything anew: a minute an image.
IMAGES = {"coca_ViT-B-32": ("portrait", "grey", "odd", "square", "tiny", "photo"), "coca_ViT-L-14": ("portrait", "grey")}


def described(folder, paths):
    done = SESSION.run("describe", "-q", "--engine", "coca", "--ground", "off", "--exact", "--format", "json", "--model", folder, *paths)
    return [[token["id"] for token in json.loads(line)["tokens"]] for line in done.stdout.splitlines()], done.stderr.strip()


@case("coca writes")
def writes():
    python = os.environ.get("COCA_PYTHON")
    if not python:
        yield Row("CoCa's descriptions", "skipped", note="COCA_PYTHON names no Python with transformers 4.55.4")
        return
    for name, chosen in IMAGES.items():
        folder = save(*build(name))
        paths = [pictures()[key] for key in chosen]
        ours, message = described(folder, paths)
        reference = [python, Path(__file__).with_name("coca_reference.py"), folder, *paths]
        theirs = [json.loads(line) for line in subprocess.check_output(reference, text=True).splitlines()]
        equal = sum(a == b for a, b in zip(ours, theirs)) if len(ours) == len(theirs) else 0
        yield Row(f"{name} describes", "equal" if equal == len(theirs) else "DIFFERS",
                  note=f"{equal} of {len(theirs)} texts, {sum(map(len, theirs))} tokens {message}")
