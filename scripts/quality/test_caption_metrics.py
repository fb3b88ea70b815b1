"""Checks caption_metrics.py on cases worked out by hand from the formulas."""

import math
import unittest

from caption_metrics import bleu4, cider_d, words


class Words(unittest.TestCase):
    def test_case_and_punctuation_do_not_count(self):
        self.assertEqual(words('A dog\'s "red" T-shirt, it is .'), ["a", "dog", "'s", "red", "t-shirt", "it", "is"])


class Bleu4(unittest.TestCase):
    def test_identical_is_100(self):
        self.assertAlmostEqual(bleu4(["a dog runs on grass"], [["A dog runs on grass."]]), 100)

    def test_disjoint_is_0(self):
        self.assertEqual(bleu4(["a dog runs on grass"], [["two men play music outside"]]), 0)

    def test_all_precisions(self):
        # 5 of 6 words, 3 of 5, 2 of 4, 1 of 3 match; the lengths are equal.
        expected = 100 * (5 / 6 * 3 / 5 * 2 / 4 * 1 / 3) ** (1 / 4)
        self.assertAlmostEqual(bleu4(["the cat is on the mat"], [["the cow is on the mat"]]), expected)

    def test_clipping(self):
        # Seven "the" against two in the best reference (Papineni's example): 2 of 7, and no bigram. The second pair
        # adds 5, 4, 3, 2 matches, so that no precision is zero. 12 words against 6 + 5: no penalty.
        got = bleu4(["the the the the the the the", "a b c d e"], [["the cat is on the mat", "a cat"], ["a b c d e"]])
        self.assertAlmostEqual(got, 100 * (7 / 12 * 4 / 10 * 3 / 8 * 2 / 6) ** (1 / 4))

    def test_counts_come_from_all_references(self):
        # Each reference holds one half; what crosses the middle stands in none.
        got = bleu4(["a b c d w x y z"], [["a b c d", "w x y z"]])
        self.assertAlmostEqual(got, 100 * (8 / 8 * 6 / 7 * 4 / 6 * 2 / 5) ** (1 / 4))

    def test_brevity_penalty(self):
        self.assertAlmostEqual(bleu4(["a b c d"], [["a b c d e f"]]), 100 * math.exp(1 - 6 / 4))

    def test_longer_is_not_penalised_by_length(self):
        expected = 100 * (4 / 6 * 3 / 5 * 2 / 4 * 1 / 3) ** (1 / 4)
        self.assertAlmostEqual(bleu4(["a b c d e f"], [["a b c d"]]), expected)

    def test_closest_reference_length(self):
        # Of lengths 4 and 6, both 1 away from 5, the shorter counts: no penalty.
        self.assertAlmostEqual(
            bleu4(["a b c d x"], [["a b c d", "a b c d e f"]]), 100 * (4 / 5 * 3 / 4 * 2 / 3 * 1 / 2) ** (1 / 4)
        )
        self.assertAlmostEqual(bleu4(["a b c d e"], [["a b c d e f", "z"]]), 100 * math.exp(1 - 6 / 5))

    def test_lengths_add_up_over_the_corpus(self):
        # A short and a long candidate: 4 + 6 words against 5 + 5, no penalty although the first is short.
        got = bleu4(["a b c d", "k l m n o p"], [["a b c d e"], ["k l m n o"]])
        expected = 100 * (9 / 10 * 7 / 8 * 5 / 6 * 3 / 4) ** (1 / 4)
        self.assertAlmostEqual(got, expected)


class CiderD(unittest.TestCase):
    def test_identical_is_1000(self):
        # Two images without a common word: each vector's cosine with itself is 1 for n = 1..4.
        texts = ["a b c d e", "f g h i j"]
        self.assertAlmostEqual(cider_d(texts, [[text] for text in texts]), 1000)

    def test_disjoint_is_0(self):
        self.assertEqual(cider_d(["v w x y z", "v w x y z"], [["a b c d e"], ["f g h i j"]]), 0)

    def test_words_of_every_image_weigh_nothing(self):
        # "a" is in both images: ln(2/2) = 0. For the first image only "a" is shared.
        self.assertEqual(cider_d(["a x y z", "a q r s"], [["a b c d"], ["a e f g"]]), 0)

    def test_overlap(self):
        # Second image: nothing. First: n-grams not seen in any reference weigh ln 2 as well (their count is 1), so
        # all weights are equal; "a b c x" against "a b c d" shares 3 of 4, 2 of 3, 1 of 2, 0 of 1.
        got = cider_d(["a b c x", "v w x y"], [["a b c d"], ["e f g h"]])
        self.assertAlmostEqual(got, 1000 * (3 / 4 + 2 / 3 + 1 / 2 + 0) / 4 / 2)

    def test_document_frequency_counts_images(self):
        # "a" twice in the references of the first image, and nowhere else: still ln(2/1), like every other n-gram.
        got = cider_d(["a b", "v w"], [["a b", "a c"], ["e f"]])
        # Against "a b": 1, 1; against "a c": 1/2, 0; no n-grams of 3 or 4 words.
        self.assertAlmostEqual(got, 1000 * ((1 + 1) / 4 + (1 / 2 + 0) / 4) / 2 / 2)

    def test_clipping(self):
        # Counts 3 against 1: min(3, 1) * 1 / (3 * 1) for n = 1; the reference has no bigram. Lengths differ by 2.
        got = cider_d(["a a a", "v"], [["a"], ["e"]])
        self.assertAlmostEqual(got, 1000 * math.exp(-4 / 72) * (1 / 3) / 4 / 2)

    def test_length_penalty(self):
        # The candidate holds the reference twice: counts are clipped to the reference's.
        got = cider_d(["a b a b", "v"], [["a b"], ["e"]])
        # n = 1: (2, 2) against (1, 1): 2 / (sqrt(8) sqrt(2)); n = 2: ab twice, ba once against ab: 1 / sqrt(5).
        expected = 1000 * math.exp(-4 / 72) * (2 / 4 + 1 / math.sqrt(5)) / 4 / 2
        self.assertAlmostEqual(got, expected)

    def test_weights(self):
        # Three images; "a" in the references of two (weight ln 3/2), "b" and "c" of one (ln 3).
        got = cider_d(["a b", "v", "v"], [["a b"], ["a c"], ["d e"]])
        # n = 1 and n = 2 are identical vectors: 1 each.
        self.assertAlmostEqual(got, 1000 * (1 + 1) / 4 / 3)
        got = cider_d(["b a", "v", "v"], [["a c"], ["a b"], ["d e"]])
        common, rare = math.log(3 / 2), math.log(3)
        self.assertAlmostEqual(got, 1000 * common**2 / (common**2 + rare**2) / 4 / 3)


if __name__ == "__main__":
    unittest.main()
