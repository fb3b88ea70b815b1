"""GPT-2 for `describe --lm`: log-probabilities of what kiloword writes, and whether each choice was the likeliest."""
import json

import torch
from tokenizers import ByteLevelBPETokenizer
from transformers import GPT2Config, GPT2LMHeadModel, GPT2Tokenizer

from siglip_cases import SENTENCES
from support import SESSION, Refusal, Row, case, pictures, randomize

PROMPT = "a photo of"
NEAR = 2e-3  # of a log-probability, relative


def tokenizer():
    made = ByteLevelBPETokenizer()
    made.train_from_iterator(SENTENCES * 5, vocab_size=400, special_tokens=["<|endoftext|>"], show_progress=False)
    values = json.loads(made.to_str())["model"]
    return GPT2Tokenizer(vocab=values["vocab"], merges=[tuple(merge) for merge in values["merges"]])


def small_model(vocabulary, **more):
    more.setdefault("eos_token_id", 0)
    model = randomize(GPT2LMHeadModel(GPT2Config(n_layer=2, n_embd=128, n_head=4, vocab_size=vocabulary, bos_token_id=0, **more)), 5)
    if model.config.tie_word_embeddings:
        model.tie_weights()
    return model


def written(folder, *asked):
    done = SESSION.run("describe", "-q", "--format", "json", "--clip-weight", "0", "--beams", "1", "--stop", "never", "--tokens", "10", *(asked or ("--prompt", PROMPT)),
                       "--preset", "demo", "--lm-weight", "1", "--candidates", "50", "--model", "nano", "--lm", folder, pictures()["tiny"])
    if done.returncode:
        raise Refusal(done.stderr.strip().replace(str(SESSION.folder), "FOLDER"))
    return json.loads(done.stdout.splitlines()[0])["tokens"]


def check(name, folder, model, tokens, prompt=None, asked=()):
    prompt = prompt or tokens(PROMPT).input_ids
    try:
        chosen = written(folder, *asked)
    except Refusal as refusal:
        return Row(name, "FAILED", note=str(refusal))
    ids = [token["id"] for token in chosen]
    if ids[:len(prompt)] == prompt:
        chosen, ids = chosen[len(prompt):], ids[len(prompt):]
    logprobs = model(torch.tensor([prompt + ids])).logits[0].float().log_softmax(-1)
    rows = [logprobs[len(prompt) + k - 1] for k in range(len(ids))]
    worst = max(abs(row[token["id"]].item() - token["logprob"]) / max(1.0, abs(token["logprob"])) for row, token in zip(rows, chosen))
    likeliest = sum(row[:len(tokens)].argmax().item() == token["id"] for row, token in zip(rows, chosen))
    fine = worst < NEAR and likeliest == len(ids)
    return Row(name, "equal" if fine else "DIFFERS", note=f"log-probabilities within {worst:.1e}, {likeliest} of {len(ids)} greedy")


@case("gpt2")
def gpt2():
    tokens = tokenizer()
    count = len(tokens)
    variants = {
        "usual": {}, "a head of its own": {"tie_word_embeddings": False}, "gelu": {"activation_function": "gelu"}, "gelu_fast": {"activation_function": "gelu_fast"},
        "n_inner 300": {"n_inner": 300}, "end tokens in a list": {"eos_token_id": [0, 5]},
    }
    for name, options in variants.items():
        model = small_model(count, **options)
        folder = SESSION.fresh("gpt2")
        model.save_pretrained(folder)
        tokens.save_pretrained(folder)
        yield check(f"GPT-2, {name}", folder, model, tokens)
    padded = small_model(count + 47)
    folder = SESSION.fresh("gpt2")
    padded.save_pretrained(folder)
    tokens.save_pretrained(folder)
    yield check("GPT-2, vocabulary filled up", folder, padded, tokens)
    model = small_model(count)
    for name, change in {"legacy pickle": lambda value: value, "float64": lambda value: value.double()}.items():
        folder = SESSION.fresh("gpt2")
        model.save_pretrained(folder)
        tokens.save_pretrained(folder)
        (folder / "model.safetensors").unlink()
        torch.save({key: change(value) for key, value in model.state_dict().items()}, folder / "pytorch_model.bin", _use_new_zipfile_serialization=False)
        yield check(f"GPT-2, pytorch_model.bin, {name}", folder, model, tokens)
