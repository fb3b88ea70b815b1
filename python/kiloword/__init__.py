"""Turns images into words: captions from labels, guided descriptions, CLIP embeddings.

    engine = kiloword.Engine()
    print(engine.caption("photo.jpg")["caption"])

An engine may be used from several threads at the same time; Python's other threads run meanwhile.
"""

from __future__ import annotations

import json
import os
from typing import Any, Sequence, Union

import numpy as np
from numpy.typing import NDArray

from . import _kiloword
from ._error import Error
from ._kiloword import __version__

__all__ = ["Engine", "Error", "__version__"]

Image = Union[str, "os.PathLike[str]", bytes]
"""The path of an image file, or its content."""


def _options(given: dict[str, Any]) -> list[str]:
    """["name=value"], a list once for each of its values; what is None is left out."""
    texts = []
    for name, value in given.items():
        values = value if isinstance(value, (list, tuple)) else [value]
        for one in values:
            if one is not None:
                texts.append(f"{name}={str(one).lower() if isinstance(one, bool) else one}")
    return texts


class Engine:
    """Models that are loaded. Options: model, lm, device, precision, threads, memory, many_images."""

    def __init__(self, model: str | os.PathLike[str] | None = None, lm: str | os.PathLike[str] | None = None, **options: Any) -> None:
        self._engine = _kiloword.Engine(_options({"model": model, "lm": lm, **options}))

    def caption(self, image: Image, **options: Any) -> dict[str, Any]:
        """The record of a caption; options are those of `kiloword caption`, e.g. labels=["medium"], top_k=2."""
        if isinstance(image, bytes):
            return json.loads(self._engine.caption_bytes(image, _options(options)))
        return json.loads(self._engine.caption_file(os.fspath(image), _options(options)))

    def describe(self, image: Image, **options: Any) -> dict[str, Any]:
        """The record of a description, from an engine with a language model (lm="nano-lm"); options are those of
        `kiloword describe`, with avoid and must_include as lists of phrases."""
        if isinstance(image, bytes):
            return json.loads(self._engine.describe_bytes(image, _options(options)))
        return json.loads(self._engine.describe_file(os.fspath(image), _options(options)))

    @property
    def embedding_dim(self) -> int:
        """Values of an embedding."""
        return self._engine.embedding_dim()

    def embed_image(self, image: Image) -> NDArray[np.float32]:
        """[D], of unit length."""
        if isinstance(image, bytes):
            return self._engine.embed_image_bytes(image)
        return self._engine.embed_image_file(os.fspath(image))

    def embed_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """[number of texts, D], each of unit length."""
        return self._engine.embed_texts(list(texts))
