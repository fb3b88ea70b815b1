"""MetaCLIP 2 in transformers' and OpenCLIP's layouts, with a Unigram vocabulary of XLM-R's numbering trained here; published shapes by name."""
import copy
import json
import random
import time

import open_clip
from open_clip.factory import get_model_config
from open_clip.tokenizer import HFTokenizer
from sentencepiece import sentencepiece_model_pb2
from transformers import CLIPImageProcessor, MetaClip2Config, MetaClip2Model, T5Tokenizer, XLMRobertaTokenizer
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

from clip_cases import images_by, texts_by
from open_clip_cases import images_by as open_clip_images_by
from open_clip_cases import save as save_open_clip
from llama_cases import RANGES, random_texts
from siglip_cases import train
from support import SESSION, TEXTS, TRICKY_TEXTS, Row, case, compare, randomize

XLM_V = 901629  # pieces of XLM-V's vocabulary, as MetaCLIP 2 has it


def vocabulary(name):
    """A folder with sentencepiece.bpe.model, and the tokenizer that transformers makes of it."""
    folder = SESSION.fresh(name)
    source = train(name + "-pieces", "unigram", 200, bos_id=1, eos_id=2, unk_id=0, pad_id=-1)
    (folder / "sentencepiece.bpe.model").write_bytes(source.read_bytes())
    return folder / "sentencepiece.bpe.model", XLMRobertaTokenizer.from_pretrained(folder)


def huge_shape(tokens, image_layers, text_layers):
    vision = dict(hidden_size=1280, intermediate_size=5120, num_hidden_layers=image_layers, num_attention_heads=16, image_size=224, patch_size=14)
    text = dict(hidden_size=1024, intermediate_size=4096, num_hidden_layers=text_layers, num_attention_heads=16, vocab_size=len(tokens), bos_token_id=0, eos_token_id=2)
    return MetaClip2Config(vision_config=vision, text_config=text, projection_dim=1024)


@case("metaclip2 transformers")
def in_transformers_layout():
    pieces, tokens = vocabulary("metaclip2")
    model = randomize(MetaClip2Model(huge_shape(tokens, 2, 3)), 5)
    folder = SESSION.fresh("metaclip2-model")
    for part in (model, tokens, CLIPImageProcessor()):
        part.save_pretrained(folder)
    (folder / "sentencepiece.bpe.model").unlink(missing_ok=True)
    yield compare("MetaCLIP 2, tokenizer.json", folder, images_by(model, CLIPImageProcessorPil()), texts_by(model, tokens), texts=TEXTS + TRICKY_TEXTS)
    (folder / "tokenizer.json").unlink()
    (folder / "sentencepiece.bpe.model").write_bytes(pieces.read_bytes())
    yield compare("MetaCLIP 2, sentencepiece.bpe.model", folder, None, texts_by(model, tokens), texts=TEXTS + TRICKY_TEXTS)


@case("metaclip2 open_clip")
def in_open_clip_layout():
    pieces, tokens = vocabulary("metaclip2-open-clip")
    for name, options in (("ViT-H-14-worldwide-quickgelu", {}), ("ViT-H-14-worldwide-378", {"resize_mode": "squash"}), ("ViT-bigG-14-worldwide", {})):
        config = copy.deepcopy(get_model_config(name))
        config["text_cfg"].update(vocab_size=len(tokens), layers=2)
        config["vision_cfg"].update(layers=2)
        model = randomize(open_clip.CLIP(**config), 3)
        folder = save_open_clip(model, config, options)
        for leftover in ("tokenizer.json", "tokenizer_config.json"):
            (folder / leftover).unlink()
        (folder / "sentencepiece.bpe.model").write_bytes(pieces.read_bytes())
        tokens.save_pretrained(pieces.parent)
        cut = HFTokenizer(str(pieces.parent), context_length=77)
        yield compare(f"OpenCLIP {name}", folder, open_clip_images_by(model, **options), lambda texts, model=model: model.encode_text(cut(list(texts))), texts=TEXTS + TRICKY_TEXTS)


@case("metaclip2 mt5")
def with_mt5_vocabulary():
    """The variant with mT5's kind of vocabulary: no start token, the end token 1, texts cleaned as SigLIP's."""
    pieces = SESSION.fresh("metaclip2-mt5")
    (pieces / "spiece.model").write_bytes(train("metaclip2-mt5-pieces", "unigram", 200, pad_id=0, eos_id=1, unk_id=2, bos_id=-1).read_bytes())
    tokens = T5Tokenizer.from_pretrained(pieces, extra_ids=0)
    tokens.save_pretrained(pieces)
    config = copy.deepcopy(get_model_config("ViT-L-14-worldwide"))
    config["text_cfg"].update(vocab_size=len(tokens), layers=2)
    config["vision_cfg"].update(layers=2)
    model = randomize(open_clip.CLIP(**config), 3)
    folder = save_open_clip(model, config)
    for leftover in ("tokenizer.json", "tokenizer_config.json"):
        (folder / leftover).unlink()
    (folder / "spiece.model").write_bytes((pieces / "spiece.model").read_bytes())
    cut = HFTokenizer(str(pieces), context_length=77, clean="canonicalize")
    plain = [text for text in TEXTS if text.strip()]  # of nothing, transformers makes a piece of space
    yield compare("OpenCLIP ViT-L-14-worldwide", folder, open_clip_images_by(model), lambda texts: model.encode_text(cut(list(texts))), texts=plain)


@case("metaclip2 shape")
def published_shape():
    """ViT-H-14-worldwide with all of its layers, in half precision as a file."""
    pieces, tokens = vocabulary("metaclip2-shape")
    model = randomize(MetaClip2Model(huge_shape(tokens, 32, 24)), 5)
    folder = SESSION.fresh("metaclip2-shape-model")
    model.half().save_pretrained(folder)
    model.float()  # what was rounded for the file
    CLIPImageProcessor().save_pretrained(folder)
    (folder / "sentencepiece.bpe.model").write_bytes(pieces.read_bytes())
    yield compare("metaclip-2-worldwide-huge", folder, images_by(model, CLIPImageProcessorPil()), texts_by(model, tokens), images=("portrait", "odd"))


def million_pieces(name):
    """A vocabulary of XLM-V's size: the pieces of a trained one, then invented words of many scripts, rarer and rarer."""
    model = sentencepiece_model_pb2.ModelProto()
    folder = SESSION.fresh(name)
    model.ParseFromString(train(name + "-pieces", "unigram", 200, bos_id=1, eos_id=2, unk_id=0, pad_id=-1).read_bytes())
    known = {piece.piece for piece in model.pieces}
    rng = random.Random(1)
    while len(model.pieces) < XLM_V - 2:
        low, high = rng.choice(RANGES)
        word = "".join(chr(rng.randint(low, high)) for _ in range(rng.randrange(1, 12))).replace(" ", "")
        word = "\u2581" + word if rng.random() < 0.6 else word
        if word in known or not word.isprintable() or not word.strip("\u2581"):
            continue
        known.add(word)
        model.pieces.add(piece=word, score=-8 - 10 * len(model.pieces) / XLM_V)
    (folder / "sentencepiece.bpe.model").write_bytes(model.SerializeToString())
    return folder


def token_ids(folder, texts):
    """Ids by kiloword, and the seconds from its start to the ids of the first text alone."""
    times = []
    for _ in range(3):
        start = time.time()
        SESSION.run("tokenize", "--model", folder, "--lines", stdin='"a"\n')
        times.append(time.time() - start)
    done = SESSION.run("tokenize", "--model", folder, "--lines", stdin="".join(json.dumps(text) + "\n" for text in texts))
    return [json.loads(line)["ids"] for line in done.stdout.split("\n") if line], min(times)


@case("metaclip2 vocabulary")
def whole_vocabulary():
    folder = million_pieces("xlm-v")
    tokens = XLMRobertaTokenizer.from_pretrained(folder)
    in_json = SESSION.fresh("xlm-v-json")
    tokens.save_pretrained(in_json)
    (in_json / "sentencepiece.bpe.model").unlink(missing_ok=True)
    texts = [text for text in TEXTS + TRICKY_TEXTS + random_texts(10000, 3) if not any(mark in text for mark in ("<s>", "</s>", "<mask>"))]
    theirs = [tokens(text, add_special_tokens=False).input_ids for text in texts]
    for each in (folder, in_json):
        ours, seconds = token_ids(each, texts)
        wrong = [text for text, a, b in zip(texts, ours, theirs) if a != b]
        fine = not wrong and len(ours) == len(theirs)
        yield Row(f"{len(tokens)} pieces, {next(each.glob('*.model'), each / 'tokenizer.json').name}", "equal" if fine else "DIFFERS",
                  note=f"{seconds:.2f} s to the first ids; {len(texts) - len(wrong)} of {len(texts)} texts; first other: {wrong[:1]!r}")
