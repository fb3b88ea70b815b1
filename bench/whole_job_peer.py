#!/usr/bin/env python3
"""The job of whole_job_bench.py as a Python user writes it: Pillow for the pictures, PyTorch for the network.

    bench/whole_job_peer.py --model DIR --folder DIR --labels LABELS.npy --output NPY [--processes N] [--draft]

--processes N prepares pictures in N processes beside the network's, --draft lets Pillow decode large JPEGs at a fraction
of their size. Writes the embeddings [images, D] and prints each file's best label, a number, and its cosine.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset

from torch_clip import ImageTower

BATCH = 32
MEAN = torch.tensor([0.48145466, 0.4578275, 0.40821073]).view(3, 1, 1)
STD = torch.tensor([0.26862954, 0.26130258, 0.27577711]).view(3, 1, 1)


class Pictures(Dataset):
    def __init__(self, paths, size, draft):
        self.paths, self.size, self.draft = paths, size, draft

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        size = self.size
        with Image.open(self.paths[index]) as picture:
            if self.draft:
                picture.draft("RGB", (2 * size, 2 * size))
            picture = picture.convert("RGB")
        width, height = (size * side // min(picture.size) for side in picture.size)
        left, top = round((width - size) / 2), round((height - size) / 2)
        picture = picture.resize((width, height), Image.Resampling.BICUBIC)
        picture = picture.crop((left, top, left + size, top + size))
        pixels = torch.from_numpy(np.array(picture)).permute(2, 0, 1)  # [3, S, S]
        return (pixels.float() / 255 - MEAN) / STD


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--labels", type=Path, required=True, help="unit-length embeddings of the labels, a NumPy file")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--processes", type=int, default=0)
    parser.add_argument("--draft", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    tower = ImageTower(options.model).eval()
    labels = torch.from_numpy(np.load(options.labels))
    paths = sorted(options.folder.glob("*.jpg"))
    pictures = Pictures(paths, tower.size, options.draft)
    with torch.inference_mode():
        batches = [tower(batch) for batch in DataLoader(pictures, BATCH, num_workers=options.processes)]
        embeddings = torch.cat(batches)
        cosines, best = (embeddings @ labels.T).max(1)
    np.save(options.output, embeddings.numpy())
    for path, label, cosine in zip(paths, best.tolist(), cosines.tolist()):
        print(path.name, label, f"{cosine:.6f}")


if __name__ == "__main__":
    main()
