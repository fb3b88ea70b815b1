"""Pythia and OPT for `describe --lm`: log-probabilities, greedy choices, and token ids of texts in many scripts."""
import json
import random

import transformers
from tokenizers import AddedToken, ByteLevelBPETokenizer, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from gpt2_cases import check
from llama_cases import END, random_texts
from siglip_cases import SENTENCES
from support import SESSION, TEXTS, TRICKY_TEXTS, Row, case, randomize


def neox_tokenizer(vocabulary=3000):
    """Under GPT-NeoX-20B's published rules: NFC, GPT-2's split pattern, runs of 2 to 24 spaces as added tokens."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=vocabulary, special_tokens=[END, "<|padding|>"], show_progress=False, initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(SENTENCES * 5 + TEXTS + random_texts(2000, 1), trainer)
    tokenizer.add_tokens([AddedToken(" " * count, normalized=True) for count in range(24, 1, -1)])
    return tokenizer


def spaced_texts(count, seed):
    rng = random.Random(seed)
    return [text.replace(" ", " " * rng.randrange(1, 30)) for text in random_texts(count, seed)]


def compare_ids(name, folder, tokenizer, texts):
    done = SESSION.run("tokenize", "--model", folder, "--lines", stdin="".join(json.dumps(text) + "\n" for text in texts))
    if done.returncode:
        return Row(name, "FAILED", note=done.stderr)
    ours = [json.loads(line)["ids"] for line in done.stdout.split("\n") if line]
    theirs = [tokenizer.encode(text, add_special_tokens=False).ids for text in texts]
    wrong = [text for text, a, b in zip(texts, ours, theirs) if a != b]
    fine = not wrong and len(ours) == len(theirs)
    return Row(name, "equal" if fine else "DIFFERS", note=f"{len(texts) - len(wrong)} of {len(texts)} texts; first other: {wrong[:1]!r}")


@case("pythia tokens")
def neox_tokens():
    tokenizer = neox_tokenizer()
    folder = SESSION.fresh("tokens")
    tokenizer.save(str(folder / "tokenizer.json"))
    texts = TEXTS + TRICKY_TEXTS + random_texts(8000, 2) + spaced_texts(2000, 3)
    yield compare_ids("tokens, GPT-NeoX", folder, tokenizer, [text for text in texts if END not in text])  # marks in texts are plain text to kiloword


def neox_configurations(vocabulary):
    def shape(width, layers, heads, **more):
        return transformers.GPTNeoXConfig(vocab_size=vocabulary, hidden_size=width, intermediate_size=4 * width, num_hidden_layers=layers, num_attention_heads=heads,
                                          bos_token_id=0, eos_token_id=0, **more)

    yield "Pythia-70m's shape", shape(512, 6, 8)
    yield "Pythia-160m's shape", shape(768, 12, 12)
    yield "Pythia-410m's shape", shape(1024, 24, 16)
    whole = {"rope_type": "default", "rope_theta": 10000.0, "partial_rotary_factor": 1.0}
    yield "GPT-NeoX, one residual after the other", shape(96, 3, 6, use_parallel_residual=False, rope_parameters=whole)
    yield "GPT-NeoX, gelu_fast, tied, no biases in attention", shape(96, 3, 4, hidden_act="gelu_fast", tie_word_embeddings=True, attention_bias=False)


@case("pythia")
def neox_networks():
    tokenizer = neox_tokenizer(800)
    tokens = transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer)
    for name, config in neox_configurations(tokenizer.get_vocab_size() + 27):
        model = randomize(transformers.GPTNeoXForCausalLM(config), 5)
        if config.tie_word_embeddings:
            model.tie_weights()
        folder = SESSION.fresh("neox")
        model.save_pretrained(folder)
        tokens.save_pretrained(folder)
        # Read back: random weights reach the frequencies of positions too, which no file holds.
        yield check(name, folder, transformers.GPTNeoXForCausalLM.from_pretrained(folder).float().eval(), tokens)


def opt_tokenizer(vocabulary=3000):
    """A folder with OPT's tokenizer files as published, and the tokenizer that transformers makes of it."""
    folder = SESSION.fresh("opt")
    made = ByteLevelBPETokenizer()
    made.train_from_iterator(SENTENCES * 5 + TEXTS + random_texts(2000, 1), vocab_size=vocabulary, special_tokens=["<s>", "<pad>", "</s>", "<unk>"], show_progress=False)
    made.save_model(str(folder))
    named = {"bos_token": "</s>", "eos_token": "</s>", "unk_token": "</s>", "pad_token": "<pad>"}
    (folder / "special_tokens_map.json").write_text(json.dumps(named))
    (folder / "tokenizer_config.json").write_text(json.dumps({**named, "add_prefix_space": False, "add_bos_token": True, "tokenizer_class": "GPT2Tokenizer"}))
    return folder, transformers.GPT2Tokenizer.from_pretrained(folder)


@case("opt tokens")
def opt_tokens():
    folder, tokens = opt_tokenizer()
    texts = TEXTS + TRICKY_TEXTS + random_texts(10000, 2)
    yield compare_ids("tokens, OPT", folder, tokens._tokenizer, [text for text in texts if "</s>" not in text])


def opt_configurations(vocabulary):
    def shape(width, layers, heads, **more):
        return transformers.OPTConfig(vocab_size=vocabulary, hidden_size=width, ffn_dim=4 * width, num_hidden_layers=layers, num_attention_heads=heads, **more)

    yield "OPT-125m's shape", shape(768, 12, 12)
    yield "OPT-350m's shape", shape(1024, 24, 16, word_embed_proj_dim=512, do_layer_norm_before=False)
    yield "OPT without biases, gelu, a head of its own", shape(96, 3, 6, enable_bias=False, activation_function="gelu", tie_word_embeddings=False)
    yield "OPT, no norm behind the last layer", shape(96, 3, 4, _remove_final_layer_norm=True)


@case("opt")
def opt_networks():
    source, tokens = opt_tokenizer(800)
    files = {path.name: path.read_bytes() for path in source.iterdir()}
    for name, config in opt_configurations(len(tokens) + 7):
        model = randomize(transformers.OPTForCausalLM(config), 5)
        if config.tie_word_embeddings:
            model.tie_weights()
        folder = SESSION.fresh("opt")
        model.save_pretrained(folder)
        for file, content in files.items():
            (folder / file).write_bytes(content)
        yield check(name, folder, transformers.OPTForCausalLM.from_pretrained(folder).float().eval(), tokens)
