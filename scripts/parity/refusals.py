"""What must be refused, and in which words: neighbours of the supported models, other formats, files that are not what they seem."""
import json

import torch
from safetensors.torch import save_file
from transformers import AutoConfig

from clip_cases import save, small_model, tokenizer
from support import SESSION, case, expect_refusal, pictures, settings

ENCODERS = ("altclip", "chinese_clip", "clipseg", "blip", "groupvit", "owlvit", "xclip", "clap", "flava", "align", "clip_vision_model", "clip_text_model", "dinov2", "vit")
LANGUAGE_MODELS = ("mistral", "gemma", "gpt_neo", "gptj", "bloom", "phi", "gpt_bigcode")


@case("refused models")
def other_models():
    for kind in ENCODERS:
        folder = SESSION.fresh("other")
        AutoConfig.for_model(kind).save_pretrained(folder)
        tokenizer().save_pretrained(folder)
        save_file({"a": torch.zeros(1)}, folder / "model.safetensors")
        yield expect_refusal(kind, folder, says="supported")
    for kind in LANGUAGE_MODELS:
        folder = SESSION.fresh("other")
        AutoConfig.for_model(kind).save_pretrained(folder)
        yield expect_refusal(kind, folder, ("describe", "-q", pictures()["tiny"]), "--lm", says="supported")


@case("refused processors")
def processors():
    for name, values in {"nearest": {"resample": 0}, "do_resize off": {"do_resize": False}, "another processor": {"image_processor_type": "PixtralImageProcessor"}}.items():
        folder = save(small_model())
        with settings(folder / "preprocessor_config.json") as config:
            config.update(values)
        yield expect_refusal(name, folder, says="supported")


@case("refused formats")
def formats():
    gguf = SESSION.fresh("formats") / "model.gguf"
    gguf.write_bytes(b"GGUF" + bytes(64))
    yield expect_refusal("GGUF", gguf, says="GGUF")
    for name, content, says in (("tf_model.h5", b"\x89HDF\r\n", "HDF5"), ("model.onnx", b"\x08\x07", "ONNX"), ("model.safetensors", b"version https://git-lfs.github.com/spec/v1\n", "Git LFS"),
                                ("model.safetensors", b"<!DOCTYPE html>", "web page")):
        folder = save(small_model())
        (folder / "model.safetensors").unlink()
        (folder / name).write_bytes(content)
        yield expect_refusal(f"{name}: {says}", folder, says=says)
    folder = save(small_model())
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1000])
    yield expect_refusal("cut off", folder, says="download the model again")
    (folder / "config.json").write_text(json.dumps({"model_type": "clip"})[:-3])
    yield expect_refusal("broken settings", folder, says="download the model again")
