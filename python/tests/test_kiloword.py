"""Tests of the Python package: python3 -m unittest discover python/tests, with the package installed."""

import pathlib
import tempfile
import threading
import unittest

import numpy as np

import kiloword


def drawn(seed=1):
    pixels = " ".join(str((x * seed + y * 7 + c * 40) % 256) for y in range(24) for x in range(32) for c in range(3))
    return f"P3 32 24 255\n{pixels}\n".encode()


class EngineTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.engine = kiloword.Engine(lm="nano-lm", threads=1)

    def test_caption_of_bytes_and_of_the_file_agree(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "a.ppm"
            path.write_bytes(drawn())
            of_file = self.engine.caption(path, top_k=1, author="Ada")
        of_bytes = self.engine.caption(drawn(), top_k=1, author="Ada")
        self.assertTrue(of_file["caption"].startswith("Ada: [Image Attached: "))
        self.assertEqual(of_file["caption"], of_bytes["caption"])

    def test_descriptions_follow_their_options(self):
        record = self.engine.describe(drawn(), tokens=3, avoid=["man", "woman"])
        self.assertLessEqual(len(record["tokens"]), 3)

    def test_embeddings_are_arrays_of_unit_length(self):
        image = self.engine.embed_image(drawn())
        texts = self.engine.embed_texts(["a dog", "a cat"])
        self.assertEqual(image.shape, (self.engine.embedding_dim,))
        self.assertEqual(texts.shape, (2, self.engine.embedding_dim))
        self.assertEqual(texts.dtype, np.float32)
        np.testing.assert_allclose(np.linalg.norm(texts, axis=1), 1, atol=1e-4)
        self.assertEqual(self.engine.embed_texts([]).shape, (0, self.engine.embedding_dim))

    def test_what_fails_is_an_error_with_its_kind(self):
        for kind, call in {
            "input": lambda: self.engine.caption("absent.jpg"),
            "usage": lambda: self.engine.caption(drawn(), top_k=0),
            "model": lambda: kiloword.Engine("no-such-model"),
            "labels": lambda: self.engine.caption(drawn(), labels=["no/such/set"]),
        }.items():
            with self.assertRaises(kiloword.Error) as raised:
                call()
            self.assertEqual(raised.exception.kind, kind)

    def test_threads_share_an_engine(self):
        expected = [self.engine.caption(drawn(seed))["caption"] for seed in range(1, 9)]
        found = [""] * len(expected)

        def caption(index):
            found[index] = self.engine.caption(drawn(index + 1))["caption"]

        threads = [threading.Thread(target=caption, args=(i,)) for i in range(len(found))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(found, expected)


if __name__ == "__main__":
    unittest.main()
