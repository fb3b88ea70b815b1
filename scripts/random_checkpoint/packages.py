"""Models as the packages open_clip_torch and transformers build and save them, with random weights."""
import json

OPEN_CLIP = ("MobileCLIP2-S2", "PE-Core-B-16", "coca_ViT-B-32")
#            class of transformers, settings that differ from its own
TRANSFORMERS = {
    "SmolLM2-360M": ("Llama", dict(vocab_size=49152, hidden_size=960, intermediate_size=2560, num_hidden_layers=32, num_attention_heads=15,
                                   num_key_value_heads=5, max_position_embeddings=8192, tie_word_embeddings=True)),
    "Qwen3-0.6B": ("Qwen3", dict(vocab_size=151936, hidden_size=1024, intermediate_size=3072, num_hidden_layers=28, num_attention_heads=16,
                                 num_key_value_heads=8, head_dim=128, max_position_embeddings=40960, tie_word_embeddings=True)),
    "Pythia-410m": ("GPTNeoX", dict(vocab_size=50304, hidden_size=1024, intermediate_size=4096, num_hidden_layers=24, num_attention_heads=16)),
    "OPT-125m": ("OPT", dict(hidden_size=768, ffn_dim=3072, num_hidden_layers=12, num_attention_heads=12)),
}  # fmt: skip
SHAPES = (*OPEN_CLIP, *TRANSFORMERS)
LAYER_SCALE = 0.05  # sixty blocks of FastViT would amplify rounding


def save_open_clip(name, folder, seed):
    import open_clip
    from open_clip.factory import get_model_config
    from safetensors.torch import save_file

    from random_checkpoint.randomize import randomize
    config = get_model_config(name)
    arguments = {key: value for key, value in config.items() if key != "custom_text"}
    kind = open_clip.CoCa if "multimodal_cfg" in config else open_clip.CustomTextCLIP if config.get("custom_text") else open_clip.CLIP
    model = randomize(kind(**arguments), seed, layer_scale=LAYER_SCALE)
    save_file({key: value.clone().contiguous() for key, value in model.state_dict().items()}, folder / "open_clip_model.safetensors")
    preprocessing = {"mean": open_clip.OPENAI_DATASET_MEAN, "std": open_clip.OPENAI_DATASET_STD, "interpolation": "bicubic", "resize_mode": "shortest"}
    text = json.dumps({"model_cfg": config, "preprocess_cfg": preprocessing}, indent=1)
    (folder / "open_clip_config.json").write_text(text, encoding="utf-8")


def save_transformers(name, folder, seed):
    import transformers

    from random_checkpoint.randomize import randomize
    family, settings = TRANSFORMERS[name]
    ends = {} if family == "OPT" else {"bos_token_id": 0, "eos_token_id": 0}
    config = getattr(transformers, family + "Config")(**settings, **ends)
    model = randomize(getattr(transformers, family + "ForCausalLM")(config), seed)
    model.tie_weights()
    model.save_pretrained(folder)


def save(name, folder, seed):
    folder.mkdir(parents=True, exist_ok=True)
    (save_open_clip if name in OPEN_CLIP else save_transformers)(name, folder, seed)
