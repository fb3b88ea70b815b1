"""Zero-shot inference with an exported model folder: label embeddings by template ensembling, image embeddings."""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from clip_model import IMAGE_MEAN, IMAGE_STD
from export import load_model
from prepare_data import centre_square
from texts import Tokenizer

BATCH = 128


class Encoder:
    """An exported model (F16 weights computed in float32) with its tokenizer."""

    def __init__(self, folder):
        self.model = load_model(folder)
        self.side = self.model.config["vision_config"]["image_size"]
        context = self.model.config["text_config"]["max_position_embeddings"]
        self.tokenizer = Tokenizer(Path(folder) / "tokenizer.model", context)

    @torch.no_grad()
    def texts(self, texts):
        """Unit-length embeddings [L, D]."""
        chunks = (texts[i : i + BATCH] for i in range(0, len(texts), BATCH))
        return torch.cat([self.model.encode_text(self.tokenizer.batch(chunk)) for chunk in chunks])

    def labels(self, label_set):
        """[L, D]: templates' unit embeddings averaged, and normalised again."""
        per_template = [
            self.texts([label_set.text(index, template) for index in range(len(label_set.labels))])
            for template in label_set.templates
        ]
        return F.normalize(torch.stack(per_template).mean(dim=0), dim=-1)

    def pixels(self, images):
        """Pillow images to normalised pixels [B, 3, S, S]."""
        squares = np.stack([np.asarray(centre_square(image.convert("RGB"), self.side)) for image in images])
        scaled = torch.from_numpy(squares).permute(0, 3, 1, 2).float() / 255
        return (scaled - torch.tensor(IMAGE_MEAN).view(1, 3, 1, 1)) / torch.tensor(IMAGE_STD).view(1, 3, 1, 1)

    @torch.no_grad()
    def images(self, images):
        """Unit-length embeddings [B, D] of Pillow images."""
        parts = [self.model.encode_image(self.pixels(images[i : i + BATCH])) for i in range(0, len(images), BATCH)]
        return torch.cat(parts)
