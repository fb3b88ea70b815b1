"""transformers' CLIPModel: what its settings, processors, tokenizers and containers of weights can say."""
import copy
import json

import open_clip
import torch
from PIL import Image
from tokenizers import AddedToken
from transformers import CLIPConfig, CLIPImageProcessor, CLIPModel, CLIPProcessor, CLIPTokenizer
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

from support import SESSION, TEXTS, TRICKY_TEXTS, case, compare, randomize, settings

SMALL = dict(hidden_size=256, intermediate_size=1024, num_hidden_layers=2, num_attention_heads=4)
PROCESSORS = {
    "usual": {}, "mean and deviation 0.5": {"image_mean": [0.5] * 3, "image_std": [0.5] * 3}, "bilinear": {"resample": 2}, "lanczos": {"resample": 1},
    "box": {"resample": 4}, "hamming": {"resample": 5}, "stretched": {"do_center_crop": False, "size": {"height": 224, "width": 224}},
    "stretched to 256, crop": {"size": {"height": 256, "width": 256}}, "256, crop 224": {"size": {"shortest_edge": 256}},
    "sizes as numbers": {"size": 224, "crop_size": 224}, "not normalized": {"do_normalize": False}, "not rescaled": {"do_rescale": False},
    "rescale_factor 1/127.5": {"rescale_factor": 1 / 127.5},
}
SHAPES = {  # image: width, layers, patch, size; text: width, layers; joint space; activation
    "ViT-B/32": ((768, 12, 32, 224), (512, 12), 512, "quick_gelu"), "ViT-L/14-336, 3 layers": ((1024, 3, 14, 336), (768, 3), 768, "quick_gelu"),
    "ViT-H/14, 2 layers": ((1280, 2, 14, 224), (1024, 2), 1024, "gelu"),
}


def tokenizer():
    """OpenAI's vocabulary, from the file that OpenCLIP's package brings."""
    simple = open_clip.SimpleTokenizer()
    vocab = {{"<start_of_text>": "<|startoftext|>", "<end_of_text>": "<|endoftext|>"}.get(piece, piece): i for piece, i in simple.encoder.items()}
    merges = sorted(simple.bpe_ranks, key=simple.bpe_ranks.get)
    return CLIPTokenizer(vocab=vocab, merges=merges, model_max_length=77)


def small_model(seed=1, **more):
    text = {**SMALL, **more.pop("text", {})}
    return randomize(CLIPModel(CLIPConfig(text_config=text, vision_config={**SMALL, "patch_size": 32, "image_size": 224}, projection_dim=512, **more)), seed)


def save(model, name="clip", processor=None, tokens=None, **options):
    folder = SESSION.fresh(name)
    model.save_pretrained(folder, **options)
    (tokens or tokenizer()).save_pretrained(folder)
    (processor or CLIPImageProcessor()).save_pretrained(folder)
    return folder


def features(output):
    return output if torch.is_tensor(output) else output.pooler_output


def images_by(model, processor):
    def reference(paths):
        pixels = [processor(images=Image.open(path).convert("RGB"), return_tensors="pt")["pixel_values"] for path in paths]
        return torch.cat([features(model.get_image_features(pixel_values=each)) for each in pixels])
    return reference


def texts_by(model, tokens=None):
    tokens = tokens or tokenizer()

    def reference(texts):
        rows = [tokens(text, truncation=True, max_length=77, return_tensors="pt") for text in texts]
        return torch.cat([features(model.get_text_features(**row)) for row in rows])
    return reference


@case("clip shapes")
def shapes():
    for name, ((width, layers, patch, size), (text_width, text_layers), joint, act) in SHAPES.items():
        vision = dict(hidden_size=width, intermediate_size=4 * width, num_hidden_layers=layers, num_attention_heads=width // 64, patch_size=patch, image_size=size, hidden_act=act)
        text = dict(hidden_size=text_width, intermediate_size=4 * text_width, num_hidden_layers=text_layers, num_attention_heads=text_width // 64, hidden_act=act)
        model = randomize(CLIPModel(CLIPConfig(text_config=text, vision_config=vision, projection_dim=joint)))
        edges = dict(size={"shortest_edge": size}, crop_size={"height": size, "width": size})
        yield compare(f"CLIP {name}", save(model, processor=CLIPImageProcessor(**edges)), images_by(model, CLIPImageProcessorPil(**edges)), texts_by(model))


@case("clip processor")
def processors():
    model = small_model()
    for name, options in PROCESSORS.items():
        reference = images_by(model, CLIPImageProcessorPil(**options))
        yield compare(f"preprocessor_config.json: {name}", save(model, processor=CLIPImageProcessor(**options)), reference)
        folder = save(model)
        (folder / "preprocessor_config.json").unlink()
        CLIPProcessor(CLIPImageProcessor(**options), tokenizer()).save_pretrained(folder)
        yield compare(f"processor_config.json: {name}", folder, reference)


@case("clip settings")
def config():
    changes = {
        "eos_token_id 2": lambda text: text.update(eos_token_id=2, bos_token_id=0), "eos_token_id in a list": lambda text: text.update(eos_token_id=[49407]),
        "bos_token_id 0": lambda text: text.update(bos_token_id=0), "no ids": lambda text: [text.pop(key, None) for key in ("eos_token_id", "bos_token_id", "pad_token_id")],
    }
    model = small_model()
    for name, change in changes.items():
        folder = save(model)
        with settings(folder / "config.json") as values:
            change(values["text_config"])
        yield compare(name, folder, None, texts_by(model))
    for act in ("gelu", "gelu_new", "gelu_fast", "gelu_pytorch_tanh"):
        model = small_model(text={"hidden_act": act})
        yield compare(f"hidden_act {act}", save(model), None, texts_by(model))


@case("clip texts")
def texts():
    model = small_model()
    yield compare("tricky texts", save(model), None, texts_by(model), texts=TRICKY_TEXTS)
    folder = save(model)
    values = json.loads((folder / "tokenizer.json").read_text())
    (folder / "tokenizer.json").unlink()
    (folder / "vocab.json").write_text(json.dumps(values["model"]["vocab"]))
    lines = [" ".join(merge) for merge in values["model"]["merges"]]
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(lines) + "\n")
    yield compare("vocab.json and merges.txt", folder, None, texts_by(model), texts=TEXTS + TRICKY_TEXTS)


@case("clip added tokens")
def added_tokens():
    tokens = tokenizer()
    tokens.add_tokens(["<sks>", AddedToken("<New>", normalized=False), AddedToken("zebra", single_word=True), AddedToken("<strip>", lstrip=True, rstrip=True)])
    model = small_model(text={"vocab_size": len(tokens)})
    used = ["a photo of <sks> dog", "x<SKS>y", "<New> <new>", "zebra zebras", "a  <strip>  b", "a plain text"]
    yield compare("added tokens", save(model, tokens=tokens), None, texts_by(model, tokens), texts=used)
    padded = small_model(text={"vocab_size": 49536})
    yield compare("vocabulary filled up to 49,536", save(padded), None, texts_by(padded))


@case("clip marks")
def marks():
    """Special tokens that only the files beside the vocabulary name."""
    from transformers import AutoTokenizer
    used = ["a [PAD] b", "a dog!", "! !!", "<left>  x", "[BOS] x [EOS] y", "<|endoftext|> z", "plain"]
    for name, change in {"pad_token of its own": {"pad_token": "[PAD]"}, "pad_token a piece": {"pad_token": "!"}, "further": {"additional_special_tokens": ["<left>"]},
                         "split_special_tokens": {"split_special_tokens": True}, "bos_token and eos_token": {"bos_token": "[BOS]", "eos_token": "[EOS]", "unk_token": "[EOS]", "pad_token": "[EOS]"}}.items():
        folder = save(small_model(text={"vocab_size": 49410}))
        with settings(folder / "tokenizer_config.json") as values:
            values.update(change)
        tokens = AutoTokenizer.from_pretrained(folder)
        model = small_model(text={"vocab_size": len(tokens), "eos_token_id": tokens.eos_token_id})
        model.save_pretrained(folder)
        yield compare(f"marks: {name}", folder, None, texts_by(model, tokens), texts=used)


@case("clip weights")
def weights():
    model = small_model()
    state = {name: value.clone() for name, value in model.state_dict().items()}
    containers = {
        "zip": state, "legacy pickle": state, "float64": {name: value.double() for name, value in state.items()},
        "Lightning": {"state_dict": {"model." + name: value for name, value in state.items()}}, "torch.compile": {"_orig_mod." + name: value for name, value in state.items()},
        "saved whole": model, "training checkpoint": {"epoch": 3, "state_dict": {"module." + name: value for name, value in state.items()}, "optimizer": {}},
    }
    for name, value in containers.items():
        folder = save(model)
        (folder / "model.safetensors").unlink()
        torch.save(value, folder / "pytorch_model.bin", _use_new_zipfile_serialization=name != "legacy pickle")
        yield compare(f"pytorch_model.bin: {name}", folder, images_by(model, CLIPImageProcessorPil()), texts_by(model))
    yield compare("safetensors in shards", save(model, max_shard_size="5MB"), None, texts_by(model))
    for kind in (torch.float16, torch.bfloat16, torch.float64):
        rounded = copy.deepcopy(model).to(kind)
        yield compare(f"safetensors, {kind}", save(rounded), None, texts_by(rounded.float()))


@case("clip folders")
def folders():
    model = small_model()
    source, outer = save(model), SESSION.fresh("sentence-transformers")
    source.rename(outer / "0_CLIPModel")
    (outer / "modules.json").write_text(json.dumps([{"idx": 0, "name": "0", "path": "0_CLIPModel", "type": "sentence_transformers.models.CLIPModel"}]))
    yield compare("sentence-transformers, 0_CLIPModel", outer, None, texts_by(model))
