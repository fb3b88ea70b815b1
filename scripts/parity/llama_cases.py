"""The Llama family for `describe --lm`: log-probabilities, greedy choices, and token ids of texts in many scripts."""
import json
import random

import torch
import transformers
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

from gpt2_cases import check
from siglip_cases import SENTENCES
from support import SESSION, TEXTS, TRICKY_TEXTS, Row, case, randomize

END = "<|endoftext|>"
REST = r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
WORDS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+"
PATTERNS = {"llama3": WORDS + r"|\p{N}{1,3}" + REST, "qwen": WORDS + r"|\p{N}" + REST}
# Letters, marks, numbers, signs and spaces of many scripts.
RANGES = [(0x20, 0x7E), (0x20, 0x7E), (0x20, 0x7E), (0xA0, 0x24F), (0x2B0, 0x36F), (0x370, 0x3FF), (0x400, 0x52F), (0x5D0, 0x5EA), (0x600, 0x6FF), (0x900, 0x97F),
          (0xE01, 0xE5B), (0x1100, 0x11FF), (0x2000, 0x206F), (0x2150, 0x218B), (0x2460, 0x24FF), (0x3000, 0x30FF), (0x4E00, 0x4FFF), (0xAC00, 0xADFF),
          (0xFF01, 0xFF5E), (0x10400, 0x1044F), (0x1D7CE, 0x1D7FF), (0x1F600, 0x1F64F)]
PIECES = [" ", "  ", "\n", "\r\n", "\n\n", "\t", "'s", "'LL", "'\u017f", "1", "42", "2024", "...", "!", " the", "ing", "\u0301", "\u00a0", "\u3000"]


def train(pattern, vocabulary=3000):
    tokenizer = Tokenizer(models.BPE(ignore_merges=pattern == "llama3"))
    if pattern == "qwen":
        tokenizer.normalizer = normalizers.NFC()
    digits = pattern == "smollm"
    first = pre_tokenizers.Digits(individual_digits=True) if digits else pre_tokenizers.Split(Regex(PATTERNS[pattern]), behavior="isolated")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([first, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=digits)])
    tokenizer.decoder = decoders.ByteLevel()
    start = ["<|begin_of_text|>"] if pattern == "llama3" else []
    trainer = trainers.BpeTrainer(vocab_size=vocabulary, special_tokens=[*start, END], show_progress=False, initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(SENTENCES * 5 + TEXTS + random_texts(2000, 1), trainer)
    if start:
        tokenizer.post_processor = processors.TemplateProcessing(single=[start[0], "$A"], special_tokens=[(start[0], tokenizer.token_to_id(start[0]))])
    return tokenizer


def random_texts(count, seed):
    rng = random.Random(seed)
    texts = []
    for _ in range(count):
        text = ""
        for _ in range(rng.randrange(1, 12)):
            if rng.random() < 0.5:
                text += rng.choice(PIECES)
            low, high = rng.choice(RANGES)
            text += "".join(chr(rng.randint(low, high)) for _ in range(rng.randrange(1, 7)))
        texts.append(text)
    return texts


@case("llama tokens")
def tokens():
    texts = TEXTS + TRICKY_TEXTS + random_texts(10000, 2)
    texts = [text for text in texts if END not in text]  # marks in texts are plain text to kiloword
    for pattern in ("llama3", "qwen", "smollm"):
        tokenizer = train(pattern)
        folder = SESSION.fresh("tokens")
        tokenizer.save(str(folder / "tokenizer.json"))
        done = SESSION.run("tokenize", "--model", folder, "--lines", stdin="".join(json.dumps(text) + "\n" for text in texts))
        if done.returncode:
            yield Row(f"tokens, {pattern}", "FAILED", note=done.stderr)
            continue
        ours = [json.loads(line)["ids"] for line in done.stdout.split("\n") if line]
        theirs = [tokenizer.encode(text, add_special_tokens=False).ids for text in texts]
        wrong = [text for text, a, b in zip(texts, ours, theirs) if a != b]
        fine = not wrong and len(ours) == len(theirs)
        yield Row(f"tokens, {pattern}", "equal" if fine else "DIFFERS", note=f"{len(texts) - len(wrong)} of {len(texts)} texts; first other: {wrong[:1]!r}")


def configurations(vocabulary):
    small = {"vocab_size": vocabulary, "hidden_size": 96, "intermediate_size": 256, "num_hidden_layers": 3, "num_attention_heads": 6, "num_key_value_heads": 2,
             "max_position_embeddings": 128, "eos_token_id": 0}
    stretch = {"rope_type": "llama3", "rope_theta": 500000.0, "factor": 32.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 8192}
    smollm = {**small, "hidden_size": 576, "intermediate_size": 1536, "num_hidden_layers": 30, "num_attention_heads": 9, "num_key_value_heads": 3,
              "max_position_embeddings": 8192, "tie_word_embeddings": True}
    yield "qwen", "Llama, positions divided", transformers.LlamaConfig(**small, rope_parameters={"rope_type": "linear", "rope_theta": 10000.0, "factor": 4.0})
    yield "llama3", "Llama 3.2", transformers.LlamaConfig(**{**small, "eos_token_id": 1}, rope_parameters=stretch, tie_word_embeddings=True)
    yield "smollm", "SmolLM2-135M's shape", transformers.LlamaConfig(**smollm)
    yield "qwen", "Qwen2", transformers.Qwen2Config(**small)
    yield "qwen", "Qwen3", transformers.Qwen3Config(**small, head_dim=32)


@case("llama")
def networks():
    for pattern, name, _ in configurations(1):
        tokenizer = train(pattern, 800)
        config = next(config for _, other, config in configurations(tokenizer.get_vocab_size()) if other == name)
        model = randomize(transformers.AutoModelForCausalLM.from_config(config), 5)
        if config.tie_word_embeddings:
            model.tie_weights()
        folder = SESSION.fresh("llama")
        model.save_pretrained(folder)
        tokens = transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer)
        tokens.save_pretrained(folder)
        # Read back: random weights reach the frequencies of positions too, which no file holds.
        network = transformers.AutoModelForCausalLM.from_pretrained(folder).float().eval()
        yield check(name, folder, network, tokens)
        if name == "Llama, positions divided":  # whose output layer is its own
            (folder / "model.safetensors").unlink()
            torch.save(network.state_dict(), folder / "pytorch_model.bin")
            yield check(f"{name}, pytorch_model.bin", folder, network, tokens)


CHAT_ML = "{% for m in messages %}{{ '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}{% endfor %}{{ '<|im_start|>assistant\\n' }}"


@case("chat prompt")
def chat_prompt():
    """What a chat-tuned model goes on with; scripts/goldens/chat_templates.py compares the ids of each family."""
    made = train("qwen", 800)
    made.add_special_tokens(["<|im_start|>", "<|im_end|>"])
    config = next(config for _, name, config in configurations(made.get_vocab_size()) if name == "Qwen2")
    model = randomize(transformers.AutoModelForCausalLM.from_config(config), 5)
    folder = SESSION.fresh("chat")
    model.save_pretrained(folder)
    tokens = transformers.PreTrainedTokenizerFast(tokenizer_object=made, chat_template=CHAT_ML, eos_token=END)
    tokens.save_pretrained(folder)
    network = transformers.AutoModelForCausalLM.from_pretrained(folder).float().eval()
    message = "Describe the picture\nin one sentence, with 12 words."
    text = tokens.apply_chat_template([{"role": "user", "content": message}], tokenize=False)
    yield check("chat prompt", folder, network, tokens, tokens(text, add_special_tokens=False).input_ids, ("--chat-prompt", message, "--prompt", ""))
