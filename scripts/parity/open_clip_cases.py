"""OpenCLIP's models by name and its files; OpenAI's archives and state dicts, whose networks OpenCLIP builds too."""
import copy
import functools

import open_clip
import torch
from open_clip.factory import get_model_config
from open_clip.push_to_hf_hub import save_for_hf
from PIL import Image

from clip_cases import tokenizer
from support import FEW_PICTURES, SESSION, TEXTS, TRICKY_TEXTS, case, compare, pictures, randomize, settings

# Layers that are left of the image and of the text tower; timm's keep theirs.
NAMES = {"ViT-B-32": (3, 3), "ViT-B-32-quickgelu": (3, 3), "ViT-H-14-378-quickgelu": (1, 1), "ViT-B-16-plus-240": (2, 2), "RN50": (None, 3), "RN50x4": (None, 2)}


class NoTokenizer:
    """save_for_hf wants one; the files are written apart."""

    def save_pretrained(self, folder):
        del folder


def build(name, image_layers=None, text_layers=None):
    config = copy.deepcopy(get_model_config(name))
    if image_layers:
        config["vision_cfg"]["layers"] = image_layers
    if text_layers:
        config["text_cfg"]["layers"] = text_layers
    kind = open_clip.CoCa if "multimodal_cfg" in config else open_clip.CustomTextCLIP if config.get("custom_text") else open_clip.CLIP
    arguments = {key: value for key, value in config.items() if key != "custom_text"}
    return randomize(kind(**arguments), 3, 1.3 if name.startswith("RN") else 1.0), config


def save(model, config, preprocess=None):
    folder = SESSION.fresh("open-clip")
    preprocess = {"mean": open_clip.OPENAI_DATASET_MEAN, "std": open_clip.OPENAI_DATASET_STD, "interpolation": "bicubic", "resize_mode": "shortest", **(preprocess or {})}
    model.visual.image_mean, model.visual.image_std = preprocess["mean"], preprocess["std"]
    model.visual.preprocess_cfg = preprocess
    save_for_hf(model, NoTokenizer(), config, str(folder))
    tokenizer().save_pretrained(folder)
    with settings(folder / "open_clip_config.json") as values:
        values["preprocess_cfg"] = preprocess
    return folder


def images_by(model, **preprocess):
    transform = open_clip.image_transform(model.visual.image_size, is_train=False, **preprocess)
    return lambda paths: torch.cat([model.encode_image(transform(Image.open(path))[None]) for path in paths])


def texts_by(model):
    tokens = open_clip.SimpleTokenizer()
    return lambda texts: model.encode_text(tokens(list(texts)))


@case("open_clip names")
def names():
    for name, layers in NAMES.items():
        model, config = build(name, *layers)
        yield compare(f"OpenCLIP {name}", save(model, config), images_by(model), texts_by(model))


@case("open_clip preprocessing")
def preprocessing():
    model, config = build("ViT-S-32-alt", 3, 3)
    for options in ({"resize_mode": "longest"}, {"resize_mode": "longest", "interpolation": "bilinear"}, {"resize_mode": "squash"}, {"mean": (0.5,) * 3, "std": (0.5,) * 3}):
        yield compare(f"OpenCLIP preprocess_cfg {options}", save(model, config, options), images_by(model, **options))


@case("open_clip texts")
def texts():
    model, config = build("ViT-S-32-alt", 3, 3)
    plain = [text for text in TRICKY_TEXTS if "oftext" not in text.lower()]  # OpenCLIP has other names for its marks
    yield compare("OpenCLIP tricky texts", save(model, config), None, texts_by(model), texts=plain + TEXTS)


@case("open_clip cleaning")
def cleaning():
    """`clean` of OpenCLIP's own tokenizer."""
    used = ["The DOG's park, no.", "snake_case C++", "DON'T we'LL", "\uff24\uff2f\uff27 \u2018dog\u2019", "\u039f\u03a3"]
    for name in ("lower", "whitespace", "canonicalize"):
        model, config = build("ViT-S-32-alt", 3, 3)
        config["text_cfg"]["tokenizer_kwargs"] = {"clean": name}
        tokens = open_clip.SimpleTokenizer(clean=name)
        yield compare(f"OpenCLIP clean {name}", save(model, config), None, lambda texts, model=model, tokens=tokens: model.encode_text(tokens(list(texts))), texts=used)


@case("open_clip siglip")
def siglip_towers():
    """The image towers alone, of which four have the tanh form of GELU."""
    import sentencepiece
    from siglip_cases import train
    vocabulary = train("open-clip-siglip", "unigram", 120, pad_id=0, eos_id=1, unk_id=2, bos_id=-1)
    for name in ("ViT-B-32-SigLIP2-256", "ViT-B-16-SigLIP"):
        config = copy.deepcopy(get_model_config(name))
        config["text_cfg"].update(layers=2, vocab_size=sentencepiece.SentencePieceProcessor(model_file=str(vocabulary)).get_piece_size())
        arguments = {key: value for key, value in config.items() if key != "custom_text"}
        model = randomize(open_clip.CustomTextCLIP(**arguments), 3, 2.0)
        half = {"mean": (0.5,) * 3, "std": (0.5,) * 3, "resize_mode": "squash"}
        folder = save(model, config, half)
        for leftover in ("tokenizer.json", "tokenizer_config.json"):
            (folder / leftover).unlink()
        (folder / "spiece.model").write_bytes(vocabulary.read_bytes())
        yield compare(f"OpenCLIP {name}", folder, images_by(model, **half))


# MobileCLIP's networks as they are published: all blocks, random weights, statistics of norms that are not trivial.
MOBILE = ("MobileCLIP2-S0", "MobileCLIP-S1", "MobileCLIP2-S2", "MobileCLIP2-S3", "MobileCLIP2-S4", "MobileCLIP-B", "MobileCLIP2-L-14")


def shrink_layer_scales(model):
    """Keeps sixty random blocks from amplifying rounding: with 0.3 the reference's MobileCLIP2-S2 in fp32 is 0.9998 from itself in fp64."""
    for name, value in model.named_parameters():
        if name.endswith("gamma") and "layer_scale" in name:
            value.data.mul_(0.2)
    return model


@case("open_clip mobile")
def mobile_towers():
    for name in MOBILE:
        model, config = build(name, None, 2)
        shrink_layer_scales(model)
        plain = {"mean": (0.0,) * 3, "std": (1.0,) * 3, "interpolation": "bilinear"}
        yield compare(f"OpenCLIP {name}", save(model, config, plain), images_by(model, **plain), texts_by(model))
        if not hasattr(model.visual.trunk, "stem"):
            continue
        expected = images_by(model, **plain)([pictures()[key] for key in FEW_PICTURES])
        for module in model.visual.modules():
            if hasattr(module, "reparameterize"):
                module.reparameterize()
        yield compare(f"OpenCLIP {name}, branches folded", save(model, config, plain), lambda _: expected)


PERCEPTION = ("PE-Core-T-16-384", "PE-Core-S-16-384", "PE-Core-B-16", "PE-Core-L-14-336")


def perception_encoder(name, text_layers=None):
    """A published shape with all of its blocks; the largest image tower alone has 1.9 billion weights."""
    model, config = build(name, None, text_layers)
    half = {"mean": (0.5,) * 3, "std": (0.5,) * 3, "interpolation": "bilinear", "resize_mode": "squash"}
    folder = save(model.half(), config, half)
    model.float()  # what was rounded for the file
    tokens = open_clip.SimpleTokenizer(context_length=config["text_cfg"]["context_length"])
    yield compare(f"OpenCLIP {name}", folder, images_by(model, **half), lambda texts: model.encode_text(tokens(list(texts))))


for _name in PERCEPTION:
    case(f"open_clip {_name}")(functools.partial(perception_encoder, _name))
case("open_clip PE-Core-bigG-14-448")(functools.partial(perception_encoder, "PE-Core-bigG-14-448", 2))


@case("open_clip coca")
def coca():
    """Both towers in their published shapes; some texts fill the context, some hold id 0 inside a word."""
    for name in ("coca_ViT-B-32", "coca_ViT-L-14"):
        model, config = build(name)
        cut = open_clip.SimpleTokenizer(context_length=config["text_cfg"]["context_length"])
        texts = [*TEXTS, "!", "why !? oh !!? !\u20ac", "a b c d e f g h i j " * 7 + "a b c d", "a b c d e f g h i j " * 7 + "a b c d e"]
        yield compare(f"OpenCLIP {name}", save(model, config), images_by(model), lambda texts: model.encode_text(cut(list(texts))), texts=texts)


def siglip2_shape(name):
    """Both towers in a published shape, with texts as OpenCLIP's tokenizer cuts and cleans them."""
    from open_clip.tokenizer import HFTokenizer
    from siglip_cases import gemma_like, tokenizer_of
    from transformers import GemmaTokenizer
    tokens = tokenizer_of(GemmaTokenizer, *gemma_like("open-clip-siglip2"))
    half = {"mean": (0.5,) * 3, "std": (0.5,) * 3, "resize_mode": "squash"}
    config = copy.deepcopy(get_model_config(name))
    config["text_cfg"]["vocab_size"] = len(tokens)
    model = randomize(open_clip.CustomTextCLIP(**{key: value for key, value in config.items() if key != "custom_text"}), 3)
    folder = save(model.half(), config, half)
    model.float()  # what was rounded for the file
    tokens.save_pretrained(folder)
    cut = HFTokenizer(str(folder), context_length=config["text_cfg"]["context_length"], **config["text_cfg"]["tokenizer_kwargs"])
    yield compare(f"OpenCLIP {name}", folder, images_by(model, **half), lambda texts: model.encode_text(cut(list(texts))), images=("portrait", "odd"))


for _name in ("ViT-SO400M-14-SigLIP2", "ViT-SO400M-14-SigLIP2-378", "ViT-SO400M-16-SigLIP2-256", "ViT-SO400M-16-SigLIP2-384", "ViT-SO400M-16-SigLIP2-512",
              "ViT-gopt-16-SigLIP2-256", "ViT-gopt-16-SigLIP2-384"):
    case(f"open_clip {_name}")(functools.partial(siglip2_shape, _name))


@case("openai files")
def openai_files():
    model, _ = build("ViT-B-32-quickgelu", 3, 3)
    state = dict(model.state_dict())
    sizes = dict(input_resolution=torch.tensor(224), context_length=torch.tensor(77), vocab_size=torch.tensor(49408))
    vocabulary = open_clip.tokenizer.default_bpe()
    for name, value, legacy in (("OpenAI's three sizes", {**state, **sizes}, False), ("plain state dict", state, False), ("plain state dict, legacy pickle", state, True)):
        folder = SESSION.fresh("openai")
        (folder / "bpe_simple_vocab_16e6.txt.gz").write_bytes(open(vocabulary, "rb").read())
        torch.save(value, folder / "model.pt", _use_new_zipfile_serialization=not legacy)
        yield compare(f"model.pt: {name}", folder / "model.pt", images_by(model), texts_by(model))
        yield compare(f"a folder with it: {name}", folder, images_by(model), texts_by(model))
