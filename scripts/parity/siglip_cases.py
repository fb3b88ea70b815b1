"""transformers' SigLIP and SigLIP 2 with tokenizers trained on a few sentences."""
import sentencepiece
import torch
from sentencepiece import sentencepiece_model_pb2
from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers
from tokenizers.models import Unigram
from transformers import GemmaTokenizer, Siglip2Tokenizer, SiglipConfig, SiglipImageProcessor, SiglipModel, SiglipTokenizer
from transformers.models.siglip.image_processing_pil_siglip import SiglipImageProcessorPil

from clip_cases import features, images_by
from support import SESSION, TEXTS, case, compare, randomize

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


@case("siglip2")
def siglip2():
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(train("bpe", "bpe", 420, pad_id=0, eos_id=1, bos_id=2, unk_id=3, pad_piece="<pad>", eos_piece="<eos>", bos_piece="<bos>")))
    vocab = {pieces.id_to_piece(i): i for i in range(pieces.get_piece_size())}
    merges = [(score, whole[:k], whole[k:]) for whole, i in vocab.items() if i > 259 for score in [pieces.get_score(i)] for k in range(1, len(whole))
              if whole[:k] in vocab and whole[k:] in vocab]
    merges = [(a, b) for _, a, b in sorted(merges, key=lambda merge: -merge[0])]
    for kind in (GemmaTokenizer, Siglip2Tokenizer):
        tokens = kind(vocab=vocab, merges=merges, add_bos_token=False, add_eos_token=True, padding_side="right", model_max_length=64)
        if tokens("a").input_ids[-1] != tokens.eos_token_id:
            from tokenizers.processors import TemplateProcessing
            tokens._tokenizer.post_processor = TemplateProcessing(single="$A <eos>", special_tokens=[("<eos>", tokens.eos_token_id)])
        model = small_model(len(tokens))
        folder = SESSION.fresh("siglip2-model")
        for part in (model, tokens, SiglipImageProcessor(resample=2)):
            part.save_pretrained(folder)
        yield compare(f"SigLIP 2, {kind.__name__}", folder, images_by(model, SiglipImageProcessorPil(resample=2)), texts_by(model, tokens, str.lower))
