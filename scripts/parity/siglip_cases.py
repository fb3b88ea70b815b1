"""transformers' SigLIP and SigLIP 2 with tokenizers trained on a few sentences."""
import functools

import sentencepiece
import torch
from PIL import Image
from sentencepiece import sentencepiece_model_pb2
from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers
from tokenizers.models import Unigram
from transformers import (GemmaTokenizer, Siglip2Config, Siglip2ImageProcessor, Siglip2Model, Siglip2Tokenizer, SiglipConfig, SiglipImageProcessor, SiglipModel,
                          SiglipTokenizer)
from transformers.models.siglip.image_processing_pil_siglip import SiglipImageProcessorPil
from transformers.models.siglip2.image_processing_pil_siglip2 import Siglip2ImageProcessorPil

from clip_cases import features, images_by
from support import SESSION, TEXTS, case, compare, pictures, randomize

SENTENCES = [text for text in TEXTS if len(text) > 3] + ["a photo of the dog and the cat in the park", "two people ride bicycles", "the quick brown fox jumps over the lazy dog"]
PLAIN = [text for text in TEXTS if text.strip()]  # of nothing, transformers makes a piece of space


def train(name, kind, size, **options):
    sentences = SESSION.folder / "sentences.txt"
    sentences.write_text("\n".join(" ".join(text.split()) for text in SENTENCES * 20))
    prefix = SESSION.folder / name
    sentencepiece.SentencePieceTrainer.train(input=str(sentences), model_prefix=str(prefix), model_type=kind, vocab_size=size, minloglevel=2,
                                             hard_vocab_limit=False, byte_fallback=kind == "bpe", **options)
    return prefix.with_suffix(".model")


def small_model(vocabulary):
    shape = dict(hidden_size=192, intermediate_size=768, num_hidden_layers=3, num_attention_heads=4)
    return randomize(SiglipModel(SiglipConfig(text_config=dict(vocab_size=vocabulary, projection_size=192, **shape), vision_config=dict(image_size=224, patch_size=16, **shape))), 7)


def texts_by(model, tokens, change=lambda text: text):
    def reference(texts):
        ids = tokens([change(text) for text in texts], padding="max_length", max_length=64, truncation=True, return_tensors="pt").input_ids
        return features(model.get_text_features(input_ids=ids))
    return reference


@case("siglip sentencepiece")
def sentencepiece_tokenizer():
    source = train("siglip", "unigram", 120, pad_id=0, eos_id=1, unk_id=2, bos_id=-1)
    tokens = SiglipTokenizer(str(source), model_max_length=64)
    model = small_model(len(tokens))
    folder = SESSION.fresh("siglip-model")
    for part in (model, tokens, SiglipImageProcessor()):
        part.save_pretrained(folder)
    yield compare("SigLIP, spiece.model", folder, images_by(model, SiglipImageProcessorPil()), texts_by(model, tokens), texts=[*PLAIN, "under_scored __init__"])


@case("siglip unigram")
def unigram_json():
    """The fast tokenizer that SigLIP's repositories hold, without the spiece.model."""
    from transformers import PreTrainedTokenizerFast
    source = sentencepiece_model_pb2.ModelProto()
    source.ParseFromString(train("unigram", "unigram", 120, pad_id=0, eos_id=1, unk_id=2, bos_id=-1).read_bytes())
    tokenizer = Tokenizer(Unigram([(piece.piece, piece.score) for piece in source.pieces], unk_id=2))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Precompiled(source.normalizer_spec.precompiled_charsmap), normalizers.Strip(left=False),
                                                 normalizers.Replace(Regex(" {2,}"), "\u2581")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="\u2581", prepend_scheme="always")
    tokens = PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="<pad>", eos_token="</s>", unk_token="<unk>")
    model = small_model(len(tokens))
    folder = SESSION.fresh("siglip-unigram")
    for part in (model, tokens, SiglipImageProcessor()):
        part.save_pretrained(folder)

    def text_reference(texts):
        rows = []
        for text in texts:
            ids = [*tokens(text.lower(), add_special_tokens=False).input_ids[:63], tokens.eos_token_id]
            rows.append(ids + [tokens.pad_token_id] * (64 - len(ids)))
        return features(model.get_text_features(input_ids=torch.tensor(rows)))
    yield compare("SigLIP, tokenizer.json (Unigram)", folder, None, text_reference, texts=PLAIN)


def gemma_like(name):
    """Vocabulary and merges of a BPE as Gemma's, from a SentencePiece model trained here."""
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(train(name, "bpe", 420, pad_id=0, eos_id=1, bos_id=2, unk_id=3, pad_piece="<pad>", eos_piece="<eos>", bos_piece="<bos>")))
    vocab = {pieces.id_to_piece(i): i for i in range(pieces.get_piece_size())}
    merges = [(score, whole[:k], whole[k:]) for whole, i in vocab.items() if i > 259 for score in [pieces.get_score(i)] for k in range(1, len(whole))
              if whole[:k] in vocab and whole[k:] in vocab]
    return vocab, [(a, b) for _, a, b in sorted(merges, key=lambda merge: -merge[0])]


def tokenizer_of(kind, vocab, merges):
    tokens = kind(vocab=vocab, merges=merges, add_bos_token=False, add_eos_token=True, padding_side="right", model_max_length=64)
    if tokens("a").input_ids[-1] != tokens.eos_token_id:
        from tokenizers.processors import TemplateProcessing
        tokens._tokenizer.post_processor = TemplateProcessing(single="$A <eos>", special_tokens=[("<eos>", tokens.eos_token_id)])
    return tokens


@case("siglip2")
def siglip2():
    vocab, merges = gemma_like("bpe")
    for kind in (GemmaTokenizer, Siglip2Tokenizer):
        tokens = tokenizer_of(kind, vocab, merges)
        model = small_model(len(tokens))
        folder = SESSION.fresh("siglip2-model")
        for part in (model, tokens, SiglipImageProcessor(resample=2)):
            part.save_pretrained(folder)
        yield compare(f"SigLIP 2, {kind.__name__}", folder, images_by(model, SiglipImageProcessorPil(resample=2)), texts_by(model, tokens, str.lower))


def naflex_by(model, processor, at_once=False):
    """Pictures one by one, or of different shapes in one batch with their masks."""
    def batch(paths):
        return features(model.get_image_features(**processor(images=[Image.open(path).convert("RGB") for path in paths], return_tensors="pt")))
    return batch if at_once else lambda paths: torch.cat([batch([path]) for path in paths])


def naflex_model(vocabulary, vision, text=None):
    text = text or vision
    return randomize(Siglip2Model(Siglip2Config(text_config=dict(vocab_size=vocabulary, projection_size=vision["hidden_size"], **text), vision_config=dict(num_patches=256, patch_size=16, **vision))), 7)


def naflex_folder(model, tokens, processor):
    folder = SESSION.fresh("naflex")
    model.half().save_pretrained(folder)
    model.float()  # what was rounded for the file
    tokens.save_pretrained(folder)
    processor.save_pretrained(folder)
    return folder


@case("siglip2 naflex settings")
def naflex():
    tokens = tokenizer_of(GemmaTokenizer, *gemma_like("naflex"))
    shape = dict(hidden_size=192, intermediate_size=768, num_hidden_layers=3, num_attention_heads=4)
    model = naflex_model(len(tokens), shape)
    for options in ({}, {"max_num_patches": 64}, {"max_num_patches": 729}, {"max_num_patches": 7}, {"resample": 3}, {"image_mean": [0.3, 0.5, 0.6], "image_std": [0.2, 0.3, 0.4]}, {"do_normalize": False}):
        folder = naflex_folder(model, tokens, Siglip2ImageProcessor(**options))
        processor = Siglip2ImageProcessorPil(**options)
        yield compare(f"NaFlex {options}", folder, naflex_by(model, processor), texts_by(model, tokens, str.lower), images=tuple(pictures()))
        yield compare(f"NaFlex {options}, one batch", folder, naflex_by(model, processor, at_once=True), images=tuple(pictures()))


@case("siglip2 naflex shapes")
def naflex_shapes():
    """The published shapes; real vocabularies have 256,000 pieces, which these have too."""
    base = dict(hidden_size=768, intermediate_size=3072, num_hidden_layers=12, num_attention_heads=12)
    vocab, merges = gemma_like("naflex-shapes")
    vocab = {**vocab, **{f"<unused{i}>": len(vocab) + i for i in range(256000 - len(vocab))}}
    tokens = tokenizer_of(GemmaTokenizer, vocab, merges)
    for name, shape in (("base-patch16-naflex", base), ("so400m-patch16-naflex", SO400M)):
        model = naflex_model(len(tokens), shape)
        folder = naflex_folder(model, tokens, Siglip2ImageProcessor())
        yield compare(name, folder, naflex_by(model, Siglip2ImageProcessorPil()), texts_by(model, tokens, str.lower))


SO400M = dict(hidden_size=1152, intermediate_size=4304, num_hidden_layers=27, num_attention_heads=16)
GIANT = dict(hidden_size=1536, intermediate_size=6144, num_hidden_layers=40, num_attention_heads=16)


def fixed_shape(name, vision, size, patch):
    """A published shape in transformers' layout; the text tower is so400m's, of giant-opt too."""
    tokens = tokenizer_of(GemmaTokenizer, *gemma_like("fixed"))
    config = SiglipConfig(text_config=dict(vocab_size=len(tokens), projection_size=vision["hidden_size"], **SO400M), vision_config=dict(image_size=size, patch_size=patch, **vision))
    model = randomize(SiglipModel(config), 7)
    processor = dict(size={"height": size, "width": size}, resample=2)
    folder = SESSION.fresh("siglip2-fixed")
    model.half().save_pretrained(folder)
    model.float()  # what was rounded for the file
    tokens.save_pretrained(folder)
    SiglipImageProcessor(**processor).save_pretrained(folder)
    yield compare(name, folder, images_by(model, SiglipImageProcessorPil(**processor)), texts_by(model, tokens, str.lower), images=("portrait", "odd"), texts=TEXTS[:4])


for _name, _vision, _size, _patch in (("so400m-patch14-224", SO400M, 224, 14), ("so400m-patch14-384", SO400M, 384, 14), ("so400m-patch16-256", SO400M, 256, 16),
                                      ("so400m-patch16-384", SO400M, 384, 16), ("so400m-patch16-512", SO400M, 512, 16), ("giant-opt-patch16-256", GIANT, 256, 16),
                                      ("giant-opt-patch16-384", GIANT, 384, 16)):
    case(f"siglip2 {_name}")(functools.partial(fixed_shape, _name, _vision, _size, _patch))
